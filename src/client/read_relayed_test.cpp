#include "client/read_relayed.h"

#include <gtest/gtest.h>

#include "client/encryption.h"
#include "codec/cmc/oids.h"
#include "envelope/authenticated_data.h"
#include "envelope/signed_data.h"
#include "support/message_builder.h"
#include "support/test_ca.h"
#include "support/unwrap.h"

namespace signet::client {
namespace {

using cmc::BodyPartID;
using cmc::CMCFailInfo;
using cmc::CMCStatus;
using test::unwrap;

constexpr BodyPartID kFirst{1};
constexpr BodyPartID kSecond{2};
constexpr BodyPartID kBatchControl{5};

/// Two messages were relayed; an authority answers rightly or wrongly.
class ReadRelayed : public ::testing::Test {
 protected:
  struct Item {
    BodyPartID id;
    Bytes octets;
  };

  ReadRelayed() {
    relay.sent.transaction_id = asn1::Integer::from(0x1234);
    relay.sent.sender_nonce = Bytes(32, 0x5A);
    relay.items = {{kFirst, Bytes{1}}, {kSecond, Bytes{2}}};
  }

  static cmc::TaggedAttribute status(CMCStatus word, std::vector<cmc::BodyPartReference> parts,
                                     std::optional<CMCFailInfo> fail_info = {}) {
    cmc::CMCStatusInfoV2 value{word, std::move(parts), std::nullopt, std::nullopt};
    if (fail_info) value.other_info = *fail_info;
    return test::control(0, cmc::oid::kStatusInfoV2, cmc::write_cmc_status_info_v2(value));
  }
  static cmc::TaggedAttribute partial(std::vector<cmc::BodyPartReference> parts,
                                      std::optional<cmc::PendInfo> pend_info) {
    cmc::CMCStatusInfoV2 value{CMCStatus::partial, std::move(parts), std::nullopt, std::nullopt};
    if (pend_info) value.other_info = *std::move(pend_info);
    return test::control(0, cmc::oid::kStatusInfoV2, cmc::write_cmc_status_info_v2(value));
  }
  static cmc::TaggedAttribute nonce(Bytes octets) {
    return test::control(0, cmc::oid::kRecipientNonce, cmc::write_octets_value(octets));
  }
  static cmc::TaggedAttribute listed(const cmc::BodyPartList& ids) {
    return test::control(0, cmc::oid::kBatchResponses, cmc::write_body_part_list_value(ids));
  }
  [[nodiscard]] Bytes signed_response(std::vector<cmc::TaggedAttribute> controls,
                                      const std::vector<Item>& items) const {
    std::uint32_t id = 1000;
    for (auto& control : controls) control.body_part_id = BodyPartID{id++};
    cmc::PKIResponse response{std::move(controls), {}, {}};
    for (const auto& item : items) {
      response.cms_sequence.push_back({item.id, unwrap(cms::read_content_info(item.octets))});
    }
    test::SignedMessage message{.content = cmc::write_pki_response(response),
                                .content_type = cmc::oid::kPKIResponse,
                                .signers = {test::signed_by({ca_key, ca.certificate()})},
                                .certificates = {ca.certificate().der}};
    return message.encode();
  }
  /// The CA's own answer to a client whose nonce this was.
  [[nodiscard]] Bytes answer_to(Bytes client_nonce, CMCStatus word,
                                std::optional<CMCFailInfo> fail_info = {}) const {
    return signed_response({status(word, {BodyPartID{1}}, fail_info), nonce(client_nonce)}, {});
  }
  /// The answer to the RA: what is echoed, and these.
  [[nodiscard]] Bytes batch(std::vector<cmc::TaggedAttribute> controls,
                            const std::vector<Item>& items) const {
    controls.push_back(test::control(0, cmc::oid::kTransactionId,
                                     cmc::write_integer_value(relay.sent.transaction_id)));
    controls.push_back(nonce(relay.sent.sender_nonce));
    return signed_response(std::move(controls), items);
  }
  [[nodiscard]] Result<RelayedResponse> read(ByteView octets) const {
    return read_relayed(octets, relay, trust, test::kTestTime);
  }
  [[nodiscard]] Fault fault_of(ByteView octets) const {
    const auto response = read(octets);
    return response.ok() ? Fault::internal : response.error().fault;
  }
  /// What one answer, in the place of the first, comes out as.
  [[nodiscard]] RelayedAnswer read_one(const Bytes& octets,
                                       std::vector<cmc::TaggedAttribute> more = {}) const {
    more.push_back(listed({kFirst, kSecond}));
    return unwrap(read(batch(std::move(more), {{kFirst, octets}, {kSecond, second}}))).answers[0];
  }

