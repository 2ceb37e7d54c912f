#pragma once

#include <optional>

#include "codec/cmc/pki_data.h"

namespace signet::client {

/// The value of the one control of this type, by `read`; none when there is no such control.
/// Faults: malformed.
template <typename Value>
Result<std::optional<Value>> read_control(const std::vector<cmc::TaggedAttribute>& controls,
                                          const asn1::Oid& type,
                                          Result<Value> (*read)(ByteView der)) {
  std::optional<Value> found;
  for (const auto& control : controls) {
    if (control.attr_type != type) continue;
    if (found || control.attr_values.size() != 1) {
      return Error{Fault::malformed,
                   "the answer holds the control " + type.to_text() + " more than once"};
    }
    found = TRY(read(control.attr_values.front()));
  }
  return found;
}

}  // namespace signet::client
