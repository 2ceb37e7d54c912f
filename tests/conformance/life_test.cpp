// What happens to a certificate after its enrollment, or before: revocation by secret,
// confirmation, an agent's approval.
#include <gtest/gtest.h>

#include "authority/agent_desk.h"
#include "base/encoding.h"
#include "client/seal_message.h"
#include "codec/pkix/oids.h"
#include "proof/identity/revocation_verifier.h"
#include "support/message_builder.h"
#include "support/shared_data.h"
#include "support/test_authority.h"
#include "support/unwrap.h"

namespace signet::test {
namespace {

using audit::EventOutcome;
using cmc::CMCFailInfo;
using cmc::CMCStatus;
using store::CertificateStatus;
using store::PendingState;

constexpr const char* kProfile = "caFullCMCUserSignedCert";

/// The user-signed profile, but its requests wait for an agent.
std::string approval_profile() {
  const auto text = file(source_folder() + "/profiles/caFullCMCUserSignedCert.cfg");
  return std::string(as_text(text)) + "\nauth.explicitApprovalRequired=true\n";
}

class Life : public testing::Test {
 protected:
  static TestAuthority::Choices choices() {
    TestAuthority::Choices made;
    made.more_profiles = approval_profile();
    made.settings.bare_revocation = true;
    made.settings.bare_names = true;
    made.settings.confirmed_profiles = {kProfile};
    return made;
  }
  cmc::TaggedAttribute nonce() {
    Bytes octets(16, 9);
    octets[0] = next_nonce_++;
    return control(1, cmc::oid::kSenderNonce, cmc::write_octets_value(octets));
  }
  Bytes message(const Holder& signer, std::vector<cmc::TaggedAttribute> controls,
                const std::vector<Bytes>& requests = {}) {
    controls.insert(controls.begin(), nonce());
    return full_request({signer.key, signer.certificate}, requests, controls).encode();
  }
  store::CertificateRecord record_of(const pkix::Certificate& certificate) {
    return unwrap(ca.engine().find_certificate(certificate->serial_number)).value();
  }
  void expect_refused(const Told& told, CMCFailInfo why, const std::string& words = "") {
    EXPECT_EQ(told.status.cmc_status, CMCStatus::failed);
    EXPECT_EQ(told.fail_info(), why) << told.text();
    EXPECT_NE(told.text().find(words), std::string::npos) << told.text();
    EXPECT_FALSE(told.issued());
  }

  TestAuthority ca{choices()};

 private:
  std::uint8_t next_nonce_ = 1;
};

// ------------------------------------------------------------ revocation by secret

class RevocationSecret : public Life {
 protected:
  static constexpr std::string_view kSecret = "RevSecret.1 of Alice";

