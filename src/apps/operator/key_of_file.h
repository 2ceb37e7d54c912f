#pragma once

#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace signet::tool {

/// crypto::key_hash of the key that a file holds, PEM or DER: of a certificate, of a PKCS#10
/// request, a public key, or a private one (also a token's). `passphrase_file`: of an encrypted
/// one. Faults: malformed when it holds none of these, and those of read_key_file.
Result<Bytes> key_hash_of_file(const std::string& path, const std::string& passphrase_file);

}  // namespace signet::tool
