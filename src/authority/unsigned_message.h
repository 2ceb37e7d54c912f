#pragma once

#include <algorithm>

#include "envelope/open_request.h"

namespace signet::authority {

/// Whether nobody's signature covers the message (id-alg-noSignature, RFC 10002 §C.1): an identity
/// proof covers its requests alone, so that whoever stood between may have put in all the rest.
inline bool is_unsigned(const envelope::OpenedRequest& request) {
  const auto& signers = request.signers();
  return std::any_of(signers.begin(), signers.end(), [](const auto& signer) {
    return std::holds_alternative<envelope::NoSignatureSigner>(signer);
  });
}

}  // namespace signet::authority
