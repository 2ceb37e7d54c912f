#pragma once

#include <algorithm>
#include <vector>

#include "codec/asn1/oid.h"

namespace signet::pkix {

/// Whether the identifiers that `type_of` finds in the elements all differ. In n log n: a message
/// may hold thousands.
template <typename Element, typename TypeOf>
bool have_distinct_types(const std::vector<Element>& elements, TypeOf&& type_of) {
  std::vector<const asn1::Oid*> types;
  types.reserve(elements.size());
  for (const auto& element : elements) types.push_back(&type_of(element));
  const auto before = [](const asn1::Oid* left, const asn1::Oid* right) { return *left < *right; };
  const auto same = [](const asn1::Oid* left, const asn1::Oid* right) { return *left == *right; };
  std::sort(types.begin(), types.end(), before);
  return std::adjacent_find(types.begin(), types.end(), same) == types.end();
}

}  // namespace signet::pkix
