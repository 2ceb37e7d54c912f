#pragma once

#include <string>

#include "client/build_request.h"

namespace signet::tool {

/// What must be remembered of a request to check its answer, as a small JSON file (*.json):
/// transactionId and senderNonce in hex, the ids of the requests, their public keys and, for a
/// second round, the requests themselves in base64, popLinkRandom in hex.
/// No secret is in it. One request an exchange, as this tool makes them. The message itself stands
/// in its own file and is not part of it.
std::string write_exchange(const client::SentRequest& sent);
/// Faults: malformed. `octets` of the result stay empty.
Result<client::SentRequest> read_exchange(std::string_view text);

}  // namespace signet::tool
