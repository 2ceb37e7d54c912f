#include "apps/tool/report.h"

#include <gtest/gtest.h>

namespace signet::tool {
namespace {

TEST(Printable, ReplacesControlCharactersOnly) {
  EXPECT_EQ(printable("a\x1b[0m\nb\x7f"), "a?[0m?b?");
  EXPECT_EQ(printable("\xC2\x9B"
                      "31m"),
            "??31m");
  EXPECT_EQ(printable("Jörg, §5, \xC2\xA0"), "Jörg, §5, \xC2\xA0");
}

}  // namespace
}  // namespace signet::tool
