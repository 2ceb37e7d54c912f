#pragma once

#include "codec/cmc/controls.h"
#include "proof/witness/mac_computation.h"
#include "proof/witness/shared_knowledge.h"

namespace signet::proof {

/// identityProofV2 (RFC 10002 §6.2.1): MAC(macAlgID, H(secret || identification), reqSequence).
struct IdentityProofAlgorithms {
  crypto::DigestAlgorithm hash = crypto::DigestAlgorithm::sha256;  ///< proofAlgID
  crypto::MacAlgorithm mac = crypto::MacAlgorithm::hmac_sha256;    ///< macAlgID
};
/// `req_sequence`: PKIData.reqSequence as in the message, SEQUENCE tag and length included.
Bytes identity_proof_v2_witness(const IdentityProofAlgorithms& algorithms,
                                const SharedKnowledge& known, ByteView req_sequence,
                                MacComputation computation = MacComputation::rfc2104);
/// The control's value.
cmc::IdentityProofV2 make_identity_proof_v2(const IdentityProofAlgorithms& algorithms,
                                            const SharedKnowledge& known, ByteView req_sequence);

/// identityProof (version 1, §6.2.2): SHA-1 and HMAC-SHA1, always.
Bytes identity_proof_v1_witness(const SharedKnowledge& known, ByteView req_sequence);

}  // namespace signet::proof
