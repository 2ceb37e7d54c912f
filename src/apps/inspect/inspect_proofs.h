#pragma once

#include "apps/inspect/annotated_tree.h"
#include "base/secret_bytes.h"
#include "codec/cmc/pki_data.h"

namespace signet::tool {

/// What a message proves by a shared secret, each proof with what it is over: identityProofV2 (V1),
/// and the popLinkWitness of every request. With the secret each is checked; without (null) it is
/// not. No children when the message proves nothing by a secret.
AnnotatedTree secret_proofs_tree(const cmc::PKIData& pki_data, const SecretBytes* secret);

}  // namespace signet::tool
