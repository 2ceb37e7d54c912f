#include <openssl/core_names.h>
#include <openssl/params.h>

#include <algorithm>
#include <array>

#include "codec/pkix/oids.h"
#include "crypto/digest.h"
#include "crypto/fetched_digest.h"
#include "crypto/openssl.h"

namespace signet::crypto {
namespace {

struct MacEntry {
  MacAlgorithm algorithm;
  asn1::Oid oid;
  DigestAlgorithm digest;
};

// The first line of an algorithm is the one that is written.
constexpr std::array kMacs{
    MacEntry{MacAlgorithm::hmac_sha1, pkix::oid::kHmacSha1, DigestAlgorithm::sha1},
    // AMB-36: Dogtag and RFC 8018 name HMAC-SHA1 under RSA's arc.
    MacEntry{MacAlgorithm::hmac_sha1, pkix::oid::kHmacWithSha1, DigestAlgorithm::sha1},
    MacEntry{MacAlgorithm::hmac_sha224, pkix::oid::kHmacWithSha224, DigestAlgorithm::sha224},
    MacEntry{MacAlgorithm::hmac_sha256, pkix::oid::kHmacWithSha256, DigestAlgorithm::sha256},
    MacEntry{MacAlgorithm::hmac_sha384, pkix::oid::kHmacWithSha384, DigestAlgorithm::sha384},
    MacEntry{MacAlgorithm::hmac_sha512, pkix::oid::kHmacWithSha512, DigestAlgorithm::sha512},
};

const MacEntry& entry(MacAlgorithm algorithm) {
  const auto found = std::find_if(kMacs.begin(), kMacs.end(), [&](const MacEntry& known) {
    return known.algorithm == algorithm;
  });
  CHECK(found != kMacs.end());
  return *found;
}

/// OpenSSL's parameter list wants a pointer to what it only reads.
OSSL_PARAM digest_parameter(const char* key, DigestAlgorithm digest) {
  return OSSL_PARAM_construct_utf8_string(key, const_cast<char*>(EVP_MD_get0_name(fetched(digest))),
                                          0);
}

OSSL_PARAM octets_parameter(const char* key, ByteView octets) {
  return OSSL_PARAM_construct_octet_string(key, const_cast<std::uint8_t*>(octets.data()),
                                           octets.size());
}

/// An empty view may have no address, which OpenSSL takes for "not given".
ByteView addressable(ByteView octets) {
  static constexpr std::uint8_t kNothing[1] = {0};
  return octets.data() == nullptr ? ByteView(kNothing, 0) : octets;
}

openssl::MacContext hmac_without_key(DigestAlgorithm digest) {
  static const openssl::Mac hmac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
  CHECK(hmac != nullptr);
  openssl::MacContext context(EVP_MAC_CTX_new(hmac.get()));
  const OSSL_PARAM parameters[] = {digest_parameter(OSSL_MAC_PARAM_DIGEST, digest),
                                   OSSL_PARAM_construct_end()};
  CHECK(context != nullptr && EVP_MAC_CTX_set_params(context.get(), parameters) == 1);
  return context;
}

/// A context with its digest chosen: choosing by name costs more than a short HMAC itself.
openssl::MacContext hmac_context(DigestAlgorithm digest) {
  static const std::array prepared{
      hmac_without_key(DigestAlgorithm::sha1), hmac_without_key(DigestAlgorithm::sha224),
      hmac_without_key(DigestAlgorithm::sha256), hmac_without_key(DigestAlgorithm::sha384),
      hmac_without_key(DigestAlgorithm::sha512)};
  openssl::MacContext copy(EVP_MAC_CTX_dup(prepared.at(static_cast<std::size_t>(digest)).get()));
  CHECK(copy != nullptr);
  return copy;
}

}  // namespace

Result<MacAlgorithm> mac_algorithm(const AlgorithmIdentifier& algorithm) {
  for (const auto& known : kMacs) {
    if (known.oid != algorithm.algorithm) continue;
    if (!algorithm.parameters || *algorithm.parameters == Bytes{0x05, 0x00}) return known.algorithm;
    return Error{Fault::unsupported_algorithm,
                 "MAC " + known.oid.to_text() + " with parameters that are not NULL"};
  }
  return Error{Fault::unsupported_algorithm,
               "MAC " + algorithm.algorithm.to_text() + " is not offered; use HMAC-SHA256"};
}

AlgorithmIdentifier algorithm_identifier(MacAlgorithm algorithm) {
  return {entry(algorithm).oid, std::nullopt};
}

std::size_t mac_octets(MacAlgorithm algorithm) {
  return digest_octets(entry(algorithm).digest);
}

Bytes mac(MacAlgorithm algorithm, ByteView key, ByteView message) {
  const auto context = hmac_context(entry(algorithm).digest);
  const auto secret = addressable(key);
  Bytes made(mac_octets(algorithm));
  std::size_t octets = 0;
  CHECK(EVP_MAC_init(context.get(), secret.data(), secret.size(), nullptr) == 1);
  CHECK(EVP_MAC_update(context.get(), message.data(), message.size()) == 1);
  CHECK(EVP_MAC_final(context.get(), made.data(), &octets, made.size()) == 1);
  CHECK(octets == made.size());
  return made;
}

std::uint64_t pbkdf2_cost(MacAlgorithm prf, std::uint32_t iterations, std::size_t octets) {
  const auto block = mac_octets(prf);
  return std::uint64_t{iterations} * ((octets + block - 1) / block);
}

SecretBytes pbkdf2(MacAlgorithm prf, ByteView password, ByteView salt, std::uint32_t iterations,
                   std::size_t octets) {
  CHECK(iterations > 0);
  static const openssl::Kdf kdf(EVP_KDF_fetch(nullptr, "PBKDF2", nullptr));
  CHECK(kdf != nullptr);
  // SP 800-132's lower bounds are policy, not arithmetic: whoever reads the parameters judges them.
  int without_lower_bounds = 1;
  const OSSL_PARAM parameters[] = {
      octets_parameter(OSSL_KDF_PARAM_PASSWORD, addressable(password)),
      octets_parameter(OSSL_KDF_PARAM_SALT, addressable(salt)),
      OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_ITER, &iterations),
      OSSL_PARAM_construct_int(OSSL_KDF_PARAM_PKCS5, &without_lower_bounds),
      digest_parameter(OSSL_KDF_PARAM_DIGEST, entry(prf).digest),
      OSSL_PARAM_construct_end(),
  };
  const openssl::KdfContext context(EVP_KDF_CTX_new(kdf.get()));
  Bytes made(octets);
  CHECK(context != nullptr);
  CHECK(octets == 0 || EVP_KDF_derive(context.get(), made.data(), octets, parameters) == 1);
  return SecretBytes(std::move(made));
}

}  // namespace signet::crypto
