#include "codec/cmc/told_status.h"

#include "codec/cmc/concerning.h"
#include "codec/cmc/oids.h"

namespace signet::cmc {
namespace {

CMCStatusInfoV2 as_second_version(CMCStatusInfo first) {
  CMCStatusInfoV2 status;
  status.cmc_status = first.cmc_status;
  status.body_list.assign(first.body_list.begin(), first.body_list.end());
  status.status_string = std::move(first.status_string);
  if (!first.other_info) return status;
  std::visit([&](auto& other) { status.other_info = std::move(other); }, *first.other_info);
  return status;
}

Result<CMCStatusInfoV2> read_info(const TaggedAttribute& control) {
  if (control.attr_values.size() != 1) {
    return Error{Fault::malformed, "a status has one value (AMB-27)"};
  }
  const auto& value = control.attr_values.front();
  if (control.attr_type == oid::kStatusInfoV2) return read_cmc_status_info_v2(value);
  //= C06 RFC 10004 §5.2: CMCStatusInfo is read as well
  return as_second_version(TRY(read_cmc_status_info(value)));
}

}  // namespace

Result<std::vector<ToldStatus>> read_told_statuses(const std::vector<TaggedAttribute>& controls) {
  std::vector<ToldStatus> statuses;
  for (const auto& control : controls) {
    const auto& type = control.attr_type;
    if (type != oid::kStatusInfoV2 && type != oid::kStatusInfo) continue;
    auto info = TRY(concerning(control.body_part_id, read_info(control)));
    statuses.push_back({control.body_part_id, std::move(info)});
  }
  return statuses;
}

}  // namespace signet::cmc
