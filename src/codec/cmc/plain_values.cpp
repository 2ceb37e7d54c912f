#include "codec/cmc/attr_value.h"
#include "codec/cmc/controls.h"

/// Controls whose value is of a type that ASN.1 or CMC has a name for.
namespace signet::cmc {

using asn1::Reader;
using asn1::Writer;

Result<std::string> read_utf8_value(ByteView der) {
  return read_value(der, [](Reader& reader) { return reader.read_utf8_string(); });
}

Bytes write_utf8_value(std::string_view text) {
  return write_value([&](Writer& writer) { writer.utf8_string(text); });
}

Result<Bytes> read_octets_value(ByteView der) {
  return read_value(der, [](Reader& reader) { return reader.read_octet_string(); });
}

Bytes write_octets_value(ByteView octets) {
  return write_value([&](Writer& writer) { writer.octet_string(octets); });
}

Result<asn1::Integer> read_integer_value(ByteView der) {
  return read_value(der, [](Reader& reader) { return reader.read_integer(); });
}

Bytes write_integer_value(const asn1::Integer& value) {
  return write_value([&](Writer& writer) { writer.integer(value); });
}

Result<BodyPartList> read_body_part_list_value(ByteView der) {
  return read_value(der, read_body_part_list);
}

Bytes write_body_part_list_value(const BodyPartList& ids) {
  return write_value([&](Writer& writer) { write_body_part_list(writer, ids); });
}

Result<BodyPartID> read_body_part_id_value(ByteView der) {
  return read_value(der, read_body_part_id);
}

Bytes write_body_part_id_value(BodyPartID id) {
  return write_value([&](Writer& writer) { write_body_part_id(writer, id); });
}

}  // namespace signet::cmc