  void put(const pkix::Certificate& certificate, std::string_view secret = kSecret) {
    auto verifier =
        unwrap(proof::make_revocation_verifier(SecretBytes(secret), crypto::system_random()));
    ASSERT_TRUE(
        ca.engine().put_revocation_secret({certificate->serial_number, std::move(verifier)}).ok());
  }
  static cmc::TaggedAttribute revoking(const pkix::Certificate& target, std::string_view secret,
                                       std::uint32_t id = 50) {
    cmc::RevokeRequest wanted;
    wanted.issuer_name = target->issuer;
    wanted.serial_number = target->serial_number;
    wanted.reason = cmc::CRLReason::keyCompromise;
    if (!secret.empty()) wanted.shared_secret = to_bytes(secret);
    return control(id, cmc::oid::kRevokeRequest, cmc::write_revoke_request(wanted));
  }
  /// A SignedData with no SignerInfo at all, as RFC 10002 §6.11 has it.
  Bytes unsigned_message(std::vector<cmc::TaggedAttribute> controls,
                         const std::vector<Bytes>& requests = {}) {
    controls.insert(controls.begin(), nonce());
    return client::leave_unsigned(pki_data(controls, requests), client::UnsignedForm::signed_data);
  }
  Bytes bare_message(const std::vector<cmc::TaggedAttribute>& controls) {
    return client::leave_unsigned(pki_data(controls, {}), client::UnsignedForm::data);
  }
  CertificateStatus status_of(const Holder& holder) { return record_of(holder.certificate).status; }
};

TEST_F(RevocationSecret, RevokesUnsignedWithoutAnyConnectionCertificate) {
  /* matrix: E121, E123 */
  put(ca.alice.certificate);
  const auto told = ca.send(unsigned_message({revoking(ca.alice.certificate, kSecret)}), nullptr);
  EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
  EXPECT_EQ(told.kind, authority::ResponseKind::full);
  EXPECT_TRUE(told.names(50));
  EXPECT_EQ(status_of(ca.alice), CertificateStatus::revoked);
  EXPECT_TRUE(told.has_event("CMC_PROOF_OF_IDENTIFICATION", EventOutcome::success));
}

TEST_F(RevocationSecret, RevokesAsDogtagsClientSendsItWhereTheSwitchIsOn) {
  put(ca.alice.certificate);
  const auto octets = bare_message({revoking(ca.alice.certificate, kSecret)});
  TestAuthority strict;
  const auto refused = strict.send(octets, nullptr);
  EXPECT_EQ(refused.fail_info(), CMCFailInfo::badRequest);
  EXPECT_NE(refused.text().find("id-data"), std::string::npos) << refused.text();
  EXPECT_EQ(ca.send(octets, nullptr).status.cmc_status, CMCStatus::success);
  EXPECT_EQ(status_of(ca.alice), CertificateStatus::revoked);
}

TEST_F(RevocationSecret, TakesTheWrappedSecretOfADogtagRecord) {
  const std::shared_ptr<const crypto::PrivateKey> key = test_key("rsa:2048");
  auto made = choices();
  made.revocation_protection = {key, proof::SecretTransport::pkcs1};
  TestAuthority with_key{made};
  const auto protection = unwrap(crypto::PublicKey::from(key->public_key_info()));
  const auto wrapped =
      unwrap(proof::wrap_secret(SecretBytes(kSecret), protection, crypto::system_random()));
  const auto& target = with_key.alice.certificate;
  ASSERT_TRUE(with_key.engine()
                  .put_revocation_secret({target->serial_number, "revShrTok:" + wrapped})
                  .ok());
  const auto wrong = with_key.send(unsigned_message({revoking(target, "another secret")}), nullptr);
  EXPECT_EQ(wrong.fail_info(), CMCFailInfo::badIdentity);
  const auto told = with_key.send(unsigned_message({revoking(target, kSecret)}), nullptr);
  EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
}

TEST_F(RevocationSecret, TheSameAnswerForAWrongSecretAndForNone) {
  put(ca.alice.certificate);
  const auto bob = ca.enroll("CN=Bob,O=Test");
  const auto wrong =
      ca.send(unsigned_message({revoking(ca.alice.certificate, "RevSecret.2 of Alice")}), nullptr);
  const auto none = ca.send(unsigned_message({revoking(bob.certificate, kSecret)}), nullptr);
  expect_refused(wrong, CMCFailInfo::badIdentity);
  expect_refused(none, CMCFailInfo::badIdentity);
  const auto without_number = [](std::string text) {
    return text.replace(text.find("0x"), text.find(" may") - text.find("0x"), "");
  };
  EXPECT_EQ(without_number(wrong.text()), without_number(none.text()));
  EXPECT_TRUE(wrong.names(50));
  EXPECT_EQ(status_of(ca.alice), CertificateStatus::valid);
  EXPECT_EQ(status_of(bob), CertificateStatus::valid);
}

TEST_F(RevocationSecret, IsLockedAfterTooManyWrongOnesAndOpensAgain) {
  put(ca.alice.certificate);
  for (int wrong = 0; wrong < 5; ++wrong) {
    expect_refused(ca.send(unsigned_message({revoking(ca.alice.certificate, "guess")}), nullptr),
                   CMCFailInfo::badIdentity);
  }
  expect_refused(ca.send(unsigned_message({revoking(ca.alice.certificate, kSecret)}), nullptr),
                 CMCFailInfo::badIdentity);
  ca.clock.advance(std::chrono::minutes{16});
  EXPECT_EQ(ca.send(unsigned_message({revoking(ca.alice.certificate, kSecret)}), nullptr)
                .status.cmc_status,
            CMCStatus::success);
}

TEST_F(RevocationSecret, IsNotLockedForAsLongAsAClockWasWrong) {
  put(ca.alice.certificate);
  const auto guess = [&] {
    return ca.send(unsigned_message({revoking(ca.alice.certificate, "guess")}), nullptr);
  };
  const auto right = [&] {
    return ca.send(unsigned_message({revoking(ca.alice.certificate, kSecret)}), nullptr);
  };
  ca.clock.advance(std::chrono::days{365});
  for (int wrong = 0; wrong < 5; ++wrong) expect_refused(guess(), CMCFailInfo::badIdentity);
  expect_refused(right(), CMCFailInfo::badIdentity);
  ca.clock.advance(-std::chrono::days{365});
  expect_refused(guess(), CMCFailInfo::badIdentity);  // counted by this clock: locked again
  expect_refused(right(), CMCFailInfo::badIdentity);
  ca.clock.advance(std::chrono::minutes{15});
  EXPECT_EQ(right().status.cmc_status, CMCStatus::success);
}

TEST_F(RevocationSecret, StaysLockedWhenTheClockGoesBackALittle) {
  put(ca.alice.certificate);
  for (int wrong = 0; wrong < 5; ++wrong) {
    expect_refused(ca.send(unsigned_message({revoking(ca.alice.certificate, "guess")}), nullptr),
                   CMCFailInfo::badIdentity);
  }
  ca.clock.advance(-std::chrono::minutes{14});
  expect_refused(ca.send(unsigned_message({revoking(ca.alice.certificate, kSecret)}), nullptr),
                 CMCFailInfo::badIdentity);
}

TEST_F(RevocationSecret, DoesNothingElse) {
  put(ca.alice.certificate);
  const auto bob = ca.enroll("CN=Bob,O=Test");
  // another certificate beside, whose secret is not there
  expect_refused(ca.send(unsigned_message({revoking(ca.alice.certificate, kSecret),
                                           revoking(bob.certificate, "", 51)}),
                         nullptr),
                 CMCFailInfo::badIdentity, "not the signer's");
  // a certification request beside
  expect_refused(ca.send(unsigned_message({revoking(ca.alice.certificate, kSecret)},
                                          {tagged(60, pkcs10({.subject = "CN=Alice,O=Test"}))}),
                         nullptr),
                 CMCFailInfo::badRequest);
  // lifting a hold
  auto lifting = revoking(ca.alice.certificate, kSecret);
  auto wanted = unwrap(cmc::read_revoke_request(lifting.attr_values.front()));
  wanted.reason = cmc::CRLReason::certificateHold;
  lifting.attr_values = {cmc::write_revoke_request(wanted)};
  EXPECT_EQ(ca.send(unsigned_message({lifting}), nullptr).status.cmc_status, CMCStatus::success);
  wanted.reason = cmc::CRLReason::removeFromCRL;
  lifting.attr_values = {cmc::write_revoke_request(wanted)};
  expect_refused(ca.send(unsigned_message({lifting}), nullptr), CMCFailInfo::badIdentity,
                 "only an agent");
  EXPECT_EQ(status_of(ca.alice), CertificateStatus::on_hold);
  EXPECT_EQ(status_of(bob), CertificateStatus::valid);
  // nothing at all
  expect_refused(ca.send(unsigned_message({}), nullptr), CMCFailInfo::badIdentity, "nobody signed");
}

TEST_F(RevocationSecret, MustBeRightInASignedMessageToo) {
  put(ca.alice.certificate);
  const auto bob = ca.enroll("CN=Bob,O=Test");
  expect_refused(ca.send(message(ca.alice, {revoking(ca.alice.certificate, "guess")}), &ca.alice),
                 CMCFailInfo::badIdentity);
  // who knows it may sign with another certificate, as CMCRevoke -t does
  EXPECT_EQ(
      ca.send(message(bob, {revoking(ca.alice.certificate, kSecret)}), &bob).status.cmc_status,
      CMCStatus::success);
  EXPECT_EQ(status_of(ca.alice), CertificateStatus::revoked);
}

TEST_F(RevocationSecret, NeverStandsInTheJournal) {
  put(ca.alice.certificate);
  const std::string secret(kSecret);
  for (const auto& octets : {unsigned_message({revoking(ca.alice.certificate, "a wrong guess")}),
                             unsigned_message({revoking(ca.alice.certificate, kSecret)})}) {
    const auto told = ca.send(octets, nullptr);
    for (const auto& event : told.events) {
      for (const auto& field : event.fields) {
        const auto plain = from_base64(field.value);
        EXPECT_EQ(field.value.find(secret), std::string::npos) << field.name;
        if (!plain.ok()) continue;
        EXPECT_EQ(as_text(*plain).find(secret), std::string_view::npos) << field.name;
      }
    }
  }
}

TEST_F(RevocationSecret, IsRegisteredWithTheEnrollment) {
  const auto verifier =
      unwrap(proof::make_revocation_verifier(SecretBytes(kSecret), crypto::system_random()));
  const auto registering = [&](const std::string& text) {
    return control(40, cmc::oid::kRegInfo, cmc::write_octets_value(to_bytes(text)));
  };
  const auto wanted = tagged(60, pkcs10({.subject = "CN=Alice,O=Test"}));
  expect_refused(
      ca.send(message(ca.alice, {registering("revocationSecret:plain")}, {wanted}), &ca.alice),
      CMCFailInfo::badRequest, "no salted hash");
  const auto told = ca.send(
      message(ca.alice, {registering("revocationSecret:" + verifier)}, {wanted}), &ca.alice);
  ASSERT_TRUE(told.issued()) << told.text();
  const auto& issued = told.certificates.front();
  EXPECT_EQ(unwrap(ca.engine().find_revocation_secret(issued->serial_number))->verifier, verifier);
  EXPECT_EQ(ca.send(unsigned_message({revoking(issued, kSecret)}), nullptr).status.cmc_status,
            CMCStatus::success);
}

// ------------------------------------------------------------ confirmation

class Confirmation : public Life {
 protected:
  cmc::TaggedAttribute confirming(const pkix::Certificate& certificate) {
    return control(70, cmc::oid::kConfirmCertAcceptance,
                   cmc::write_cmc_cert_id({certificate->issuer, certificate->serial_number}));
  }
  static cmc::TaggedAttribute status(CMCStatus status) {
    cmc::CMCStatusInfoV2 info;
    info.cmc_status = status;
    info.body_list = {cmc::BodyPartID{0}};
    return control(71, cmc::oid::kStatusInfoV2, cmc::write_cmc_status_info_v2(info));
  }
  static cmc::TaggedAttribute transaction(std::uint8_t number) {
    return control(72, cmc::oid::kTransactionId,
                   cmc::write_integer_value(asn1::Integer{Bytes{number}}));
  }
  /// Alice asks, and gets a certificate that she must confirm.
  Holder enrolled() {
    const auto octets =
        message(ca.alice, {transaction(7)}, {tagged(60, pkcs10({.subject = "CN=Alice,O=Test"}))});
    const auto told = ca.send(octets, &ca.alice, kProfile);
    EXPECT_EQ(told.status.cmc_status, CMCStatus::confirmRequired) << told.text();
    EXPECT_EQ(ca.send(octets, &ca.alice, kProfile).status.cmc_status, CMCStatus::confirmRequired);
    return {test_key(), told.certificates.at(0)};
  }
  bool is_awaited(const Holder& holder) {
    return unwrap(ca.engine().find_awaited(holder.certificate->serial_number)).has_value();
  }
};

TEST_F(Confirmation, IsAskedForAndTaken) {
  /* matrix: C69, E127 */
  const auto fresh = enrolled();
  ASSERT_TRUE(is_awaited(fresh));
  const auto octets =
      message(ca.alice, {confirming(fresh.certificate), status(CMCStatus::success)});
  for (int time = 0; time < 2; ++time) {  // and again, when the answer was lost
    const auto told = ca.send(octets, &ca.alice);
    EXPECT_EQ(told.kind, authority::ResponseKind::full);
    EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
    EXPECT_TRUE(told.names(70));
  }
  EXPECT_FALSE(is_awaited(fresh));
  ca.clock.advance(std::chrono::days{2});
  EXPECT_EQ(unwrap(ca.settle_overdue()), 0U);
  EXPECT_EQ(record_of(fresh.certificate).status, CertificateStatus::valid);
}

TEST_F(Confirmation, MayComeFromTheCertificateItself) {
  const auto fresh = enrolled();
  const auto told = ca.send(message(fresh, {confirming(fresh.certificate)}), &fresh);
  EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
  EXPECT_FALSE(is_awaited(fresh));
}

TEST_F(Confirmation, DeniedByTheCertificateItselfIsAnsweredAgainWhenTheAnswerWasLost) {
  const auto fresh = enrolled();
  const auto octets = message(fresh, {confirming(fresh.certificate), status(CMCStatus::failed)});
  const auto first = ca.send(octets, &fresh);
  ASSERT_EQ(record_of(fresh.certificate).status, CertificateStatus::revoked) << first.text();
  const auto again = ca.send(octets, &fresh);
  EXPECT_EQ(again.status.cmc_status, first.status.cmc_status) << again.text();
}

TEST_F(Confirmation, IsNobodyElses) {
  const auto fresh = enrolled();
  const auto bob = ca.enroll("CN=Bob,O=Test");
  for (const auto said : {CMCStatus::success, CMCStatus::failed}) {
    expect_refused(ca.send(message(bob, {confirming(fresh.certificate), status(said)}), &bob),
                   CMCFailInfo::badIdentity);
  }
  // by the transaction alone, Bob reaches his own transactions only
  ca.send(message(bob, {transaction(7), status(CMCStatus::failed)}), &bob);
  EXPECT_TRUE(is_awaited(fresh));
  EXPECT_EQ(record_of(fresh.certificate).status, CertificateStatus::valid);
}

TEST_F(Confirmation, IsNotAForeignIssuersCertificatesThatHasTheSameSerialNumber) {
  TestCa foreign{"CN=Elsewhere,O=Test"};
  auto made = choices();
  made.foreign_issuers = {foreign.certificate()};
  TestAuthority trusting{made};
  const auto told = trusting.send(trusting.request(trusting.alice, "CN=Alice,O=Test").octets,
                                  &trusting.alice, kProfile);
  ASSERT_EQ(told.status.cmc_status, CMCStatus::confirmRequired) << told.text();
  const auto& fresh = told.certificates.at(0);
  const auto namesake =
      foreign.issue({.subject = "CN=Mallory,O=Test", .serial_number = fresh->serial_number});
  const Holder mallory{namesake.key, namesake.certificate};
  for (const auto said : {CMCStatus::failed, CMCStatus::success}) {
    expect_refused(trusting.send(message(mallory, {confirming(fresh), status(said)}), &mallory),
                   CMCFailInfo::badIdentity, "was granted to somebody else");
  }
  const auto record = unwrap(trusting.engine().find_certificate(fresh->serial_number)).value();
  EXPECT_EQ(record.status, CertificateStatus::valid);
  EXPECT_TRUE(unwrap(trusting.engine().find_awaited(fresh->serial_number)));
}

TEST_F(Confirmation, OfWhatIsUnknownIsBadCertId) {
  auto unknown = ca.alice.certificate;
  unknown.tbs.value.serial_number = asn1::Integer{Bytes{0x12, 0x34}};
  expect_refused(ca.send(message(ca.alice, {confirming(unknown)}), &ca.alice),
                 CMCFailInfo::badCertId);
  auto elsewhere = enrolled().certificate;
  elsewhere.tbs.value.issuer = elsewhere->subject;
  expect_refused(ca.send(message(ca.alice, {confirming(elsewhere)}), &ca.alice),
                 CMCFailInfo::badCertId);
}

TEST_F(Confirmation, ThatIsDeniedRevokes) {
  const auto fresh = enrolled();
  const auto told = ca.send(
      message(ca.alice, {confirming(fresh.certificate), status(CMCStatus::failed)}), &ca.alice);
  EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
  EXPECT_EQ(record_of(fresh.certificate).status, CertificateStatus::revoked);
  EXPECT_FALSE(is_awaited(fresh));
}

TEST_F(Confirmation, ThatIsDeniedByTheTransactionRevokes) {
  const auto fresh = enrolled();
  ca.send(message(ca.alice, {transaction(8), status(CMCStatus::failed)}), &ca.alice);
  EXPECT_EQ(record_of(fresh.certificate).status, CertificateStatus::valid);
  ca.send(message(ca.alice, {transaction(7), status(CMCStatus::failed)}), &ca.alice);
  EXPECT_EQ(record_of(fresh.certificate).status, CertificateStatus::revoked);
}

TEST_F(Confirmation, ThatDoesNotComeInTimeRevokesAndIsTold) {
  const auto fresh = enrolled();
  ca.clock.advance(std::chrono::hours{24});
  EXPECT_EQ(unwrap(ca.settle_overdue()), 0U);
  ca.clock.advance(std::chrono::seconds{1});
  EXPECT_EQ(unwrap(ca.settle_overdue()), 1U);
  EXPECT_EQ(unwrap(ca.settle_overdue()), 0U);
  EXPECT_EQ(record_of(fresh.certificate).status, CertificateStatus::revoked);
}

TEST_F(Confirmation, IsAwaitedByAClockThatGoesBackAndOverdueByOneAYearAhead) {
  const auto fresh = enrolled();
  ca.clock.advance(-std::chrono::hours{1});
  EXPECT_EQ(unwrap(ca.settle_overdue()), 0U);
  ca.clock.advance(std::chrono::days{365});
  EXPECT_EQ(unwrap(ca.settle_overdue()), 1U);
  EXPECT_EQ(record_of(fresh.certificate).status, CertificateStatus::revoked);
  ca.clock.advance(-std::chrono::days{365});
  EXPECT_EQ(unwrap(ca.settle_overdue()), 0U);
  EXPECT_EQ(record_of(fresh.certificate).status, CertificateStatus::revoked) << "for good";
  ca.send(message(ca.alice, {confirming(fresh.certificate)}), &ca.alice);
  EXPECT_EQ(record_of(fresh.certificate).status, CertificateStatus::revoked);
}

TEST_F(Confirmation, ThatDoesNotComeHoldsWhereTheOperatorWantsThat) {
  auto made = choices();
  made.settings.unconfirmed = authority::Unconfirmed::held;
  TestAuthority holding{made};
  const auto told = holding.send(holding.request(holding.alice, "CN=Alice,O=Test").octets,
                                 &holding.alice, kProfile);
  ASSERT_EQ(told.status.cmc_status, CMCStatus::confirmRequired) << told.text();
  holding.clock.advance(std::chrono::hours{25});
  EXPECT_EQ(unwrap(holding.settle_overdue()), 1U);
  const auto& serial = told.certificates.at(0)->serial_number;
  const auto record = unwrap(holding.engine().find_certificate(serial)).value();
  EXPECT_EQ(record.status, CertificateStatus::on_hold);
}

TEST_F(Confirmation, OfDogtagsMessageIsReadAndRefusedForWhatIsWrongInIt) {
  constexpr const char* kMessage = "interop/dogtag/07-idproofv1-confirm.der";
  SIGNET_NEEDS_SHARED(kMessage);
  const auto read = unwrap(cmc::read_pki_request(shared_file(kMessage)));
  const auto& data = std::get<cmc::FullPkiRequest>(read).pki_data;
  std::vector<Bytes> requests;
  for (const auto& request : data.req_sequence) requests.push_back(request.der);
  // Its controls and request, signed by an agent of ours in the place of its own.
  const auto send = [&](const std::vector<cmc::TaggedAttribute>& controls) {
    return ca.send(full_request({ca.agent.key, ca.agent.certificate}, requests, controls).encode(),
                   &ca.agent);
  };
  const auto before = ca.certificates_on_record();
  // A link to a shared secret, though a certificate proves who asks.
  expect_refused(send(data.control_sequence), CMCFailInfo::popFailed, "popLinkRandom");
  // Without it: certificate 7 of CN=CA,O=EXAMPLE was never granted here.
  auto controls = data.control_sequence;
  std::erase_if(controls,
                [](const auto& each) { return each.attr_type == cmc::oid::kPopLinkRandom; });
  const auto unknown = send(controls);
  expect_refused(unknown, CMCFailInfo::badCertId, "CN=CA,O=EXAMPLE");
  EXPECT_TRUE(unknown.names(1));
  EXPECT_EQ(ca.certificates_on_record(), before);
  // And without that: granted, the proof of version 1 passed over.
  std::erase_if(controls, [](const auto& each) {
    return each.attr_type == cmc::oid::kConfirmCertAcceptance;
  });
  const auto granted = send(controls);
  EXPECT_EQ(granted.status.cmc_status, CMCStatus::success) << granted.text();
  EXPECT_EQ(ca.certificates_on_record(), before + 1);
}

// ------------------------------------------------------------ approval

class Approval : public Life {
 protected:
  Bytes asking(const Holder& who, const std::string& subject = "CN=Alice,O=Test") {
    return message(who, {transaction()}, {tagged(60, pkcs10({.subject = subject}))});
  }
  static cmc::TaggedAttribute transaction(std::uint8_t number = 5) {
    return control(72, cmc::oid::kTransactionId,
                   cmc::write_integer_value(asn1::Integer{Bytes{number}}));
  }
  static cmc::PendInfo pend_info(const Told& told) {
    EXPECT_EQ(told.status.cmc_status, CMCStatus::pending) << told.text();
    EXPECT_FALSE(told.issued());
    return std::get<cmc::PendInfo>(told.status.other_info.value());
  }
  Told poll(const Holder& who, ByteView token, std::uint8_t transaction_number = 5) {
    return ca.send(
        message(who, {transaction(transaction_number),
                      control(73, cmc::oid::kQueryPending, cmc::write_octets_value(token))}),
        &who);
  }
  static proof::Peer over(const Holder& holder) { return {holder.certificate.der, "192.0.2.9"}; }
  Bytes held() { return pend_info(ca.send(asking(ca.alice), &ca.alice, "extra")).pend_token; }
  authority::AgentDesk& desk() { return ca.desk(); }
};

TEST_F(Approval, HoldsARequestUntilAnAgentApproves) {
  /* matrix: C66, E124 */
  const auto octets = asking(ca.alice);
  const auto first = pend_info(ca.send(octets, &ca.alice, "extra"));
  EXPECT_EQ(pend_info(ca.send(octets, &ca.alice, "extra")), first);
  ca.clock.advance(std::chrono::hours{1});
  EXPECT_EQ(pend_info(poll(ca.alice, first.pend_token)), first);

  const auto listed = unwrap(desk().list(over(ca.agent), {PendingState::open, 10}));
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed.front().subject, "CN=Alice,O=Test");
  const auto before = ca.certificates_on_record();
  const auto decided = unwrap(desk().decide(over(ca.agent), {first.pend_token, true, {}, "known"}));
  EXPECT_EQ(decided.state, PendingState::granted);
  EXPECT_EQ(ca.certificates_on_record(), before + 1);

