#include "authority/named_inside.h"

#include <algorithm>

#include "codec/asn1/reader.h"

namespace signet::authority {
namespace {

constexpr auto kPiecedOctetString = asn1::universal(4, asn1::Form::constructed);
// A message three deep has a dozen; what has more is no message.
constexpr std::size_t kMostLayers = 24;

asn1::Limits walk_limits(ByteView octets) {
  return {.rules = asn1::Rules::ber, .octets = octets.size(), .elements = 200'000, .depth = 64};
}

class NameCounter {
 public:
  NameCounter(const asn1::Oid& type, asn1::Budget& budget) : type_(type), budget_(budget) {}

  Result<void> walk(asn1::Reader reader, std::size_t layer) {
    while (!reader.at_end()) TRY(count_next(reader, layer));
    return {};
  }

  std::size_t times = 0;

 private:
  Result<void> count_next(asn1::Reader& reader, std::size_t layer) {
    if (reader.next_is(asn1::kOctetString) || reader.next_is(kPiecedOctetString)) {
      return look_into(TRY(reader.read_octet_string()), layer + 1);
    }
    const auto element = TRY(reader.read_any());
    if (element.tag == asn1::kOid) {
      if (equal(element.value, type_.value())) ++times;
      return {};
    }
    if (element.tag.form == asn1::Form::constructed) {
      return walk(TRY(reader.enter(element)), layer);
    }
    const bool may_be_octets = element.tag.tag_class != asn1::Class::universal;
    return may_be_octets ? look_into(element.value, layer + 1) : Result<void>{};
  }

  /// Octets that may hold a value, or anything else. Most are too short to name it: to read those
  /// would be the most of the cost.
  Result<void> look_into(ByteView octets, std::size_t layer) {
    if (octets.size() < type_.value().size()) return {};
    if (layer > kMostLayers) return Error{Fault::too_deep, "octets in octets"};
    const auto before = times;
    const auto walked = walk(asn1::Reader{octets, budget_}, layer);
    if (!walked.ok() && walked.error().fault != Fault::malformed) return walked;
    times = std::max(times, before + times_named_plainly(type_, octets));
    return {};
  }

  const asn1::Oid& type_;
  asn1::Budget& budget_;
};

}  // namespace

std::optional<std::size_t> times_named(const asn1::Oid& type, ByteView octets) {
  asn1::Budget budget{walk_limits(octets)};
  NameCounter counter{type, budget};
  if (!counter.walk(asn1::Reader{octets, budget}, 0).ok()) return std::nullopt;
  return std::max(counter.times, times_named_plainly(type, octets));
}

std::size_t times_named_plainly(const asn1::Oid& type, ByteView octets) {
  const auto text = as_text(octets);
  const auto contents = as_text(type.value());
  std::size_t times = 0;
  for (auto at = text.find(contents); at != text.npos; at = text.find(contents, at + 1)) ++times;
  return times;
}

}  // namespace signet::authority
