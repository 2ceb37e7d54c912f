#include "crypto/key_hash.h"

#include <openssl/core_names.h>

#include "codec/pkix/oids.h"
#include "crypto/digest.h"
#include "crypto/public_key_impl.h"

namespace signet::crypto {
namespace {

constexpr std::uint8_t kUncompressed = 0x04;

Bytes hash_of(const AlgorithmIdentifier& algorithm, const asn1::BitString& key) {
  asn1::Writer writer;
  writer.sequence([&] {
    pkix::write_algorithm_identifier(writer, algorithm);
    writer.bit_string(key);
  });
  return sha256(writer.view());
}

Bytes coordinate(const PublicKey& key, const char* name) {
  BIGNUM* found = nullptr;
  CHECK(EVP_PKEY_get_bn_param(key.impl().key(), name, &found) == 1);
  const openssl::BigNumber number(found);
  Bytes octets((static_cast<std::size_t>(key.bits()) + 7) / 8);
  CHECK(BN_bn2binpad(number.get(), octets.data(), static_cast<int>(octets.size())) > 0);
  return octets;
}

Bytes hash_of_compressed(const pkix::SubjectPublicKeyInfo& info) {
  const auto key = PublicKey::from(info);
  if (!key.ok()) return sha256(info.der);
  asn1::BitString point{.octets = Bytes(1, kUncompressed)};
  append(point.octets, coordinate(*key, OSSL_PKEY_PARAM_EC_PUB_X));
  append(point.octets, coordinate(*key, OSSL_PKEY_PARAM_EC_PUB_Y));
  return hash_of(info.algorithm, point);
}

Bytes null() {
  asn1::Writer writer;
  writer.null();
  return std::move(writer).take();
}

}  // namespace

Bytes key_hash(const pkix::SubjectPublicKeyInfo& info) {
  const auto& type = info.algorithm.algorithm;
  const auto& octets = info.subject_public_key.octets;
  if (type == pkix::oid::kEcPublicKey && !octets.empty() && octets.front() != kUncompressed) {
    return hash_of_compressed(info);
  }
  static const AlgorithmIdentifier kOrdinaryRsa{pkix::oid::kRsaEncryption, null()};
  const bool is_rsa = type == pkix::oid::kRsaEncryption || type == pkix::oid::kRsassaPss;
  if (is_rsa && info.algorithm != kOrdinaryRsa) {
    return hash_of(kOrdinaryRsa, info.subject_public_key);
  }
  return sha256(info.der);
}

}  // namespace signet::crypto
