#include "codec/cmc/told_status.h"

#include <gtest/gtest.h>

#include "codec/cmc/oids.h"

namespace signet::cmc {
namespace {

TaggedAttribute first_version() {
  CMCStatusInfo status;
  status.cmc_status = CMCStatus::failed;
  status.body_list = {BodyPartID{7}, BodyPartID{8}};
  status.status_string = "no";
  status.other_info = CMCFailInfo::badIdentity;
  return {BodyPartID{2}, oid::kStatusInfo, {write_cmc_status_info(status)}};
}

TaggedAttribute second_version() {
  CMCStatusInfoV2 status;
  status.body_list = {BodyPartPath{BodyPartID{7}, BodyPartID{1}}};
  return {BodyPartID{3}, oid::kStatusInfoV2, {write_cmc_status_info_v2(status)}};
}

TEST(ReadToldStatuses, GivesBothVersionsInTheirOrderAndNothingElse) {
  const TaggedAttribute other{BodyPartID{1}, oid::kDataReturn, {{0x04, 0x00}}};
  const auto told = read_told_statuses({other, second_version(), first_version()});
  ASSERT_TRUE(told.ok());
  ASSERT_EQ(told->size(), 2U);
  EXPECT_EQ(told->at(0).control, BodyPartID{3});
  EXPECT_EQ(told->at(0).info,
            read_cmc_status_info_v2(second_version().attr_values.front()).value());
  EXPECT_EQ(told->at(1).control, BodyPartID{2});
  CMCStatusInfoV2 same;
  same.cmc_status = CMCStatus::failed;
  same.body_list = {BodyPartID{7}, BodyPartID{8}};
  same.status_string = "no";
  same.other_info = CMCFailInfo::badIdentity;
  EXPECT_EQ(told->at(1).info, same);
}

TEST(ReadToldStatuses, NamesTheOneThatCannotBeRead) {
  auto cut = first_version();
  cut.attr_values.front().pop_back();
  auto twice = second_version();
  twice.attr_values.push_back(twice.attr_values.front());
  const TaggedAttribute octets{BodyPartID{9}, oid::kStatusInfoV2, {{0x04, 0x01, 0x78}}};
  for (const auto& unreadable : {cut, twice, octets}) {
    const auto told = read_told_statuses({unreadable});
    ASSERT_FALSE(told.ok());
    EXPECT_EQ(told.error().fault, Fault::malformed);
    EXPECT_EQ(told.error().body_parts, std::vector{unreadable.body_part_id.value});
  }
}

}  // namespace
}  // namespace signet::cmc
