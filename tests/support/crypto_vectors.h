#pragma once

#include <string>

#include "base/encoding.h"
#include "codec/pkix/certificate.h"
#include "crypto/private_key.h"
#include "support/shared_data.h"
#include "support/unwrap.h"

namespace signet::test {

/// A file of tests/vectors/crypto, whose PROVENANCE.md says who made it.
inline Bytes crypto_vector(const std::string& name) {
  return file(source_folder() + "/tests/vectors/crypto/" + name);
}

inline pkix::Certificate certificate_vector(const std::string& name) {
  const auto pem = crypto_vector(name + ".pem");
  return unwrap(pkix::read_certificate(unwrap(from_pem(as_text(pem))).at(0).octets));
}

inline Result<std::unique_ptr<crypto::PrivateKey>> read_key_vector(
    const std::string& name, std::string_view passphrase = "") {
  return crypto::read_private_key(crypto_vector(name), SecretBytes(passphrase));
}

inline std::unique_ptr<crypto::PrivateKey> key_vector(const std::string& name) {
  return unwrap(read_key_vector(name + ".pem"));
}

inline crypto::PublicKey public_key_vector(const std::string& name) {
  return unwrap(crypto::PublicKey::from(key_vector(name)->public_key_info()));
}

/// Octets from hexadecimal, for constants.
inline Bytes hex(std::string_view digits) {
  return unwrap(from_hex(digits));
}

}  // namespace signet::test
