#include "apps/signetd/store_watch.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>

#include "support/fakes.h"
#include "support/keeping_log.h"

namespace signet::server {
namespace {

using namespace std::chrono_literals;

const Error kDamaged{Fault::malformed, "reading crl: malformed"};
const Error kAway{Fault::storage_failed, "unable to open"};

class StoreWatchTest : public ::testing::Test {
 protected:
  std::deque<Result<bool>> pieces;
  test::FixedClock clock;
  test::KeepingLog log;
  StoreWatch watch{{.read_piece =
                        [this] {
                          auto piece = pieces.front();
                          pieces.pop_front();
                          return piece;
                        },
                    .clock = clock,
                    .log = log}};
  std::chrono::milliseconds look(Result<bool> piece) {
    pieces.push_back(std::move(piece));
    return watch.look();
  }
  [[nodiscard]] std::ptrdiff_t told(std::string_view event) const {
    return std::count_if(log.lines.begin(), log.lines.end(),
                         [&](const auto& line) { return line.starts_with(event); });
  }
};

TEST_F(StoreWatchTest, ReadsOnAndRestsBetweenRounds) {
  EXPECT_FALSE(watch.known().read_through);
  const auto between_pieces = look(false);
  EXPECT_FALSE(watch.known().read_through);
  EXPECT_GT(look(true), between_pieces);
  EXPECT_EQ(watch.known().read_through, clock.now());
  EXPECT_EQ(watch.condition().word(), "ok");
  EXPECT_TRUE(log.lines.empty());
}

TEST_F(StoreWatchTest, TellsOfDamageOnceUntilAWholeRoundFindsNone) {
  look(true);
  const auto whole_at = clock.now();
  clock.advance(1h);
  for (int i = 0; i < 3; ++i) {
    look(kDamaged);
    EXPECT_EQ(watch.condition().word(), "degraded");
    look(false);
    EXPECT_TRUE(watch.known().is_damaged) << "until the end of a round";
  }
  EXPECT_EQ(told("store_damaged"), 1);
  EXPECT_EQ(watch.known().read_through, whole_at);
  look(true);
  EXPECT_EQ(watch.condition().word(), "ok");
  EXPECT_EQ(told("store_whole_again"), 1);
  look(kDamaged);
  EXPECT_EQ(told("store_damaged"), 2);
}

TEST_F(StoreWatchTest, AStoreThatCannotBeReadForNowIsNotDamaged) {
  look(kAway);
  EXPECT_EQ(watch.condition().word(), "ok");
  EXPECT_EQ(told("store_not_read"), 1);
  look(kDamaged);
  look(kAway);
  EXPECT_EQ(watch.condition().word(), "degraded") << "nor whole";
}

}  // namespace
}  // namespace signet::server
