// Challenges that no request id names, as RFC 10002 §6.7 has it: answered and given up by
// requester, transaction and nonces. What leads to one stands beside the nearest things that do
// not.
#include <gtest/gtest.h>

#include <atomic>

#include "authority/agent_desk.h"
#include "support/challenge_answers.h"
#include "support/shared_data.h"
#include "support/unwrap.h"

namespace signet::test {
namespace {

using cmc::CMCFailInfo;
using cmc::CMCStatus;
using store::ChallengeState;

constexpr const char* kEncryptionProfile = "caFullCMCUserSignedEncryptionCert";

using Controls = std::vector<cmc::TaggedAttribute>;

class UnnamedChallenge : public testing::Test {
 protected:
  UnnamedChallenge() = default;
  explicit UnnamedChallenge(TestAuthority::Choices choices) : ca(std::move(choices)) {}

  static cmc::TaggedAttribute transaction(std::uint8_t number) {
    return control(800, cmc::oid::kTransactionId,
                   cmc::write_integer_value(asn1::Integer::from(number)));
  }
  static cmc::TaggedAttribute reg_info(const Bytes& octets) {
    return control(801, cmc::oid::kRegInfo, cmc::write_octets_value(octets));
  }
  /// The nonce of an answer comes back.
  static cmc::TaggedAttribute after(const Told& told) {
    return control(802, cmc::oid::kRecipientNonce,
                   cmc::write_octets_value(octets_in(told, cmc::oid::kSenderNonce)));
  }
  Bytes encode(const Holder& signer, const std::vector<Bytes>& with, Controls controls) {
    Bytes nonce(16, 3);
    nonce[0] = next_nonce_++;
    controls.push_back(control(1, cmc::oid::kSenderNonce, cmc::write_octets_value(nonce)));
    return full_request({signer.key, signer.certificate}, with, controls).encode();
  }
  Told send(const Holder& signer, const std::vector<Bytes>& with, Controls controls) {
    return ca.send(encode(signer, with, std::move(controls)), &signer, profile);
  }
  Told begin(const Controls& controls) {
    auto told = send(ca.alice, requests, controls);
    EXPECT_EQ(challenges_in(told).size(), 1U) << told.text();
    return told;
  }
  Controls answering(const Told& first, Controls controls) {
    auto made = answer_to(challenges_in(first).at(0), *key);
    if (spoils_answers) made.the_pop[0] ^= 1;
    controls.push_back(control(900, cmc::oid::kDecryptedPOP, cmc::write_decrypted_pop(made)));
    return controls;
  }
  Told answer(const Told& first, const Controls& controls) {
    return send(ca.alice, requests, answering(first, controls));
  }
  ChallengeState state_of(const Told& first) {
    const auto id = octets_in(first, cmc::oid::kResponseInfo);
    return unwrap(ca.engine().find_challenge(id)).value().state;
  }
  void expect_granted(const Told& told) {
    EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
    EXPECT_EQ(told.certificates.size(), 1U);
  }
  void expect_refused(const Told& told, CMCFailInfo why, const std::string& words = "") {
    EXPECT_FALSE(told.issued());
    EXPECT_EQ(told.fail_info(), why) << told.text();
    EXPECT_NE(told.text().find(words), std::string::npos) << told.text();
  }

  TestAuthority ca;
  std::string profile = kEncryptionProfile;
  Key key = test_key("rsa:2048");
  std::vector<Bytes> requests{unsigned_request(20, key)};
  bool spoils_answers = false;

