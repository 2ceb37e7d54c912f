#pragma once

#include <string_view>
#include <vector>

#include "base/tolerance.h"
#include "codec/cmc/body_part.h"

namespace signet::proof {

/// That a message passed, or is answered otherwise, only because a setting of [compatibility] is
/// on.
struct UsedTolerance {
  Tolerance tolerance;
  /// What was let pass, for the audit. A literal.
  std::string_view what;
  /// The element concerned; kThisPKIData for the whole message.
  cmc::BodyPartID body_part = cmc::kThisPKIData;
};

/// Those of one message, as they were met. Whoever decides by a tolerance notes it there, whatever
/// becomes of the message then.
using UsedTolerances = std::vector<UsedTolerance>;

}  // namespace signet::proof
