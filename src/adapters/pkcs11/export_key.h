#pragma once

#include "adapters/pkcs11/connection.h"

namespace signet::pkcs11 {

/// The private key of this public one as PKCS#8, wrapped by the token under a key of the moment and
/// unwrapped here. Faults: key_not_found; not_allowed (it may not leave, or the token wraps in no
/// way we know); token_failed.
Result<SecretBytes> export_key(Connection& connection,
                               const pkix::SubjectPublicKeyInfo& public_key);

}  // namespace signet::pkcs11
