#include "crypto/signature_scheme.h"

#include <array>

#include "codec/pkix/oids.h"
#include "crypto/rsa_parameters.h"

namespace signet::crypto {
namespace {

using Family = SignatureScheme::Family;

struct SchemeEntry {
  asn1::Oid oid;
  SignatureScheme scheme;
};

constexpr std::array kWithDigest{
    SchemeEntry{pkix::oid::kSha224WithRsa, {Family::rsa_pkcs1, DigestAlgorithm::sha224, 0}},
    SchemeEntry{pkix::oid::kSha256WithRsa, {Family::rsa_pkcs1, DigestAlgorithm::sha256, 0}},
    SchemeEntry{pkix::oid::kSha384WithRsa, {Family::rsa_pkcs1, DigestAlgorithm::sha384, 0}},
    SchemeEntry{pkix::oid::kSha512WithRsa, {Family::rsa_pkcs1, DigestAlgorithm::sha512, 0}},
    SchemeEntry{pkix::oid::kEcdsaWithSha256, {Family::ecdsa, DigestAlgorithm::sha256, 0}},
    SchemeEntry{pkix::oid::kEcdsaWithSha384, {Family::ecdsa, DigestAlgorithm::sha384, 0}},
    SchemeEntry{pkix::oid::kEcdsaWithSha512, {Family::ecdsa, DigestAlgorithm::sha512, 0}},
    SchemeEntry{pkix::oid::kEd25519, {Family::ed25519, DigestAlgorithm::sha512, 0}},
    SchemeEntry{pkix::oid::kEd448, {Family::ed448, DigestAlgorithm::shake256, 0}},
};

/// RFC 4055 §3.1: saltLength's default. Shorter ones make forgery by collision cheaper.
constexpr std::int64_t kMinimumSaltOctets = 20;
/// No RSA key on our list has room for a longer one: 8192 bits.
constexpr std::int64_t kMaximumSaltOctets = 1024;

Error unsupported(const AlgorithmIdentifier& algorithm, std::string_view why) {
  return {Fault::unsupported_algorithm,
          "signature algorithm " + algorithm.algorithm.to_text() + " " + std::string(why)};
}

std::string dotted(DigestAlgorithm digest) {
  return algorithm_identifier(digest).algorithm.to_text();
}

bool parameters_fit(Family family, const std::optional<Bytes>& parameters) {
  if (!parameters) return true;
  return family == Family::rsa_pkcs1 && *parameters == Bytes{0x05, 0x00};
}

Result<SignatureScheme> rsa_encryption_scheme(const AlgorithmIdentifier& algorithm,
                                              std::optional<DigestAlgorithm> beside) {
  if (!parameters_fit(Family::rsa_pkcs1, algorithm.parameters)) {
    return unsupported(algorithm, "with parameters that are not NULL");
  }
  if (!beside) return unsupported(algorithm, "names no digest");
  if (*beside == DigestAlgorithm::sha1) return unsupported(algorithm, "with SHA-1, which is weak");
  if (*beside == DigestAlgorithm::shake256) return unsupported(algorithm, "with SHAKE256");
  return SignatureScheme{Family::rsa_pkcs1, *beside, 0};
}

/// RFC 4055 §3.1; where a value is absent its default is SHA-1, which we do not verify with.
///
///   RSASSA-PSS-params ::= SEQUENCE {
///     hashAlgorithm    [0] HashAlgorithm    DEFAULT sha1Identifier,
///     maskGenAlgorithm [1] MaskGenAlgorithm DEFAULT mgf1SHA1Identifier,
///     saltLength       [2] INTEGER          DEFAULT 20,
///     trailerField     [3] INTEGER          DEFAULT 1 }
Result<SignatureScheme> read_pss_parameters(ByteView tlv) {
  asn1::Budget budget{asn1::Limits::der()};
  asn1::Reader outer{tlv, budget};
  auto sequence = TRY(outer.enter(asn1::kSequence));
  TRY(outer.finish());
  const auto [hash, mask_hash] = TRY(read_hash_and_mask(sequence));
  auto salt_octets = kMinimumSaltOctets;
  if (auto tagged = TRY(sequence.enter_optional(asn1::context_constructed(2)))) {
    salt_octets = TRY(tagged->read_small_integer());
    TRY(tagged->finish());
  }
  // RFC 4055 §3.1: whoever verifies takes a trailerField of 1 that is spelled out.
  if (auto tagged = TRY(sequence.enter_optional(asn1::context_constructed(3)))) {
    const auto trailer = TRY(tagged->read_small_integer());
    TRY(tagged->finish());
    if (trailer != 1) return Error{Fault::unsupported_algorithm, "PSS trailerField is not 1"};
  }
  TRY(sequence.finish());

  if (hash == DigestAlgorithm::sha1 || hash == DigestAlgorithm::sha224 || mask_hash != hash) {
    return Error{Fault::unsupported_algorithm,
                 "PSS other than SHA-256, SHA-384 or SHA-512 with MGF1 over the same"};
  }
  if (salt_octets < kMinimumSaltOctets || salt_octets > kMaximumSaltOctets) {
    return Error{Fault::unsupported_algorithm,
                 "PSS salt of " + std::to_string(salt_octets) + " octets, at least 20 are wanted"};
  }
  return SignatureScheme{Family::rsa_pss, hash, static_cast<std::size_t>(salt_octets)};
}

Result<SignatureScheme> pss_scheme(const AlgorithmIdentifier& algorithm) {
  if (!algorithm.parameters) return unsupported(algorithm, "without parameters means SHA-1");
  auto scheme = read_pss_parameters(*algorithm.parameters);
  if (!scheme) return unsupported(algorithm, "is refused: " + scheme.error().detail);
  return scheme;
}

Result<SignatureScheme> scheme_with_digest(const AlgorithmIdentifier& algorithm) {
  for (const auto& known : kWithDigest) {
    if (known.oid != algorithm.algorithm) continue;
    if (parameters_fit(known.scheme.family, algorithm.parameters)) return known.scheme;
    return unsupported(algorithm, "with parameters that do not belong there");
  }
  return unsupported(algorithm, "is not offered");
}

Result<SignatureScheme> scheme_alone(const AlgorithmIdentifier& algorithm) {
  if (algorithm.algorithm == pkix::oid::kRsassaPss) return pss_scheme(algorithm);
  return scheme_with_digest(algorithm);
}

/// RFC 8419 §3.1 wants SHAKE256 beside Ed448. SHA-512, no weaker, is what those send whose library
/// has no such digest for CMS (OpenSSL 3.0).
bool may_stand_beside(DigestAlgorithm beside, const SignatureScheme& scheme) {
  if (beside == scheme.digest) return true;
  return scheme.family == Family::ed448 && beside == DigestAlgorithm::sha512;
}

bool family_fits(Family family, KeyKind kind) {
  switch (family) {
    case Family::rsa_pkcs1:
    case Family::rsa_pss:
      return kind == KeyKind::rsa;
    case Family::ecdsa:
      return kind == KeyKind::ec_p256 || kind == KeyKind::ec_p384 || kind == KeyKind::ec_p521;
    case Family::ed25519:
      return kind == KeyKind::ed25519;
    case Family::ed448:
      return kind == KeyKind::ed448;
  }
  return false;
}

}  // namespace

Result<SignatureScheme> signature_scheme(const AlgorithmIdentifier& algorithm,
                                         std::optional<DigestAlgorithm> beside) {
  if (algorithm.algorithm == pkix::oid::kRsaEncryption) {
    return rsa_encryption_scheme(algorithm, beside);
  }
  const auto scheme = TRY(scheme_alone(algorithm));
  if (beside && !may_stand_beside(*beside, scheme)) {
    return unsupported(algorithm, "stands beside digestAlgorithm " + dotted(*beside) + " where " +
                                      dotted(scheme.digest) + " belongs");
  }
  return scheme;
}

Result<void> check_fits(const SignatureScheme& scheme, KeyKind kind, int bits) {
  if (!family_fits(scheme.family, kind)) {
    return Error{
        Fault::unsupported_algorithm,
        "the signature algorithm does not belong to a key of kind " + std::string(to_text(kind))};
  }
  if (scheme.family != Family::rsa_pss) return {};
  // RFC 8017 §9.1.1: emLen >= hLen + sLen + 2, with emLen = ceil((modBits - 1) / 8).
  const auto encoded_octets = (static_cast<std::size_t>(bits) + 6) / 8;
  if (digest_octets(scheme.digest) + scheme.salt_octets + 2 <= encoded_octets) return {};
  return Error{Fault::unsupported_algorithm, "a PSS salt of " + std::to_string(scheme.salt_octets) +
                                                 " octets does not fit a key of " +
                                                 std::to_string(bits) + " bits"};
}

}  // namespace signet::crypto
