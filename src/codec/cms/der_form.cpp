#include "codec/cms/der_form.h"

#include "codec/asn1/whole.h"
#include "codec/asn1/writer.h"

namespace signet::cms {
namespace {

using asn1::Reader;
using asn1::Tag;
using asn1::Writer;

bool is_string(Tag tag) {
  const auto number = tag.number;
  return tag.tag_class == asn1::Class::universal &&
         (number == asn1::kOctetString.number || number == asn1::kUtf8String.number ||
          (number >= asn1::kNumericString.number && number <= asn1::kBmpString.number));
}

Result<Bytes> rewrite(Reader& reader);

Result<Bytes> rewrite_members(Reader& reader, Tag tag) {
  auto members = TRY(reader.enter(tag));
  Bytes rewritten;
  while (!members.at_end()) append(rewritten, TRY(rewrite(members)));
  return rewritten;
}

Result<Bytes> rewrite_constructed(Reader& reader, Tag tag) {
  const auto members = TRY(rewrite_members(reader, tag));
  Writer writer;
  if (tag == asn1::kSet) {
    writer.set_of([&] { writer.raw(members); });
  } else {
    writer.constructed(tag, [&] { writer.raw(members); });
  }
  return std::move(writer).take();
}

Result<Bytes> rewrite(Reader& reader) {
  const auto tag = reader.peek().value_or(asn1::kSequence);
  const Tag one_piece{tag.tag_class, asn1::Form::primitive, tag.number};
  Writer writer;
  if (one_piece == asn1::kBitString) {
    writer.bit_string(TRY(reader.read_bit_string()));
  } else if (one_piece == asn1::kBoolean) {
    writer.boolean(TRY(reader.read_boolean()));
  } else if (is_string(tag)) {
    writer.primitive(one_piece, TRY(reader.read_octet_string(one_piece)));
  } else if (tag.form == asn1::Form::constructed) {
    return rewrite_constructed(reader, tag);
  } else {
    writer.primitive(tag, TRY(reader.read(tag)).value);
  }
  return std::move(writer).take();
}

}  // namespace

Result<Bytes> der_form(Bytes element, asn1::Limits limits) {
  limits.rules = asn1::Rules::der;
  if (check_well_formed(element, limits)) return element;
  limits.rules = asn1::Rules::ber;
  return asn1::read_whole(element, limits, rewrite);
}

}  // namespace signet::cms
