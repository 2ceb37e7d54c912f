#pragma once

#include "adapters/pkcs11/session.h"
#include "codec/pkix/certificate.h"

namespace signet::pkcs11 {

/// Whether NSS's trust object for this certificate says that it is an authority for TLS servers.
bool is_server_authority(Session& session, const pkix::Certificate& certificate);

}  // namespace signet::pkcs11
