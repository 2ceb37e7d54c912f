#pragma once

#include "client/read_response.h"

namespace signet::client {

/// Opens the challenge to one of our requests and makes the answer (RFC 10002 §6.7): decrypts the
/// proof value with `key`, checks the witness, MACs our request.
/// Faults: possession_failed when the challenge is not for a request of ours, does not open with
/// the key, or its witness is not that of the proof value: then the transaction must be given up
/// (Continuation without answers); unsupported_algorithm; malformed.
Result<cmc::DecryptedPOP> answer_challenge(const cmc::EncryptedPOP& challenge,
                                           const SentRequest& sent, const crypto::PrivateKey& key,
                                           RandomSource& random);

}  // namespace signet::client
