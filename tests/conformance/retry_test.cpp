// The same message twice, the same nonce in another message, and messages altered on the way.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/change_status.h"
#include "support/faulty_engine.h"
#include "support/reseal.h"
#include "support/shared_data.h"

namespace signet::test {
namespace {

using cmc::CMCFailInfo;
using cmc::CMCStatus;

TEST(Retry, TheSameMessageGetsItsFirstCertificateAgain) {
  /* matrix: S5 */
  TestAuthority ca;
  const auto sent = ca.request(ca.alice, "CN=Alice,O=Test");
  const auto first = ca.send(sent.octets, &ca.alice);
  const auto on_record = ca.certificates_on_record();
  const auto second = ca.send(sent.octets, &ca.alice);
  ASSERT_EQ(second.certificates.size(), 1U) << second.text();
  EXPECT_EQ(second.certificates[0], first.certificates[0]);
  EXPECT_EQ(second.status.body_list, first.status.body_list);
  EXPECT_EQ(ca.certificates_on_record(), on_record);
}

TEST(Retry, TellsOfWhatIsOnRecordAndWaitsForItsCopies) {
  TestAuthority ca;
  authority::Inquiry inquiry;
  inquiry.octets = ca.request(ca.alice, "CN=Alice,O=Test").octets;
  inquiry.peer = {ca.alice.certificate.der, "192.0.2.1"};
  EXPECT_FALSE(ca.decide(inquiry).commit.tells_of_record);
  ASSERT_TRUE(ca.send(inquiry.octets, &ca.alice).issued());
  const auto again = ca.decide(inquiry);
  EXPECT_TRUE(again.commit.tells_of_record);
  EXPECT_TRUE(again.commit.certificates.empty());
}

TEST(Retry, OfWhatWasRevokedMeanwhileIsToldSo) {
  TestAuthority ca;
  const auto sent = ca.request(ca.alice, "CN=Alice,O=Test");
  const auto first = ca.send(sent.octets, &ca.alice);
  ASSERT_EQ(first.certificates.size(), 1U);
  const auto& serial_number = first.certificates.front()->serial_number;
  ASSERT_TRUE(change_status(ca.engine(), serial_number, store::CertificateStatus::revoked,
                            ca.clock.now(), pkix::CRLReason::cessationOfOperation)
                  .ok());
  const auto again = ca.send(sent.octets, &ca.alice);
  EXPECT_EQ(again.status.cmc_status, CMCStatus::failed);
  EXPECT_THAT(again.text(), testing::HasSubstr("is revoked"));
  EXPECT_TRUE(again.certificates.empty());
}

TEST(Retry, OfWhatWasRevokedMeanwhileIsToldHowToAskForANewOne) {
  TestAuthority ca;
  const auto sent = ca.request(ca.agent, "CN=Carol,O=Test");
  const auto first = ca.send(sent.octets, &ca.agent);
  ASSERT_EQ(first.certificates.size(), 1U);
  const auto& serial_number = first.certificates.front()->serial_number;
  const auto change = [&](store::CertificateStatus to) {
    ASSERT_TRUE(change_status(ca.engine(), serial_number, to, ca.clock.now(),
                              pkix::CRLReason::cessationOfOperation)
                    .ok());
  };
  change(store::CertificateStatus::on_hold);
  const auto held = ca.send(sent.octets, &ca.agent).text();
  EXPECT_THAT(held, testing::HasSubstr("have an agent release it"));
  change(store::CertificateStatus::revoked);
  const auto revoked = ca.send(sent.octets, &ca.agent).text();
  EXPECT_THAT(revoked, testing::Not(testing::HasSubstr("release")));
  for (const auto& told : {held, revoked}) {
    EXPECT_THAT(told, testing::HasSubstr("senderNonce"));
    EXPECT_THAT(told, testing::Not(testing::HasSubstr("not confirmed in time")));
  }
  auto parts = parts_of(sent.octets);  // as it says: the same request, a fresh nonce
  for (auto& each : parts.control_sequence) {
    if (each.attr_type != cmc::oid::kSenderNonce) continue;
    each.attr_values = {cmc::write_octets_value(Bytes(16, 77))};
  }
  const auto anew = ca.send(seal(parts, ca.agent), &ca.agent);
  EXPECT_TRUE(anew.issued()) << anew.text();
}

TEST(Retry, ASimpleRequestToo) {
  TestAuthority ca;
  const auto message = ca.certification_request("CN=printer,O=Test");
  const auto first = ca.send(message, &ca.agent);
  const auto second = ca.send(message, &ca.agent);
  ASSERT_EQ(second.certificates.size(), 1U);
  EXPECT_EQ(second.certificates[0], first.certificates[0]);
}

TEST(Retry, TheSameMessageOverAnothersConnectionGetsNothing) {
  TestAuthority ca;
  const auto sent = ca.request(ca.alice, "CN=Alice,O=Test");
  ASSERT_TRUE(ca.send(sent.octets, &ca.alice).issued());
  const auto stolen = ca.send(sent.octets, &ca.agent);
  EXPECT_FALSE(stolen.issued());
  EXPECT_EQ(stolen.fail_info(), CMCFailInfo::badIdentity);
}

TEST(Retry, OctetsThatWereAnsweredToSomebodyElseAreRefusedAtOnce) {
  TestAuthority::Choices choices;
  choices.settings.record_intent = true;
  TestAuthority ca{choices};
  const auto octets = ca.certification_request("CN=printer,O=Test");
  store::Commit earlier;
  earlier.answered = store::AnsweredRequest{.request_digest = crypto::sha256(octets),
                                            .requester_hash = Bytes(32, 1),
                                            .sender_nonce = {},
                                            .transaction_id = {},
                                            .serial_numbers = {},
                                            .received_at = ca.clock.now(),
                                            .challenge_id = {}};
  audit::MemoryJournal journal;
  const std::vector<const store::Commit*> batch{&earlier};
  ASSERT_TRUE(ca.engine().apply(batch, journal).front().durable());
  const auto before = ca.certificates_on_record();
  const auto told = ca.send(octets, &ca.agent);
  EXPECT_FALSE(told.issued());
  EXPECT_EQ(told.fail_info(), CMCFailInfo::badRequest) << told.text();
  EXPECT_NE(told.text().find("answered before"), std::string::npos) << told.text();
  EXPECT_EQ(ca.certificates_on_record(), before);
}

TEST(Retry, ARevokedSignerGetsNothingAgain) {
  TestAuthority ca;
  const auto sent = ca.request(ca.alice, "CN=Alice,O=Test");
  ASSERT_TRUE(ca.send(sent.octets, &ca.alice).issued());
  ASSERT_TRUE(change_status(ca.engine(), ca.alice.certificate->serial_number,
                            store::CertificateStatus::revoked, ca.clock.now(),
                            pkix::CRLReason::keyCompromise)
                  .ok());
  EXPECT_FALSE(ca.send(sent.octets, &ca.alice).issued());
}

TEST(Retry, ANonceUsedBeforeInAnotherMessageIsRefused) {
  TestAuthority ca;
  const auto first = ca.request(ca.alice, "CN=Alice,O=Test");
  ASSERT_TRUE(ca.send(first.octets, &ca.alice).issued());
  auto parts = parts_of(ca.request(ca.alice, "CN=Alice,O=Test").octets);
  for (auto& each : parts.control_sequence) {
    if (each.attr_type == cmc::oid::kSenderNonce) {
      each.attr_values = {cmc::write_octets_value(first.sender_nonce)};
    }
  }
  const auto told = ca.send(seal(parts, ca.alice), &ca.alice);
  EXPECT_FALSE(told.issued());
  EXPECT_EQ(told.fail_info(), CMCFailInfo::badRequest);
  EXPECT_NE(told.text().find("senderNonce"), std::string::npos);
}

TEST(Retry, WhateverTheClockSaysANonceIsUsedOnceAndAMessageAnsweredOnce) {
  TestAuthority ca;
  const auto first = ca.request(ca.alice, "CN=Alice,O=Test");
  const auto told = ca.send(first.octets, &ca.alice);
  ASSERT_TRUE(told.issued());
  for (const auto by : {-std::chrono::minutes{30}, std::chrono::minutes{24 * 60 * 80}}) {
    ca.clock.advance(by);
    const auto again = ca.send(first.octets, &ca.alice);
    ASSERT_EQ(again.certificates.size(), 1U) << again.text();
    EXPECT_EQ(again.certificates[0], told.certificates[0]);
    auto parts = parts_of(ca.request(ca.alice, "CN=Alice,O=Test").octets);
    for (auto& each : parts.control_sequence) {
      if (each.attr_type != cmc::oid::kSenderNonce) continue;
      each.attr_values = {cmc::write_octets_value(first.sender_nonce)};
    }
    const auto replayed = ca.send(seal(parts, ca.alice), &ca.alice);
    EXPECT_FALSE(replayed.issued());
    EXPECT_EQ(replayed.fail_info(), CMCFailInfo::badRequest);
  }
}

/// A message without senderNonce, as Dogtag's clients send them.
Bytes without_nonce(TestAuthority& ca, const Holder& signer) {
  auto parts = parts_of(ca.request(signer, "CN=Alice,O=Test").octets);
  std::erase_if(parts.control_sequence,
                [](const auto& each) { return each.attr_type == cmc::oid::kSenderNonce; });
  return seal(parts, signer);
}

/// A certificate that lives for a minute by profile "extra".
TestAuthority::Choices with_short_profile() {
  TestAuthority::Choices choices;
  const auto shipped = file(source_folder() + "/profiles/caFullCMCUserSignedCert.cfg");
  choices.more_profiles = std::string(as_text(shipped)) +
                          "\npolicyset.cmcUserCertSet.2.default.params.range=1\n"
                          "policyset.cmcUserCertSet.2.default.params.rangeUnit=minute\n";
  return choices;
}

TEST(Retry, WithoutANonceIsOneForADayOnly) {
  TestAuthority ca;
  const auto message = without_nonce(ca, ca.agent);
  const auto first = ca.send(message, &ca.agent);
  ASSERT_TRUE(first.issued()) << first.text();
  ca.clock.advance(std::chrono::hours{23});
  EXPECT_EQ(ca.send(message, &ca.agent).certificates, first.certificates);
  ca.clock.advance(std::chrono::hours{2});
  const auto second = ca.send(message, &ca.agent);
  ASSERT_TRUE(second.issued()) << second.text();
  EXPECT_NE(second.certificates, first.certificates);
  EXPECT_EQ(ca.send(message, &ca.agent).certificates, second.certificates)
      << "that of the second is a retry";
  ca.clock.advance(std::chrono::hours{25});
  const auto third = ca.send(message, &ca.agent);
  ASSERT_TRUE(third.issued()) << third.text();
  EXPECT_EQ(ca.send(message, &ca.agent).certificates, third.certificates);
}

TEST(Retry, WithoutANonceIsNoneWhenTheCertificateHasEnded) {
  TestAuthority ca{with_short_profile()};
  const auto message = without_nonce(ca, ca.alice);
  const auto first = ca.send(message, &ca.alice, "extra");
  ASSERT_TRUE(first.issued()) << first.text();
  ca.clock.advance(std::chrono::minutes{2});
  const auto second = ca.send(message, &ca.alice, "extra");
  ASSERT_TRUE(second.issued()) << second.text();
  EXPECT_NE(second.certificates, first.certificates);
}

TEST(Retry, WithANonceIsToldThatTheCertificateHasEnded) {
  TestAuthority ca{with_short_profile()};
  const auto message = ca.request(ca.alice, "CN=Alice,O=Test").octets;
  ASSERT_TRUE(ca.send(message, &ca.alice, "extra").issued());
  ca.clock.advance(std::chrono::minutes{2});
  const auto told = ca.send(message, &ca.alice, "extra");
  EXPECT_FALSE(told.issued());
  EXPECT_EQ(told.fail_info(), CMCFailInfo::badRequest);
  EXPECT_THAT(told.text(), testing::HasSubstr("ended at"));
}

TEST(Retry, UnderAnotherProfileIsNone) {
  TestAuthority ca{with_short_profile()};
  const auto message = without_nonce(ca, ca.agent);
  const auto first = ca.send(message, &ca.agent);
  ASSERT_TRUE(first.issued());
  const auto other = ca.send(message, &ca.agent, "caECFullCMCUserCert");
  ASSERT_TRUE(other.issued()) << other.text();
  EXPECT_NE(other.certificates, first.certificates);
  EXPECT_EQ(ca.send(message, &ca.agent).certificates, first.certificates);
  EXPECT_EQ(ca.send(message, &ca.agent, "caFullCMCUserCert").certificates, first.certificates)
      << "named or not";
  EXPECT_EQ(ca.send(message, &ca.agent, "caECFullCMCUserCert").certificates, other.certificates);
  EXPECT_THAT(ca.send(message, &ca.agent, "caNoSuch").text(),
              testing::HasSubstr("\"caNoSuch\" is not offered"));
  const auto with_nonce = ca.request(ca.alice, "CN=Alice,O=Test").octets;
  ASSERT_TRUE(ca.send(with_nonce, &ca.alice).issued());
  const auto told = ca.send(with_nonce, &ca.alice, "extra");
  EXPECT_EQ(told.fail_info(), CMCFailInfo::badRequest);
  EXPECT_THAT(told.text(), testing::HasSubstr("under profile \"caFullCMCUserSignedCert\""));
}

TEST(Retry, OfASimpleRequestIsOneForADayOnly) {
  TestAuthority ca;
  const auto message = ca.certification_request("CN=printer,O=Test");
  const auto first = ca.send(message, &ca.agent);
  ASSERT_TRUE(first.issued());
  ca.clock.advance(std::chrono::hours{25});
  const auto second = ca.send(message, &ca.agent);
  ASSERT_TRUE(second.issued()) << second.text();
  EXPECT_NE(second.certificates, first.certificates);
}

/// A message that asks anew every two minutes, and what a retry of it asks the store.
class AsksAnew : public testing::Test {
 protected:
  Told send() {
    ca.clock.advance(std::chrono::minutes{2});
    const auto told = ca.send(message, &ca.alice, "extra");
    EXPECT_TRUE(told.issued()) << told.text();
    return told;
  }
  Told send_often(int times) {
    Told last;
    for (int time = 0; time < times; ++time) last = send();
    return last;
  }
  std::size_t questions_of(const Told& expected) {
    const auto before = plan.steps();
    EXPECT_EQ(ca.send(message, &ca.alice, "extra").certificates, expected.certificates);
    return plan.steps() - before;
  }
  static TestAuthority::Choices over(store::Engine& engine) {
    auto choices = with_short_profile();
    choices.engine = &engine;
    return choices;
  }

