#include "authority/forwarding_account.h"

#include <gtest/gtest.h>

namespace signet::authority {
namespace {

cmc::BodyPartPath at(const std::vector<std::uint32_t>& ids) {
  cmc::BodyPartPath path;
  for (const auto id : ids) path.push_back(cmc::BodyPartID{id});
  return path;
}
std::set<cmc::BodyPartID> numbered(std::uint32_t count) {
  std::set<cmc::BodyPartID> ids;
  for (std::uint32_t id = 1; id <= count; ++id) ids.insert(cmc::BodyPartID{id});
  return ids;
}

TEST(ForwardingAccount, TakesThreeHundredInAllPlacesTogether) {
  ForwardingAccount account;
  EXPECT_TRUE(account.forward({}, numbered(100)).ok());
  EXPECT_TRUE(account.forward(at({1}), numbered(100)).ok());
  const auto beyond = account.forward(at({2}), numbered(101));
  ASSERT_FALSE(beyond.ok());
  EXPECT_EQ(beyond.error().fault, Fault::too_large);
  EXPECT_TRUE(account.forward(at({3}), numbered(100)).ok()) << "what was refused costs nothing";
  EXPECT_FALSE(account.forward(at({4}), numbered(1)).ok());
}

TEST(ForwardingAccount, CountsAPlaceOnce) {
  ForwardingAccount account;
  for (int time = 0; time < 4; ++time) EXPECT_TRUE(account.forward(at({7}), numbered(100)).ok());
  EXPECT_TRUE(account.forward(at({8}), numbered(200)).ok());
  for (std::uint32_t id = 1; id <= 20; ++id) EXPECT_TRUE(account.take_time(at({id})).ok());
  const auto beyond = account.take_time(at({1, 1}));
  ASSERT_FALSE(beyond.ok());
  EXPECT_EQ(beyond.error().fault, Fault::too_large);
  EXPECT_TRUE(account.take_time(at({20})).ok()) << "it was let before";
}

}  // namespace
}  // namespace signet::authority
