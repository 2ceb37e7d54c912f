#pragma once

#include <initializer_list>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"
#include "codec/asn1/oid.h"
#include "codec/asn1/reader.h"
#include "codec/asn1/tag.h"

namespace signet::asn1 {

/// Writes DER, front to back, into one buffer. Cannot fail.
///
///   Writer writer;
///   writer.sequence([&] {
///     writer.integer(3);
///     writer.oid(kPKIData);
///   });
///   return std::move(writer).take();
class Writer {
 public:
  Writer() { octets_.reserve(kFirstRoom); }

  /// A constructed element; its contents are what `contents` writes.
  template <typename Contents>
  void constructed(Tag tag, Contents&& contents) {
    const auto start = begin(tag);
    contents();
    end(start);
  }
  template <typename Contents>
  void sequence(Contents&& contents) {
    constructed(kSequence, contents);
  }
  /// A SET OF: what `contents` writes is sorted as DER demands (X.690 §11.6).
  template <typename Contents>
  void set_of(Contents&& contents, Tag tag = kSet) {
    const auto start = begin(tag);
    contents();
    sort_elements(start);
    end(start);
  }

  void primitive(Tag tag, ByteView value);
  void boolean(bool value, Tag tag = kBoolean);
  void integer(std::int64_t value, Tag tag = kInteger);
  void integer(const Integer& value, Tag tag = kInteger);
  void enumerated(std::int64_t value) { integer(value, kEnumerated); }
  void bit_string(const BitString& value, Tag tag = kBitString);
  void octet_string(ByteView value, Tag tag = kOctetString) { primitive(tag, value); }
  void null(Tag tag = kNull) { primitive(tag, {}); }
  void oid(const Oid& value, Tag tag = kOid) { primitive(tag, value.value()); }
  void utf8_string(std::string_view value, Tag tag = kUtf8String) {
    primitive(tag, as_bytes(value));
  }
  /// YYYYMMDDHHMMSSZ; a year beyond 9999 becomes the end of 9999 (RFC 5280 §4.1.2.5: no end).
  void generalized_time(Time value, Tag tag = kGeneralizedTime);
  /// Time: UTCTime through 2049, GeneralizedTime from 2050 (RFC 5280 §4.1.2.5).
  void time(Time value);
  /// An encoding that stands as it is: one or more whole elements.
  void raw(ByteView tlv);

  [[nodiscard]] ByteView view() const { return octets_; }
  Bytes take() && { return std::move(octets_); }

 private:
  /// Most of what is written fits without growing.
  static constexpr std::size_t kFirstRoom = 256;

  struct Mark {
    std::size_t value_at;
  };
  Mark begin(Tag tag);
  void end(Mark mark);
  void sort_elements(Mark mark);
  void tag_and_length(Tag tag, std::size_t length);

  Bytes octets_;
};

/// What stands before a value of so many octets: tag and length.
Bytes header_of(Tag tag, std::size_t length);
/// An element whose contents are these, one after another: for large ones, since nothing of it is
/// moved or grown.
Bytes joined(Tag tag, std::initializer_list<ByteView> contents);

/// `tlv` with its outer tag replaced: IMPLICIT tagging of what is kept as received.
Bytes with_tag(ByteView tlv, Tag tag);

}  // namespace signet::asn1
