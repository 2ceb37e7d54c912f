// An agent approves what came earlier: what counts as of when it came, and what as of now.
#include "authority/agent_desk.h"
#include "proof/witness/pop_link.h"
#include "support/change_status.h"
#include "support/life_scene.h"
#include "support/secret_message.h"

namespace signet::test {
namespace {

using cmc::CMCFailInfo;
using cmc::CMCStatus;
using std::chrono::hours;
using std::chrono::minutes;
using store::CertificateStatus;
using store::PendingState;

constexpr const char* kAlice = "CN=Alice,O=Test";

/// Users who sign may tie their requests to a secret of theirs; an agent decides on them.
class ApprovalMoments : public testing::Test {
 protected:
  static TestAuthority::Choices choices() {
    TestAuthority::Choices made;
    made.more_profiles = approval_profile();
    made.secret_rules = {.link_required = true, .link_of_signers = true};
    return made;
  }
  ApprovalMoments() { ca.secrets->entries["alice"] = {.secret = kSecret, .subject = kAlice}; }

  /// Signed by a certificate, and tied to Alice's secret.
  Told ask(const Holder& signer) {
    const Bytes random(64, 7);
    const SecretBytes secret{std::string_view(kSecret)};
    const auto witness = unwrap(proof::make_pop_link_witness_v2({secret, std::nullopt}, random));
    const auto request =
        pkcs10({.subject = kAlice,
                .key = test_key("ec:p256", 4),
                .attributes = {attribute(cmc::oid::kPopLinkWitnessV2,
                                         cmc::write_pop_link_witness_v2(witness))}});
    const auto octets =
        full_request({signer.key, signer.certificate}, {tagged(60, request)},
                     {control(1, cmc::oid::kSenderNonce, cmc::write_octets_value(Bytes(16, 9))),
                      control(2, cmc::oid::kIdentification, cmc::write_utf8_value("alice")),
                      control(3, cmc::oid::kPopLinkRandom, cmc::write_octets_value(random))})
            .encode();
    return ca.send(octets, &signer, "extra");
  }
  Bytes held(const Holder& signer) {
    const auto told = ask(signer);
    EXPECT_EQ(told.status.cmc_status, CMCStatus::pending) << told.text();
    return std::get<cmc::PendInfo>(told.status.other_info.value()).pend_token;
  }
  Result<store::PendingRequest> approve(ByteView id) {
    return ca.desk().decide({ca.agent.certificate.der, "192.0.2.9"}, {to_bytes(id), true, {}, ""});
  }
  void expect_refused(ByteView id, Fault why, const std::string& words) {
    const auto before = ca.certificates_on_record();
    const auto decided = approve(id);
    ASSERT_FALSE(decided.ok());
    EXPECT_EQ(decided.error().fault, why) << decided.error().detail;
    EXPECT_NE(decided.error().detail.find(words), std::string::npos) << decided.error().detail;
    EXPECT_EQ(ca.certificates_on_record(), before);
    EXPECT_EQ(unwrap(ca.engine().find_pending(id))->state, PendingState::open);
  }
  FakeSecretSource::Entry& secret() { return ca.secrets->entries["alice"]; }
  /// Alice's key, in a certificate that ends in an hour.
  Holder short_lived() {
    auto tbs = ca.alice.certificate.tbs.value;
    tbs.serial_number = asn1::Integer::from(4711);
    tbs.validity.not_after = ca.clock.now() + hours{1};
    Holder holder{ca.alice.key, TestAuthority::sign(std::move(tbs), ca.key())};
    ca.record(holder.certificate);
    return holder;
  }

  TestAuthority ca{choices()};
};

TEST_F(ApprovalMoments, ASignersSecretThatEndsMeanwhileTiesStill) {
  secret().expires_at = ca.clock.now() + hours{1};
  const auto id = held(ca.alice);
  ca.clock.advance(hours{2});
  const auto decided = approve(id);
  ASSERT_TRUE(decided.ok()) << decided.error().detail;
  EXPECT_EQ(decided->state, PendingState::granted);
  EXPECT_EQ(decided->serial_numbers.size(), 1U);
}

TEST_F(ApprovalMoments, ASignersSecretThatHadEndedWhenTheMessageCameTiesNothing) {
  secret().expires_at = ca.clock.now() - std::chrono::seconds{1};
  const auto told = ask(ca.alice);
  EXPECT_EQ(told.fail_info(), CMCFailInfo::popFailed) << told.text();
  EXPECT_NE(told.text().find("expired at"), std::string::npos) << told.text();
}

TEST_F(ApprovalMoments, ASignersSecretThatIsTakenAwayMeanwhileTiesNothing) {
  const auto id = held(ca.alice);
  ca.secrets->entries.clear();
  expect_refused(id, Fault::link_failed, "popLinkWitness");
  ca.secrets->entries["alice"] = {.secret = "another one altogether", .subject = kAlice};
  expect_refused(id, Fault::link_failed, "popLinkWitness");
  ca.secrets->entries["alice"] = {.secret = kSecret, .subject = "CN=Bob,O=Test"};
  expect_refused(id, Fault::link_failed, "popLinkWitness");
}

TEST_F(ApprovalMoments, ASignerWhoIsRevokedMeanwhileIsGrantedNothing) {
  const auto id = held(ca.alice);
  ASSERT_TRUE(change_status(ca.engine(), ca.alice.certificate->serial_number,
                            CertificateStatus::revoked, ca.clock.now(),
                            pkix::CRLReason::unspecified)
                  .ok());
  expect_refused(id, Fault::untrusted_signer, "is revoked");
}

TEST_F(ApprovalMoments, ASignerWhoseCertificateEndsMeanwhileIsGrantedNothing) {
  const auto signer = short_lived();
  const auto id = held(signer);
  ca.clock.advance(hours{1} + minutes{1});
  expect_refused(id, Fault::untrusted_signer, "expired");
}

TEST_F(ApprovalMoments, ASignerWhoseCertificateLastsIsGranted) {
  const auto id = held(short_lived());
  ca.clock.advance(minutes{59});
  EXPECT_EQ(unwrap(approve(id)).state, PendingState::granted);
}

}  // namespace
}  // namespace signet::test
