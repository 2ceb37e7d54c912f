#pragma once

#include "base/secret_bytes.h"
#include "crypto/digest.h"

namespace signet::proof {

/// EncryptedPOP.witness (RFC 10002 §6.7): H(y), a plain digest of the POP Proof Value.
Bytes pop_proof_value_witness(crypto::DigestAlgorithm algorithm, const SecretBytes& proof_value);

/// DecryptedPOP.thePOP (§6.7): MAC(thePOPAlgID, y, TaggedRequest). The key is y, of a longer one
/// its first 64 octets (AMB-5). `tagged_request`: as it stands in the message, its [0] or [1] tag
/// included (AMB-4).
Bytes the_pop(crypto::MacAlgorithm algorithm, const SecretBytes& proof_value,
              ByteView tagged_request);

}  // namespace signet::proof
