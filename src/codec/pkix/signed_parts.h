#pragma once

#include "codec/pkix/algorithm.h"

/// SIGNED { ToBeSigned }: the outer form that certificates, CRLs and PKCS #10 requests share.
namespace signet::pkix {

struct SignedParts {
  ByteView der;               ///< the whole
  ByteView to_be_signed_der;  ///< what the signature is over
  asn1::Reader to_be_signed;  ///< its fields, not yet read
  AlgorithmIdentifier signature_algorithm;
  BitString signature;
};

/// SEQUENCE { ToBeSigned, AlgorithmIdentifier, BIT STRING } at the reader's place.
inline Result<SignedParts> read_signed(asn1::Reader& reader) {
  const auto whole = TRY(reader.read(asn1::kSequence));
  auto fields = TRY(reader.enter(whole));
  const auto to_be_signed = TRY(fields.read(asn1::kSequence));
  auto algorithm = TRY(read_algorithm_identifier(fields));
  auto signature = TRY(fields.read_bit_string());
  TRY(fields.finish());
  auto inside = TRY(fields.enter(to_be_signed));
  return SignedParts{whole.tlv, to_be_signed.tlv, std::move(inside), std::move(algorithm),
                     std::move(signature)};
}

inline Bytes write_signed(ByteView to_be_signed_der, const AlgorithmIdentifier& algorithm,
                          const BitString& signature) {
  asn1::Writer behind;
  write_algorithm_identifier(behind, algorithm);
  behind.bit_string(signature);
  return asn1::joined(asn1::kSequence, {to_be_signed_der, behind.view()});
}

}  // namespace signet::pkix
