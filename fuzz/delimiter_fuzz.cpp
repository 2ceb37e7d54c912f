// Where a message over TCP ends, told as its octets come.
//
//   first octet: into pieces of what size the rest is cut
//
// However it is cut, the end is the same, and it is where the decoder of BER finds it.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "adapters/tcp/delimiter.h"
#include "base/check.h"
#include "codec/asn1/reader.h"

namespace {

using namespace signet;

/// None when it is refused, or has not ended.
std::optional<std::size_t> end_of(ByteView octets, std::size_t piece) {
  tcp::Delimiter delimiter({});
  std::size_t taken = 0;
  while (taken < octets.size() && !delimiter.is_whole()) {
    const auto rest = octets.subspan(taken);
    const auto more = delimiter.take(rest.first(std::min(piece, rest.size())));
    if (!more.ok()) return std::nullopt;
    CHECK(*more > 0);
    taken += *more;
  }
  return delimiter.is_whole() ? std::optional(taken) : std::nullopt;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView octets{data + 1, size - 1};
  const auto end = end_of(octets, octets.size() + 1);
  CHECK(end_of(octets, 1) == end);
  CHECK(end_of(octets, 1 + data[0] % 64) == end);
  const asn1::Limits limits{.rules = asn1::Rules::ber, .elements = octets.size() + 1};
  if (octets.size() > limits.octets) return 0;
  asn1::Budget budget{limits};
  asn1::Reader reader{octets, budget};
  const auto element = reader.read(asn1::kSequence);
  CHECK(element.ok() == end.has_value());
  if (end) CHECK(element->tlv.size() == *end);
  return 0;
}
