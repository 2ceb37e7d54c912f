#include "authority/granted.h"

#include <algorithm>

namespace signet::authority {

const store::StatusChange* Granted::status_change_of(const asn1::Integer& serial) const {
  const auto& all = changes.status_changes;
  const auto found = std::find_if(
      all.begin(), all.end(), [&](const auto& change) { return change.serial_number == serial; });
  return found == all.end() ? nullptr : &*found;
}

bool Granted::settles(const asn1::Integer& serial) const {
  const auto& all = changes.settled;
  return std::find(all.begin(), all.end(), serial) != all.end();
}

}  // namespace signet::authority
