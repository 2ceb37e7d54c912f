#pragma once

#include <type_traits>
#include <utility>

#include "codec/asn1/reader.h"

namespace signet::asn1 {

/// What `read(Reader&)` makes of all of `octets`. Faults: those of `read`, trailing_data.
template <typename Read>
std::invoke_result_t<Read, Reader&> read_whole(ByteView octets, Limits limits, Read&& read) {
  Budget budget{limits};
  Reader reader{octets, budget};
  auto value = std::forward<Read>(read)(reader);
  if (!value.ok()) return value;
  TRY(reader.finish());
  return value;
}

}  // namespace signet::asn1
