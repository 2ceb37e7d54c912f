#include "adapters/pkcs11/mechanism.h"

#include <algorithm>

namespace signet::pkcs11 {
namespace {

using crypto::DigestAlgorithm;
using Family = crypto::SignatureScheme::Family;

template <typename Parameters>
Bytes octets_of(const Parameters& parameters) {
  const auto* first = reinterpret_cast<const std::uint8_t*>(&parameters);
  return {first, first + sizeof parameters};
}

CK_MECHANISM_TYPE digest_mechanism(DigestAlgorithm algorithm) {
  switch (algorithm) {
    case DigestAlgorithm::sha1:
      return CKM_SHA_1;
    case DigestAlgorithm::sha224:
      return CKM_SHA224;
    case DigestAlgorithm::sha256:
      return CKM_SHA256;
    case DigestAlgorithm::sha384:
      return CKM_SHA384;
    case DigestAlgorithm::sha512:
      return CKM_SHA512;
    case DigestAlgorithm::shake256:
      break;
  }
  return CKM_SHA256;
}

/// PKCS#11 v3.0 §2.1.7. Some headers number them otherwise: these are the standard's.
CK_RSA_PKCS_MGF_TYPE mask_function(DigestAlgorithm algorithm) {
  switch (algorithm) {
    case DigestAlgorithm::sha1:
      return 1;
    case DigestAlgorithm::sha256:
      return 2;
    case DigestAlgorithm::sha384:
      return 3;
    case DigestAlgorithm::sha512:
      return 4;
    case DigestAlgorithm::sha224:
      return 5;
    case DigestAlgorithm::shake256:
      break;
  }
  return 2;
}

/// DigestInfo ::= SEQUENCE { digestAlgorithm, digest OCTET STRING }, with NULL (RFC 8017 §9.2).
Bytes digest_info(DigestAlgorithm algorithm, ByteView digest) {
  asn1::Writer writer;
  writer.sequence([&] {
    pkix::write_algorithm_identifier(
        writer, {crypto::algorithm_identifier(algorithm).algorithm, Bytes{0x05, 0x00}});
    writer.octet_string(digest);
  });
  return std::move(writer).take();
}

Bytes pss_parameters(const crypto::SignatureScheme& scheme) {
  return octets_of(CK_RSA_PKCS_PSS_PARAMS{digest_mechanism(scheme.digest),
                                          mask_function(scheme.digest), scheme.salt_octets});
}

}  // namespace

Signing signing(const crypto::SignatureScheme& scheme, int key_bits, ByteView message) {
  const auto digest = [&] { return crypto::digest(scheme.digest, message); };
  switch (scheme.family) {
    case Family::rsa_pkcs1:
      return {{CKM_RSA_PKCS}, digest_info(scheme.digest, digest())};
    case Family::rsa_pss:
      return {{CKM_RSA_PKCS_PSS, pss_parameters(scheme)}, digest()};
    case Family::ecdsa: {
      auto input = digest();
      input.resize(std::min(input.size(), (static_cast<std::size_t>(key_bits) + 7) / 8));
      return {{CKM_ECDSA}, std::move(input)};
    }
    case Family::ed25519:
    case Family::ed448:
      break;
  }
  return {{CKM_EDDSA}, to_bytes(message)};
}

Bytes signature_value(const crypto::SignatureScheme& scheme, ByteView made) {
  if (scheme.family != Family::ecdsa) return to_bytes(made);
  const auto half = made.size() / 2;
  asn1::Writer writer;
  writer.sequence([&] {
    writer.integer(asn1::Integer::from_unsigned(made.first(half)));
    writer.integer(asn1::Integer::from_unsigned(made.subspan(half)));
  });
  return std::move(writer).take();
}

Mechanism oaep_mechanism(const crypto::OaepParameters& oaep) {
  auto* label = oaep.label.empty() ? nullptr : const_cast<std::uint8_t*>(oaep.label.data());
  return {CKM_RSA_PKCS_OAEP,
          octets_of(CK_RSA_PKCS_OAEP_PARAMS{digest_mechanism(oaep.hashes.hash),
                                            mask_function(oaep.hashes.mask_hash),
                                            CKZ_DATA_SPECIFIED, label, oaep.label.size()})};
}

}  // namespace signet::pkcs11
