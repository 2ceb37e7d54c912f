#pragma once

#include <optional>
#include <vector>

#include "authority/outcome.h"
#include "codec/cmc/status.h"
#include "store/records.h"

namespace signet::authority {

/// What a message that is not refused is told, and what is to be durable before it is: whoever
/// grants something writes it into `changes`, which become the answer's commit as they are.
struct Granted {
  std::vector<Outcome> outcomes;
  std::optional<cmc::PendInfo> pend_info;  ///< what the Pending outcomes are told
  /// Its challenge is what the Challenged outcomes wait for; it may stand in the store already.
  store::Commit changes;

  /// What becomes of this certificate's status by `changes`; null: nothing.
  [[nodiscard]] const store::StatusChange* status_change_of(const asn1::Integer& serial) const;
  /// Whether `changes` end the wait for its owner's word.
  [[nodiscard]] bool settles(const asn1::Integer& serial) const;
};

}  // namespace signet::authority
