// What is granted: every kind of request that this authority serves, and what its answer holds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/encoding.h"
#include "codec/asn1/writer.h"
#include "store/memory_engine.h"
#include "support/reseal.h"

namespace signet::test {
namespace {

using audit::EventOutcome;
using authority::ResponseKind;
using cmc::CMCStatus;

Bytes octets_of(const Told& told, const asn1::Oid& type) {
  const auto* found = cmc::find_control(told.controls, type);
  return found == nullptr ? Bytes{} : cmc::read_octets_value(found->attr_values.front()).value();
}

TEST(Enrollment, AgentSignedPkcs10IsGrantedWithTheSubjectAskedFor) {
  /* matrix: A01, A02, A04, A07, B02, B04, C03, E55, E62, D12 */
  TestAuthority ca;
  const auto sent = ca.request(ca.agent, "CN=Bob,O=Test");
  const auto told = ca.send(sent.octets, &ca.agent);
  ASSERT_EQ(told.kind, ResponseKind::full);
  EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
  ASSERT_EQ(told.certificates.size(), 1U);
  EXPECT_EQ(pkix::to_text(told.certificates[0]->subject), "CN=Bob,O=Test");
  EXPECT_EQ(told.certificates[0]->subject_public_key_info, sent.keys[0]);
  EXPECT_TRUE(told.names(sent.request_ids[0].value));
}

TEST(Enrollment, AgentSignedCrmfIsGranted) {
  /* matrix: A06, E29 */
  TestAuthority ca;
  const auto sent = ca.request(ca.agent, "CN=Bob,O=Test", client::RequestForm::crmf);
  const auto told = ca.send(sent.octets, &ca.agent);
  EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
  EXPECT_EQ(told.certificates.size(), 1U);
}

TEST(Enrollment, UserSignedRequestsOfBothFormsAreGrantedForTheUserItself) {
  /* matrix: E82, E17 */
  TestAuthority ca;
  for (const auto form : {client::RequestForm::pkcs10, client::RequestForm::crmf}) {
    const auto told = ca.send(ca.request(ca.alice, "CN=Alice,O=Test", form).octets, &ca.alice);
    ASSERT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
    ASSERT_EQ(told.certificates.size(), 1U);
    EXPECT_EQ(told.certificates[0]->subject, ca.alice.certificate->subject);
    EXPECT_TRUE(told.has_event("CMC_USER_SIGNED_REQUEST_SIG_VERIFY", EventOutcome::success));
  }
}

TEST(Enrollment, RsaAuthorityServesRsaAndEcRequesters) {
  /* matrix: B01, B03 */
  TestAuthority ca({.ca_key = "rsa:2048"});
  const auto carol = ca.enroll("CN=Carol,O=Test", "rsa:2048");
  const auto told = ca.send(ca.request(carol, "CN=Carol,O=Test").octets, &carol);
  EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
  EXPECT_EQ(told.certificates.size(), 1U);
}

TEST(Enrollment, SimpleRequestOfAnAgentGetsASimpleResponse) {
  /* matrix: A03, A05, E01, E51 */
  TestAuthority ca;
  const auto told = ca.send(ca.certification_request("CN=printer,O=Test"), &ca.agent);
  EXPECT_EQ(told.kind, ResponseKind::simple);
  EXPECT_EQ(told.certificates.size(), 1U);
}

TEST(Enrollment, SimpleRequestIsNotForAProfileWhoseCertificatesAreConfirmed) {
  TestAuthority::Choices choices;
  choices.settings.confirmed_profiles = {choices.settings.simple_profile};
  TestAuthority ca{choices};
  const auto told = ca.send(ca.certification_request("CN=printer,O=Test"), &ca.agent);
  EXPECT_FALSE(told.issued());
  EXPECT_EQ(told.fail_info(), cmc::CMCFailInfo::badRequest);
  EXPECT_NE(told.text().find("must be confirmed"), std::string::npos) << told.text();
}

TEST(Enrollment, AnswerEchoesTransactionNonceAndDataReturn) {
  /* matrix: C27, C34, C37, C40, E92, E101, E102, E103, E57 */
  TestAuthority ca;
  const auto sent = ca.request(ca.alice, "CN=Alice,O=Test");
  auto parts = parts_of(sent.octets);
  parts.control_sequence.push_back(
      control(900, cmc::oid::kDataReturn, cmc::write_octets_value(to_bytes("mine"))));
  const auto told = ca.send(seal(parts, ca.alice), &ca.alice);
  ASSERT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
  EXPECT_EQ(octets_of(told, cmc::oid::kDataReturn), to_bytes("mine"));
  EXPECT_EQ(octets_of(told, cmc::oid::kRecipientNonce), sent.sender_nonce);
  EXPECT_GE(octets_of(told, cmc::oid::kSenderNonce).size(), 16U);
  EXPECT_NE(octets_of(told, cmc::oid::kSenderNonce), sent.sender_nonce);
  const auto* transaction = cmc::find_control(told.controls, cmc::oid::kTransactionId);
  ASSERT_NE(transaction, nullptr);
  EXPECT_EQ(cmc::read_integer_value(transaction->attr_values.front()).value(), sent.transaction_id);
}

TEST(Enrollment, RefusalEchoesTransactionNonceAndDataReturnToo) {
  /* matrix: E92, E101, E102 */
  TestAuthority ca;
  const auto sent = ca.request(ca.alice, "CN=Bob,O=Test");
  auto parts = parts_of(sent.octets);
  parts.control_sequence.push_back(
      control(900, cmc::oid::kDataReturn, cmc::write_octets_value(to_bytes("mine"))));
  const auto told = ca.send(seal(parts, ca.alice), &ca.alice);
  ASSERT_EQ(told.status.cmc_status, CMCStatus::failed);
  EXPECT_EQ(octets_of(told, cmc::oid::kDataReturn), to_bytes("mine"));
  EXPECT_EQ(octets_of(told, cmc::oid::kRecipientNonce), sent.sender_nonce);
}

TEST(Enrollment, RegInfoIsTakenAndPassedOver) {
  /* matrix: C60 */
  TestAuthority ca;
  auto parts = parts_of(ca.request(ca.alice, "CN=Alice,O=Test").octets);
  parts.control_sequence.push_back(
      control(900, cmc::oid::kRegInfo, cmc::write_octets_value(to_bytes("x:y"))));
  EXPECT_EQ(ca.send(seal(parts, ca.alice), &ca.alice).status.cmc_status, CMCStatus::success);
}

TEST(Enrollment, IdentityProofBesideACertificateSignatureIsBypassedAndTheAuditSaysSo) {
  TestAuthority ca;
  auto parts = parts_of(ca.request(ca.alice, "CN=Alice,O=Test").octets);
  parts.control_sequence.push_back(control(
      900, cmc::oid::kIdentityProofV2,
      cmc::write_identity_proof_v2({crypto::algorithm_identifier(crypto::DigestAlgorithm::sha256),
                                    crypto::algorithm_identifier(crypto::MacAlgorithm::hmac_sha256),
                                    Bytes(32, 7)})));
  const auto told = ca.send(seal(parts, ca.alice), &ca.alice);
  EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
  EXPECT_TRUE(told.has_event("CMC_PROOF_OF_IDENTIFICATION", EventOutcome::success));
}

TEST(Enrollment, TwoRequestsOfOneMessageAreBothGranted) {
  TestAuthority ca;
  auto parts = parts_of(ca.request(ca.agent, "CN=Bob,O=Test").octets);
  const auto more = ca.certification_request("CN=Carol,O=Test");
  parts.tagged_requests.push_back(cmc::write_tagged_request(cmc::BodyPartID{77}, more));
  const auto told = ca.send(seal(parts, ca.agent), &ca.agent);
  EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
  EXPECT_EQ(told.certificates.size(), 2U);
  EXPECT_TRUE(told.names(77));
}

TEST(Enrollment, MessageWithoutRequestsAndControlsSucceedsOnItself) {
  /* matrix: E67 */
  TestAuthority ca;
  const auto told = ca.send(seal({}, ca.alice), &ca.alice);
  EXPECT_EQ(told.status.cmc_status, CMCStatus::success);
  EXPECT_TRUE(told.names(0));
}

TEST(Enrollment, UnreferencedNestedMessagesAreIgnored) {
  /* matrix: E22 */
  TestAuthority ca;
  auto parts = parts_of(ca.request(ca.alice, "CN=Alice,O=Test").octets);
  parts.other_msg_sequence.push_back(
      {cmc::BodyPartID{901}, asn1::Oid{"1.2.3.4"}, Bytes{0x05, 0x00}});
  EXPECT_EQ(ca.send(seal(parts, ca.alice), &ca.alice).status.cmc_status, CMCStatus::success);
}

TEST(Enrollment, EveryStepLeavesItsAuditRecord) {
  TestAuthority ca;
  const auto told = ca.send(ca.request(ca.agent, "CN=Bob,O=Test").octets, &ca.agent);
  std::vector<std::string> names;
  for (const auto& event : told.events) names.push_back(event.name);
  EXPECT_THAT(names, testing::ElementsAre("CMC_REQUEST_RECEIVED", "CMC_SIGNED_REQUEST_SIG_VERIFY",
                                          "PROOF_OF_POSSESSION", "PROFILE_CERT_REQUEST",
                                          "CERT_REQUEST_PROCESSED", "CMC_RESPONSE_SENT"));
}

std::string field_of(const audit::Event& event, std::string_view name) {
  for (const auto& field : event.fields) {
    if (field.name == name) return field.value;
  }
  return "";
}

TEST(Enrollment, ALongMessageIsKeptWholeOfThoseWhoShowedWhoTheyAre) {
  TestAuthority ca;
  auto parts = parts_of(ca.request(ca.alice, "CN=Alice,O=Test").octets);
  asn1::Writer writer;
  writer.octet_string(Bytes(40'000, 7));
  parts.other_msg_sequence.push_back(
      {cmc::BodyPartID{901}, asn1::Oid{"1.2.3.4"}, std::move(writer).take()});
  const auto message = seal(parts, ca.alice);
  const auto granted = ca.send(message, &ca.alice);
  EXPECT_EQ(field_of(granted.events.at(0), "CMCRequest"), to_base64(message));
  EXPECT_EQ(field_of(granted.events.at(0), "SHA256"), "");

  // Signed by one whom nobody knows here.
  const auto stranger = TestAuthority().alice;
  const auto strange = seal(parts, stranger);
  const auto refused = ca.send(strange, &stranger);
  EXPECT_EQ(refused.status.cmc_status, CMCStatus::failed);
  const auto& received = refused.events.at(0);
  EXPECT_EQ(received.name, "CMC_REQUEST_RECEIVED");
  EXPECT_EQ(field_of(received, "CMCRequest"), to_base64(ByteView(strange).first(16 * 1024)));
  EXPECT_EQ(field_of(received, "Octets"),
            std::to_string(strange.size()) + ", of which the first 16384 are kept");
  EXPECT_EQ(field_of(received, "SHA256"), to_hex(crypto::sha256(strange)));
}

TEST(Enrollment, IntentIsOnRecordBeforeTheSignature) {
  authority::Settings settings;
  settings.record_intent = true;
  TestAuthority ca({.settings = settings});
  const auto told = ca.send(ca.request(ca.agent, "CN=Bob,O=Test").octets, &ca.agent);
  EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
}

/// Keeps everything but intents.
class ForgetfulEngine final : public store::MemoryEngine {
 public:
  std::vector<store::CommitOutcome> apply(std::span<const store::Commit* const> batch,
                                          audit::Journal& journal) override {
    for (const auto* commit : batch) {
      if (commit->intents.empty()) continue;
      return {batch.size(), store::CommitOutcome::failure(Error{Fault::storage_failed, "disk"})};
    }
    return MemoryEngine::apply(batch, journal);
  }
};

TEST(Enrollment, IsRefusedWhereTheIntentCannotBePutOnRecord) {
  ForgetfulEngine engine;
  TestAuthority::Choices choices;
  choices.settings.record_intent = true;
  choices.engine = &engine;
  TestAuthority ca{choices};
  const auto told = ca.send(ca.request(ca.agent, "CN=Bob,O=Test").octets, &ca.agent);
  EXPECT_FALSE(told.issued());
  EXPECT_NE(told.status.cmc_status, CMCStatus::success);
}

}  // namespace
}  // namespace signet::test
