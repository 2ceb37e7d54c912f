#pragma once

#include <algorithm>

#include "codec/asn1/reader.h"

namespace signet::client {

/// The order of numbers that are not negative.
inline bool is_less(const asn1::Integer& left, const asn1::Integer& right) {
  const auto one = left.magnitude();
  const auto other = right.magnitude();
  if (one.size() != other.size()) return one.size() < other.size();
  return std::lexicographical_compare(one.begin(), one.end(), other.begin(), other.end());
}

}  // namespace signet::client
