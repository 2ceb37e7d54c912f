#include "apps/signetd/client_limits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/digest.h"

namespace signet::server {
namespace {

using ::testing::HasSubstr;
using ::testing::Pair;

constexpr listener::RateLimiter::Clock::time_point kNow{std::chrono::hours{1}};
constexpr listener::RateLimiter::Settings kTwo{.per_second = 0.1, .burst = 2};
constexpr listener::RateLimiter::Settings kAny{.per_second = 0, .burst = 1};

bool none_is_revoked(ByteView /*certificate*/, ByteView /*hash*/) {
  return true;
}
const ClientLimits::IsInForce kNoneIsRevoked = none_is_revoked;

class CountingLog final : public Log {
 public:
  void write(Level, std::string_view, std::initializer_list<Field>) override { ++lines; }
  int lines = 0;
};

class ClientLimitsTest : public ::testing::Test {
 protected:
  static http::Request from(const std::string& address, std::optional<Bytes> certificate = {}) {
    http::Request request;
    request.path = "/cmc";
    request.client_address = address;
    request.client_certificate = std::move(certificate);
    return request;
  }
  static void expect_two_pass(ClientLimits& limits, const http::Request& request) {
    EXPECT_FALSE(limits.refuse(request, kNow));
    EXPECT_FALSE(limits.refuse(request, kNow));
    EXPECT_TRUE(limits.refuse(request, kNow));
  }

  Metrics metrics;
  CountingLog log;
};

TEST_F(ClientLimitsTest, RefuseWithWordsAndTheTimeToWait) {
  ClientLimits limits({kTwo, kAny}, kNoneIsRevoked, metrics, log);
  expect_two_pass(limits, from("192.0.2.1"));
  const auto refusal = limits.refuse(from("192.0.2.1"), kNow);
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->status, 429);
  EXPECT_THAT(refusal->headers, ::testing::Contains(Pair("Retry-After", "10")));
  EXPECT_THAT(std::string(as_text(refusal->body)), HasSubstr("Ask again after 10 s"));
}

TEST_F(ClientLimitsTest, CountOthersBesideWhoIsRefused) {
  ClientLimits limits({kTwo, kTwo}, kNoneIsRevoked, metrics, log);
  expect_two_pass(limits, from("192.0.2.1"));
  expect_two_pass(limits, from("192.0.2.2"));
  expect_two_pass(limits, from("192.0.2.1", Bytes{1}));
  expect_two_pass(limits, from("192.0.2.1", Bytes{2}));
}

TEST_F(ClientLimitsTest, FollowACertificateToAnotherAddress) {
  ClientLimits limits({kTwo, kTwo}, kNoneIsRevoked, metrics, log);
  expect_two_pass(limits, from("192.0.2.1", Bytes{1}));
  EXPECT_TRUE(limits.refuse(from("192.0.2.9", Bytes{1}), kNow));
}

TEST_F(ClientLimitsTest, CountWhoHasOnlyACertificateThatIsNotInForceByTheAddress) {
  const Bytes revoked{1};
  const auto is_in_force = [&](ByteView certificate, ByteView hash) {
    EXPECT_EQ(to_bytes(hash), crypto::sha256(certificate));
    return to_bytes(certificate) != revoked;
  };
  ClientLimits limits({kTwo, kAny}, is_in_force, metrics, log);
  EXPECT_FALSE(limits.refuse(from("192.0.2.1"), kNow));
  EXPECT_FALSE(limits.refuse(from("192.0.2.1", revoked), kNow));
  EXPECT_TRUE(limits.refuse(from("192.0.2.1", revoked), kNow));
  EXPECT_TRUE(limits.refuse(from("192.0.2.1"), kNow));
  EXPECT_FALSE(limits.refuse(from("192.0.2.1", Bytes{2}), kNow)) << "in force";
  EXPECT_THAT(metrics.text({}), HasSubstr("signet_refused_by_limit_total{of=\"address\"} 2\n"));
}

TEST_F(ClientLimitsTest, CountNobodyWhereThereIsNone) {
  ClientLimits limits({kTwo, kAny}, kNoneIsRevoked, metrics, log);
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(limits.refuse(from("192.0.2.1", Bytes{1}), kNow));
}

TEST_F(ClientLimitsTest, AlwaysTellWhetherTheServerIsWell) {
  ClientLimits limits({kTwo, kTwo}, kNoneIsRevoked, metrics, log);
  expect_two_pass(limits, from("192.0.2.1"));
  for (const auto* path : {"/healthz", "/metrics"}) {
    auto request = from("192.0.2.1");
    request.path = path;
    EXPECT_FALSE(limits.refuse(request, kNow)) << path;
  }
}

TEST_F(ClientLimitsTest, AreCountedEachTimeAndLoggedOnceASecond) {
  ClientLimits limits({kTwo, kAny}, kNoneIsRevoked, metrics, log);
  for (int i = 0; i < 12; ++i) limits.refuse(from("192.0.2.1"), kNow);
  EXPECT_EQ(log.lines, 1);
  limits.refuse(from("192.0.2.1"), kNow + std::chrono::seconds{1});
  EXPECT_EQ(log.lines, 2);
  EXPECT_THAT(metrics.text({}), HasSubstr("signet_refused_by_limit_total{of=\"address\"} 11\n"));
}

TEST_F(ClientLimitsTest, CountAnAddressOverTcpAndHttpTogether) {
  ClientLimits limits({kTwo, kAny}, kNoneIsRevoked, metrics, log);
  EXPECT_FALSE(limits.refuses("192.0.2.1", kNow));
  EXPECT_FALSE(limits.refuse(from("192.0.2.1"), kNow));
  EXPECT_TRUE(limits.refuses("192.0.2.1", kNow));
  EXPECT_TRUE(limits.refuse(from("192.0.2.1"), kNow));
  EXPECT_FALSE(limits.refuses("192.0.2.2", kNow));
}

TEST_F(ClientLimitsTest, OverTcpAnswerNothingToWhoAsksTooOften) {
  ClientLimits limits({kTwo, kAny}, kNoneIsRevoked, metrics, log);
  const auto respond = within(limits, [](tcp::Message message, const tcp::Server::Reply& reply) {
    reply(std::move(message.octets));
  });
  std::vector<bool> answered;
  for (int i = 0; i < 3; ++i) {
    respond({{0x30, 0x00}, "192.0.2.1"},
            [&](const std::optional<tcp::Answer>& told) { answered.push_back(told.has_value()); });
  }
  EXPECT_EQ(answered, (std::vector{true, true, false}));
}

TEST_F(ClientLimitsTest, StandBeforeAllThatAnswers) {
  ClientLimits limits({kTwo, kAny}, kNoneIsRevoked, metrics, log);
  int asked = 0;
  const auto respond = within(limits, [&](const http::Request&, const http::Server::Reply& reply) {
    ++asked;
    reply({200, "text/plain", {}, {}});
  });
  std::vector<int> statuses;
  for (int i = 0; i < 3; ++i) {
    respond(from("192.0.2.1"),
            [&](const http::Response& response) { statuses.push_back(response.status); });
  }
  EXPECT_EQ(statuses, (std::vector{200, 200, 429}));
  EXPECT_EQ(asked, 2);
}

}  // namespace
}  // namespace signet::server
