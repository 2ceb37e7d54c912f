#pragma once

#include "adapters/pkcs11/connection.h"

namespace signet::pkcs11 {

/// Makes a key pair in the token: sensitive, and not extractable unless keys may leave the place.
/// CKA_ID as NSS sets it; a pair that cannot get it is destroyed again. Gives its public half.
/// Faults: unsupported_algorithm, token_failed.
Result<pkix::SubjectPublicKeyInfo> make_key_pair(Connection& connection, std::string_view kind,
                                                 const std::string& label);

}  // namespace signet::pkcs11
