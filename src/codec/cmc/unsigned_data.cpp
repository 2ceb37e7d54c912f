#include "codec/asn1/whole.h"
#include "codec/cmc/pki_data.h"

namespace signet::cmc {
namespace {

using asn1::Reader;

/// CMCUnsignedData ::= SEQUENCE { bodyPartPath, identifier OBJECT IDENTIFIER, content ANY }
Result<CMCUnsignedData> read_at(Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  CMCUnsignedData data;
  data.body_part_path = TRY(read_body_part_list(fields));
  data.identifier = TRY(fields.read_oid());
  data.content = to_bytes(TRY(fields.read_any()).tlv);
  TRY(fields.finish());
  return data;
}

}  // namespace

Result<CMCUnsignedData> read_cmc_unsigned_data(ByteView der) {
  return asn1::read_whole(der, asn1::Limits::ber(), read_at);
}

Bytes write_cmc_unsigned_data(const CMCUnsignedData& data) {
  asn1::Writer writer;
  writer.sequence([&] {
    write_body_part_list(writer, data.body_part_path);
    writer.oid(data.identifier);
    writer.raw(data.content);
  });
  return std::move(writer).take();
}

}  // namespace signet::cmc