  test::Key ca_key = test::test_key("ec:p256", 0);
  test::TestCa ca{"CN=Test CA,O=Test", ca_key};
  proof::Trust trust = unwrap(proof::Trust::make({ca.certificate()}, {}));
  SentRelay relay;
  Bytes first = answer_to({1}, CMCStatus::success);
  Bytes second = answer_to({2}, CMCStatus::failed, CMCFailInfo::badIdentity);
};

// ------------------------------------------------------------ which answers whom

TEST_F(ReadRelayed, FindsEachAnswerByTheIdOfItsMessageInWhateverOrder) {
  /* matrix: C78 */
  const auto response =
      unwrap(read(batch({status(CMCStatus::success, {kBatchControl}), listed({kSecond, kFirst})},
                        {{kSecond, second}, {kFirst, first}})));
  ASSERT_EQ(response.answers.size(), 2U);
  EXPECT_EQ(response.answers[0].octets, first);
  EXPECT_EQ(response.answers[0].outcome, RelayedOutcome::granted);
  EXPECT_EQ(response.answers[1].octets, second);
  EXPECT_EQ(response.answers[1].outcome, RelayedOutcome::refused);
  EXPECT_EQ(response.answers[1].verdicts.at(0).fail_info, CMCFailInfo::badIdentity);
  EXPECT_EQ(response.verdicts.at(0).status, CMCStatus::success);
}

TEST_F(ReadRelayed, TakesAsManyAnswersAsAServerGives) {
  const std::vector<Bytes> chain(8, ca.certificate().der);
  const auto large = envelope::seal_certificates_only(chain);
  std::vector<Item> answers;
  cmc::BodyPartList ids;
  relay.items.clear();
  for (std::uint32_t id = 1; id <= 100; ++id) {
    relay.items.push_back({BodyPartID{id}, {}});
    answers.push_back({BodyPartID{id}, large});
    ids.push_back(BodyPartID{id});
  }
  const auto octets = batch({listed(ids)}, answers);
  EXPECT_GT(octets.size(), 256U * 1024);
  EXPECT_EQ(unwrap(read(octets)).answers.size(), 100U);
}

TEST_F(ReadRelayed, TakesTheOrderOfTheListWhereTheIdsAreTheServersOwn) {
  const BodyPartID other{30};
  const auto response =
      unwrap(read(batch({listed({other, kSecond})}, {{kSecond, second}, {other, first}})));
  EXPECT_EQ(response.answers[0].octets, first);
  EXPECT_EQ(response.answers[1].octets, second);
}

TEST_F(ReadRelayed, RefusesFewerAnswersUnderIdsOfTheServersOwn) {
  const auto refused = read(batch({listed({BodyPartID{30}})}, {{BodyPartID{30}, first}}));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault, Fault::malformed);
  EXPECT_NE(refused.error().detail.find("1 of 2 messages"), std::string::npos);
}

TEST_F(ReadRelayed, RefusesAListThatDoesNotAgreeWithWhatIsThere) {
  const std::vector<Item> both{{kFirst, first}, {kSecond, second}};
  EXPECT_EQ(fault_of(batch({listed({kFirst, kSecond, BodyPartID{3}})}, both)), Fault::malformed);
  EXPECT_EQ(fault_of(batch({listed({kFirst, kFirst}), status(CMCStatus::failed, {kSecond})}, both)),
            Fault::malformed);
  EXPECT_EQ(fault_of(batch({listed({kFirst, kSecond}), listed({kFirst, kSecond})}, both)),
            Fault::malformed);
}

TEST_F(ReadRelayed, PassesOverWhatIsNotListed) {
  const auto response = unwrap(read(batch({status(CMCStatus::failed, {kSecond}), listed({kFirst})},
                                          {{kFirst, first}, {kSecond, second}})));
  EXPECT_FALSE(response.answers[1].octets.has_value());
}

TEST_F(ReadRelayed, RefusesAnswersThatWereMixedUp) {
  EXPECT_EQ(fault_of(batch({listed({kFirst, kSecond})}, {{kFirst, second}, {kSecond, first}})),
            Fault::replayed);
}

// ------------------------------------------------------------ what has no answer of its own

TEST_F(ReadRelayed, TellsByTheStatusAroundWhatHasNoAnswer) {
  const auto response =
      unwrap(read(batch({status(CMCStatus::success, {kBatchControl}),
                         status(CMCStatus::failed, {cmc::BodyPartPath{kSecond, BodyPartID{102}}},
                                CMCFailInfo::badRequest),
                         listed({kFirst})},
                        {{kFirst, first}})));
  EXPECT_TRUE(response.has_answers());
  EXPECT_FALSE(response.answers[1].octets.has_value());
  EXPECT_EQ(response.answers[1].outcome, RelayedOutcome::refused);
  EXPECT_EQ(response.answers[1].verdicts.at(0).fail_info, CMCFailInfo::badRequest);
}

TEST_F(ReadRelayed, RefusesAnAnswerThatPassesOverAMessage) {
  EXPECT_EQ(fault_of(batch({status(CMCStatus::success, {kBatchControl}), listed({kFirst})},
                           {{kFirst, first}})),
            Fault::malformed);
  EXPECT_EQ(fault_of(batch({status(CMCStatus::success, {kBatchControl})}, {})), Fault::malformed);
}

TEST_F(ReadRelayed, RefusalOfTheWholeIsThatOfEachMessage) {
  for (const auto part : {cmc::kThisPKIData, kBatchControl}) {
    const auto response =
        unwrap(read(batch({status(CMCStatus::failed, {part}, CMCFailInfo::badIdentity)}, {})));
    EXPECT_FALSE(response.has_answers());
    for (const auto& answer : response.answers) {
      EXPECT_EQ(answer.outcome, RelayedOutcome::refused);
      EXPECT_EQ(answer.verdicts.at(0).fail_info, CMCFailInfo::badIdentity);
    }
  }
}

TEST_F(ReadRelayed, AnAnswerCountsWhateverIsSaidOfItsMessageAroundIt) {
  const auto answer = read_one(first, {status(CMCStatus::failed, {kFirst, kSecond})});
  EXPECT_EQ(answer.outcome, RelayedOutcome::granted);  // AMB-20
  EXPECT_EQ(answer.octets, first);
}

// ------------------------------------------------------------ what comes later

TEST_F(ReadRelayed, NamesWhatAsksForTheAnswersThatComeLater) {
  /* matrix: E137 */
  const cmc::PendInfo token{Bytes{0xAB}, test::kTestTime};
  const auto response = unwrap(
      read(batch({partial({cmc::kThisPKIData}, token), listed({kFirst})}, {{kFirst, first}})));
  EXPECT_EQ(response.rest, token);
  EXPECT_FALSE(response.answers[0].comes_later());
  EXPECT_TRUE(response.answers[1].comes_later());
  EXPECT_EQ(response.answers[1].outcome, RelayedOutcome::pending);
}

TEST_F(ReadRelayed, ReadsTheLastPartAsItReadsAWhole) {
  /* matrix: E137 */
  relay.items = {relay.items[1]};
  relay.asks_for_rest = true;
  const auto response = unwrap(read(batch(
      {status(CMCStatus::success, {cmc::kThisPKIData}), listed({kSecond})}, {{kSecond, second}})));
  EXPECT_FALSE(response.rest.has_value());
  EXPECT_EQ(response.answers.at(0).octets, second);
}

TEST_F(ReadRelayed, GivesNoMessageOfARestWhatAnswersOneOfBefore) {
  const auto without_nonce = signed_response({status(CMCStatus::success, {BodyPartID{1}})}, {});
  relay.items = {relay.items[1]};
  relay.asks_for_rest = true;
  const cmc::PendInfo token{Bytes{0xAB}, test::kTestTime};
  const auto response = unwrap(read(
      batch({partial({cmc::kThisPKIData}, token), listed({kFirst})}, {{kFirst, without_nonce}})));
  EXPECT_FALSE(response.answers.at(0).octets.has_value());
  EXPECT_TRUE(response.answers.at(0).comes_later());
}

TEST_F(ReadRelayed, AsksForNothingWhereAllIsThereOrNothingWasGivenToAskBy) {
  const cmc::PendInfo token{Bytes{0xAB}, test::kTestTime};
  EXPECT_FALSE(unwrap(read(batch({partial({cmc::kThisPKIData}, token), listed({kFirst, kSecond})},
                                 {{kFirst, first}, {kSecond, second}})))
                   .rest.has_value());
  const auto nameless =
      unwrap(read(batch({partial({cmc::kThisPKIData}, {}), listed({kFirst})}, {{kFirst, first}})));
  EXPECT_FALSE(nameless.rest.has_value());
  EXPECT_TRUE(nameless.answers[1].comes_later());
}

TEST_F(ReadRelayed, TakesNoPartThatAnswersWhatIsNotAskedFor) {
  relay.items = {relay.items[1]};
  relay.asks_for_rest = true;
  EXPECT_EQ(fault_of(batch({status(CMCStatus::success, {cmc::kThisPKIData}), listed({kSecond})},
                           {{kSecond, first}})),
            Fault::replayed);
}

// ------------------------------------------------------------ what an answer says

TEST_F(ReadRelayed, OutcomesOfFullResponses) {
  EXPECT_EQ(read_one(answer_to({1}, CMCStatus::confirmRequired)).outcome, RelayedOutcome::granted);
  EXPECT_EQ(read_one(answer_to({1}, CMCStatus::pending)).outcome, RelayedOutcome::pending);
  EXPECT_EQ(read_one(answer_to({1}, CMCStatus::noSupport)).outcome, RelayedOutcome::refused);
  const auto challenge =
      signed_response({status(CMCStatus::failed, {BodyPartID{1}}, CMCFailInfo::popRequired),
                       test::control(0, cmc::oid::kEncryptedPOP, Bytes{0x30, 0x00}), nonce({1})},
                      {});
  EXPECT_EQ(read_one(challenge).outcome, RelayedOutcome::must_prove);
  EXPECT_EQ(read_one(answer_to({1}, CMCStatus::failed, CMCFailInfo::popRequired)).outcome,
            RelayedOutcome::refused)
      << "without a challenge";
}

TEST_F(ReadRelayed, CertificatesAloneAreSuccess) {
  const auto certificates = envelope::seal_certificates_only({ca.certificate().der});
  EXPECT_EQ(read_one(certificates).outcome, RelayedOutcome::granted);
  EXPECT_EQ(read_one(envelope::seal_certificates_only({})).outcome, RelayedOutcome::unreadable);
}

TEST_F(ReadRelayed, AnAuthenticatedAnswerIsReadWithoutItsSecret) {
  const cmc::PKIResponse response{{status(CMCStatus::failed, {BodyPartID{1}})}, {}, {}};
  const SecretBytes password{std::string_view{"alice and her secret"}};
  const auto content = cmc::write_pki_response(response);
  const auto sealed = unwrap(envelope::seal_authenticated_data(
      {.content_type = cmc::oid::kPKIResponse, .content = content, .password = password},
      crypto::system_random()));
  const auto answer = read_one(sealed);
  EXPECT_EQ(answer.outcome, RelayedOutcome::refused);
  EXPECT_EQ(answer.octets, sealed);
}

TEST_F(ReadRelayed, AnEncryptedAnswerIsHandedOnAndSpokenOfByWhatStandsAroundIt) {
  const auto alice = ca.issue(
      {.key = test::test_key("rsa:2048"), .key_usage = {pkix::KeyUsageBit::keyEncipherment}});
  const auto encrypted = unwrap(encrypt_request(first, alice.certificate, crypto::system_random()));
  EXPECT_EQ(read_one(encrypted).outcome, RelayedOutcome::unreadable);
  EXPECT_EQ(read_one(encrypted).octets, encrypted);
  EXPECT_EQ(read_one(encrypted, {status(CMCStatus::failed, {kFirst})}).outcome,
            RelayedOutcome::refused);
  EXPECT_EQ(read_one(encrypted, {status(CMCStatus::failed, {kSecond})}).outcome,
            RelayedOutcome::unreadable);
}

// ------------------------------------------------------------ whose answer it is

TEST_F(ReadRelayed, RefusesAnotherTransactionsAnswer) {
  /* matrix: E101, E105 */
  const auto octets = batch({listed({kFirst, kSecond})}, {{kFirst, first}, {kSecond, second}});
  EXPECT_TRUE(read(octets).ok());
  relay.sent.sender_nonce = Bytes(32, 0x5B);
  EXPECT_EQ(fault_of(octets), Fault::replayed);
}

TEST_F(ReadRelayed, DemandsOurNonceBackWhereThereAreAnswersHoweverMuchIsRefused) {
  EXPECT_TRUE(read(signed_response({status(CMCStatus::failed, {cmc::kThisPKIData})}, {})).ok());
  EXPECT_EQ(fault_of(signed_response(
                {status(CMCStatus::failed, {cmc::kThisPKIData}), listed({kFirst, kSecond})},
                {{kFirst, first}, {kSecond, second}})),
            Fault::replayed);
}

TEST_F(ReadRelayed, RefusesAnAuthorityThatIsNotTrusted) {
  const test::TestCa other{"CN=Test CA,O=Test", test::test_key("ec:p256", 9)};
  trust = unwrap(proof::Trust::make({other.certificate()}, {}));
  EXPECT_EQ(fault_of(batch({listed({kFirst, kSecond})}, {{kFirst, first}, {kSecond, second}})),
            Fault::untrusted_signer);
}

TEST_F(ReadRelayed, AnAnswerOfTheFirstVersionIsRead) {
  /* matrix: C05 */
  const cmc::CMCStatusInfo old{CMCStatus::failed, {BodyPartID{1}}, "sorry", CMCFailInfo::badTime};
  const auto answer = read_one(signed_response(
      {test::control(0, cmc::oid::kStatusInfo, cmc::write_cmc_status_info(old)), nonce({1})}, {}));
  EXPECT_EQ(answer.outcome, RelayedOutcome::refused);
  EXPECT_EQ(answer.verdicts.at(0).fail_info, CMCFailInfo::badTime);
}

// ------------------------------------------------------------ answers in answers

TEST_F(ReadRelayed, AnAnswerSaysWhatTheAnswerInItSays) {
  /* matrix: C88 */
  const auto body =
      test::control(0, cmc::oid::kResponseBody, cmc::write_body_part_list_value({kFirst}));
  const auto refused = answer_to({9}, CMCStatus::failed, CMCFailInfo::badIdentity);
  const auto around = [&](const Bytes& inside) {
    return signed_response({status(CMCStatus::success, {BodyPartID{1}}), nonce({1}), body},
                           {{kFirst, inside}});
  };
  EXPECT_EQ(read_one(around(answer_to({9}, CMCStatus::success))).outcome, RelayedOutcome::granted);
  const auto message = around(refused);
  const auto answer = read_one(message);
  EXPECT_EQ(answer.outcome, RelayedOutcome::refused);
  EXPECT_EQ(answer.verdicts.size(), 2U);
  EXPECT_EQ(answer.octets, message) << "handed on as it came";
  EXPECT_EQ(read_one(signed_response({body}, {})).outcome, RelayedOutcome::unreadable)
      << "a body that is not there";
}

}  // namespace
}  // namespace signet::client
