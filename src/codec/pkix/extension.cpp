#include "codec/pkix/extension.h"

#include <algorithm>

#include "codec/pkix/distinct.h"

namespace signet::pkix {
namespace {

Result<Extension> read_extension(asn1::Reader& reader) {
  auto fields = TRY(reader.enter(asn1::kSequence));
  Extension extension;
  extension.extn_id = TRY(fields.read_oid());
  // An encoded FALSE is not DER, which leaves defaults out; requests have it often enough.
  if (fields.next_is(asn1::kBoolean)) extension.critical = TRY(fields.read_boolean());
  extension.extn_value = TRY(fields.read_octet_string());
  TRY(fields.finish());
  return extension;
}

}  // namespace

Result<Extensions> read_extensions(asn1::Reader& reader, asn1::Tag tag) {
  auto members = TRY(reader.enter(tag));
  const auto start = members.offset();
  if (members.at_end()) {
    return Error{Fault::malformed,
                 "Extensions without an extension before octet " + std::to_string(start)};
  }
  constexpr std::size_t kUsualNumber = 12;
  Extensions extensions;
  extensions.reserve(kUsualNumber);
  while (!members.at_end()) extensions.push_back(TRY(read_extension(members)));
  const auto type_of = [](const Extension& each) -> const Oid& { return each.extn_id; };
  if (!have_distinct_types(extensions, type_of)) {
    return Error{Fault::malformed,
                 "the same extension twice in the Extensions at octet " + std::to_string(start)};
  }
  return extensions;
}

void write_extensions(asn1::Writer& writer, const Extensions& extensions, asn1::Tag tag) {
  writer.constructed(tag, [&] {
    for (const auto& extension : extensions) {
      writer.sequence([&] {
        writer.oid(extension.extn_id);
        if (extension.critical) writer.boolean(true);
        writer.octet_string(extension.extn_value);
      });
    }
  });
}

const Extension* find_extension(const Extensions& extensions, const Oid& extn_id) {
  const auto found = std::find_if(extensions.begin(), extensions.end(),
                                  [&extn_id](const auto& each) { return each.extn_id == extn_id; });
  return found == extensions.end() ? nullptr : &*found;
}

}  // namespace signet::pkix
