#pragma once

#include <string>
#include <type_traits>
#include <vector>

#include "codec/asn1/reader.h"

namespace signet::pkix {

template <typename Read>
using ReadValue =
    std::decay_t<decltype(std::declval<std::invoke_result_t<Read, asn1::Reader&>>().value())>;

/// SEQUENCE SIZE (1..MAX) OF what `read` reads, under `tag`.
template <typename Read>
Result<std::vector<ReadValue<Read>>> read_sequence_of(asn1::Reader& reader, Read&& read,
                                                      asn1::Tag tag = asn1::kSequence) {
  auto members = TRY(reader.enter(tag));
  if (members.at_end()) {
    return Error{Fault::malformed,
                 "SEQUENCE OF without an element before octet " + std::to_string(members.offset())};
  }
  std::vector<ReadValue<Read>> values;
  while (!members.at_end()) values.push_back(TRY(read(members)));
  return values;
}

}  // namespace signet::pkix
