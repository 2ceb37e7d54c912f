// How often a shared secret serves, until when, and what locks it.
#include <gtest/gtest.h>

#include <thread>

#include "support/shared_secret_scene.h"

namespace signet::test {
namespace {

using cmc::CMCFailInfo;

TEST_F(SharedSecret, IsGoodForOneIssuance) {
  expect_granted(send({}));
  expect_refused(send({.nonce = 2}), CMCFailInfo::badIdentity, "used up");
}

TEST_F(SharedSecret, TheSameMessageAgainGetsTheFirstAnswer) {
  const auto message = SecretMessage{}.encode();
  const auto first = ca.send(message, nullptr);
  const auto again = ca.send(message, nullptr);
  ASSERT_TRUE(first.issued() && again.issued());
  EXPECT_EQ(first.certificates.front(), again.certificates.front());
}

TEST_F(SharedSecret, ARefusedRequestDoesNotUseItUp) {
  expect_refused(send({.subject = "UID=bob,O=Test"}), CMCFailInfo::badIdentity);
  expect_granted(send({.nonce = 2}));
}

TEST_F(SharedSecret, TwoMessagesAtOnceGetOneCertificate) {
  for (int round = 0; round < 8; ++round) {
    const auto number = static_cast<std::uint32_t>(2 * round);
    TestAuthority racing;
    know(racing);
    std::vector<Told> told(2);
    std::vector<std::thread> peers;
    for (std::uint32_t i = 0; i < 2; ++i) {
      authority::Inquiry inquiry;
      inquiry.octets = SecretMessage{.nonce = number + i}.encode();
      peers.emplace_back([&racing, &told, i, inquiry = std::move(inquiry)]() mutable {
        told[i] = racing.deliver(std::move(inquiry));
      });
    }
    for (auto& peer : peers) peer.join();
    EXPECT_NE(told[0].issued(), told[1].issued());
    EXPECT_EQ(told[told[0].issued() ? 1 : 0].fail_info(), CMCFailInfo::badIdentity);
    EXPECT_EQ(racing.certificates_on_record(), 3U) << "the agent's, Alice's and one more";
  }
}

TEST_F(SharedSecret, EndsWhenItExpires) {
  ca.secrets->entries["alice"].expires_at = ca.clock.now() + std::chrono::hours{1};
  ca.clock.advance(std::chrono::hours{1} + std::chrono::seconds{1});
  expect_refused(send({}), CMCFailInfo::badIdentity, "expired");
  ca.secrets->entries["alice"].expires_at = ca.clock.now();
  expect_granted(send({.nonce = 2}));
}

TEST_F(SharedSecret, IsLockedAfterWrongProofsAndTheAnswerDoesNotTell) {
  const auto wrong = send({.secret = "incorrect horse battery"});
  for (std::uint32_t i = 2; i <= 5; ++i) send({.secret = "incorrect horse battery", .nonce = i});
  EXPECT_EQ(failures_of("alice"), 5U);
  const auto locked = send({.nonce = 10});
  expect_not_proven(locked);
  EXPECT_EQ(locked.text(), wrong.text());
  EXPECT_EQ(failures_of("alice"), 5U) << "while locked, nothing is counted";

  ca.clock.advance(std::chrono::minutes{15} - std::chrono::seconds{1});
  expect_not_proven(send({.nonce = 11}));
  ca.clock.advance(std::chrono::seconds{1});
  expect_granted(send({.nonce = 12}));
  EXPECT_EQ(failures_of("alice"), 0U);
}

TEST_F(SharedSecret, FourWrongProofsDoNotLockYet) {
  for (std::uint32_t i = 1; i <= 4; ++i) send({.secret = "incorrect horse battery", .nonce = i});
  expect_granted(send({.nonce = 10}));
}

}  // namespace
}  // namespace signet::test
