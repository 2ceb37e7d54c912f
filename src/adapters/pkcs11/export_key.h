#pragma once

#include "adapters/pkcs11/connection.h"

namespace signet::pkcs11 {

/// A private key as PKCS#8, wrapped by the token under a key of the moment and unwrapped here.
/// Faults: not_allowed (it may not leave, or the token wraps in no way we know); token_failed.
Result<SecretBytes> export_key(Connection& connection, CK_OBJECT_HANDLE key);

}  // namespace signet::pkcs11
