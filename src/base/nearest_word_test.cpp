#include "base/nearest_word.h"

#include <gtest/gtest.h>

namespace signet {
namespace {

const std::vector<std::string_view> kWords{"nickname", "tokenname", "numRequests"};

TEST(NearestWord, IsTheOneSpeltMostAlike) {
  EXPECT_EQ(nearest_word("nicknam", kWords), "nickname");
  EXPECT_EQ(nearest_word("tokename", kWords), "tokenname");
  EXPECT_EQ(nearest_word("NUMREQUEST", kWords), "numRequests");
}

TEST(NearestWord, IsNoneWhereMoreThanAThirdDiffers) {
  EXPECT_EQ(nearest_word("servlet", kWords), "");
  EXPECT_EQ(nearest_word("", {}), "");
}

TEST(DoYouMean, AsksOrSaysNothing) {
  EXPECT_EQ(do_you_mean("nicknme", kWords), "; do you mean 'nickname'?");
  EXPECT_EQ(do_you_mean("servlet", kWords), "");
}

}  // namespace
}  // namespace signet
