#include "codec/cmc/body_part.h"

#include <limits>

#include "base/overloaded.h"
#include "codec/pkix/sequence_of.h"

namespace signet::cmc {

Result<BodyPartID> read_body_part_id(asn1::Reader& reader) {
  const auto start = reader.offset();
  const auto value = TRY(reader.read_small_integer());
  //= E45 RFC 10002 §3.2.2: a bodyPartID is a number from 0 to 4294967295
  if (value > std::numeric_limits<std::uint32_t>::max()) {
    return Error{Fault::malformed, "bodyPartID " + std::to_string(value) + " at octet " +
                                       std::to_string(start) + " is above 4294967295"};
  }
  return BodyPartID{static_cast<std::uint32_t>(value)};
}

void write_body_part_id(asn1::Writer& writer, BodyPartID id) {
  writer.integer(id.value);
}

Result<BodyPartList> read_body_part_list(asn1::Reader& reader) {
  return pkix::read_sequence_of(reader, read_body_part_id);
}

void write_body_part_list(asn1::Writer& writer, const BodyPartList& ids) {
  writer.sequence([&] {
    for (const auto id : ids) write_body_part_id(writer, id);
  });
}

Result<BodyPartReference> read_body_part_reference(asn1::Reader& reader) {
  if (!reader.next_is(asn1::kSequence)) return BodyPartReference(TRY(read_body_part_id(reader)));
  return BodyPartReference(TRY(read_body_part_list(reader)));
}

void write_body_part_reference(asn1::Writer& writer, const BodyPartReference& reference) {
  std::visit(Overloaded{[&](BodyPartID id) { write_body_part_id(writer, id); },
                        [&](const BodyPartPath& path) { write_body_part_list(writer, path); }},
             reference);
}

}  // namespace signet::cmc
