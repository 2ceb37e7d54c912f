#include <gtest/gtest.h>

#include "adapters/http/server.h"

namespace signet::http {
namespace {

TEST(QueryParameter, FindsAValueWhereverItStands) {
  EXPECT_EQ(query_parameter("profileId=a", "profileId"), "a");
  EXPECT_EQ(query_parameter("x=1&profileId=a", "profileId"), "a");
  EXPECT_EQ(query_parameter("profileId=a&x=1", "profileId"), "a");
}

TEST(QueryParameter, GivesTheFirstOfTwo) {
  EXPECT_EQ(query_parameter("p=first&p=second", "p"), "first");
}

TEST(QueryParameter, TellsEmptyFromAbsent) {
  EXPECT_EQ(query_parameter("p=", "p"), "");
  EXPECT_EQ(query_parameter("p", "p"), "");
  EXPECT_EQ(query_parameter("", "p"), std::nullopt);
  EXPECT_EQ(query_parameter("xp=1&px=2", "p"), std::nullopt);
}

TEST(QueryParameter, ComparesNamesWithRegardToCase) {
  EXPECT_EQ(query_parameter("profileid=a", "profileId"), std::nullopt);
}

TEST(QueryParameter, DecodesPercentAndPlus) {
  EXPECT_EQ(query_parameter("p=a%20b+c%2fd", "p"), "a b c/d");
  EXPECT_EQ(query_parameter("%70=a", "p"), "a");
  EXPECT_EQ(query_parameter("p=a%26q=b", "p"), "a&q=b");
}

TEST(QueryParameter, LeavesBrokenEscapesAsTheyAre) {
  EXPECT_EQ(query_parameter("p=%", "p"), "%");
  EXPECT_EQ(query_parameter("p=%4", "p"), "%4");
  EXPECT_EQ(query_parameter("p=%zz", "p"), "%zz");
}

TEST(QueryParameter, KeepsAnEqualsSignInTheValue) {
  EXPECT_EQ(query_parameter("p=a=b", "p"), "a=b");
}

TEST(PathDecoded, LeavesPlusAndBrokenEscapesAsTheyAre) {
  EXPECT_EQ(path_decoded("a%2Bb+c%2f%3D"), "a+b+c/=");
  EXPECT_EQ(path_decoded("a%2"), "a%2");
  EXPECT_EQ(path_decoded("%zz%"), "%zz%");
}

}  // namespace
}  // namespace signet::http
