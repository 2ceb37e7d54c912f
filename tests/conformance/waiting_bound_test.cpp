// How much of one requester may wait for an agent, or for the answer to a challenge: as many as the
// bound says, beside the nearest that is one too many.
#include "authority/agent_desk.h"
#include "support/challenge_answers.h"
#include "support/forwarding_scene.h"
#include "support/life_scene.h"

namespace signet::test {
namespace {

using audit::EventOutcome;
using cmc::CMCFailInfo;
using cmc::CMCStatus;
using store::PendingState;

constexpr const char* kChallengesKeys = "caFullCMCUserSignedEncryptionCert";

/// Its requests wait for an agent, once their keys opened a challenge where they do not sign.
std::string challenging_approval_profile() {
  const auto text = file(source_folder() + "/profiles/" + kChallengesKeys + ".cfg");
  return std::string(as_text(text)) + "\nauth.explicitApprovalRequired=true\n";
}

TestAuthority::Choices bounded(std::size_t most) {
  TestAuthority::Choices made;
  made.settings.most_waiting = most;
  made.more_profiles = challenging_approval_profile();
  return made;
}

class WaitingBound : public testing::Test {
 protected:
  explicit WaitingBound(std::size_t most = 2) : ca(bounded(most)) {}

  cmc::TaggedAttribute nonce() {
    Bytes octets(16, 9);
    octets[0] = next_nonce_++;
    return control(1, cmc::oid::kSenderNonce, cmc::write_octets_value(octets));
  }
  Bytes message(const Holder& who, const Bytes& request,
                std::vector<cmc::TaggedAttribute> controls = {}) {
    controls.push_back(nonce());
    return full_request({who.key, who.certificate}, {request}, controls).encode();
  }
  /// A message whose request waits for an agent.
  Bytes asking(const Holder& who) {
    const auto subject = pkix::to_text(who.certificate->subject);
    const auto key = test_key("ec:p256", next_key_++);  // a profile certifies a key once
    return message(who, tagged(60, pkcs10({.subject = subject, .key = key})));
  }
  Told send(const Holder& who, const Bytes& octets) { return ca.send(octets, &who, "extra"); }
  Told wait(const Holder& who) { return send(who, asking(who)); }
  /// A message whose key is challenged.
  Told begin_challenge(const Holder& who, std::uint16_t key = 10) {
    const auto subject = pkix::to_text(who.certificate->subject);
    const auto request =
        unsigned_request(20, test_key("ec:p256", key), client::RequestForm::crmf, subject);
    return ca.send(message(who, request), &who, kChallengesKeys);
  }
  Told answer(const Told& challenged, const Key& key, const std::string& profile,
              std::uint8_t altered = 0) {
    auto right = answer_to(challenges_in(challenged).at(0), *key);
    right.the_pop[0] ^= altered;
    const auto id = octets_in(challenged, cmc::oid::kResponseInfo);
    return ca.send(message(ca.alice, unsigned_request(20, key),
                           {control(900, cmc::oid::kDecryptedPOP, cmc::write_decrypted_pop(right)),
                            control(901, cmc::oid::kRegInfo, cmc::write_octets_value(id))}),
                   &ca.alice, profile);
  }
  static void expect_waits(const Told& told) {
    EXPECT_EQ(told.status.cmc_status, CMCStatus::pending) << told.text();
  }
  static void expect_challenged(const Told& told) {
    EXPECT_EQ(told.fail_info(), CMCFailInfo::popRequired) << told.text();
    EXPECT_EQ(challenges_in(told).size(), 1U);
  }
  static void expect_one_too_many(const Told& told, const std::string& bound = "2") {
    EXPECT_EQ(told.status.cmc_status, CMCStatus::failed);
    EXPECT_EQ(told.fail_info(), CMCFailInfo::badRequest);
    EXPECT_NE(told.text().find(bound + " requests"), std::string::npos) << told.text();
    EXPECT_NE(told.text().find("queryPending"), std::string::npos) << told.text();
    EXPECT_TRUE(told.has_event("CERT_REQUEST_PROCESSED", EventOutcome::failure));
    EXPECT_TRUE(challenges_in(told).empty());
  }
  std::vector<store::PendingRequest> open() {
    return unwrap(ca.engine().list_pending(PendingState::open, 100, {}));
  }
  std::size_t waiting_of(const Holder& who) {
    const auto requester = crypto::sha256(who.certificate.der);
    return unwrap(ca.engine().count_waiting(requester, ca.clock.now(), 100));
  }
  void decide(const Bytes& id, bool approves) {
    unwrap(ca.desk().decide({ca.agent.certificate.der, "192.0.2.9"}, {id, approves, {}, ""}));
  }

  TestAuthority ca;

