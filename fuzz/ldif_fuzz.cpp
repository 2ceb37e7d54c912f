#include <cstddef>
#include <cstdint>
#include <sstream>

#include "adapters/ldif/reader.h"
#include "base/check.h"
#include "base/encoding.h"

namespace {

using signet::ldif::Entry;

/// As a sound writer would: everything in base64.
std::string written(const Entry& entry) {
  std::string text = "dn:: " + signet::to_base64(signet::as_bytes(entry.dn)) + "\n";
  for (const auto& attribute : entry.attributes) {
    text += attribute.name + attribute.options + ":: " + signet::to_base64(attribute.value) + "\n";
  }
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace signet;
  const ldif::Limits limits{.value_octets = 2048, .entry_octets = 4096, .attributes = 40};
  std::istringstream in(std::string(as_text({data, size})));
  ldif::Reader reader(in, limits);
  auto read = reader.next();
  for (; read.ok() && read->has_value(); read = reader.next()) {
    const auto& entry = **read;
    std::size_t octets = 0;
    for (const auto& attribute : entry.attributes) octets += attribute.value.size();
    CHECK(octets <= limits.entry_octets && entry.attributes.size() <= limits.attributes);
    if (!entry.fault.empty()) continue;

    std::istringstream again_in(written(entry));
    ldif::Reader again_reader(again_in, limits);
    const auto again = again_reader.next();
    CHECK(again.ok() && again->has_value());
    CHECK((*again)->dn == entry.dn && (*again)->fault.empty());
    CHECK((*again)->attributes.size() == entry.attributes.size());
    for (std::size_t at = 0; at < entry.attributes.size(); ++at) {
      CHECK((*again)->attributes[at].value == entry.attributes[at].value);
    }
  }
  CHECK(!read.ok() || reader.octets_read() == size);
  return 0;
}
