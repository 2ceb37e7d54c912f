#include "codec/asn1/whole.h"
#include "codec/cms/parts.h"

namespace signet::cms {

using asn1::context_constructed;
using asn1::Reader;
using asn1::Writer;

Result<ContentInfo> read_content_info(ByteView octets, asn1::Limits limits) {
  return asn1::read_whole(octets, limits, [](Reader& reader) { return read_content_info(reader); });
}

Result<ContentInfo> read_content_info(Reader& reader) {
  const auto whole = TRY(reader.read(asn1::kSequence));
  auto fields = TRY(reader.enter(whole));
  ContentInfo content_info;
  content_info.content_type = TRY(fields.read_oid());
  auto content = TRY(fields.enter(context_constructed(0)));
  TRY(fields.finish());
  content_info.content = to_bytes(TRY(content.read_any()).tlv);
  TRY(content.finish());
  content_info.der = to_bytes(whole.tlv);
  return content_info;
}

Bytes write_content_info(const Oid& content_type, ByteView content) {
  Writer writer;
  writer.sequence([&] {
    writer.oid(content_type);
    writer.constructed(context_constructed(0), [&] { writer.raw(content); });
  });
  return std::move(writer).take();
}

/// EncapsulatedContentInfo ::= SEQUENCE {
///   eContentType, eContent [0] EXPLICIT OCTET STRING OPTIONAL }
Result<EncapsulatedContentInfo> read_encapsulated_content_info(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  EncapsulatedContentInfo content;
  content.e_content_type = TRY(fields.read_oid());
  if (auto explicit_tag = TRY(fields.enter_optional(context_constructed(0)))) {
    content.e_content = TRY(explicit_tag->read_octet_string());
    TRY(explicit_tag->finish());
  }
  TRY(fields.finish());
  return content;
}

void write_encapsulated_content_info(Writer& writer, const EncapsulatedContentInfo& content) {
  writer.sequence([&] {
    writer.oid(content.e_content_type);
    if (!content.e_content) return;
    writer.constructed(context_constructed(0), [&] { writer.octet_string(*content.e_content); });
  });
}

}  // namespace signet::cms
