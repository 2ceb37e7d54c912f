// What becomes of a step under way when it is to be broken off.
#include "adapters/ldap/directory_connection.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "codec/pkix/certificate.h"
#include "support/silent_directory.h"
#include "support/temporary_folder.h"
#include "support/test_ca.h"

namespace signet::ldap {
namespace {

using namespace std::chrono_literals;
using test::SilentDirectory;

/// Where a directory falls silent.
struct Silence {
  const char* step;
  const char* scheme;
  bool plaintext;
  std::vector<Bytes> answers;
};

void PrintTo(const Silence& silence, std::ostream* to) {
  *to << silence.scheme << ": " << silence.step;
}

class BreakingOff : public testing::TestWithParam<Silence> {
 protected:
  void SetUp() override {
    std::signal(SIGPIPE, SIG_IGN);  // as signetd does
    std::ofstream(folder / "ca.pem") << pkix::to_pem({test::TestCa().certificate()});
  }
  [[nodiscard]] DirectoryAddress at(const std::string& uri) const {
    DirectoryAddress address;
    address.uri = uri;
    address.ca_file = folder / "ca.pem";
    address.plaintext = GetParam().plaintext;
    address.timeout = 60s;
    return address;
  }

  test::TemporaryFolder folder;
  std::stop_source stop;
};

Error error_of_change(const DirectoryAddress& address, const std::stop_token& stop) {
  const auto connection = DirectoryConnection::open(address, stop);
  if (!connection.ok()) return connection.error();
  const auto change = DirectoryConnection::Change::add;
  return (*connection)->modify("uid=bob", {{change, "description", {Bytes{'a'}}}}).error();
}

TEST_P(BreakingOff, EndsTheStepUnderWayAtOnce) {
  SilentDirectory directory(GetParam().answers);
  const auto address = at(directory.uri(GetParam().scheme));
  auto asked =
      std::async(std::launch::async, [&] { return error_of_change(address, stop.get_token()); });
  directory.wait_until_silent();
  stop.request_stop();
  ASSERT_EQ(asked.wait_for(20s), std::future_status::ready);
  const auto error = asked.get();
  EXPECT_EQ(error.fault, Fault::directory_unreachable);
  EXPECT_NE(error.detail.find(std::string(": ") + GetParam().step), std::string::npos)
      << error.detail;
}

INSTANTIATE_TEST_SUITE_P(
    Steps, BreakingOff,
    testing::Values(Silence{"bind", "ldap", true, {}},
                    Silence{"modify", "ldap", true, {SilentDirectory::bound()}},
                    Silence{"StartTLS", "ldap", false, {}},
                    Silence{"StartTLS", "ldap", false, {SilentDirectory::tls_started()}},
                    Silence{"TLS", "ldaps", false, {}}));

DirectoryAddress plain(const std::string& uri) {
  DirectoryAddress address;
  address.uri = uri;
  address.plaintext = true;
  address.timeout = 60s;
  return address;
}

TEST(BreakingOffBefore, ConnectsNoMore) {
  SilentDirectory directory({SilentDirectory::bound()});
  std::stop_source stop;
  ASSERT_TRUE(DirectoryConnection::open(plain(directory.uri()), stop.get_token()).ok());
  stop.request_stop();
  const auto late = DirectoryConnection::open(plain(directory.uri()), stop.get_token());
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().fault, Fault::directory_unreachable);
}

/// Takes connections until its line is full: who comes then gets no answer from the kernel.
class Crowded {
 public:
  Crowded() {
    while (true) {
      const int next = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
      waiting_.push_back(next);
      sockaddr_in address{};
      address.sin_family = AF_INET;
      address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      address.sin_port = htons(static_cast<std::uint16_t>(listener_.port()));
      ::connect(next, reinterpret_cast<sockaddr*>(&address), sizeof address);
      pollfd connected{next, POLLOUT, 0};
      if (::poll(&connected, 1, 200) == 0) return;
      CHECK(waiting_.size() < 100);
    }
  }
  ~Crowded() {
    for (const int each : waiting_) ::close(each);
  }
  Crowded(const Crowded&) = delete;
  Crowded& operator=(const Crowded&) = delete;

  [[nodiscard]] std::string uri() const {
    return "ldap://127.0.0.1:" + std::to_string(listener_.port());
  }

 private:
  test::LoopbackListener listener_;
  std::vector<int> waiting_;
};

TEST(BreakingOffWhileConnecting, EndsAtOnce) {
  const Crowded crowded;
  std::stop_source stop;
  auto asked = std::async(std::launch::async, [&] {
    return DirectoryConnection::open(plain(crowded.uri()), stop.get_token()).error();
  });
  ASSERT_EQ(asked.wait_for(200ms), std::future_status::timeout) << "it connects still";
  stop.request_stop();
  ASSERT_EQ(asked.wait_for(20s), std::future_status::ready);
  EXPECT_EQ(asked.get().fault, Fault::directory_unreachable);
}

TEST(DirectoryConnection, GivesUpConnectingInItsTime) {
  const Crowded crowded;
  auto address = plain(crowded.uri());
  address.timeout = 1s;
  const auto refused = DirectoryConnection::open(address);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().detail.find("timed out"), std::string::npos) << refused.error().detail;
}

/// Answers the bind, and reads no more.
class DeafDirectory {
 public:
  DeafDirectory()
      : thread_([this] {
          connection_ = ::accept(listener_.socket(), nullptr, nullptr);
          char request[512];
          const auto answer = SilentDirectory::bound();
          if (::recv(connection_, request, sizeof request, 0) > 0) {
            static_cast<void>(::send(connection_, answer.data(), answer.size(), MSG_NOSIGNAL));
          }
        }) {}
  ~DeafDirectory() {
    ::shutdown(listener_.socket(), SHUT_RDWR);
    thread_.join();
    ::close(connection_);
  }
  [[nodiscard]] std::string uri() const {
    return "ldap://127.0.0.1:" + std::to_string(listener_.port());
  }

 private:
  test::LoopbackListener listener_;
  int connection_ = -1;
  std::thread thread_;
};

TEST(DirectoryConnection, GivesUpWhatIsNotReadInItsTime) {
  std::signal(SIGPIPE, SIG_IGN);  // as signetd does
  const DeafDirectory directory;
  std::stop_source stop;
  auto asked = std::async(std::launch::async, [&] {
    auto address = plain(directory.uri());
    address.timeout = 1s;
    const auto connection = DirectoryConnection::open(address, stop.get_token());
    if (!connection.ok()) return connection.error();
    const Bytes more_than_buffers_hold(16UL << 20U, 'a');
    return (*connection)
        ->modify("uid=bob",
                 {{DirectoryConnection::Change::add, "description", {more_than_buffers_hold}}})
        .error();
  });
  const bool gave_up = asked.wait_for(30s) == std::future_status::ready;
  stop.request_stop();
  EXPECT_TRUE(gave_up);
  EXPECT_EQ(asked.get().fault, Fault::directory_unreachable);
}

std::ptrdiff_t open_descriptors() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
}

TEST(DirectoryConnection, LeavesNoDescriptorOpen) {
  SilentDirectory directory({SilentDirectory::bound()});
  const auto before = open_descriptors();
  for (int time = 0; time < 10; ++time) {
    ASSERT_TRUE(DirectoryConnection::open(plain(directory.uri())).ok());
  }
  EXPECT_LE(open_descriptors(), before + 1) << "the directory may have one of them still";
}

}  // namespace
}  // namespace signet::ldap
