#pragma once

#include "base/encoding.h"
#include "codec/asn1/writer.h"
#include "support/unwrap.h"

namespace signet::test {

/// Octets from hexadecimal, for constants.
inline Bytes hex(std::string_view digits) {
  return unwrap(from_hex(digits));
}

/// A SEQUENCE of what `write` writes.
template <typename Write>
Bytes sequence(Write&& write) {
  asn1::Writer writer;
  writer.sequence([&] { write(writer); });
  return std::move(writer).take();
}

}  // namespace signet::test
