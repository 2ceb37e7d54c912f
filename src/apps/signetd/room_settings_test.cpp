#include "apps/signetd/room_settings.h"

#include <gtest/gtest.h>

namespace signet::server {
namespace {

TEST(SettingsOf, SayHowMuchOfOneRequesterMayWait) {
  Configuration configuration;
  EXPECT_EQ(settings_of(configuration).most_waiting, 1000U);
  for (const std::int64_t most : {0, 1, 7}) {
    configuration.limits.requester_waiting = most;
    EXPECT_EQ(settings_of(configuration).most_waiting, static_cast<std::size_t>(most));
  }
}

TEST(LongAnswerLimitsOf, LeaveOneClientHalfWhereAddressesAreToldApart) {
  Configuration::Limits limits;
  const auto usual = long_answer_limits(limits);
  EXPECT_EQ(usual.most_octets_of_one, usual.most_octets / 2);
  limits.address_connections = 0;
  EXPECT_EQ(long_answer_limits(limits).most_octets_of_one, usual.most_octets);
}

}  // namespace
}  // namespace signet::server
