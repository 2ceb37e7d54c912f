#pragma once

#include <openssl/evp.h>

#include "crypto/digest.h"

namespace signet::crypto {

/// OpenSSL's implementation of a digest, fetched once for the life of the program.
const EVP_MD* fetched(DigestAlgorithm algorithm);

}  // namespace signet::crypto
