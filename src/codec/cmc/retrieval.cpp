#include "codec/cmc/attr_value.h"
#include "codec/cmc/controls.h"

/// RFC 10002 §6.9 and §6.10: certificates and CRLs asked for.
namespace signet::cmc {
namespace {

using asn1::Reader;
using asn1::Writer;

/// GetCert ::= SEQUENCE { issuerName GeneralName, serialNumber INTEGER }
Result<GetCert> read_certificate_wanted(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  GetCert value;
  // Dogtag's client writes a Name, without the [4] of directoryName around it.
  if (fields.next_is(asn1::kSequence)) {
    value.issuer_name = TRY(pkix::read_name(fields));
  } else {
    value.issuer_name = TRY(pkix::read_general_name(fields));
  }
  value.serial_number = TRY(pkix::read_serial_number(fields));
  TRY(fields.finish());
  return value;
}

bool next_is_general_name(const Reader& fields) {
  const auto tag = fields.peek();
  return tag && tag->tag_class == asn1::Class::context;
}

/// GetCRL ::= SEQUENCE { issuerName Name, cRLName GeneralName OPTIONAL,
///   time GeneralizedTime OPTIONAL, reasons ReasonFlags OPTIONAL }
Result<GetCRL> read_crl_wanted(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  GetCRL value;
  value.issuer_name = TRY(pkix::read_name(fields));
  if (next_is_general_name(fields)) value.crl_name = TRY(pkix::read_general_name(fields));
  if (fields.next_is(asn1::kGeneralizedTime)) value.time = TRY(fields.read_generalized_time());
  if (!fields.at_end()) value.reasons = TRY(fields.read_bit_string());
  TRY(fields.finish());
  return value;
}

}  // namespace

Result<GetCert> read_get_cert(ByteView der) {
  return read_value(der, read_certificate_wanted);
}

Bytes write_get_cert(const GetCert& value) {
  return write_sequence_value([&](Writer& writer) {
    pkix::write_general_name(writer, value.issuer_name);
    writer.integer(value.serial_number);
  });
}

Result<GetCRL> read_get_crl(ByteView der) {
  return read_value(der, read_crl_wanted);
}

Bytes write_get_crl(const GetCRL& value) {
  return write_sequence_value([&](Writer& writer) {
    pkix::write_name(writer, value.issuer_name);
    if (value.crl_name) pkix::write_general_name(writer, *value.crl_name);
    if (value.time) writer.generalized_time(*value.time);
    if (value.reasons) writer.bit_string(*value.reasons);
  });
}

}  // namespace signet::cmc
