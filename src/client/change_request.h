#pragma once

#include "client/build_request.h"
#include "proof/witness/shared_knowledge.h"

namespace signet::client {

/// What ties a finished request to a shared secret (RFC 10002 §6.3.1). References live for the call
/// only.
struct RequestTie {
  struct Algorithms {
    crypto::DigestAlgorithm key_gen = crypto::DigestAlgorithm::sha256;
    crypto::MacAlgorithm mac = crypto::MacAlgorithm::hmac_sha256;
  };
  proof::SharedKnowledge known;
  ByteView link_random;                  ///< contents of popLinkRandom
  std::optional<Algorithms> algorithms;  ///< of popLinkWitnessV2; none: popLinkWitness, version 1
};
/// The request with the witness in it: an attribute of a PKCS#10, which `key` signs anew; a control
/// of a CertRequest, whose popo.signature is made anew where it had one.
/// Faults: malformed, unsupported_algorithm, signing_failed (also when the key is another).
Result<Bytes> tie_request(const RequestItem& request, const RequestTie& tie,
                          const crypto::PrivateKey& key);

/// The CertReqMsg with another certReqId. `key` makes its popo.signature anew; null will do where
/// it has none. Faults: as tie_request.
Result<Bytes> renumber_request(ByteView cert_req_msg, cmc::BodyPartID id,
                               const crypto::PrivateKey* key);

}  // namespace signet::client
