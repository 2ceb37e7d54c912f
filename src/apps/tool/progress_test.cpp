#include "apps/tool/progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "support/fakes.h"

namespace signet::tool {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

/// What a terminal goes back to the begin of its line and erases it by.
constexpr const char* kErased = "\r\x1B[K";

struct Work {
  test::FixedClock clock;
  std::ostringstream out;
  Progress progress{out, clock, ShowProgress::on_terminal};
};

TEST(Progress, DrawsABarOverAndOver) {
  Work work;
  work.progress.start("taking", 1000);
  work.progress.advance(100, "5 entries");
  EXPECT_EQ(work.out.str(), "") << "not more often than an eye sees";
  work.clock.advance(std::chrono::seconds{2});
  work.progress.advance(500, "20 entries");
  EXPECT_THAT(work.out.str(),
              HasSubstr("\r[###############...............] taking  50 %, 20 entries, 2 s left"));
  EXPECT_THAT(work.out.str(), Not(HasSubstr("\n")));
  work.progress.finish();
  EXPECT_THAT(work.out.str(), EndsWith(kErased));
}

TEST(Progress, NamesAtOnceWhatNobodyKnowsTheLengthOf) {
  Work work;
  work.progress.start("making the key");
  EXPECT_THAT(work.out.str(), HasSubstr("making the key …"));
  work.clock.advance(std::chrono::seconds{2});
  work.progress.advance(500);
  EXPECT_THAT(work.out.str(), Not(HasSubstr("%")));
  work.progress.start("sealing", 1000);
  EXPECT_THAT(work.out.str(), EndsWith(kErased)) << "the step before is done";
}

TEST(Progress, LeavesItsLineEmptyHoweverTheWorkEnds) {
  test::FixedClock clock;
  std::ostringstream out;
  {
    Progress progress(out, clock, ShowProgress::on_terminal);
    progress.start("making the key");
  }
  EXPECT_THAT(out.str(), EndsWith(kErased));
}

TEST(Progress, WritesNothingWhereThereIsNoTerminal) {
  test::FixedClock clock;
  std::ostringstream out;
  {
    Progress progress(out, clock, ShowProgress::nowhere);
    progress.start("making the key");
    progress.start("taking", 1000);
    for (std::uint64_t octets = 1; octets <= 1000; ++octets) {
      clock.advance(std::chrono::seconds{1});
      progress.advance(octets);
    }
  }
  std::ostringstream told;
  const Context context{.out = told, .err = told};
  Progress of_a_command(context, clock);
  of_a_command.start("making the key");
  EXPECT_EQ(out.str() + told.str(), "");
}

TEST(Progress, ShowsNoControlCharactersOfNames) {
  Work work;
  work.progress.start("copying \x1B[2J");
  EXPECT_THAT(work.out.str(), Not(HasSubstr("\x1B[2J")));
}

}  // namespace
}  // namespace signet::tool
