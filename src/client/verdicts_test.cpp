#include "client/verdicts.h"

#include <gtest/gtest.h>

#include "support/unwrap.h"

namespace signet::client {
namespace {

std::optional<cmc::PendInfo> pending_in(cmc::CMCStatus status) {
  cmc::CMCStatusInfoV2 info;
  info.cmc_status = status;
  info.body_list = {cmc::BodyPartID{20}};
  info.other_info = cmc::PendInfo{to_bytes("token"), Time{}};
  const cmc::TaggedAttribute control{
      cmc::BodyPartID{1}, cmc::oid::kStatusInfoV2, {cmc::write_cmc_status_info_v2(info)}};
  return find_pending(test::unwrap(read_verdicts({control})));
}

TEST(Verdicts, AskLaterForWhatIsPendingAndForTheRestOfWhatIsPartial) {
  for (const auto status : {cmc::CMCStatus::pending, cmc::CMCStatus::partial}) {
    ASSERT_TRUE(pending_in(status).has_value());
    EXPECT_EQ(pending_in(status)->pend_token, to_bytes("token"));
  }
  EXPECT_FALSE(pending_in(cmc::CMCStatus::success).has_value());
}

}  // namespace
}  // namespace signet::client
