#pragma once

#include <string>
#include <string_view>

#include "base/random_source.h"
#include "crypto/private_key.h"

namespace signet::proof {

/// How the key of a wrapped secret is encrypted. The form does not say: both sides are told.
enum class SecretTransport {
  pkcs1,  ///< RSA PKCS#1 v1.5, as Dogtag's tools do unless told otherwise
  oaep,   ///< RSAES-OAEP with SHA-256 (keyWrap.useOAEP, CMCSharedToken --oaep)
};

/// A shared secret for a directory that others read too, in the form of Dogtag's CMCSharedToken:
///   base64 of SEQUENCE {
///     OCTET STRING wrapped key, OCTET STRING AES-128-CBC(key, 16 x 01, secret) }
/// The key is wrapped for the issuance protection certificate, whose private key alone opens it.
/// One line. Faults: unsupported_algorithm (no RSA key), internal.
Result<std::string> wrap_secret(const SecretBytes& secret, const crypto::PublicKey& protection,
                                RandomSource& random,
                                SecretTransport transport = SecretTransport::pkcs1);

/// Reads one; line ends and blanks in the base64 are passed over. Faults: decryption_failed,
/// whatever is wrong inside; malformed for what has not the form; too_large over 64 KiB;
/// token_failed, while the key is in a token that is away.
Result<SecretBytes> unwrap_secret(std::string_view text, const crypto::PrivateKey& protection,
                                  SecretTransport transport = SecretTransport::pkcs1);

}  // namespace signet::proof
