#include "adapters/tcp/connecting.h"

#include <vector>

#include "support/loopback_listener.h"
#include "support/tcp_scene.h"

namespace signet::tcp {
namespace {

using ::testing::HasSubstr;

const Address kNamed{"ca.example.org", 5318};

/// An address of a host, in a list of them.
class Place {
 public:
  explicit Place(int port, const Place* next = nullptr) {
    address_.sin_family = AF_INET;
    address_.sin_port = htons(static_cast<std::uint16_t>(port));
    address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    place_.ai_family = AF_INET;
    place_.ai_addr = reinterpret_cast<sockaddr*>(&address_);
    place_.ai_addrlen = sizeof address_;
    place_.ai_next = next == nullptr ? nullptr : const_cast<addrinfo*>(next->get());
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  [[nodiscard]] const addrinfo* get() const { return &place_; }

 private:
  sockaddr_in address_{};
  addrinfo place_{};
};

/// A port that answers nobody, as behind a firewall: as many wait there as may.
class SilentPort {
 public:
  SilentPort() {
    constexpr int kMoreThanMayWait = 16;
    const Place place(listener_.port());
    for (int i = 0; i < kMoreThanMayWait; ++i) {
      waiting_.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
      ::connect(waiting_.back().number(), place.get()->ai_addr, place.get()->ai_addrlen);
    }
  }
  [[nodiscard]] int number() const { return listener_.port(); }

 private:
  test::LoopbackListener listener_;
  std::vector<Descriptor> waiting_;
};

TEST(Connecting, AnAddressThatSaysNothingLeavesTimeForTheNext) {
  const SilentPort silent;
  const test::LoopbackListener there;
  const Place second(there.port());
  const Place first(silent.number(), &second);
  EXPECT_TRUE(connect_to_first(first.get(), kNamed, std::chrono::seconds{2}).ok());
}

TEST(Connecting, AnAddressWhereNobodyListensIsPassedOver) {
  const test::LoopbackListener there;
  const Place second(there.port());
  const Place first(test::free_port(), &second);
  EXPECT_TRUE(connect_to_first(first.get(), kNamed, std::chrono::seconds{2}).ok());
}

TEST(Connecting, TakesNoLongerThanItMayForAllTogether) {
  const SilentPort silent;
  const Place second(silent.number());
  const Place first(silent.number(), &second);
  const auto before = Clock::now();
  const auto connected = connect_to_first(first.get(), kNamed, std::chrono::seconds{1});
  EXPECT_LT(Clock::now() - before, std::chrono::seconds{2});
  ASSERT_FALSE(connected.ok());
  EXPECT_EQ(connected.error().fault, Fault::directory_unreachable);
  EXPECT_THAT(connected.error().detail, HasSubstr("tcp://ca.example.org:5318: nobody answers"));
}

}  // namespace
}  // namespace signet::tcp
