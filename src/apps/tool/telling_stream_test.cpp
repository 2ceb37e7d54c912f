#include "apps/tool/telling_stream.h"

#include <gtest/gtest.h>

#include <sstream>

namespace signet::tool {
namespace {

TEST(TellingStream, LeavesStandardOutputToTheFileThatGoesThere) {
  std::ostringstream out;
  std::ostringstream err;
  const Context context{.out = out, .err = err};
  EXPECT_EQ(&telling_stream(context, {"chain.pem", "/dev/stdout"}), &err);
  EXPECT_EQ(&telling_stream(context, {"chain.pem", "certificate.pem"}), &out);
  EXPECT_EQ(&telling_stream(context, {""}), &out);
}

}  // namespace
}  // namespace signet::tool
