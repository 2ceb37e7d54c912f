#pragma once

#include <mutex>
#include <set>

#include "base/result.h"
#include "codec/cmc/body_part.h"

namespace signet::authority {

/// What the messages in one message cost together, in all its layers. A place is the way to a
/// message from the outermost one, so that what is decided again is not counted again. Safe for
/// many threads.
class ForwardingAccount {
 public:
  /// The message at this place forwards these. Faults: too_large (more than three hundred in all).
  Result<void> forward(const cmc::BodyPartPath& place, const std::set<cmc::BodyPartID>& items);
  /// A key must be derived before it is known who asks in the message at this place. Faults:
  /// too_large (more than twenty such messages in all).
  Result<void> take_time(const cmc::BodyPartPath& place);

 private:
  std::mutex mutex_;
  std::set<cmc::BodyPartPath> forwarded_;
  std::set<cmc::BodyPartPath> taking_time_;
};

}  // namespace signet::authority
