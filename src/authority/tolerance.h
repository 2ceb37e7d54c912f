#pragma once

#include <string_view>

#include "codec/cmc/body_part.h"

namespace signet::authority {

/// That a message passed only because a setting of [compatibility] is on.
struct Tolerance {
  std::string_view setting;  ///< its name
  /// The element concerned; kThisPKIData for the whole message.
  cmc::BodyPartID body_part = cmc::kThisPKIData;
};

}  // namespace signet::authority
