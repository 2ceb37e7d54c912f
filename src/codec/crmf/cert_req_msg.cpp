#include "codec/asn1/whole.h"
#include "codec/crmf/parts.h"
#include "codec/pkix/sequence_of.h"

namespace signet::crmf {
namespace {

using asn1::Reader;
using asn1::Writer;

/// CertRequest ::= SEQUENCE { certReqId INTEGER, certTemplate, controls Controls OPTIONAL }
Result<CertRequest> read_cert_request(Reader fields) {
  CertRequest request;
  request.cert_req_id = TRY(fields.read_integer());
  request.cert_template = TRY(read_cert_template(fields));
  if (auto controls = TRY(fields.enter_optional(asn1::kSequence))) {
    // SIZE (1..MAX), but Dogtag's tools write the SEQUENCE also when there is no control.
    while (!controls->at_end()) {
      request.controls.push_back(TRY(read_attribute_type_and_value(*controls)));
    }
  }
  TRY(fields.finish());
  return request;
}

void write_attribute_type_and_value(Writer& writer, const AttributeTypeAndValue& control) {
  writer.sequence([&] {
    writer.oid(control.type);
    writer.raw(control.value);
  });
}

Bytes with_sequence_tag(ByteView tlv, asn1::Tag tag) {
  return tag == asn1::kSequence ? to_bytes(tlv) : with_tag(tlv, asn1::kSequence);
}

}  // namespace

Result<AttributeTypeAndValue> read_attribute_type_and_value(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  AttributeTypeAndValue control;
  control.type = TRY(fields.read_oid());
  control.value = to_bytes(TRY(fields.read_any()).tlv);
  TRY(fields.finish());
  return control;
}

/// CertReqMsg ::= SEQUENCE { certReq, popo OPTIONAL, regInfo SEQUENCE SIZE (1..MAX) OPTIONAL }
Result<CertReqMsg> read_cert_req_msg(Reader& reader, asn1::Tag tag) {
  const auto whole = TRY(reader.read(tag));
  // DER also inside a message in BER: RFC 4211 §4.1 signs the DER of certReq.
  if (reader.rules() == asn1::Rules::ber) {
    return asn1::read_whole(whole.tlv, asn1::Limits::der(),
                            [tag](Reader& der) { return read_cert_req_msg(der, tag); });
  }
  auto fields = TRY(reader.enter(whole));
  CertReqMsg message;
  const auto cert_req = TRY(fields.read(asn1::kSequence));
  const auto request_fields = TRY(fields.enter(cert_req));
  message.cert_req.value = TRY(read_cert_request(request_fields));
  message.cert_req.der = to_bytes(cert_req.tlv);
  if (!fields.at_end() && !fields.next_is(asn1::kSequence)) {
    message.popo = TRY(read_proof_of_possession(fields));
  }
  if (!fields.at_end()) {
    message.reg_info = TRY(pkix::read_sequence_of(fields, read_attribute_type_and_value));
  }
  TRY(fields.finish());
  message.der = with_sequence_tag(whole.tlv, tag);
  return message;
}

Bytes write_cert_request(const CertRequest& request) {
  Writer writer;
  writer.sequence([&] {
    writer.integer(request.cert_req_id);
    write_cert_template(writer, request.cert_template);
    if (request.controls.empty()) return;
    writer.sequence([&] {
      for (const auto& control : request.controls) write_attribute_type_and_value(writer, control);
    });
  });
  return std::move(writer).take();
}

Bytes write_cert_req_msg(ByteView cert_request_der, const std::optional<ProofOfPossession>& popo,
                         asn1::Tag tag) {
  Writer writer;
  writer.constructed(tag, [&] {
    writer.raw(cert_request_der);
    if (popo) write_proof_of_possession(writer, *popo);
  });
  return std::move(writer).take();
}

Result<std::vector<CertReqMsg>> read_cert_req_messages(ByteView octets) {
  return asn1::read_whole(octets, asn1::Limits::der(), [](Reader& reader) {
    return pkix::read_sequence_of(reader, [](Reader& each) { return read_cert_req_msg(each); });
  });
}

}  // namespace signet::crmf
