#include "proof/identity/revocation_secret.h"

#include "base/encoding.h"
#include "client/seal_message.h"
#include "crypto/digest.h"
#include "proof/identity/revocation_verifier.h"
#include "support/change_status.h"
#include "support/life_scene.h"
#include "support/losable_key.h"

namespace signet::test {
namespace {

using audit::EventOutcome;
using cmc::CMCFailInfo;
using cmc::CMCStatus;
using store::CertificateStatus;

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
    wanted.reason = pkix::CRLReason::keyCompromise;
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

TEST_F(RevocationSecret, HoldsAgainByTheSameOctetsOnceTheHoldWasLifted) {
  put(ca.alice.certificate);
  cmc::RevokeRequest wanted;
  wanted.issuer_name = ca.alice.certificate->issuer;
  wanted.serial_number = ca.alice.certificate->serial_number;
  wanted.reason = pkix::CRLReason::certificateHold;
  wanted.shared_secret = to_bytes(kSecret);
  const auto holding = control(50, cmc::oid::kRevokeRequest, cmc::write_revoke_request(wanted));
  const auto hold_by = [&](std::vector<cmc::TaggedAttribute> controls) {
    return client::leave_unsigned(pki_data(controls, {}), client::UnsignedForm::signed_data);
  };
  const auto lift = [&] {
    ASSERT_TRUE(change_status(ca.engine(), wanted.serial_number, CertificateStatus::valid,
                              ca.clock.now(), pkix::CRLReason::unspecified)
                    .ok());
  };
  const auto without_nonce = hold_by({holding});
  for (int time = 0; time < 3; ++time) {
    for (int copy = 0; copy < 2; ++copy) {  // a retry changes nothing
      EXPECT_EQ(ca.send(without_nonce, nullptr).status.cmc_status, CMCStatus::success);
      EXPECT_EQ(status_of(ca.alice), CertificateStatus::on_hold) << time;
    }
    lift();
  }
  const auto with_nonce = hold_by({nonce(), holding});
  EXPECT_EQ(ca.send(with_nonce, nullptr).status.cmc_status, CMCStatus::success);
  lift();
  expect_refused(ca.send(with_nonce, nullptr), CMCFailInfo::badRequest, "changed again since");
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
  const auto key = std::make_shared<LosableKey>(test_key("rsa:2048"));
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
  key->lost = true;
  for (const auto secret : {std::string_view("another secret"), std::string_view(kSecret)}) {
    const auto away = with_key.send(unsigned_message({revoking(target, secret)}), nullptr);
    EXPECT_EQ(away.fail_info(), CMCFailInfo::tryLater) << away.text();
  }
  key->lost = false;
  EXPECT_EQ(
      unwrap(with_key.engine().token_history(proof::revocation_token_id(target->serial_number)))
          .failures,
      1U);
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
  const auto bob = ca.enroll("CN=Bob,O=Test");
  put(bob.certificate);
  for (int wrong = 0; wrong < 5; ++wrong) {
    expect_refused(ca.send(unsigned_message({revoking(ca.alice.certificate, "guess")}), nullptr),
                   CMCFailInfo::badIdentity);
  }
  expect_refused(ca.send(unsigned_message({revoking(ca.alice.certificate, kSecret)}), nullptr),
                 CMCFailInfo::badIdentity);
  EXPECT_EQ(
      ca.send(unsigned_message({revoking(bob.certificate, kSecret)}), nullptr).status.cmc_status,
      CMCStatus::success)
      << "another certificate's is not locked";
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
  wanted.reason = pkix::CRLReason::certificateHold;
  lifting.attr_values = {cmc::write_revoke_request(wanted)};
  EXPECT_EQ(ca.send(unsigned_message({lifting}), nullptr).status.cmc_status, CMCStatus::success);
  wanted.reason = pkix::CRLReason::removeFromCRL;
  lifting.attr_values = {cmc::write_revoke_request(wanted)};
  expect_refused(ca.send(unsigned_message({lifting}), nullptr), CMCFailInfo::badIdentity,
                 "only an agent");
  EXPECT_EQ(status_of(ca.alice), CertificateStatus::on_hold);
  EXPECT_EQ(status_of(bob), CertificateStatus::valid);
  // nothing at all
  expect_refused(ca.send(unsigned_message({}), nullptr), CMCFailInfo::badIdentity, "nobody signed");
}

TEST_F(RevocationSecret, MustBeRightForEachCertificateOfTheMessage) {
  put(ca.alice.certificate);
  const auto bob = ca.enroll("CN=Bob,O=Test");
  put(bob.certificate);
  const auto told = ca.send(unsigned_message({revoking(ca.alice.certificate, kSecret, 50),
                                              revoking(bob.certificate, "guess", 51)}),
                            nullptr);
  expect_refused(told, CMCFailInfo::badIdentity);
  EXPECT_TRUE(told.names(51));
  EXPECT_EQ(status_of(ca.alice), CertificateStatus::valid);
  EXPECT_EQ(status_of(bob), CertificateStatus::valid);
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
  const auto right = unsigned_message({revoking(ca.alice.certificate, kSecret)});
  auto cut = right;
  cut.resize(cut.size() - 1);
  auto garbled = right;
  garbled.at(as_text(right).find(secret) - 3) ^= 0x40;  // of the reason
  cmc::PKIDataParts outer;
  outer.control_sequence = {nonce()};
  outer.cms_sequence = {{cmc::BodyPartID{9}, unwrap(cms::read_content_info(right))}};
  const auto nested =
      client::leave_unsigned(cmc::write_pki_data(outer), client::UnsignedForm::signed_data);
  auto as_comment = revoking(ca.alice.certificate, "");
  cmc::RevokeRequest wanted = unwrap(cmc::read_revoke_request(as_comment.attr_values.front()));
  wanted.comment = secret;
  as_comment.attr_values = {cmc::write_revoke_request(wanted)};
  outer.cms_sequence.clear();
  outer.control_sequence = {nonce()};
  outer.other_msg_sequence = {{cmc::BodyPartID{9}, cms::oid::kData, right}};
  const auto beside =
      client::leave_unsigned(cmc::write_pki_data(outer), client::UnsignedForm::signed_data);
  const auto mistagged = unsigned_message({as_comment});
  const auto unreadable = message(
      ca.alice, {control(50, cmc::oid::kRevokeRequest, cmc::write_octets_value(to_bytes(secret)))});
  for (const auto& octets : {cut, garbled, nested, mistagged, beside, unreadable, right}) {
    ASSERT_NE(as_text(octets).find(secret), std::string_view::npos);
    for (const auto& event : ca.send(octets, nullptr).events) {
      for (const auto& field : event.fields) {
        const auto plain = from_base64(field.value);
        EXPECT_EQ(field.value.find(secret), std::string::npos) << field.name;
        if (!plain.ok()) continue;
        EXPECT_EQ(as_text(*plain).find(secret), std::string_view::npos) << field.name;
      }
    }
  }
  EXPECT_EQ(status_of(ca.alice), CertificateStatus::revoked);
}

TEST_F(RevocationSecret, NeverStandsInTheJournalAsTheTextOfAMessage) {
  put(ca.alice.certificate);
  const auto text = to_base64(unsigned_message({revoking(ca.alice.certificate, kSecret)}));
  for (const auto& event : ca.send(to_bytes(text), nullptr).events) {
    for (const auto& field : event.fields) {
      EXPECT_EQ(field.value.find(to_base64(to_bytes(text))), std::string::npos) << field.name;
      EXPECT_EQ(field.value.find(text), std::string::npos) << field.name;
    }
  }
}

TEST_F(RevocationSecret, IsNotLookedAtForAnotherIssuer) {
  put(ca.alice.certificate);
  auto elsewhere = revoking(ca.alice.certificate, "guess");
  auto wanted = unwrap(cmc::read_revoke_request(elsewhere.attr_values.front()));
  wanted.issuer_name = {};
  elsewhere.attr_values = {cmc::write_revoke_request(wanted)};
  const auto told = ca.send(unsigned_message({elsewhere}), nullptr);
  expect_refused(told, CMCFailInfo::badCertId, "issuer");
  EXPECT_TRUE(told.names(50));
}

TEST_F(RevocationSecret, IsNotLookedAtTwiceForOneCertificate) {
  put(ca.alice.certificate);
  const auto told = ca.send(unsigned_message({revoking(ca.alice.certificate, "guess", 50),
                                              revoking(ca.alice.certificate, kSecret, 51)}),
                            nullptr);
  expect_refused(told, CMCFailInfo::badRequest, "two revokeRequests");
  EXPECT_TRUE(told.names(51));
}

TEST_F(RevocationSecret, IsLookedAtForEightCertificatesAMessage) {
  std::vector<cmc::TaggedAttribute> controls;
  for (std::uint32_t id = 50; id < 58; ++id) {
    const auto holder = ca.enroll("CN=Host " + std::to_string(id) + ",O=Test");
    put(holder.certificate);
    controls.push_back(revoking(holder.certificate, kSecret, id));
  }
  auto nine = controls;
  nine.push_back(revoking(ca.alice.certificate, "guess", 58));
  const auto told = ca.send(unsigned_message(nine), nullptr);
  expect_refused(told, CMCFailInfo::badRequest, "8");
  EXPECT_TRUE(told.names(58));
  EXPECT_EQ(ca.send(unsigned_message(controls), nullptr).status.cmc_status, CMCStatus::success);
}

TEST_F(RevocationSecret, OfManyIterationsCountsWhereItIsOnRecordAndIsNotRegisteredAnew) {
  const Bytes salt(16, 7);
  const auto hash =
      crypto::pbkdf2(crypto::MacAlgorithm::hmac_sha256, as_bytes(kSecret), salt, 100'000, 32);
  const auto verifier = "$pbkdf2-sha256$i=100000$" + to_base64(salt) + "$" + to_base64(hash.view());
  const auto registering = control(
      40, cmc::oid::kRegInfo, cmc::write_octets_value(to_bytes("revocationSecret:" + verifier)));
  expect_refused(ca.send(message(ca.alice, {registering},
                                 {tagged(60, pkcs10({.subject = "CN=Alice,O=Test"}))}),
                         &ca.alice),
                 CMCFailInfo::badRequest, "20,000");
  ASSERT_TRUE(
      ca.engine().put_revocation_secret({ca.alice.certificate->serial_number, verifier}).ok());
  EXPECT_EQ(ca.send(unsigned_message({revoking(ca.alice.certificate, kSecret)}), nullptr)
                .status.cmc_status,
            CMCStatus::success);
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
  const auto another =
      tagged(61, pkcs10({.subject = "CN=Alice,O=Test", .key = test_key("ec:p256", 1)}));
  expect_refused(
      ca.send(message(ca.alice, {registering("revocationSecret:" + verifier)}, {wanted, another}),
              &ca.alice),
      CMCFailInfo::badRequest, "for one certificate");
  const auto told = ca.send(
      message(ca.alice, {registering("revocationSecret:" + verifier)}, {wanted}), &ca.alice);
  ASSERT_TRUE(told.issued()) << told.text();
  const auto& issued = told.certificates.front();
  EXPECT_EQ(unwrap(ca.engine().find_revocation_secret(issued->serial_number))->verifier, verifier);
  EXPECT_EQ(ca.send(unsigned_message({revoking(issued, kSecret)}), nullptr).status.cmc_status,
            CMCStatus::success);
}

}  // namespace
}  // namespace signet::test
