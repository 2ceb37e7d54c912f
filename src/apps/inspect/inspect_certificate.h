#pragma once

#include "apps/inspect/inspect_parts.h"

namespace signet::tool {

/// A certificate; its signature is checked with its own key when it is self-signed, else with that
/// of an issuer among the certificates carried.
AnnotatedTree certificate_tree(const pkix::Certificate& certificate, const Scope& scope);
/// A CRL, checked likewise.
AnnotatedTree certificate_list_tree(const pkix::CertificateList& list, const Scope& scope);

}  // namespace signet::tool
