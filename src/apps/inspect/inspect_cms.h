#pragma once

#include "apps/inspect/inspect_parts.h"
#include "codec/cms/cms.h"

namespace signet::tool {

/// A ContentInfo and what is in it: SignedData (each signature checked), EnvelopedData,
/// AuthEnvelopedData, AuthenticatedData; PKIData and PKIResponse inside are taken apart too.
/// Contents of type id-data are looked into for a PKIData, as Dogtag's unsigned revocation is, and
/// never printed.
AnnotatedTree content_info_tree(const cms::ContentInfo& content_info, const Scope& scope);

/// RecipientInfos of an enveloping layer.
AnnotatedTree recipients_tree(const std::vector<cms::RecipientInfo>& recipients);
/// "issuer CN=…, serialNumber 0x…" or "subjectKeyIdentifier …"
std::string identifier_text(const cms::SignerIdentifier& sid);

}  // namespace signet::tool