  store::MemoryEngine memory;
  FaultPlan plan;
  FaultyEngine engine{memory, plan};
  TestAuthority ca{over(engine)};
  Bytes message = without_nonce(ca, ca.alice);
};

TEST_F(AsksAnew, IsFoundInAFewQuestionsHoweverOftenItDid) {
  plan.arm();
  const auto of_few = questions_of(send_often(9));
  const auto of_many = questions_of(send_often(300));
  EXPECT_LE(of_many, of_few + 12);
  EXPECT_EQ(ca.certificates_on_record(), 2U + 309);
}

TEST_F(AsksAnew, AsOftenAsItWillEachTimeOnce) {
  for (int time = 0; time < 40; ++time) {
    const auto told = send();
    EXPECT_EQ(ca.send(message, &ca.alice, "extra").certificates, told.certificates) << time;
  }
}

TEST_F(AsksAnew, StandsUnderEachProfileThatItCameUnder) {
  const auto last = send_often(9);
  const auto other = ca.send(message, &ca.alice);
  ASSERT_TRUE(other.issued()) << other.text();
  for (int time = 0; time < 2; ++time) {
    EXPECT_EQ(ca.send(message, &ca.alice, "extra").certificates, last.certificates);
    EXPECT_EQ(ca.send(message, &ca.alice).certificates, other.certificates);
  }
}

TEST(Retry, OfWhatAsksAnewIsGrantedOnceWhoeverCommitsFirst) {
  TestAuthority ca;
  authority::Inquiry inquiry;
  inquiry.octets = without_nonce(ca, ca.agent);
  inquiry.peer = {ca.agent.certificate.der, "192.0.2.1"};
  ASSERT_TRUE(ca.send(inquiry.octets, &ca.agent).issued());
  ca.clock.advance(std::chrono::hours{25});
  const auto one = ca.decide(inquiry);
  const auto two = ca.decide(inquiry);
  ASSERT_EQ(one.commit.certificates.size(), 1U);
  ASSERT_EQ(two.commit.certificates.size(), 1U);
  audit::MemoryJournal journal;
  const std::vector<const store::Commit*> batch{&one.commit, &two.commit};
  const auto outcomes = ca.engine().apply(batch, journal);
  EXPECT_TRUE(outcomes[0].durable());
  EXPECT_EQ(outcomes[1].conflict, store::Conflict::answered_before);
}

TEST(Retry, ARefusedMessageMayBeSentAgainOnceItsReasonIsGone) {
  TestAuthority ca;
  const auto sent = ca.request(ca.alice, "CN=Alice,O=Test");
  ASSERT_FALSE(ca.send(sent.octets, nullptr).issued());
  EXPECT_TRUE(ca.send(sent.octets, &ca.alice).issued());
}

/// One bit flipped, one octet at a time, over a whole valid message: no certificate ever comes of
/// an altered message, and the authority is whole afterwards.
class BitFlip : public testing::TestWithParam<client::RequestForm> {};

TEST_P(BitFlip, NeverACertificateForAnAlteredMessage) {
  /* matrix: S16 */
  TestAuthority ca;
  const auto sent = ca.request(ca.alice, "CN=Alice,O=Test", GetParam());
  const auto on_record = ca.certificates_on_record();
  auto altered = sent.octets;
  for (std::size_t i = 0; i < altered.size(); ++i) {
    const auto mask = static_cast<std::uint8_t>(1U << (i * 5 % 8));
    altered[i] ^= mask;
    EXPECT_FALSE(ca.send(altered, &ca.alice).issued()) << "octet " << i << ", mask " << int{mask};
    altered[i] ^= mask;
  }
  EXPECT_EQ(ca.certificates_on_record(), on_record);
  EXPECT_TRUE(ca.send(altered, &ca.alice).issued());
}

INSTANTIATE_TEST_SUITE_P(Forms, BitFlip,
                         testing::Values(client::RequestForm::pkcs10, client::RequestForm::crmf));

}  // namespace
}  // namespace signet::test
