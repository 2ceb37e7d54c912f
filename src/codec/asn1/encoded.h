#pragma once

#include "base/bytes.h"

namespace signet::asn1 {

/// A value and the octets it was read from. What is signed, MACed, hashed or echoed is `der`,
/// never a second encoding of `value`.
template <typename T>
struct Encoded {
  T value;
  Bytes der;  ///< tag, length and value, as received
  bool operator==(const Encoded&) const = default;
};

}  // namespace signet::asn1
