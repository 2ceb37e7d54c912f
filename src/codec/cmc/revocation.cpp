#include "codec/cmc/attr_value.h"
#include "codec/cmc/controls.h"
#include "codec/cms/strings.h"

/// RFC 10002 §6.11 and §6.14: certificates revoked, and certificates accepted.
namespace signet::cmc {
namespace {

using asn1::Reader;
using asn1::Writer;

/// RevokeRequest ::= SEQUENCE { issuerName Name, serialNumber INTEGER, reason CRLReason,
///   invalidityDate GeneralizedTime OPTIONAL, sharedSecret OCTET STRING OPTIONAL,
///   comment UTF8String OPTIONAL }
Result<RevokeRequest> read_revoke(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  RevokeRequest value;
  value.issuer_name = TRY(pkix::read_name(fields));
  value.serial_number = TRY(pkix::read_serial_number(fields));
  value.reason = TRY(pkix::read_crl_reason(fields));
  if (fields.next_is(asn1::kGeneralizedTime)) {
    value.invalidity_date = TRY(fields.read_generalized_time());
  }
  value.shared_secret = TRY(cms::read_optional_octet_string(fields));
  value.comment = TRY(cms::read_optional_utf8_string(fields));
  TRY(fields.finish());
  return value;
}

/// Whether the issuer that comes next is a Name inside another SEQUENCE.
bool next_is_wrapped_name(const Reader& fields) {
  auto ahead = fields;
  const auto issuer = ahead.enter(asn1::kSequence);
  return issuer && issuer->next_is(asn1::kSequence);
}

/// CMCCertId ::= IssuerAndSerialNumber
Result<cms::IssuerAndSerialNumber> read_cert_id(Reader& reader) {
  auto ahead = reader;
  auto fields = TRY(ahead.enter(asn1::kSequence));
  if (!next_is_wrapped_name(fields)) return cms::read_issuer_and_serial_number(reader);
  // Dogtag's client writes GeneralNames, and in it the Name without the [4] of directoryName.
  cms::IssuerAndSerialNumber id;
  auto names = TRY(fields.enter(asn1::kSequence));
  id.issuer = TRY(pkix::read_name(names));
  TRY(names.finish());
  id.serial_number = TRY(pkix::read_serial_number(fields));
  TRY(fields.finish());
  reader = ahead;
  return id;
}

}  // namespace

Result<RevokeRequest> read_revoke_request(ByteView der) {
  return read_value(der, read_revoke);
}

Bytes write_revoke_request(const RevokeRequest& value) {
  return write_sequence_value([&](Writer& writer) {
    pkix::write_name(writer, value.issuer_name);
    writer.integer(value.serial_number);
    writer.enumerated(static_cast<std::int64_t>(value.reason));
    if (value.invalidity_date) writer.generalized_time(*value.invalidity_date);
    if (value.shared_secret) writer.octet_string(*value.shared_secret);
    if (value.comment) writer.utf8_string(*value.comment);
  });
}

Result<cms::IssuerAndSerialNumber> read_cmc_cert_id(ByteView der) {
  return read_value(der, read_cert_id);
}

Bytes write_cmc_cert_id(const cms::IssuerAndSerialNumber& id) {
  return write_value([&](Writer& writer) { cms::write_issuer_and_serial_number(writer, id); });
}

}  // namespace signet::cmc
