#pragma once

#include "client/build_request.h"

namespace signet::client {

/// Whether the challenge has the form of Dogtag's servers: thePOPAlgID names AES-128-CBC.
bool is_dogtag_challenge(const cmc::EncryptedPOP& challenge);

/// Opens a challenge in Dogtag's form and makes the answer: the IV stands in thePOPAlgID, the
/// challenge has no padding, thePOP is HMAC-SHA256 over the TaggedRequest.
/// Faults: possession_failed when it is not for this key, does not open, or its witness is not that
/// of the challenge; unsupported_algorithm; malformed.
Result<cmc::DecryptedPOP> answer_dogtag_challenge(const cmc::EncryptedPOP& challenge,
                                                  const crypto::PrivateKey& key);

}  // namespace signet::client
