#include <algorithm>

#include "codec/asn1/whole.h"
#include "codec/cms/parts.h"

namespace signet::cms {
namespace {

using asn1::context_constructed;
using asn1::Reader;
using asn1::Writer;

constexpr auto kSignedAttrs = context_constructed(0);
constexpr auto kUnsignedAttrs = context_constructed(1);

/// SignerInfo ::= SEQUENCE { version, sid, digestAlgorithm, signedAttrs [0] IMPLICIT OPTIONAL,
///   signatureAlgorithm, signature OCTET STRING, unsignedAttrs [1] IMPLICIT OPTIONAL }
Result<SignerInfo> read_signer_info(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  SignerInfo signer;
  signer.version = TRY(read_version(fields));
  signer.sid = TRY(read_signer_identifier(fields));
  signer.digest_algorithm = TRY(pkix::read_algorithm_identifier(fields));
  if (auto attributes = TRY(read_authenticated_attributes(fields, kSignedAttrs))) {
    signer.signed_attrs = std::move(attributes->attributes);
    signer.signed_attrs_der = std::move(attributes->der);
  }
  signer.signature_algorithm = TRY(pkix::read_algorithm_identifier(fields));
  signer.signature = TRY(fields.read_octet_string());
  signer.unsigned_attrs = TRY(read_optional_attributes(fields, kUnsignedAttrs));
  TRY(fields.finish());
  return signer;
}

/// RFC 5652 §5.3: 1 for issuerAndSerialNumber, 3 for subjectKeyIdentifier.
int version_of(const SignerInfo& signer) {
  return is_key_identifier(signer.sid) ? 3 : 1;
}

void write_signer_info(Writer& writer, const SignerInfo& signer) {
  writer.sequence([&] {
    writer.integer(version_of(signer));
    write_signer_identifier(writer, signer.sid);
    pkix::write_algorithm_identifier(writer, signer.digest_algorithm);
    write_authenticated_attributes(writer, signer.signed_attrs, signer.signed_attrs_der,
                                   kSignedAttrs);
    pkix::write_algorithm_identifier(writer, signer.signature_algorithm);
    writer.octet_string(signer.signature);
    write_optional_attributes(writer, signer.unsigned_attrs, kUnsignedAttrs);
  });
}

/// SignedData ::= SEQUENCE { version, digestAlgorithms SET OF, encapContentInfo,
///   certificates [0] IMPLICIT OPTIONAL, crls [1] IMPLICIT OPTIONAL, signerInfos SET OF }
Result<SignedData> read_signed(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  SignedData signed_data;
  signed_data.version = TRY(read_version(fields));
  auto algorithms = TRY(fields.enter(asn1::kSet));
  while (!algorithms.at_end()) {
    signed_data.digest_algorithms.push_back(TRY(pkix::read_algorithm_identifier(algorithms)));
  }
  signed_data.encap_content_info = TRY(read_encapsulated_content_info(fields));
  auto carried = TRY(read_certificates_and_crls(fields));
  signed_data.certificates = std::move(carried.certificates);
  signed_data.crls = std::move(carried.crls);
  signed_data.has_empty_certificates = carried.has_empty_certificates;
  signed_data.other_certificates = carried.other_certificates;
  auto signers = TRY(fields.enter(asn1::kSet));
  while (!signers.at_end()) {
    signed_data.signer_infos.push_back(TRY(read_signer_info(signers)));
  }
  TRY(fields.finish());
  return signed_data;
}

/// RFC 5652 §5.1. Versions 4 and 5 are for certificates and CRLs of other kinds, which are never
/// written here.
int version_of(const SignedData& signed_data) {
  const bool signed_by_key_identifier =
      std::any_of(signed_data.signer_infos.begin(), signed_data.signer_infos.end(),
                  [](const SignerInfo& signer) { return is_key_identifier(signer.sid); });
  const bool plain_data = signed_data.encap_content_info.e_content_type == oid::kData;
  return plain_data && !signed_by_key_identifier ? 1 : 3;
}

}  // namespace

Result<SignedData> read_signed_data(ByteView octets, asn1::Limits limits) {
  return asn1::read_whole(octets, limits, read_signed);
}

Bytes write_signed_data(const SignedData& signed_data) {
  Writer writer;
  writer.sequence([&] {
    writer.integer(version_of(signed_data));
    writer.set_of([&] {
      for (const auto& algorithm : signed_data.digest_algorithms) {
        pkix::write_algorithm_identifier(writer, algorithm);
      }
    });
    write_encapsulated_content_info(writer, signed_data.encap_content_info);
    write_certificates_and_crls(writer, signed_data.certificates, signed_data.crls);
    writer.set_of([&] {
      for (const auto& signer : signed_data.signer_infos) write_signer_info(writer, signer);
    });
  });
  return std::move(writer).take();
}

}  // namespace signet::cms
