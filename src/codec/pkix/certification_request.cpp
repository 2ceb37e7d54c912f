#include "codec/pkix/certification_request.h"

#include <algorithm>

#include "codec/asn1/whole.h"
#include "codec/pkix/oids.h"
#include "codec/pkix/signed_parts.h"

namespace signet::pkix {
namespace {

using asn1::context_constructed;
using asn1::Reader;
using asn1::Writer;

/// CertificationRequestInfo ::= SEQUENCE { version INTEGER { v1(0) }, subject Name, subjectPKInfo,
///   attributes [0] IMPLICIT SET OF Attribute }, each with SET SIZE (1..MAX) of values
Result<CertificationRequestInfo> read_info(Reader info) {
  CertificationRequestInfo value;
  if (const auto version = TRY(info.read_small_integer()); version != 0) {
    return Error{Fault::malformed, "certification request version " + std::to_string(version) +
                                       "; only 0 (v1) is known (RFC 2986 §4.1)"};
  }
  value.subject = TRY(read_name(info));
  value.subject_public_key_info = TRY(read_subject_public_key_info(info));
  const auto attributes = TRY(info.enter(context_constructed(0)));
  value.attributes = TRY(read_attributes(attributes));
  TRY(info.finish());
  const auto without_value = [](const Attribute& each) { return each.values.empty(); };
  if (std::any_of(value.attributes.begin(), value.attributes.end(), without_value)) {
    return Error{Fault::malformed, "a certification request has an attribute without value"};
  }
  return value;
}

}  // namespace

Result<CertificationRequest> read_certification_request(ByteView der) {
  return asn1::read_whole(der, asn1::Limits::der(),
                          [](Reader& reader) { return read_certification_request(reader); });
}

Result<CertificationRequest> read_certification_request(Reader& reader) {
  // DER also inside a message in BER: RFC 2986 §4.2 signs the DER of certificationRequestInfo.
  if (reader.rules() == asn1::Rules::ber) {
    return read_certification_request(TRY(reader.read(asn1::kSequence)).tlv);
  }
  CertificationRequest request;
  auto parts = TRY(read_signed(reader));
  request.info.value = TRY(read_info(parts.to_be_signed));
  request.info.der = to_bytes(parts.to_be_signed_der);
  request.signature_algorithm = std::move(parts.signature_algorithm);
  request.signature = std::move(parts.signature);
  request.der = to_bytes(parts.der);
  return request;
}

Bytes write_certification_request_info(const CertificationRequestInfo& info) {
  Writer writer;
  writer.sequence([&] {
    writer.integer(info.version - 1);
    write_name(writer, info.subject);
    writer.raw(info.subject_public_key_info.der);
    writer.set_of(
        [&] {
          for (const auto& attribute : info.attributes) write_attribute(writer, attribute);
        },
        context_constructed(0));
  });
  return std::move(writer).take();
}

Bytes write_certification_request(ByteView info_der, const AlgorithmIdentifier& algorithm,
                                  const BitString& signature) {
  return write_signed(info_der, algorithm, signature);
}

Result<Extensions> requested_extensions(const CertificationRequestInfo& info) {
  //= E04 RFC 10002 §3.1: a PKCS #10 request may ask for extensions in an ExtensionReq attribute
  const auto asks = [](const Attribute& each) { return each.type == oid::kExtensionRequest; };
  const auto attributes = std::count_if(info.attributes.begin(), info.attributes.end(), asks);
  if (attributes == 0) return Extensions();
  const auto* attribute = find_attribute(info.attributes, oid::kExtensionRequest);
  if (attributes > 1 || attribute->values.size() != 1) {
    return Error{Fault::malformed,
                 "more than one list of extensions is requested; put all of them "
                 "into one extensionRequest with one value"};
  }
  return asn1::read_whole(attribute->values.front(), asn1::Limits::der(),
                          [](Reader& reader) { return read_extensions(reader); });
}

Attribute extension_request(const Extensions& extensions) {
  Writer writer;
  write_extensions(writer, extensions);
  return {oid::kExtensionRequest, {std::move(writer).take()}};
}

}  // namespace signet::pkix
