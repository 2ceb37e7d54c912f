#pragma once

#include "codec/asn1/reader.h"

namespace signet::cms {

/// Whether a string with this primitive tag comes next, in one piece or, as BER allows, in several.
inline bool next_is_string(const asn1::Reader& reader, asn1::Tag tag) {
  const asn1::Tag in_pieces{tag.tag_class, asn1::Form::constructed, tag.number};
  return reader.next_is(tag) || reader.next_is(in_pieces);
}

inline Result<std::optional<Bytes>> read_optional_octet_string(asn1::Reader& reader,
                                                               asn1::Tag tag = asn1::kOctetString) {
  if (!next_is_string(reader, tag)) return std::optional<Bytes>();
  return std::optional<Bytes>(TRY(reader.read_octet_string(tag)));
}

inline Result<std::optional<std::string>> read_optional_utf8_string(asn1::Reader& reader) {
  if (!next_is_string(reader, asn1::kUtf8String)) return std::optional<std::string>();
  return std::optional<std::string>(TRY(reader.read_utf8_string()));
}

}  // namespace signet::cms
