#include "client/read_response.h"

#include <algorithm>
#include <type_traits>

#include "client/authentic_response.h"
#include "client/check_crl.h"
#include "codec/cmc/controls.h"
#include "support/response_scene.h"

namespace signet::client {
namespace {

using cmc::BodyPartID;
using cmc::CMCFailInfo;
using cmc::CMCStatus;
using test::unwrap;

/// Full responses: what is granted in them, and to whom.
class ReadResponse : public test::ResponseScene {};

// Nobody makes one but who checks.
template <typename Value>
constexpr bool kIsEvidence = !std::is_default_constructible_v<Value> && !std::is_aggregate_v<Value>;
static_assert(kIsEvidence<AuthenticResponse> && kIsEvidence<CheckedResponse> &&
              kIsEvidence<PublishedAnchors> && kIsEvidence<CrlFinding>);

// ------------------------------------------------------------------------- granted

TEST_F(ReadResponse, SuccessGivesTheCertificateWithOurKey) {
  /* matrix: C01, E54, E64, E101, E102, E105 */
  const auto checked = unwrap(read(answer({status(CMCStatus::success, {kRequest})}).encode()));
  EXPECT_TRUE(checked.success());
  EXPECT_FALSE(checked.simple);
  ASSERT_EQ(checked.certificates.size(), 1U);
  EXPECT_EQ(checked.certificates.front(), alice.certificate);
  ASSERT_EQ(checked.chain.size(), 1U);
  EXPECT_EQ(checked.chain.front(), ca.certificate());
}

TEST_F(ReadResponse, FindsOurCertificateWhereverItStands) {
  /* matrix: E56 */
  auto first = answer({status(CMCStatus::success, {kRequest})});
  std::swap(first.certificates.front(), first.certificates.back());
  EXPECT_EQ(unwrap(read(first.encode())).certificates.front(), alice.certificate);
}

TEST_F(ReadResponse, OfTwoCertificatesWithOurKeyTakesTheNewer) {
  const auto older = ca.issue({.key = alice.key,
                               .validity = {test::kTestTime - std::chrono::hours{48},
                                            test::kTestTime + std::chrono::hours{1}}});
  auto both = answer({status(CMCStatus::success, {kRequest})});
  both.certificates.push_back(older.certificate.der);
  EXPECT_EQ(unwrap(read(both.encode())).certificates.front(), alice.certificate);
}

TEST_F(ReadResponse, TakesACertificateThatBeginsLaterAndNoneThatHasEnded) {
  const auto answered = [&](const pkix::Validity& validity) {
    auto both = answer({status(CMCStatus::success, {kRequest})});
    const auto given = ca.issue({.key = alice.key, .validity = validity}).certificate;
    std::replace(both.certificates.begin(), both.certificates.end(), alice.certificate.der,
                 given.der);
    return both.encode();
  };
  constexpr std::chrono::days kDay{1};
  const auto later = answered({test::kTestTime + 30 * kDay, test::kTestTime + 60 * kDay});
  EXPECT_EQ((*unwrap(read(later)).certificates.front())->validity.not_before,
            test::kTestTime + 30 * kDay);
  EXPECT_EQ(fault_of(answered({test::kTestTime - 60 * kDay, test::kTestTime - kDay})),
            Fault::untrusted_signer);
  const auto beyond_authority = test::kTestTime + std::chrono::years{50};
  EXPECT_EQ(fault_of(answered({beyond_authority, beyond_authority + kDay})),
            Fault::untrusted_signer);
}

/// What is partial, by this token.
cmc::TaggedAttribute partial_status() {
  cmc::CMCStatusInfoV2 status;
  status.cmc_status = CMCStatus::partial;
  status.body_list = {BodyPartID{1}};
  status.other_info = cmc::PendInfo{Bytes{7, 7}, test::kTestTime};
  return test::control(0, cmc::oid::kStatusInfoV2, cmc::write_cmc_status_info_v2(status));
}

TEST_F(ReadResponse, PartialGivesTheCertificateThatCameAndWhatAsksForTheRest) {
  const auto checked = unwrap(read(answer({partial_status()}).encode()));
  EXPECT_FALSE(checked.success());
  EXPECT_EQ(checked.certificates.front(), alice.certificate);
  ASSERT_TRUE(checked.pending());
  EXPECT_EQ(checked.pending()->pend_token, (Bytes{7, 7}));
  const auto alone = unwrap(read(answer({partial_status()}, false).encode()));
  EXPECT_EQ(alone.certificates.front(), std::nullopt);
  EXPECT_TRUE(alone.pending());
}

TEST_F(ReadResponse, WhatWasBroughtBeforeNeedNotComeAgain) {
  const auto rest = answer({status(CMCStatus::success, {kRequest})}, false).encode();
  EXPECT_EQ(fault_of(rest), Fault::possession_failed);
  sent.brought_before = {alice.certificate};
  const auto checked = unwrap(read(rest));
  EXPECT_TRUE(checked.success());
  EXPECT_EQ(checked.certificates.front(), alice.certificate);
  const auto refusal =
      answer({status(CMCStatus::failed, {kRequest}, CMCFailInfo::badRequest)}, false).encode();
  EXPECT_EQ(unwrap(read(refusal)).certificates.front(), std::nullopt);
}

TEST_F(ReadResponse, WhatWasBroughtBeforeIsTrustedNoMoreThanWhatComes) {
  const auto rest = answer({status(CMCStatus::success, {kRequest})}, false).encode();
  const auto bob = ca.issue({.subject = "CN=Bob", .key = test::test_key("ec:p256", 2)});
  sent.brought_before = {bob.certificate};
  EXPECT_EQ(fault_of(rest), Fault::possession_failed) << "another key";
  test::TestCa stranger{"CN=Stranger", test::test_key("ec:p256", 9)};
  sent.brought_before = {stranger.issue({.key = alice.key}).certificate};
  EXPECT_EQ(fault_of(rest), Fault::untrusted_signer);
}

TEST_F(ReadResponse, AbsentStatusMeansSuccess) {
  /* matrix: E68 */
  const auto checked = unwrap(read(answer({}).encode()));
  EXPECT_TRUE(checked.success());
  EXPECT_TRUE(checked.verdicts.empty());
}

TEST_F(ReadResponse, StatusOfTheFirstVersionIsReadWhereThereIsNoOther) {
  /* matrix: C04, E64 */
  const cmc::CMCStatusInfo old{CMCStatus::failed, {kRequest}, "sorry", CMCFailInfo::badIdentity};
  const auto checked = unwrap(
      read(answer({{BodyPartID{}, cmc::oid::kStatusInfo, {cmc::write_cmc_status_info(old)}}}, false)
               .encode()));
  ASSERT_EQ(checked.verdicts.size(), 1U);
  EXPECT_EQ(checked.verdicts.front().fail_info, CMCFailInfo::badIdentity);
  EXPECT_EQ(checked.verdicts.front().text, "sorry");
}

// ------------------------------------------------------------------------- not granted

TEST_F(ReadResponse, RefusalTellsStatusFailInfoPartsAndText) {
  /* matrix: E64 */
  const cmc::CMCStatusInfoV2 refusal{
      CMCStatus::failed, {kRequest}, "not your name", CMCFailInfo::badIdentity};
  const auto checked = unwrap(read(
      answer({{BodyPartID{}, cmc::oid::kStatusInfoV2, {cmc::write_cmc_status_info_v2(refusal)}}},
             false)
          .encode()));
  EXPECT_FALSE(checked.success());
  ASSERT_EQ(checked.verdicts.size(), 1U);
  EXPECT_EQ(checked.verdicts.front().status, CMCStatus::failed);
  EXPECT_EQ(checked.verdicts.front().fail_info, CMCFailInfo::badIdentity);
  EXPECT_EQ(checked.verdicts.front().body_list, (std::vector<cmc::BodyPartReference>{kRequest}));
  EXPECT_EQ(checked.verdicts.front().text, "not your name");
  EXPECT_FALSE(checked.certificates.front().has_value());
}

TEST_F(ReadResponse, SeveralStatusesForOneRequestAreAllTold) {
  /* matrix: E61 */
  const auto checked =
      unwrap(read(answer({status(CMCStatus::success, {kRequest}),
                          status(CMCStatus::failed, {kRequest}, CMCFailInfo::badRequest)})
                      .encode()));
  EXPECT_EQ(checked.verdicts.size(), 2U);
  EXPECT_FALSE(checked.success());
  EXPECT_FALSE(checked.certificates.front().has_value());
}

class WithheldStatus : public ReadResponse, public ::testing::WithParamInterface<CMCStatus> {};
TEST_P(WithheldStatus, GivesNoCertificateAndIsNoSuccess) {
  const auto checked = unwrap(read(answer({status(GetParam(), {kRequest})}).encode()));
  EXPECT_FALSE(checked.success());
  EXPECT_FALSE(checked.certificates.front().has_value());
}
INSTANTIATE_TEST_SUITE_P(All, WithheldStatus,
                         ::testing::Values(CMCStatus::failed, CMCStatus::noSupport,
                                           CMCStatus::popRequired));

TEST_F(ReadResponse, ConfirmRequiredGivesTheCertificateButIsNoSuccess) {
  const auto checked =
      unwrap(read(answer({status(CMCStatus::confirmRequired, {kRequest})}).encode()));
  EXPECT_EQ(checked.certificates.front(), alice.certificate);
  EXPECT_FALSE(checked.success());
}

TEST_F(ReadResponse, RefusalOfThePKIDataRefusesEachRequest) {
  const auto checked = unwrap(
      read(answer({status(CMCStatus::failed, {cmc::kThisPKIData}, CMCFailInfo::badRequest)}, false)
               .encode()));
  EXPECT_FALSE(checked.certificates.front().has_value());
}

TEST_F(ReadResponse, RefusalOfAControlExcusesTheMissingCertificate) {
  const auto checked = unwrap(
      read(answer({status(CMCStatus::failed, {BodyPartID{44}}, CMCFailInfo::badRequest)}, false)
               .encode()));
  EXPECT_FALSE(checked.success());
}

TEST_F(ReadResponse, MereRefusalMayLackNonceAndTransaction) {
  const auto refusal = unanswered(
      {status(CMCStatus::failed, {cmc::kThisPKIData}, CMCFailInfo::badMessageCheck)}, false);
  EXPECT_FALSE(unwrap(read(refusal.encode())).success());
}

TEST_F(ReadResponse, FullRefusalOfASimpleRequestNeedsNoNonce) {
  ask_simply();
  const auto checked = unwrap(
      read(unanswered({status(CMCStatus::failed, {kRequest}, CMCFailInfo::badIdentity)}, false)
               .encode()));
  EXPECT_EQ(checked.verdicts.front().fail_info, CMCFailInfo::badIdentity);
}

// ------------------------------------------------------------------------- another exchange's

TEST_F(ReadResponse, RefusesAnswerWithAnotherNonce) {
  /* matrix: E102, E105 */
  const auto octets = answer({status(CMCStatus::success, {kRequest})}).encode();
  sent.sender_nonce.back() ^= 1;
  EXPECT_EQ(fault_of(octets), Fault::replayed);
}

TEST_F(ReadResponse, RefusesAnswerOfAnotherTransaction) {
  /* matrix: E101 */
  const auto octets = answer({status(CMCStatus::success, {kRequest})}).encode();
  sent.transaction_id = asn1::Integer::from(0x1235);
  EXPECT_EQ(fault_of(octets), Fault::replayed);
}

TEST_F(ReadResponse, RefusesSuccessWithoutNonceAndTransaction) {
  /* matrix: E105 */
  EXPECT_EQ(fault_of(unanswered({status(CMCStatus::success, {kRequest})}).encode()),
            Fault::replayed);
}

TEST_F(ReadResponse, RefusesMereRefusalWithAnotherNonce) {
  /* matrix: E105 */
  const auto octets = answer({status(CMCStatus::failed, {kRequest})}, false).encode();
  sent.sender_nonce.front() ^= 1;
  EXPECT_EQ(fault_of(octets), Fault::replayed);
}

TEST_F(ReadResponse, RefusesAnswerWithoutTheDataReturnSent) {
  const auto octets = answer({status(CMCStatus::success, {kRequest})}).encode();
  sent.data_return = Bytes{1, 2, 3};
  EXPECT_EQ(fault_of(octets), Fault::replayed);
}

TEST_F(ReadResponse, TakesAnswerWithTheDataReturnSent) {
  sent.data_return = Bytes{1, 2, 3};
  const auto octets =
      answer({status(CMCStatus::success, {kRequest}),
              {BodyPartID{}, cmc::oid::kDataReturn, {cmc::write_octets_value(Bytes{1, 2, 3})}}})
          .encode();
  EXPECT_TRUE(unwrap(read(octets)).success());
}

TEST_F(ReadResponse, RefusesTwoRecipientNonces) {
  auto controls = echo();
  controls.push_back(controls[1]);
  EXPECT_EQ(fault_of(unanswered(controls).encode()), Fault::malformed);
}

TEST_F(ReadResponse, RefusesTwoElementsWithOneBodyPartID) {
  /* matrix: E44 */
  auto controls = echo();
  for (auto& control : controls) control.body_part_id = BodyPartID{5};
  auto message = answer({});
  message.content = cmc::write_pki_response({controls, {}, {}});
  EXPECT_EQ(fault_of(message.encode()), Fault::duplicate_body_part);
}

// ------------------------------------------------------------------------- which certificate

TEST_F(ReadResponse, RefusesSuccessWithoutACertificateForOurKey) {
  auto message = answer({status(CMCStatus::success, {kRequest})}, false);
  message.certificates.push_back(ca.issue({.key = test::test_key("ec:p256", 6)}).certificate.der);
  EXPECT_EQ(fault_of(message.encode()), Fault::possession_failed);
}

TEST_F(ReadResponse, RefusesOurKeyInACertificateOfAStranger) {
  /* matrix: E58 */
  test::TestCa stranger{"CN=Test CA,O=Test", test::test_key("ec:p256", 4)};
  auto message = answer({status(CMCStatus::success, {kRequest})}, false);
  message.certificates.push_back(stranger.issue({.key = alice.key}).certificate.der);
  EXPECT_EQ(fault_of(message.encode()), Fault::untrusted_signer);
}

TEST_F(ReadResponse, RefusesOurKeyInASelfSignedCertificate) {
  /* matrix: E58 */
  test::TestCa self{"CN=Alice,O=Test", alice.key};
  auto message = answer({status(CMCStatus::success, {kRequest})}, false);
  message.certificates.push_back(self.certificate().der);
  EXPECT_EQ(fault_of(message.encode()), Fault::untrusted_signer);
}

// ------------------------------------------------------------------------- octets

TEST_F(ReadResponse, RefusesOctetsThatAreNoMessage) {
  EXPECT_EQ(fault_of(as_bytes("<html>Not found</html>")), Fault::malformed);
}

TEST_F(ReadResponse, RefusesMessageThatIsNoResponse) {
  auto message = answer({status(CMCStatus::success, {kRequest})});
  message.content_type = cmc::oid::kPKIData;
  EXPECT_EQ(fault_of(message.encode()), Fault::malformed);
}

TEST_F(ReadResponse, RefusesTrailingOctet) {
  auto octets = answer({status(CMCStatus::success, {kRequest})}).encode();
  octets.push_back(0);
  EXPECT_EQ(fault_of(octets), Fault::trailing_data);
}

TEST_F(ReadResponse, LargerThanOneMessageIsStillReadOnce) {
  const auto large =
      test::control(0, asn1::Oid{"1.2.3.4"}, cmc::write_octets_value(Bytes(300UL * 1024, 7)));
  const auto checked =
      unwrap(read(answer({status(CMCStatus::success, {kRequest}), large}).encode()));
  EXPECT_TRUE(checked.success());
  EXPECT_FALSE(checked.published_anchors) << "it says nothing of trust anchors";
}

}  // namespace
}  // namespace signet::client
