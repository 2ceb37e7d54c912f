#pragma once

#include <vector>

#include "codec/asn1/reader.h"
#include "codec/asn1/writer.h"
#include "support/unwrap.h"

namespace signet::test {

/// An element that no type of ours has, and that stands last where a SET is sorted.
inline const Bytes kForeignElement{0xDF, 0x7F, 0x00};

/// What an AlgorithmIdentifier without parameters is: a further element is its parameters, which
/// may be anything.
inline bool is_lone_identifier(asn1::Reader contents) {
  return contents.read(asn1::kOid).ok() && contents.at_end();
}

/// The elements of `reader` again, with kForeignElement behind the last in the constructed element
/// that stands `at` elements on, counted in the order in which they begin.
inline Bytes with_one_more(asn1::Reader reader, int& at) {
  asn1::Writer writer;
  while (!reader.at_end()) {
    const auto element = unwrap(reader.read_any());
    if (element.tag.form == asn1::Form::primitive) {
      writer.raw(element.tlv);
      continue;
    }
    const auto inside = unwrap(reader.enter(element));
    const bool is_here = !is_lone_identifier(inside) && at-- == 0;
    auto contents = with_one_more(inside, at);
    if (is_here) append(contents, kForeignElement);
    writer.primitive(element.tag, contents);
  }
  return std::move(writer).take();
}

/// A DER encoding with one element too many, once in each of its constructed elements but those of
/// an OBJECT IDENTIFIER alone.
inline std::vector<Bytes> with_one_more_element(ByteView der) {
  std::vector<Bytes> all;
  while (true) {
    asn1::Budget budget{asn1::Limits::der()};
    int at = static_cast<int>(all.size());
    auto longer = with_one_more(asn1::Reader{der, budget}, at);
    if (at >= 0) return all;
    all.push_back(std::move(longer));
  }
}

}  // namespace signet::test
