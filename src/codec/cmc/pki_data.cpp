#include "codec/cmc/pki_data.h"

#include <algorithm>

#include "codec/asn1/whole.h"

/// PKIData     ::= SEQUENCE { controlSequence, reqSequence, cmsSequence, otherMsgSequence }
/// PKIResponse ::= SEQUENCE { controlSequence, cmsSequence, otherMsgSequence }
/// Each is a SEQUENCE SIZE (0..MAX) OF, always there.
namespace signet::cmc {
namespace {

using asn1::Reader;
using asn1::Writer;

/// TaggedAttribute ::= SEQUENCE { bodyPartID, attrType OBJECT IDENTIFIER, attrValues SET OF ANY }
Result<TaggedAttribute> read_tagged_attribute(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  TaggedAttribute control;
  control.body_part_id = TRY(read_body_part_id(fields));
  control.attr_type = TRY(fields.read_oid());
  auto values = TRY(fields.enter(asn1::kSet));
  while (!values.at_end()) control.attr_values.push_back(to_bytes(TRY(values.read_any()).tlv));
  TRY(fields.finish());
  return control;
}

/// TaggedContentInfo ::= SEQUENCE { bodyPartID, contentInfo }
Result<TaggedContentInfo> read_tagged_content_info(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  TaggedContentInfo tagged;
  tagged.body_part_id = TRY(read_body_part_id(fields));
  tagged.content_info = TRY(cms::read_content_info(fields));
  TRY(fields.finish());
  return tagged;
}

/// OtherMsg ::= SEQUENCE { bodyPartID, otherMsgType OBJECT IDENTIFIER, otherMsgValue ANY }
Result<OtherMsg> read_other_msg(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  OtherMsg message;
  message.body_part_id = TRY(read_body_part_id(fields));
  message.other_msg_type = TRY(fields.read_oid());
  message.other_msg_value = to_bytes(TRY(fields.read_any()).tlv);
  TRY(fields.finish());
  return message;
}

template <typename Value>
Result<std::vector<Value>> read_list(Reader members, Result<Value> (*read)(Reader&)) {
  std::vector<Value> values;
  while (!members.at_end()) values.push_back(TRY(read(members)));
  return values;
}

template <typename Value>
Result<std::vector<Value>> read_sequence(Reader& fields, Result<Value> (*read)(Reader&)) {
  const auto members = TRY(fields.enter(asn1::kSequence));
  return read_list(members, read);
}

Result<PKIData> read_request(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  PKIData data;
  data.control_sequence = TRY(read_sequence(fields, read_tagged_attribute));
  const auto requests = TRY(fields.read(asn1::kSequence));
  const auto request_members = TRY(fields.enter(requests));
  data.req_sequence = TRY(read_list(request_members, read_tagged_request));
  //= E72 RFC 10002 §6.2.1: the witness is over reqSequence as it came, tag and length included
  data.req_sequence_der = to_bytes(requests.tlv);
  data.cms_sequence = TRY(read_sequence(fields, read_tagged_content_info));
  data.other_msg_sequence = TRY(read_sequence(fields, read_other_msg));
  TRY(fields.finish());
  return data;
}

Result<PKIResponse> read_response(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  PKIResponse response;
  response.control_sequence = TRY(read_sequence(fields, read_tagged_attribute));
  response.cms_sequence = TRY(read_sequence(fields, read_tagged_content_info));
  response.other_msg_sequence = TRY(read_sequence(fields, read_other_msg));
  TRY(fields.finish());
  return response;
}

void write_controls(Writer& writer, const std::vector<TaggedAttribute>& controls) {
  writer.sequence([&] {
    for (const auto& control : controls) {
      writer.sequence([&] {
        write_body_part_id(writer, control.body_part_id);
        writer.oid(control.attr_type);
        writer.set_of([&] {
          for (const auto& value : control.attr_values) writer.raw(value);
        });
      });
    }
  });
}

void write_content_infos(Writer& writer, const std::vector<TaggedContentInfo>& items) {
  writer.sequence([&] {
    for (const auto& item : items) {
      writer.sequence([&] {
        write_body_part_id(writer, item.body_part_id);
        writer.raw(
            cms::write_content_info(item.content_info.content_type, item.content_info.content));
      });
    }
  });
}

void write_other_msgs(Writer& writer, const std::vector<OtherMsg>& messages) {
  writer.sequence([&] {
    for (const auto& message : messages) {
      writer.sequence([&] {
        write_body_part_id(writer, message.body_part_id);
        writer.oid(message.other_msg_type);
        writer.raw(message.other_msg_value);
      });
    }
  });
}

}  // namespace

Result<PKIData> read_pki_data(ByteView octets, asn1::Limits limits) {
  return asn1::read_whole(octets, limits, read_request);
}

std::vector<TaggedAttribute> legible_controls(ByteView pki_data) {
  std::vector<TaggedAttribute> legible;
  asn1::Budget budget{asn1::Limits::ber()};
  Reader outer{pki_data, budget};
  auto fields = outer.enter(asn1::kSequence);
  if (!fields.ok()) return legible;
  auto controls = fields->enter(asn1::kSequence);
  while (controls.ok() && !controls->at_end()) {
    const auto element = controls->read_any();
    if (!element.ok()) break;
    Reader member{element->tlv, budget};
    if (auto control = read_tagged_attribute(member); control.ok()) {
      legible.push_back(*std::move(control));
    }
  }
  return legible;
}

Bytes write_req_sequence(const std::vector<Bytes>& tagged_requests) {
  Writer writer;
  writer.sequence([&] {
    for (const auto& request : tagged_requests) writer.raw(request);
  });
  return std::move(writer).take();
}

Bytes write_pki_data(const PKIDataParts& parts) {
  Writer writer;
  writer.sequence([&] {
    write_controls(writer, parts.control_sequence);
    writer.raw(write_req_sequence(parts.tagged_requests));
    write_content_infos(writer, parts.cms_sequence);
    write_other_msgs(writer, parts.other_msg_sequence);
  });
  return std::move(writer).take();
}

Result<PKIResponse> read_pki_response(ByteView octets, asn1::Limits limits) {
  return asn1::read_whole(octets, limits, read_response);
}

Bytes write_pki_response(const PKIResponse& response) {
  Writer writer;
  writer.sequence([&] {
    write_controls(writer, response.control_sequence);
    write_content_infos(writer, response.cms_sequence);
    write_other_msgs(writer, response.other_msg_sequence);
  });
  return std::move(writer).take();
}

const TaggedAttribute* find_control(const std::vector<TaggedAttribute>& controls,
                                    const asn1::Oid& type) {
  const auto found = std::find_if(controls.begin(), controls.end(),
                                  [&type](const auto& each) { return each.attr_type == type; });
  return found == controls.end() ? nullptr : &*found;
}

std::vector<const TaggedAttribute*> find_controls(const std::vector<TaggedAttribute>& controls,
                                                  const asn1::Oid& type) {
  std::vector<const TaggedAttribute*> found;
  for (const auto& each : controls) {
    if (each.attr_type == type) found.push_back(&each);
  }
  return found;
}

const TaggedContentInfo* find_message(const std::vector<TaggedContentInfo>& cms_sequence,
                                      BodyPartID id) {
  const auto found = std::find_if(cms_sequence.begin(), cms_sequence.end(),
                                  [id](const auto& each) { return each.body_part_id == id; });
  return found == cms_sequence.end() ? nullptr : &*found;
}

}  // namespace signet::cmc
