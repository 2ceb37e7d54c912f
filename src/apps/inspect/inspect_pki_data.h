#pragma once

#include "apps/inspect/inspect_parts.h"
#include "codec/cmc/pki_data.h"

namespace signet::tool {

/// The four sequences of a PKIData, controls decoded, requests' possession checked.
AnnotatedTree pki_data_tree(const cmc::PKIData& pki_data, const Scope& scope);
AnnotatedTree pki_response_tree(const cmc::PKIResponse& response, const Scope& scope);
/// One certification request with its body part id.
AnnotatedTree tagged_request_tree(const cmc::TaggedRequest& request);

}  // namespace signet::tool
