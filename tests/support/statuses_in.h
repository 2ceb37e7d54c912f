#pragma once

#include "support/test_authority.h"
#include "support/unwrap.h"

namespace signet::test {

/// All that an answer says: Told::status is the first.
inline std::vector<cmc::CMCStatusInfoV2> statuses_in(const Told& told) {
  std::vector<cmc::CMCStatusInfoV2> all;
  for (const auto* control : cmc::find_controls(told.controls, cmc::oid::kStatusInfoV2)) {
    all.push_back(unwrap(cmc::read_cmc_status_info_v2(control->attr_values.front())));
  }
  return all;
}

/// The numbers that its bodyList has, in their order.
inline std::vector<std::uint32_t> named_by(const cmc::CMCStatusInfoV2& status) {
  std::vector<std::uint32_t> ids;
  for (const auto& part : status.body_list) ids.push_back(std::get<cmc::BodyPartID>(part).value);
  return ids;
}

}  // namespace signet::test
