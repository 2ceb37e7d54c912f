#pragma once

#include <compare>
#include <variant>
#include <vector>

#include "codec/asn1/reader.h"
#include "codec/asn1/writer.h"

namespace signet::cmc {

/// BodyPartID ::= INTEGER (0..4294967295). 0 stands for the PKIData itself (RFC 10002 §3.2.2).
struct BodyPartID {
  std::uint32_t value = 0;
  auto operator<=>(const BodyPartID&) const = default;
};
inline constexpr BodyPartID kThisPKIData{0};

using BodyPartList = std::vector<BodyPartID>;  ///< SEQUENCE SIZE (1..MAX)
using BodyPartPath = std::vector<BodyPartID>;  ///< SEQUENCE SIZE (1..MAX), walking inwards
/// BodyPartReference ::= CHOICE { bodyPartID, bodyPartPath }; a path here is never one id long
/// unless it was written so.
using BodyPartReference = std::variant<BodyPartID, BodyPartPath>;

Result<BodyPartID> read_body_part_id(asn1::Reader& reader);
void write_body_part_id(asn1::Writer& writer, BodyPartID id);
/// Faults: malformed when empty.
Result<BodyPartList> read_body_part_list(asn1::Reader& reader);
void write_body_part_list(asn1::Writer& writer, const BodyPartList& ids);
Result<BodyPartReference> read_body_part_reference(asn1::Reader& reader);
void write_body_part_reference(asn1::Writer& writer, const BodyPartReference& reference);

}  // namespace signet::cmc