  for (int time = 0; time < 2; ++time) {
    const auto told = poll(ca.alice, first.pend_token);
    EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
    ASSERT_EQ(told.certificates.size(), 1U);
    EXPECT_EQ(told.certificates.front()->serial_number, decided.serial_numbers.at(0));
  }
  // the message itself, again
  EXPECT_EQ(ca.send(octets, &ca.alice, "extra").certificates.size(), 1U);
  EXPECT_EQ(ca.certificates_on_record(), before + 1);
}

TEST_F(Approval, IsNotAskedForWhenAnAgentAsks) {
  const auto told = ca.send(message(ca.agent, {}, {tagged(60, pkcs10({.subject = "CN=X,O=Test"}))}),
                            &ca.agent, "extra");
  EXPECT_TRUE(told.issued()) << told.text();
}

TEST_F(Approval, MayBeRefusedWithANoteThatTheRequesterReads) {
  const auto token = held();
  const auto before = ca.certificates_on_record();
  unwrap(desk().decide(over(ca.agent), {token, false, {}, "nobody knows this Alice"}));
  expect_refused(poll(ca.alice, token), CMCFailInfo::badRequest, "nobody knows this Alice");
  EXPECT_EQ(ca.certificates_on_record(), before);
}

TEST_F(Approval, IsGivenOnce) {
  const auto token = held();
  unwrap(desk().decide(over(ca.agent), {token, true}));
  const auto before = ca.certificates_on_record();
  for (const bool approves : {true, false}) {
    const auto again = desk().decide(over(ca.agent), {token, approves});
    EXPECT_EQ(again.error().fault, Fault::not_allowed);
    EXPECT_NE(again.error().detail.find("approved by"), std::string::npos);
  }
  EXPECT_EQ(ca.certificates_on_record(), before);
}

TEST_F(Approval, IsAnAgentsAlone) {
  const auto token = held();
  const proof::Peer nobody;
  for (const auto& peer : {over(ca.alice), nobody}) {
    EXPECT_EQ(desk().list(peer, {std::nullopt, 10}).error().fault, Fault::unknown_identity);
    EXPECT_EQ(desk().show(peer, token).error().fault, Fault::unknown_identity);
    EXPECT_EQ(desk().decide(peer, {token, true}).error().fault, Fault::unknown_identity);
  }
  const auto stranger = ca.forge("CN=Agent,O=Test", ca.agent.certificate->serial_number, true);
  EXPECT_EQ(desk().decide(over(stranger), {token, true}).error().fault, Fault::untrusted_signer);
  ASSERT_TRUE(ca.engine()
                  .change_status(ca.agent.certificate->serial_number, CertificateStatus::revoked,
                                 ca.clock.now(), 0)
                  .ok());
  EXPECT_EQ(desk().decide(over(ca.agent), {token, true}).error().fault, Fault::untrusted_signer);
  EXPECT_EQ(pend_info(poll(ca.alice, token)).pend_token, token);
}

TEST_F(Approval, GoesOnRecordAlsoWhereItIsRefused) {
  audit::MemoryJournal journal;
  auto made = choices();
  made.journal = &journal;
  TestAuthority watched{made};
  const auto decisions = [&](EventOutcome outcome) {
    std::size_t found = 0;
    for (const auto& event : journal.events()) {
      found += event.name == "AUTHZ" && event.outcome == outcome;
    }
    return found;
  };
  watched.send(watched.request(watched.alice, "CN=Alice,O=Test").octets, &watched.alice, "extra");
  const auto id = unwrap(watched.engine().list_pending(PendingState::open, 1, {})).at(0).id;
  policy::AgentChanges too_long;
  too_long.not_after = watched.clock.now() + std::chrono::days{400};
  EXPECT_FALSE(watched.desk().decide(over(watched.alice), {id, true}).ok());  // no agent
  EXPECT_FALSE(watched.desk().decide(over(watched.agent), {id, true, too_long}).ok());
  EXPECT_EQ(decisions(EventOutcome::failure), 2U);
  EXPECT_TRUE(watched.desk().decide(over(watched.agent), {id, true}).ok());
  EXPECT_FALSE(watched.desk().decide(over(watched.agent), {id, true}).ok());  // twice
  EXPECT_EQ(decisions(EventOutcome::failure), 3U);
  EXPECT_EQ(decisions(EventOutcome::success), 1U);
}

TEST_F(Approval, EndsInTime) {
  const auto token = held();
  ca.clock.advance(std::chrono::days{7} + std::chrono::seconds{1});
  EXPECT_EQ(desk().decide(over(ca.agent), {token, true}).error().fault, Fault::not_allowed);
  expect_refused(poll(ca.alice, token), CMCFailInfo::badRequest, "no agent decided");
}

TEST_F(Approval, WaitsOnWhenTheClockGoesBackAndEndsWithOneAYearAhead) {
  const auto octets = asking(ca.alice);
  const auto first = pend_info(ca.send(octets, &ca.alice, "extra"));
  ca.clock.advance(-std::chrono::minutes{30});
  EXPECT_EQ(pend_info(poll(ca.alice, first.pend_token)), first);
  EXPECT_EQ(unwrap(desk().list(over(ca.agent), {PendingState::open, 10})).size(), 1U);
  const auto now = ca.clock.now();
  ca.clock.advance(std::chrono::days{60});
  EXPECT_EQ(desk().decide(over(ca.agent), {first.pend_token, true}).error().fault,
            Fault::not_allowed);
  expect_refused(poll(ca.alice, first.pend_token), CMCFailInfo::badRequest, "no agent decided");
  ca.clock.set(now);
  EXPECT_TRUE(desk().decide(over(ca.agent), {first.pend_token, true}).ok())
      << "its time is not over";
}

TEST_F(Approval, LooksAgainAtWhoAsks) {
  const auto token = held();
  ASSERT_TRUE(ca.engine()
                  .change_status(ca.alice.certificate->serial_number, CertificateStatus::revoked,
                                 ca.clock.now(), 0)
                  .ok());
  const auto before = ca.certificates_on_record();
  EXPECT_EQ(desk().decide(over(ca.agent), {token, true}).error().fault, Fault::untrusted_signer);
  EXPECT_EQ(ca.certificates_on_record(), before);
  EXPECT_EQ(unwrap(desk().show(over(ca.agent), token)).state, PendingState::open);
}

TEST_F(Approval, ChangesWhatTheProfileAllows) {
  const auto token = held();
  policy::AgentChanges changes;
  changes.not_after = ca.clock.now() + std::chrono::days{400};
  EXPECT_EQ(desk().decide(over(ca.agent), {token, true, changes}).error().fault,
            Fault::validity_not_allowed);
  changes.not_after = ca.clock.now() + std::chrono::days{10};
  changes.extensions = {{pkix::oid::kExtendedKeyUsage, false,
                         pkix::write_extended_key_usage({pkix::oid::kClientAuth})}};
  const auto decided = unwrap(desk().decide(over(ca.agent), {token, true, changes}));
  const auto record = unwrap(ca.engine().find_certificate(decided.serial_numbers.at(0))).value();
  EXPECT_EQ(record.not_after, *changes.not_after);
  const auto issued = unwrap(pkix::read_certificate(record.certificate_der));
  EXPECT_TRUE(issued.has_extended_key_usage(pkix::oid::kClientAuth));
}

TEST_F(Approval, ATokenIsItsRequestersInItsTransaction) {
  const auto token = held();
  const auto bob = ca.enroll("CN=Bob,O=Test");
  expect_refused(poll(bob, token), CMCFailInfo::badRequest);
  expect_refused(poll(ca.alice, token, 6), CMCFailInfo::badRequest);
  expect_refused(poll(ca.alice, Bytes(16, 1)), CMCFailInfo::badRequest);
  expect_refused(ca.send(message(ca.alice,
                                 {transaction(), control(73, cmc::oid::kQueryPending,
                                                         cmc::write_octets_value(token))},
                                 {tagged(60, pkcs10())}),
                         &ca.alice),
                 CMCFailInfo::badRequest);
}

}  // namespace
}  // namespace signet::test
