#include "adapters/listener/connections.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <limits>
#include <new>

#include "support/keeping_log.h"

namespace {

/// So many allocations of this thread go well from here on; the next fails, and those after it go
/// well again.
thread_local std::size_t allocations_left = std::numeric_limits<std::size_t>::max();

}  // namespace

void* operator new(std::size_t octets) {
  if (allocations_left-- == 0) throw std::bad_alloc();
  if (auto* memory = std::malloc(octets == 0 ? 1 : octets)) return memory;
  throw std::bad_alloc();
}

void operator delete(void* memory) noexcept {
  std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace signet::listener {
namespace {

using ::testing::ElementsAre;

class Known final : public Connection {
 public:
  void close_when_idle() override {}
  void close_at_once() override {}
};

class ConnectionsTest : public testing::Test {
 protected:
  test::KeepingLog log;
  Connections connections{Settings{}, log};
};

TEST_F(ConnectionsTest, KnowsThoseThatAreThere) {
  const auto one = std::make_shared<Known>();
  const auto other = std::make_shared<Known>();
  connections.enter(one, "192.0.2.1");
  connections.enter(other, "192.0.2.1");
  EXPECT_EQ(connections.count(), 2U);
  connections.leave(one.get(), "192.0.2.1");
  EXPECT_THAT(connections.living(), ElementsAre(other));
  connections.leave(other.get(), "192.0.2.1");
  EXPECT_EQ(connections.count(), 0U);
}

/// Who did not enter does not leave either: it is gone without a word.
TEST_F(ConnectionsTest, KnowsNobodyForWhomMemoryRanOut) {
  std::size_t most = 0;
  for (bool has_entered = false; !has_entered; ++most) {
    const auto one = std::make_shared<Known>();
    const std::string client = "2001:db8:1234:5678::/64, longer than a string's own room";
    try {
      allocations_left = most;
      connections.enter(one, client);
      has_entered = true;
    } catch (const std::bad_alloc&) {
    }
    allocations_left = std::numeric_limits<std::size_t>::max();
    if (has_entered) {
      EXPECT_THAT(connections.living(), ElementsAre(one));
      connections.leave(one.get(), client);
    }
    EXPECT_EQ(connections.count(), 0U) << "after " << most << " allocations";
  }
  EXPECT_GT(most, 2U) << "there is more than one place for it to run out";
}

}  // namespace
}  // namespace signet::listener
