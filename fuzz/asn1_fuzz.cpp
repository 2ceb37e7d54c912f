#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "codec/asn1/reader.h"
#include "codec/asn1/writer.h"

namespace {

using namespace signet;
using asn1::Form;
using asn1::Limits;
using asn1::Reader;
using asn1::Writer;

/// Writes again what the reader holds, element by element, in definite lengths.
void copy_elements(Reader& reader, Writer& writer) {
  while (!reader.at_end()) {
    const auto element = reader.read_any();
    if (!element.ok()) return;
    auto inside = element->tag.form == Form::constructed ? reader.enter(*element) : Error{};
    if (!inside.ok()) {
      writer.primitive(element->tag, element->value);
      continue;
    }
    writer.constructed(element->tag, [&] { copy_elements(*inside, writer); });
  }
}

/// What is well formed stays so, octet for octet in DER, when its elements are written again.
void check_copy(ByteView input, Limits limits) {
  if (!check_well_formed(input, limits).ok()) return;
  asn1::Budget budget{limits};
  Reader reader{input, budget};
  Writer writer;
  copy_elements(reader, writer);
  CHECK(check_well_formed(writer.view(), limits).ok());
  if (limits.rules == asn1::Rules::der) CHECK(equal(writer.view(), input));
}

/// Every reading of a type, of whatever the input holds: none may crash.
template <typename Read>
void try_reading(ByteView input, Limits limits, Read&& read) {
  asn1::Budget budget{limits};
  Reader reader{input, budget};
  while (!reader.at_end() && read(reader).ok()) continue;
}

void read_all_types(ByteView input, Limits limits) {
  try_reading(input, limits, [](Reader& reader) { return reader.read_boolean(); });
  try_reading(input, limits, [](Reader& reader) { return reader.read_small_integer(); });
  try_reading(input, limits, [](Reader& reader) { return reader.read_bit_string(); });
  try_reading(input, limits, [](Reader& reader) { return reader.read_octet_string(); });
  try_reading(input, limits, [](Reader& reader) { return reader.read_utf8_string(); });
  try_reading(input, limits, [](Reader& reader) { return reader.read_null(); });
  try_reading(input, limits, [](Reader& reader) { return reader.read_time(); });
}

/// Text of a number or an identifier is that of no other.
void check_texts(ByteView input) {
  asn1::Budget budget{Limits::der()};
  Reader reader{input, budget};
  if (const auto oid = reader.read_oid(); oid.ok()) {
    const auto again = asn1::Oid::from_text(oid->to_text());
    CHECK(again.ok() && *again == *oid);
  }
  Reader numbers{input, budget};
  if (const auto number = numbers.read_integer(); number.ok() && number->octets.size() < 1000) {
    CHECK(number->is_negative() || asn1::Integer::from_unsigned(number->magnitude()) == *number);
    CHECK(!number->to_decimal().empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input{data, size};
  for (const auto& limits : {Limits::der(), Limits::ber()}) {
    check_copy(input, limits);
    read_all_types(input, limits);
  }
  check_texts(input);
  return 0;
}
