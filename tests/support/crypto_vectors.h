#pragma once

#include <gtest/gtest.h>

#include <string>

#include "base/encoding.h"
#include "codec/pkix/certificate.h"
#include "crypto/private_key.h"
#include "support/octets.h"
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

template <typename T>
void expect_refused(const Result<T>& result, Fault fault) {
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().fault, fault) << result.error().detail;
}

/// The parameters NULL of an AlgorithmIdentifier.
inline const Bytes kNull{0x05, 0x00};

/// The AlgorithmIdentifier of Dogtag's name for it ("SHA256withRSA").
inline pkix::AlgorithmIdentifier named(std::string_view name) {
  return unwrap(crypto::signature_algorithm_by_name(name));
}

}  // namespace signet::test
