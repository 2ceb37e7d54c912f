#include "codec/cmc/concerning.h"

#include <gtest/gtest.h>

namespace signet::cmc {
namespace {

const std::vector<std::uint32_t> kSeven{7};
const std::vector<std::uint32_t> kNine{9};

TEST(Concerning, NamesTheBodyPartUnlessOneIsNamed) {
  const Result<int> bad = Error{Fault::malformed, "x"};
  EXPECT_EQ(concerning(BodyPartID{7}, bad).error().body_parts, kSeven);
  const Result<int> named = Error{Fault::malformed, "x", {9}};
  EXPECT_EQ(concerning(BodyPartID{7}, named).error().body_parts, kNine);
}

TEST(Concerning, SaysTheSameOfAnErrorAlone) {
  EXPECT_EQ(concerning(BodyPartID{7}, Error{Fault::malformed, "x"}).body_parts, kSeven);
  EXPECT_EQ(concerning(BodyPartID{7}, Error{Fault::malformed, "x", {9}}).body_parts, kNine);
}

TEST(Concerning, LeavesAValueAsItIs) {
  EXPECT_EQ(concerning(BodyPartID{7}, Result<int>(5)).value(), 5);
}

}  // namespace
}  // namespace signet::cmc