 private:
  std::uint8_t next_nonce_ = 1;
};

// ------------------------------------------------------------ answered

TEST_F(UnnamedChallenge, IsTheOneOpenInItsTransaction) {
  /* matrix: B32, E107 */
  const auto first = begin({transaction(7)});
  expect_granted(answer(first, {transaction(7)}));
  EXPECT_EQ(state_of(first), ChallengeState::answered);
}

TEST_F(UnnamedChallenge, MayBeOfNoTransaction) {
  const auto first = begin({});
  expect_refused(answer(first, {transaction(7)}), CMCFailInfo::popFailed, "is open");
  expect_granted(answer(first, {}));
}

TEST_F(UnnamedChallenge, IsNotThatOfAnotherTransaction) {
  const auto first = begin({transaction(7)});
  for (const Controls& other : {Controls{transaction(8)}, Controls{}}) {
    const auto told = answer(first, other);
    expect_refused(told, CMCFailInfo::popFailed, "is open");
    EXPECT_TRUE(told.names(900)) << "the decryptedPOP control";
    EXPECT_TRUE(told.names(20));
  }
  expect_granted(answer(first, {transaction(7)}));
}

TEST_F(UnnamedChallenge, IsNotThatOfAnotherRequester) {
  const auto first = begin({transaction(7)});
  const auto alice_again = ca.enroll("CN=Alice,O=Test");
  for (const Controls& with : {Controls{transaction(7)}, Controls{transaction(7), after(first)}}) {
    const auto told = send(alice_again, requests, answering(first, with));
    expect_refused(told, CMCFailInfo::popFailed, "is open");
  }
  EXPECT_EQ(state_of(first), ChallengeState::open);
  expect_granted(answer(first, {transaction(7)}));
}

TEST_F(UnnamedChallenge, IsNotThatOfOtherRequestsOrOfAnotherProfile) {
  const auto first = begin({transaction(7)});
  const std::vector<Bytes> altered{unsigned_request(20, key, client::RequestForm::pkcs10)};
  expect_refused(send(ca.alice, altered, answering(first, {transaction(7), after(first)})),
                 CMCFailInfo::popFailed, "is open");
  profile = "caFullCMCUserSignedCert";
  expect_refused(answer(first, {transaction(7), after(first)}), CMCFailInfo::popFailed, "is open");
  profile = kEncryptionProfile;
  expect_granted(answer(first, {transaction(7)}));
}

TEST_F(UnnamedChallenge, IsNoneOfSeveralUnlessSomethingTellsWhich) {
  const auto first = begin({transaction(7)});
  const auto second = begin({transaction(7)});
  expect_refused(answer(first, {transaction(7)}), CMCFailInfo::popFailed, "several");
  expect_refused(answer(second, {transaction(7)}), CMCFailInfo::popFailed, "several");
  expect_refused(answer(second, {transaction(7), after(first)}), CMCFailInfo::popFailed, "thePOP");
  expect_granted(answer(second, {transaction(7), after(second)}));
  EXPECT_EQ(state_of(first), ChallengeState::open);
  EXPECT_EQ(state_of(second), ChallengeState::answered);
}

TEST_F(UnnamedChallenge, IsNotLookedForWhereRegInfoNamesAnother) {
  const auto first = begin({transaction(7)});
  const auto second = begin({transaction(7)});
  const auto id = octets_in(first, cmc::oid::kResponseInfo);
  expect_refused(answer(second, {transaction(7), reg_info(id), after(second)}),
                 CMCFailInfo::popFailed, "thePOP");
  expect_granted(answer(first, {transaction(7), reg_info(id), after(second)}));
}

TEST_F(UnnamedChallenge, IsNotLookedForInRegInfoOfAnotherMeaning) {
  const auto first = begin({transaction(7)});
  auto unknown = octets_in(first, cmc::oid::kResponseInfo);
  unknown.back() ^= 1;
  expect_refused(answer(first, {transaction(7), reg_info(unknown)}), CMCFailInfo::popFailed,
                 "names no challenge");
  expect_granted(answer(first, {transaction(7), reg_info(to_bytes("Department:Sales\n"))}));
}

TEST_F(UnnamedChallenge, EndsWhenItExpires) {
  const auto first = begin({transaction(7)});
  ca.clock.advance(std::chrono::hours{1} + std::chrono::seconds{1});
  expect_refused(answer(first, {transaction(7)}), CMCFailInfo::popFailed, "expired");
  const auto second = begin({transaction(7)});
  expect_refused(answer(first, {transaction(7)}), CMCFailInfo::popFailed, "thePOP");
  expect_granted(answer(second, {transaction(7)}));
}

TEST_F(UnnamedChallenge, IsAnsweredOnceAndWronglyThreeTimes) {
  /* matrix: E114 */
  const auto first = begin({transaction(7)});
  expect_granted(answer(first, {transaction(7)}));
  expect_refused(answer(first, {transaction(7)}), CMCFailInfo::popFailed, "is open");
  key = test_key("rsa:2048", 1);
  requests = {unsigned_request(20, key)};
  const auto second = begin({transaction(7)});
  spoils_answers = true;
  for (int i = 0; i < 3; ++i) {
    expect_refused(answer(second, {transaction(7)}), CMCFailInfo::popFailed, "thePOP");
  }
  spoils_answers = false;
  EXPECT_EQ(state_of(second), ChallengeState::failed);
  expect_refused(answer(second, {transaction(7)}), CMCFailInfo::popFailed, "is open");
}

class UnnamedChallengeWaits : public UnnamedChallenge {
 protected:
  static TestAuthority::Choices choices() {
    TestAuthority::Choices made;
    const auto text = file(source_folder() + "/profiles/" + kEncryptionProfile + ".cfg");
    made.more_profiles = std::string(as_text(text)) + "\nauth.explicitApprovalRequired=true\n";
    return made;
  }
  UnnamedChallengeWaits() : UnnamedChallenge(choices()) { profile = "extra"; }
};

TEST_F(UnnamedChallengeWaits, IsThatOfBeforeWhenAnAgentApproves) {
  const auto first = begin({transaction(7)});
  ASSERT_EQ(answer(first, {transaction(7)}).status.cmc_status, CMCStatus::pending);
  ca.clock.advance(std::chrono::minutes{5});
  const auto later = begin({transaction(7)});
  const auto id = unwrap(ca.engine().list_pending(store::PendingState::open, 1, {})).at(0).id;
  const proof::Peer agent{ca.agent.certificate.der, "192.0.2.9"};
  const auto decided = ca.desk().decide(agent, {id, true});
  ASSERT_TRUE(decided.ok()) << decided.error().detail;
  EXPECT_EQ(state_of(first), ChallengeState::answered);
  EXPECT_EQ(state_of(later), ChallengeState::open);
}

// ------------------------------------------------------------ given up

cmc::CMCStatusInfoV2 pop_failed() {
  cmc::CMCStatusInfoV2 status;
  status.cmc_status = CMCStatus::failed;
  status.body_list = {cmc::BodyPartID{20}};
  status.other_info = CMCFailInfo::popFailed;
  return status;
}

cmc::TaggedAttribute told_by(const cmc::CMCStatusInfoV2& status) {
  return control(50, cmc::oid::kStatusInfoV2, cmc::write_cmc_status_info_v2(status));
}

cmc::TaggedAttribute told_by_first_version() {
  cmc::CMCStatusInfo status;
  status.cmc_status = CMCStatus::failed;
  status.body_list = {cmc::BodyPartID{20}};
  status.other_info = CMCFailInfo::popFailed;
  return control(51, cmc::oid::kStatusInfo, cmc::write_cmc_status_info(status));
}

TEST_F(UnnamedChallenge, IsGivenUpInEitherVersionWithAndWithoutItsName) {
  /* matrix: E111 */
  for (const auto& status : {told_by(pop_failed()), told_by_first_version()}) {
    for (const bool is_named : {true, false}) {
      const auto first = begin({transaction(7)});
      Controls controls{transaction(7), status};
      if (is_named) controls.push_back(reg_info(octets_in(first, cmc::oid::kResponseInfo)));
      const auto octets = encode(ca.alice, {}, controls);
      for (int time = 0; time < 2; ++time) {  // and again, when the answer was lost
        const auto told = ca.send(octets, &ca.alice);
        EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
        EXPECT_EQ(state_of(first), ChallengeState::withdrawn);
      }
      expect_refused(answer(first, {transaction(7)}), CMCFailInfo::popFailed, "is open");
      expect_refused(answer(first, {transaction(7), after(first)}), CMCFailInfo::popFailed,
                     "given up");
    }
  }
}

TEST_F(UnnamedChallenge, IsNotGivenUpByAnybodyElseNorInAnotherTransactionNorByAnotherStatus) {
  const auto first = begin({transaction(7)});
  const auto bob = ca.enroll("CN=Bob,O=Test");
  send(bob, {}, {transaction(7), told_by(pop_failed())});
  send(bob, {}, {transaction(7), told_by(pop_failed()), after(first)});
  const auto id = reg_info(octets_in(first, cmc::oid::kResponseInfo));
  expect_refused(send(bob, {}, {transaction(7), told_by(pop_failed()), id}),
                 CMCFailInfo::badIdentity, "another requester");
  send(ca.alice, {}, {transaction(8), told_by(pop_failed())});
  send(ca.alice, {}, {told_by(pop_failed())});
  auto other = pop_failed();
  other.other_info = CMCFailInfo::badRequest;
  send(ca.alice, {}, {transaction(7), told_by(other)});
  other.cmc_status = CMCStatus::success;
  other.other_info.reset();
  send(ca.alice, {}, {transaction(7), told_by(other)});
  send(ca.alice, {}, {transaction(7), told_by(other), id});
  EXPECT_EQ(state_of(first), ChallengeState::open);
  expect_granted(answer(first, {transaction(7)}));
}

TEST_F(UnnamedChallenge, IsNotGivenUpWhereSeveralAreOpenUnlessSomethingTellsWhich) {
  const auto first = begin({transaction(7)});
  const auto second = begin({transaction(7)});
  expect_refused(send(ca.alice, {}, {transaction(7), told_by(pop_failed())}),
                 CMCFailInfo::badRequest, "several");
  EXPECT_EQ(state_of(first), ChallengeState::open);
  EXPECT_EQ(state_of(second), ChallengeState::open);
  send(ca.alice, {}, {transaction(7), told_by(pop_failed()), after(second)});
  EXPECT_EQ(state_of(first), ChallengeState::open);
  EXPECT_EQ(state_of(second), ChallengeState::withdrawn);
  send(ca.alice, {}, {transaction(7), told_by(pop_failed())});
  EXPECT_EQ(state_of(first), ChallengeState::withdrawn);
}

TEST_F(UnnamedChallenge, IsGivenUpBesideOneThatExpired) {
  const auto first = begin({transaction(7)});
  ca.clock.advance(std::chrono::hours{1} + std::chrono::seconds{1});
  const auto second = begin({transaction(7)});
  send(ca.alice, {}, {transaction(7), told_by(pop_failed())});
  EXPECT_EQ(state_of(first), ChallengeState::open);
  EXPECT_EQ(state_of(second), ChallengeState::withdrawn);
}

TEST_F(UnnamedChallenge, IsGivenUpAgainByANewMessageHoweverItIsNamed) {
  const auto first = begin({transaction(7)});
  const Controls ways[] = {
      {}, {after(first)}, {reg_info(octets_in(first, cmc::oid::kResponseInfo))}};
  send(ca.alice, {}, {transaction(7), told_by(pop_failed())});
  for (auto controls : ways) {
    controls.insert(controls.end(), {transaction(7), told_by(pop_failed())});
    const auto told = send(ca.alice, {}, controls);
    EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
    EXPECT_EQ(state_of(first), ChallengeState::withdrawn);
  }
}

TEST_F(UnnamedChallenge, IsNotGivenUpUnderARequestIdOfNoChallenge) {
  const auto first = begin({transaction(7)});
  auto unknown = octets_in(first, cmc::oid::kResponseInfo);
  unknown.back() ^= 1;
  auto rejected = pop_failed();
  rejected.other_info.reset();
  for (const auto& status : {pop_failed(), rejected}) {
    expect_refused(send(ca.alice, {}, {transaction(7), told_by(status), reg_info(unknown)}),
                   CMCFailInfo::badRequest, "regInfo");
  }
  EXPECT_EQ(state_of(first), ChallengeState::open);
}

TEST_F(UnnamedChallenge, ThatWasAnsweredStaysSo) {
  const auto first = begin({transaction(7)});
  expect_granted(answer(first, {transaction(7)}));
  const auto told = send(ca.alice, {}, {transaction(7), told_by(pop_failed()), after(first)});
  EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
  EXPECT_EQ(state_of(first), ChallengeState::answered);
}

/// Its rows of challenges cannot be read while it is told so.
class UnreadableChallenges final : public store::MemoryEngine {
 public:
  Result<std::optional<store::PendingChallenge>> find_challenge(ByteView id) const override {
    if (failing) return Error{Fault::storage_failed, "unreadable"};
    return MemoryEngine::find_challenge(id);
  }
  std::atomic<bool> failing = false;
};

class ChallengeOutOfReach : public UnnamedChallenge {
 protected:
  explicit ChallengeOutOfReach(
      std::unique_ptr<UnreadableChallenges> made = std::make_unique<UnreadableChallenges>())
      : UnnamedChallenge({.engine = made.get()}), engine(std::move(made)) {}
  std::unique_ptr<UnreadableChallenges> engine;
};

TEST_F(ChallengeOutOfReach, IsNoFaultOfItsAnswers) {
  const auto first = begin({transaction(7)});
  engine->failing = true;
  const auto told = answer(first, {transaction(7), after(first)});
  expect_refused(told, CMCFailInfo::internalCAError);
  EXPECT_TRUE(told.names(0));
  EXPECT_FALSE(told.names(900));
  engine->failing = false;
  expect_granted(answer(first, {transaction(7), after(first)}));
}

TEST_F(UnnamedChallenge, IsGivenUpBesideAQuestion) {
  const auto first = begin({transaction(7)});
  const auto asking = control(
      60, cmc::oid::kGetCert,
      cmc::write_get_cert({ca.certificate()->subject, ca.agent.certificate->serial_number}));
  const auto told = send(ca.alice, {}, {transaction(7), told_by(pop_failed()), asking});
  EXPECT_EQ(told.certificates.size(), 1U) << told.text();
  EXPECT_EQ(state_of(first), ChallengeState::withdrawn);
}

}  // namespace
}  // namespace signet::test
