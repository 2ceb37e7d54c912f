#include "crypto/digest.h"

#include <array>

#include "codec/pkix/oids.h"
#include "crypto/fetched_digest.h"
#include "crypto/openssl.h"

namespace signet::crypto {
namespace {

struct DigestEntry {
  DigestAlgorithm algorithm;
  asn1::Oid oid;
  std::size_t octets;
  const char* openssl_name;
};

constexpr std::array kDigests{
    DigestEntry{DigestAlgorithm::sha1, pkix::oid::kSha1, 20, "SHA1"},
    DigestEntry{DigestAlgorithm::sha224, pkix::oid::kSha224, 28, "SHA2-224"},
    DigestEntry{DigestAlgorithm::sha256, pkix::oid::kSha256, 32, "SHA2-256"},
    DigestEntry{DigestAlgorithm::sha384, pkix::oid::kSha384, 48, "SHA2-384"},
    DigestEntry{DigestAlgorithm::sha512, pkix::oid::kSha512, 64, "SHA2-512"},
    DigestEntry{DigestAlgorithm::shake256, pkix::oid::kShake256Len, 64, "SHAKE-256"},
};

/// ShakeOutputLen ::= INTEGER, in bits: 512.
const Bytes kShakeOutputLength{0x02, 0x02, 0x02, 0x00};

constexpr const DigestEntry& entry(DigestAlgorithm algorithm) {
  return kDigests.at(static_cast<std::size_t>(algorithm));
}

std::array<openssl::Digest, kDigests.size()> fetch_digests() {
  std::array<openssl::Digest, kDigests.size()> made;
  for (const auto& known : kDigests) {
    auto& digest = made.at(static_cast<std::size_t>(known.algorithm));
    digest.reset(EVP_MD_fetch(nullptr, known.openssl_name, nullptr));
    CHECK(digest != nullptr);
  }
  return made;
}

/// In a context that the thread keeps: to make one takes longer than to hash a few octets in it.
/// OpenSSL wipes the message from it; of a secret nothing stays but its hash.
bool sha256_into(ByteView message, std::uint8_t* made) {
  thread_local const openssl::DigestContext context(EVP_MD_CTX_new());
  return context &&
         EVP_DigestInit_ex2(context.get(), fetched(DigestAlgorithm::sha256), nullptr) == 1 &&
         EVP_DigestUpdate(context.get(), message.data(), message.size()) == 1 &&
         EVP_DigestFinal_ex(context.get(), made, nullptr) == 1;
}

/// The digest as OpenSSL makes it in one go; SHAKE256 as long as it is told.
bool digest_into(DigestAlgorithm algorithm, ByteView message, Bytes& made) {
  const openssl::DigestContext context(EVP_MD_CTX_new());
  if (!context || EVP_DigestInit_ex2(context.get(), fetched(algorithm), nullptr) != 1 ||
      EVP_DigestUpdate(context.get(), message.data(), message.size()) != 1) {
    return false;
  }
  return algorithm == DigestAlgorithm::shake256
             ? EVP_DigestFinalXOF(context.get(), made.data(), made.size()) == 1
             : EVP_DigestFinal_ex(context.get(), made.data(), nullptr) == 1;
}

bool absent_or_null(const std::optional<Bytes>& parameters) {
  return !parameters || *parameters == Bytes{0x05, 0x00};
}

}  // namespace

const EVP_MD* fetched(DigestAlgorithm algorithm) {
  static const auto digests = fetch_digests();
  return digests.at(static_cast<std::size_t>(algorithm)).get();
}

Result<DigestAlgorithm> digest_algorithm(const AlgorithmIdentifier& algorithm) {
  for (const auto& known : kDigests) {
    if (known.oid != algorithm.algorithm || known.algorithm == DigestAlgorithm::shake256) continue;
    if (absent_or_null(algorithm.parameters)) return known.algorithm;
    return Error{Fault::unsupported_algorithm,
                 "digest " + known.oid.to_text() + " with parameters that are not NULL"};
  }
  return Error{Fault::unsupported_algorithm,
               "digest " + algorithm.algorithm.to_text() + " is not offered; use SHA-256"};
}

Result<DigestAlgorithm> signer_digest_algorithm(const AlgorithmIdentifier& algorithm) {
  if (algorithm.algorithm != pkix::oid::kShake256Len) return digest_algorithm(algorithm);
  if (algorithm.parameters == kShakeOutputLength) return DigestAlgorithm::shake256;
  return Error{Fault::unsupported_algorithm,
               "digest id-shake256-len without the length of 512 bits that goes with Ed448"};
}

AlgorithmIdentifier algorithm_identifier(DigestAlgorithm algorithm) {
  if (algorithm == DigestAlgorithm::shake256) return {entry(algorithm).oid, kShakeOutputLength};
  return {entry(algorithm).oid, std::nullopt};
}

std::size_t digest_octets(DigestAlgorithm algorithm) {
  return entry(algorithm).octets;
}

Bytes digest(DigestAlgorithm algorithm, ByteView message) {
  Bytes made(digest_octets(algorithm));
  if (algorithm == DigestAlgorithm::sha256) {
    CHECK(sha256_into(message, made.data()));
    return made;
  }
  CHECK(digest_into(algorithm, message, made));
  return made;
}

}  // namespace signet::crypto
