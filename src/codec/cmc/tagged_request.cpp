#include <limits>

#include "base/overloaded.h"
#include "codec/asn1/whole.h"
#include "codec/cmc/pki_data.h"

/// TaggedRequest ::= CHOICE { tcr [0] TaggedCertificationRequest, crm [1] CertReqMsg,
///   orm [2] SEQUENCE { bodyPartID, requestMessageType, requestMessageValue ANY } }, IMPLICIT
namespace signet::cmc {
namespace {

using asn1::context_constructed;
using asn1::Reader;
using asn1::Writer;

constexpr auto kTcr = context_constructed(0);
constexpr auto kCrm = context_constructed(1);
constexpr auto kOrm = context_constructed(2);

Result<TaggedCertificationRequest> read_tcr(const Reader& reader, const asn1::Element& element) {
  auto fields = TRY(reader.enter(element));
  TaggedCertificationRequest request;
  request.body_part_id = TRY(read_body_part_id(fields));
  request.certification_request = TRY(pkix::read_certification_request(fields));
  TRY(fields.finish());
  return request;
}

Result<TaggedCertReqMsg> read_crm(ByteView tlv) {
  TaggedCertReqMsg request;
  request.cert_req_msg = TRY(asn1::read_whole(tlv, asn1::Limits::der(), [](Reader& reader) {
    return crmf::read_cert_req_msg(reader, kCrm);
  }));
  const auto& number = request.cert_req_msg.cert_req.value.cert_req_id;
  const auto id = number.to_uint64();
  //= E45 RFC 10002 §3.2.2: the certReqId of a crm is its bodyPartID, within the same bounds
  if (!id || *id > std::numeric_limits<std::uint32_t>::max()) {
    return Error{Fault::malformed, "certReqId " + number.to_decimal() +
                                       "; a bodyPartID is a number from 0 to 4294967295"};
  }
  request.body_part_id = {static_cast<std::uint32_t>(*id)};
  return request;
}

Result<OtherReqMsg> read_orm(const Reader& reader, const asn1::Element& element) {
  auto fields = TRY(reader.enter(element));
  OtherReqMsg request;
  request.body_part_id = TRY(read_body_part_id(fields));
  request.request_message_type = TRY(fields.read_oid());
  request.request_message_value = to_bytes(TRY(fields.read_any()).tlv);
  TRY(fields.finish());
  return request;
}

}  // namespace

Result<TaggedRequest> read_tagged_request(Reader& reader) {
  const auto start = reader.offset();
  const auto element = TRY(reader.read_any());
  TaggedRequest request;
  //= A07 RFC 10004 §5: PKCS#10 is read
  if (element.tag == kTcr) {
    request.choice = TRY(read_tcr(reader, element));
    //= A06 RFC 10004 §5: and CRMF
  } else if (element.tag == kCrm) {
    request.choice = TRY(read_crm(element.tlv));
  } else if (element.tag == kOrm) {
    request.choice = TRY(read_orm(reader, element));
  } else {
    return Error{Fault::malformed, "TaggedRequest [0], [1] or [2] wanted at octet " +
                                       std::to_string(start) + ", not " + to_text(element.tag)};
  }
  request.der = to_bytes(element.tlv);
  return request;
}

Bytes write_tagged_request(BodyPartID id, ByteView certification_request_der) {
  Writer writer;
  writer.constructed(kTcr, [&] {
    write_body_part_id(writer, id);
    writer.raw(certification_request_der);
  });
  return std::move(writer).take();
}

Bytes write_tagged_request(ByteView cert_req_msg_der) {
  return with_tag(cert_req_msg_der, kCrm);
}

BodyPartID TaggedRequest::body_part_id() const {
  return std::visit([](const auto& request) { return request.body_part_id; }, choice);
}

const pkix::SubjectPublicKeyInfo* TaggedRequest::public_key() const {
  using Key = const pkix::SubjectPublicKeyInfo*;
  return std::visit(
      Overloaded{[](const TaggedCertificationRequest& tcr) -> Key {
                   return &tcr.certification_request.info.value.subject_public_key_info;
                 },
                 [](const TaggedCertReqMsg& crm) -> Key {
                   const auto& key = crm.cert_req_msg.cert_req.value.cert_template.public_key;
                   return key ? &*key : nullptr;
                 },
                 [](const OtherReqMsg&) -> Key { return nullptr; }},
      choice);
}

const pkix::Name* TaggedRequest::subject() const {
  return std::visit(Overloaded{[](const TaggedCertificationRequest& tcr) -> const pkix::Name* {
                                 return &tcr.certification_request.info.value.subject;
                               },
                               [](const TaggedCertReqMsg& crm) -> const pkix::Name* {
                                 const auto& name =
                                     crm.cert_req_msg.cert_req.value.cert_template.subject;
                                 return name ? &*name : nullptr;
                               },
                               [](const OtherReqMsg&) -> const pkix::Name* { return nullptr; }},
                    choice);
}

std::vector<ByteView> TaggedRequest::attribute_values(const asn1::Oid& type) const {
  std::vector<ByteView> found;
  if (const auto* tcr = std::get_if<TaggedCertificationRequest>(&choice)) {
    for (const auto& attribute : tcr->certification_request.info.value.attributes) {
      if (attribute.type != type) continue;
      found.insert(found.end(), attribute.values.begin(), attribute.values.end());
    }
  }
  if (const auto* crm = std::get_if<TaggedCertReqMsg>(&choice)) {
    for (const auto& control : crm->cert_req_msg.cert_req.value.controls) {
      if (control.type == type) found.emplace_back(control.value);
    }
  }
  return found;
}

Result<pkix::Extensions> TaggedRequest::extensions() const {
  using Wanted = Result<pkix::Extensions>;
  return std::visit(
      Overloaded{[](const TaggedCertificationRequest& tcr) -> Wanted {
                   return pkix::requested_extensions(tcr.certification_request.info.value);
                 },
                 [](const TaggedCertReqMsg& crm) -> Wanted {
                   return crm.cert_req_msg.cert_req.value.cert_template.extensions;
                 },
                 [](const OtherReqMsg&) -> Wanted { return pkix::Extensions(); }},
      choice);
}

}  // namespace signet::cmc
