#pragma once

#include "codec/cmc/pki_data.h"
#include "codec/cmc/status.h"

namespace signet::cmc {

/// A statusInfo or statusInfoV2 among the controls of a message.
struct ToldStatus {
  BodyPartID control;
  CMCStatusInfoV2 info;  ///< one of the first version, as the second has it
};

/// All of a message, of either version, in their order. Faults: malformed, trailing_data, too_deep,
/// naming the control.
Result<std::vector<ToldStatus>> read_told_statuses(const std::vector<TaggedAttribute>& controls);

}  // namespace signet::cmc
