#pragma once

#include "crypto/digest.h"

namespace signet::crypto {

/// One block of RSAES-PKCS1-v1_5 as the private key opens it, and what the answer to a wrong one
/// is made from. All views are as long as the modulus.
struct Pkcs1Block {
  ByteView block;  ///< 00 02 PS 00 M when all is right
  ByteView ciphertext;
  ByteView private_exponent;  ///< secret that makes wrong answers unforeseeable
};

/// M, or, when the padding is wrong, octets in its place that depend on the ciphertext and the
/// private exponent only. Takes the same time for both: implicit rejection as in
/// draft-irtf-cfrg-rsa-guidance §7.2, the same octets as OpenSSL 3.2 and later give.
SecretBytes unpad_pkcs1(const Pkcs1Block& opened);

}  // namespace signet::crypto
