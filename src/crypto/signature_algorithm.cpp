#include <array>
#include <bit>

#include "codec/pkix/oids.h"
#include "crypto/private_key.h"
#include "crypto/signature_scheme.h"

namespace signet::crypto {
namespace {

using Family = SignatureScheme::Family;

struct Named {
  std::string_view name;  ///< Dogtag's
  asn1::Oid oid;
  Family family;
  DigestAlgorithm digest;
};

constexpr std::array kNamed{
    Named{"SHA256withRSA", pkix::oid::kSha256WithRsa, Family::rsa_pkcs1, DigestAlgorithm::sha256},
    Named{"SHA384withRSA", pkix::oid::kSha384WithRsa, Family::rsa_pkcs1, DigestAlgorithm::sha384},
    Named{"SHA512withRSA", pkix::oid::kSha512WithRsa, Family::rsa_pkcs1, DigestAlgorithm::sha512},
    Named{"SHA256withRSA/PSS", pkix::oid::kRsassaPss, Family::rsa_pss, DigestAlgorithm::sha256},
    Named{"SHA384withRSA/PSS", pkix::oid::kRsassaPss, Family::rsa_pss, DigestAlgorithm::sha384},
    Named{"SHA512withRSA/PSS", pkix::oid::kRsassaPss, Family::rsa_pss, DigestAlgorithm::sha512},
    Named{"SHA256withEC", pkix::oid::kEcdsaWithSha256, Family::ecdsa, DigestAlgorithm::sha256},
    Named{"SHA384withEC", pkix::oid::kEcdsaWithSha384, Family::ecdsa, DigestAlgorithm::sha384},
    Named{"SHA512withEC", pkix::oid::kEcdsaWithSha512, Family::ecdsa, DigestAlgorithm::sha512},
    Named{"Ed25519", pkix::oid::kEd25519, Family::ed25519, DigestAlgorithm::sha512},
    Named{"Ed448", pkix::oid::kEd448, Family::ed448, DigestAlgorithm::shake256},
};

/// RFC 4055 §2.1 and §3.1: the digest with NULL, MGF1 over the same, salt as long as the digest.
Bytes pss_parameters(DigestAlgorithm digest) {
  asn1::Writer writer;
  const auto write_digest = [&] {
    auto identifier = algorithm_identifier(digest);
    identifier.parameters = Bytes{0x05, 0x00};
    pkix::write_algorithm_identifier(writer, identifier);
  };
  writer.sequence([&] {
    writer.constructed(asn1::context_constructed(0), write_digest);
    writer.constructed(asn1::context_constructed(1), [&] {
      writer.sequence([&] {
        writer.oid(pkix::oid::kMgf1);
        write_digest();
      });
    });
    writer.constructed(asn1::context_constructed(2),
                       [&] { writer.integer(static_cast<std::int64_t>(digest_octets(digest))); });
  });
  return std::move(writer).take();
}

/// RFC 4055 §5 (NULL), RFC 5758 §3.2 and RFC 8410 §3 (absent).
AlgorithmIdentifier identifier_of(const Named& named) {
  switch (named.family) {
    case Family::rsa_pkcs1:
      return {named.oid, Bytes{0x05, 0x00}};
    case Family::rsa_pss:
      return {named.oid, pss_parameters(named.digest)};
    case Family::ecdsa:
    case Family::ed25519:
    case Family::ed448:
      break;
  }
  return {named.oid, std::nullopt};
}

/// Bits of an RSA modulus, from a key that is known to be well formed.
Result<int> modulus_bits(const pkix::SubjectPublicKeyInfo& info) {
  asn1::Budget budget{asn1::Limits::der()};
  asn1::Reader outer{info.subject_public_key.octets, budget};
  auto sequence = TRY(outer.enter(asn1::kSequence));
  const auto modulus = TRY(sequence.read_integer());
  const auto magnitude = modulus.magnitude();
  return static_cast<int>(magnitude.size() * 8) - std::countl_zero(magnitude.front());
}

/// RSA keys as strong as SHA-256 is against collisions end at 3072 bits (SP 800-57 part 1 §5.6.1).
Result<std::string_view> default_rsa_name(const pkix::SubjectPublicKeyInfo& info) {
  const auto bits = TRY(modulus_bits(info));
  return std::string_view(bits <= 3072 ? "SHA256withRSA" : "SHA384withRSA");
}

Result<std::string_view> default_name(const PrivateKey& key) {
  switch (key.kind()) {
    case KeyKind::rsa:
      return default_rsa_name(key.public_key_info());
    case KeyKind::ec_p256:
      return std::string_view("SHA256withEC");
    case KeyKind::ec_p384:
      return std::string_view("SHA384withEC");
    case KeyKind::ec_p521:
      return std::string_view("SHA512withEC");
    case KeyKind::ed25519:
      return std::string_view("Ed25519");
    case KeyKind::ed448:
      return std::string_view("Ed448");
    case KeyKind::x25519:
    case KeyKind::x448:
      break;
  }
  return Error{Fault::unsupported_algorithm,
               "a key of kind " + std::string(to_text(key.kind())) + " cannot sign"};
}

}  // namespace

Result<AlgorithmIdentifier> default_signature_algorithm(const PrivateKey& key) {
  const auto name = TRY(default_name(key));
  return signature_algorithm_by_name(name);
}

Result<AlgorithmIdentifier> signature_algorithm_by_name(std::string_view name) {
  for (const auto& named : kNamed) {
    if (named.name == name) return identifier_of(named);
  }
  return Error{Fault::unsupported_algorithm,
               "signature algorithm \"" + std::string(name) +
                   "\" is not offered; say SHA256withRSA, "
                   "SHA256withRSA/PSS, SHA256withEC (or 384, 512), Ed25519 or Ed448"};
}

std::string signature_algorithm_name(const AlgorithmIdentifier& algorithm) {
  const auto scheme = signature_scheme(algorithm);
  if (scheme) {
    for (const auto& named : kNamed) {
      if (named.family == scheme->family && named.digest == scheme->digest) {
        return std::string(named.name);
      }
    }
  }
  return algorithm.algorithm.to_text();
}

Result<DigestAlgorithm> digest_of_signature(const AlgorithmIdentifier& algorithm) {
  const auto scheme = TRY(signature_scheme(algorithm));
  return scheme.digest;
}

}  // namespace signet::crypto
