#pragma once

#include "apps/inspect/inspect_cms.h"
#include "codec/cmc/pki_data.h"

namespace signet::tool {

/// A SignerInfo, its signature checked with the certificate that the message carries for it, else
/// with the key of the request in `pki_data` (null when there is none) that asks for its
/// subjectKeyIdentifier.
AnnotatedTree signer_tree(const cms::SignedData& signed_data, const cms::SignerInfo& signer,
                          const cmc::PKIData* pki_data);

/// Signed, unsigned, authenticated and other attributes of a CMS layer.
AnnotatedTree attributes_tree(std::string name, const std::vector<pkix::Attribute>& attributes);

}  // namespace signet::tool