 private:
  std::uint8_t next_nonce_ = 1;
  std::uint16_t next_key_ = 20;
};

class BoundOfOne : public WaitingBound {
 protected:
  BoundOfOne() : WaitingBound(1) {}
};
class WithoutBound : public WaitingBound {
 protected:
  WithoutBound() : WaitingBound(0) {}
};

TEST_F(WaitingBound, LetsAsManyRequestsWaitAndRefusesOneMore) {
  expect_waits(wait(ca.alice));
  expect_waits(wait(ca.alice));
  expect_one_too_many(wait(ca.alice));
  EXPECT_EQ(open().size(), 2U) << "nothing is kept of what is refused";
}

TEST_F(WaitingBound, IsEachRequestersOwn) {
  const auto bob = ca.enroll("CN=Bob,O=Test");
  for (int number = 0; number < 2; ++number) expect_waits(wait(ca.alice));
  expect_one_too_many(wait(ca.alice));
  expect_waits(wait(bob));
  expect_challenged(begin_challenge(bob));
  expect_one_too_many(wait(bob));
}

TEST_F(WaitingBound, CountsRequestsAndChallengesTogether) {
  expect_waits(wait(ca.alice));
  expect_challenged(begin_challenge(ca.alice));
  expect_one_too_many(begin_challenge(ca.alice));
  expect_one_too_many(wait(ca.alice));
  EXPECT_EQ(waiting_of(ca.alice), 2U);
}

TEST_F(WaitingBound, TellsWhatWaitsAlreadyThatItDoes) {
  const auto octets = asking(ca.alice);
  expect_waits(send(ca.alice, octets));
  expect_waits(wait(ca.alice));
  expect_one_too_many(wait(ca.alice));
  expect_waits(send(ca.alice, octets));
}

TEST_F(WaitingBound, RefusesNothingThatNeedNotWait) {
  for (int number = 0; number < 2; ++number) expect_waits(wait(ca.alice));
  const auto told = ca.send(asking(ca.alice), &ca.alice, kChallengesKeys);
  EXPECT_TRUE(told.issued()) << told.text();
}

TEST_F(WaitingBound, HasRoomForTheVerySameMessageOnceAnAgentDecided) {
  expect_waits(wait(ca.alice));
  expect_waits(wait(ca.alice));
  for (const bool approves : {true, false}) {
    const auto octets = asking(ca.alice);
    expect_one_too_many(send(ca.alice, octets));
    decide(open().at(0).id, approves);
    expect_waits(send(ca.alice, octets));
    expect_one_too_many(wait(ca.alice));
  }
}

TEST_F(WaitingBound, HasRoomOnceRequestsExpired) {
  expect_waits(wait(ca.alice));
  expect_waits(wait(ca.alice));
  ca.clock.advance(std::chrono::days{7});
  expect_one_too_many(wait(ca.alice));
  ca.clock.advance(std::chrono::seconds{1});
  expect_waits(wait(ca.alice));
}

TEST_F(WaitingBound, HasRoomOnceChallengesExpired) {
  for (int number = 0; number < 2; ++number) expect_challenged(begin_challenge(ca.alice));
  ca.clock.advance(std::chrono::hours{1});
  expect_one_too_many(begin_challenge(ca.alice));
  ca.clock.advance(std::chrono::seconds{1});
  expect_challenged(begin_challenge(ca.alice));
}

TEST_F(BoundOfOne, HasRoomOnceAChallengeIsAnsweredOrHasFailed) {
  const auto key = test_key("ec:p256", 10);
  const auto first = begin_challenge(ca.alice);
  expect_challenged(first);
  expect_one_too_many(begin_challenge(ca.alice), "1");
  EXPECT_TRUE(answer(first, key, kChallengesKeys).issued());
  const auto second = begin_challenge(ca.alice, 11);
  expect_challenged(second);
  expect_one_too_many(wait(ca.alice), "1");
  for (int wrong = 0; wrong < 3; ++wrong) {
    EXPECT_FALSE(answer(second, test_key("ec:p256", 11), kChallengesKeys, 1).issued());
  }
  expect_waits(wait(ca.alice));
}

TEST_F(BoundOfOne, LetsARequestWaitInThePlaceOfItsChallenge) {
  const auto key = test_key("ec:p256", 10);
  const auto request = unsigned_request(20, key);
  const auto challenged = ca.send(message(ca.alice, request), &ca.alice, "extra");
  expect_challenged(challenged);
  expect_waits(answer(challenged, key, "extra"));
  EXPECT_EQ(waiting_of(ca.alice), 2U) << "the challenge is closed when an agent decides";
  expect_one_too_many(wait(ca.alice), "1");
  expect_one_too_many(answer(challenged, key, "extra"), "1");
  decide(open().at(0).id, true);
  expect_waits(wait(ca.alice));
}

TEST_F(BoundOfOne, IsNoAgents) {
  for (std::uint16_t number = 0; number < 3; ++number) {
    expect_challenged(ca.send(message(ca.agent, unsigned_request(20, test_key("ec:p256", number))),
                              &ca.agent, "caFullCMCUserCert"));
  }
  EXPECT_EQ(waiting_of(ca.agent), 3U);
}

TEST_F(WithoutBound, WaitsWhateverIsAsked) {
  for (int number = 0; number < 5; ++number) expect_waits(wait(ca.alice));
  expect_challenged(begin_challenge(ca.alice));
  EXPECT_EQ(waiting_of(ca.alice), 6U);
}

class BoundOfForwarded : public ForwardingScene {
 protected:
  BoundOfForwarded() : ForwardingScene(bounded(1)) {}
};

TEST_F(BoundOfForwarded, IsNotThatOfWhomAnAgentVouchesFor) {
  for (std::uint16_t number = 0; number < 3; ++number) {
    const auto message = by_nobody("CN=Carol,O=Test", test_key("ec:p256", number));
    const auto told = inside(forward_batch({{1, message}}, {identity_witness({1})}), 1);
    EXPECT_EQ(told.fail_info(), CMCFailInfo::popRequired) << told.text();
  }
}

}  // namespace
}  // namespace signet::test
