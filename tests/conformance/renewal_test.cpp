// Renewal: with the same key, in its time, also by a certificate that has expired, and under other
// names (RFC 10002 §3.2, §6.3.3, §7.1).
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>

#include "authority/agent_desk.h"
#include "codec/cmc/controls.h"
#include "codec/pkix/oids.h"
#include "support/change_status.h"
#include "support/compressed_key.h"
#include "support/message_builder.h"
#include "support/shared_data.h"
#include "support/test_authority.h"
#include "support/unwrap.h"

namespace signet::test {
namespace {

using cmc::CMCFailInfo;
using cmc::CMCStatus;
using std::chrono::days;
using std::chrono::seconds;
using store::CertificateStatus;
using store::PendingState;

constexpr const char* kAlicesSubject = "CN=Alice,O=Test";

/// The user-signed profile under the id "extra", with more lines.
TestAuthority::Choices with_profile(const std::string& more_lines) {
  const auto text = file(source_folder() + "/profiles/caFullCMCUserSignedCert.cfg");
  TestAuthority::Choices made;
  made.more_profiles = std::string(as_text(text)) + "\n" + more_lines + "\n";
  return made;
}

class RenewalScene : public testing::Test {
 protected:
  explicit RenewalScene(const std::string& more_lines = "") : ca(with_profile(more_lines)) {}

  /// A message of this signer with one request.
  Bytes signed_by(const Holder& signer, const Bytes& certification_request,
                  std::vector<cmc::TaggedAttribute> controls = {}) {
    Bytes octets(16, 7);
    octets[0] = next_nonce_++;
    controls.push_back(control(1, cmc::oid::kSenderNonce, cmc::write_octets_value(octets)));
    return full_request({signer.key, signer.certificate}, {tagged(60, certification_request)},
                        controls)
        .encode();
  }
  Bytes without_requests(const Holder& signer, std::vector<cmc::TaggedAttribute> controls) {
    return full_request({signer.key, signer.certificate}, {}, controls).encode();
  }
  Told renew(const Holder& signer, const Key& key, const std::string& subject = kAlicesSubject,
             const std::string& profile = "") {
    return ca.send(signed_by(signer, pkcs10({.subject = subject, .key = key})), &signer, profile);
  }
  void change_status(const Holder& holder, CertificateStatus status) {
    ASSERT_TRUE(test::change_status(ca.engine(), holder.certificate->serial_number, status,
                                    ca.clock.now(), pkix::CRLReason::keyCompromise)
                    .ok());
  }
  void expect_refused(const Told& told, CMCFailInfo why, const std::string& words = "") {
    EXPECT_EQ(told.status.cmc_status, CMCStatus::failed) << told.text();
    EXPECT_EQ(told.fail_info(), why) << told.text();
    EXPECT_NE(told.text().find(words), std::string::npos) << told.text();
    EXPECT_FALSE(told.issued());
  }

  TestAuthority ca;

 private:
  std::uint8_t next_nonce_ = 1;
};

// ------------------------------------------------------------ the rules of renewal

class Renewal : public RenewalScene {
 protected:
  Renewal()
      : RenewalScene("policyset.cmcUserCertSet.9.constraint.params.allowSameKeyRenewal=false") {}
};

TEST_F(Renewal, KeepsTheKeyFromThirtyDaysBeforeTheEnd) {
  const auto end = ca.alice.certificate->validity.not_after;
  ca.clock.set(end - days{30} - seconds{1});
  expect_refused(
      renew(ca.alice, ca.alice.key), CMCFailInfo::badRequest,
      "it may be renewed from " + to_text(end - days{30}) + " to " + to_text(end + days{30}));
  ca.clock.set(end - days{30});
  const auto told = renew(ca.alice, ca.alice.key);
  ASSERT_TRUE(told.issued()) << told.text();
  EXPECT_EQ(told.certificates[0]->subject_public_key_info,
            ca.alice.certificate->subject_public_key_info);
}

TEST_F(Renewal, EndsThirtyDaysAfterTheEnd) {
  const auto end = ca.alice.certificate->validity.not_after;
  ca.clock.set(end - days{1});
  const auto second =
      ca.enroll(kAlicesSubject);  // signs in the place of the one that will have expired
  ca.clock.set(end + days{30} + seconds{1});
  expect_refused(renew(second, ca.alice.key), CMCFailInfo::badRequest,
                 "to " + to_text(end + days{30}));
  ca.clock.set(end + days{30});
  EXPECT_TRUE(renew(second, ca.alice.key).issued());
}

TEST_F(Renewal, IsJudgedByTheNewestCertificateOfTheKey) {
  ca.clock.advance(days{61});
  ASSERT_TRUE(renew(ca.alice, ca.alice.key).issued());
  expect_refused(renew(ca.alice, ca.alice.key), CMCFailInfo::badRequest, "may be renewed from");
}

TEST_F(Renewal, OfAKeyWithARevokedOrHeldCertificateIsRefused) {
  /* matrix: E18 */
  const auto second = ca.enroll(kAlicesSubject);
  ca.clock.advance(days{61});
  change_status(ca.alice, CertificateStatus::on_hold);
  expect_refused(renew(second, ca.alice.key), CMCFailInfo::noKeyReuse, "on hold");
  expect_refused(renew(ca.alice, ca.alice.key), CMCFailInfo::badIdentity, "on hold");
  change_status(ca.alice, CertificateStatus::revoked);
  expect_refused(renew(second, ca.alice.key), CMCFailInfo::noKeyReuse, "revoked");
  expect_refused(renew(ca.alice, ca.alice.key), CMCFailInfo::badIdentity, "revoked");
  // nor does a newer one in force make up for it
  Holder third{ca.alice.key, {}};
  auto tbs = second.certificate.tbs.value;
  tbs.serial_number = asn1::Integer::from(4711);
  tbs.subject_public_key_info = ca.alice.key->public_key_info();
  ca.record(TestAuthority::sign(tbs, ca.key()));
  expect_refused(renew(second, ca.alice.key), CMCFailInfo::noKeyReuse, "revoked");
}

TEST_F(Renewal, OfAnothersCertificateIsRefused) {
  /* matrix: E82 */
  const auto bob = ca.enroll("CN=Bob,O=Test");
  ca.clock.advance(days{61});
  expect_refused(renew(ca.alice, bob.key, "CN=Bob,O=Test"), CMCFailInfo::badIdentity);
  expect_refused(renew(ca.alice, bob.key), CMCFailInfo::noKeyReuse, "another subject");
  EXPECT_TRUE(renew(bob, bob.key, "CN=Bob,O=Test").issued());
}

TEST_F(Renewal, WantsANewKeyWhereTheProfileSaysSo) {
  /* matrix: E18 */
  ca.clock.advance(days{61});
  expect_refused(renew(ca.alice, ca.alice.key, kAlicesSubject, "extra"), CMCFailInfo::noKeyReuse,
                 "the profile wants a new key");
  EXPECT_TRUE(renew(ca.alice, test_key("ec:p256", 5), kAlicesSubject, "extra").issued());
}

TEST_F(Renewal, WithANewKeyIsNotBoundToATime) {
  EXPECT_TRUE(renew(ca.alice, test_key("ec:p256", 5)).issued());
}

TEST_F(Renewal, ByAnExpiredCertificateIsRefusedUnlessAProfileSaysOtherwise) {
  ca.clock.advance(days{91});
  expect_refused(renew(ca.alice, ca.alice.key), CMCFailInfo::badIdentity, "expired");
}

TEST_F(Renewal, OfARevokedKeyIsRefusedHoweverTheKeyIsWritten) {
  /* matrix: E18 */
  const auto key = test_key("ec:p256", 5);
  const auto told = renew(ca.alice, key);
  ASSERT_TRUE(told.issued()) << told.text();
  const auto& serial = told.certificates[0]->serial_number;
  ASSERT_TRUE(test::change_status(ca.engine(), serial, CertificateStatus::revoked, ca.clock.now(),
                                  pkix::CRLReason::keyCompromise)
                  .ok());
  expect_refused(renew(ca.alice, key), CMCFailInfo::noKeyReuse, "revoked");
  expect_refused(renew(ca.alice, compressed_key(key)), CMCFailInfo::noKeyReuse, "revoked");
}

TEST_F(Renewal, OfAKeyThatWasWrittenOtherwiseIsSeen) {
  /* matrix: E18 */
  const auto key = test_key("ec:p256", 5);
  ASSERT_TRUE(renew(ca.alice, compressed_key(key), kAlicesSubject, "extra").issued());
  expect_refused(renew(ca.alice, key, kAlicesSubject, "extra"), CMCFailInfo::noKeyReuse);
}

TEST_F(Renewal, TakesNoKeyTwiceInOneMessageHoweverItIsWritten) {
  const auto key = test_key("ec:p256", 5);
  const auto first = tagged(60, pkcs10({.subject = kAlicesSubject, .key = key}));
  const auto second = tagged(61, pkcs10({.subject = kAlicesSubject, .key = compressed_key(key)}));
  const auto message = full_request({ca.alice.key, ca.alice.certificate}, {first, second}).encode();
  expect_refused(ca.send(message, &ca.alice), CMCFailInfo::noKeyReuse, "the same public key");
}

// ------------------------------------------------------------ by a certificate that has expired

class ExpiredSigner : public RenewalScene {
 protected:
  ExpiredSigner() : ExpiredSigner("") {}
  explicit ExpiredSigner(const std::string& more_lines)
      : RenewalScene("auth.expiredSignerAllowed=true\n" + more_lines) {
    ca.clock.set(end() + days{1});
  }
  Time end() { return ca.alice.certificate->validity.not_after; }
  Told renew_late(const Holder& signer, const Key& key,
                  const std::string& subject = kAlicesSubject) {
    return renew(signer, key, subject, "extra");
  }
};

TEST_F(ExpiredSigner, RenewsItselfUntilTheEndOfTheGracePeriod) {
  ca.clock.set(end() + days{30});
  const auto told = renew_late(ca.alice, ca.alice.key);
  ASSERT_TRUE(told.issued()) << told.text();
  EXPECT_EQ(told.certificates[0]->subject, ca.alice.certificate->subject);
  bool is_on_record = false;
  for (const auto& event : told.events) {
    for (const auto& field : event.fields) {
      is_on_record = is_on_record || field.value.find("expired") != std::string::npos;
    }
  }
  EXPECT_TRUE(is_on_record);
}

TEST_F(ExpiredSigner, IsRefusedBeyondItWithTheDates) {
  ca.clock.set(end() + days{30} + seconds{1});
  expect_refused(
      renew_late(ca.alice, ca.alice.key), CMCFailInfo::badRequest,
      "it may be renewed from " + to_text(end() - days{30}) + " to " + to_text(end() + days{30}));
}

TEST_F(ExpiredSigner, IsRefusedByProfilesThatDoNotSaySo) {
  expect_refused(renew(ca.alice, ca.alice.key), CMCFailInfo::badIdentity,
                 "expired at " + to_text(end()));
}

TEST_F(ExpiredSigner, RenewsItselfOnceNotWhatWasRenewed) {
  ASSERT_TRUE(renew_late(ca.alice, ca.alice.key).issued());
  expect_refused(renew_late(ca.alice, ca.alice.key), CMCFailInfo::badRequest,
                 "may be renewed from");
}

TEST_F(ExpiredSigner, GetsNoOtherKeyAndNoOtherName) {
  expect_refused(renew_late(ca.alice, test_key("ec:p256", 5)), CMCFailInfo::badIdentity,
                 "with its own key alone");
  expect_refused(renew_late(ca.alice, ca.alice.key, "CN=Bob,O=Test"), CMCFailInfo::badIdentity);
  const auto renamed = cmc::write_change_subject_name(
      {.subject = unwrap(pkix::name_from_text("CN=Alicia,O=Test")), .subject_alt = {}});
  const auto request = pkcs10({.subject = kAlicesSubject,
                               .key = ca.alice.key,
                               .attributes = {attribute(cmc::oid::kChangeSubjectName, renamed)}});
  expect_refused(ca.send(signed_by(ca.alice, request), &ca.alice, "extra"),
                 CMCFailInfo::badIdentity, "expired");
}

TEST_F(ExpiredSigner, IsRefusedWhenRevokedOrHeld) {
  change_status(ca.alice, CertificateStatus::on_hold);
  expect_refused(renew_late(ca.alice, ca.alice.key), CMCFailInfo::badIdentity, "on hold");
  change_status(ca.alice, CertificateStatus::revoked);
  expect_refused(renew_late(ca.alice, ca.alice.key), CMCFailInfo::badIdentity, "revoked");
}

TEST_F(ExpiredSigner, IsRefusedWhenItIsNotOnRecordOrSomebodyElses) {
  const auto& serial = ca.alice.certificate->serial_number;
  const auto stranger = ca.forge(kAlicesSubject, serial, true);
  expect_refused(renew_late(stranger, stranger.key), CMCFailInfo::badIdentity);
  const auto unrecorded = ca.forge(kAlicesSubject, asn1::Integer::from(4711), false);
  expect_refused(renew_late(unrecorded, unrecorded.key), CMCFailInfo::badIdentity,
                 "not in its records");
  // over another's connection
  const auto message =
      signed_by(ca.alice, pkcs10({.subject = kAlicesSubject, .key = ca.alice.key}));
  const auto bob = ca.enroll("CN=Bob,O=Test");
  expect_refused(ca.send(message, &bob, "extra"), CMCFailInfo::badIdentity);
  EXPECT_TRUE(ca.send(message, &ca.alice, "extra").issued());
}

TEST_F(ExpiredSigner, DoesNothingElse) {
  cmc::RevokeRequest revoking;
  revoking.issuer_name = ca.certificate()->subject;
  revoking.serial_number = ca.alice.certificate->serial_number;
  expect_refused(ca.send(without_requests(ca.alice, {control(50, cmc::oid::kRevokeRequest,
                                                             cmc::write_revoke_request(revoking))}),
                         &ca.alice),
                 CMCFailInfo::badIdentity, "nothing else");
  const auto& serial = ca.alice.certificate->serial_number;
  expect_refused(
      ca.send(without_requests(ca.alice,
                               {control(50, cmc::oid::kGetCert,
                                        cmc::write_get_cert({ca.certificate()->subject, serial}))}),
              &ca.alice),
      CMCFailInfo::badIdentity, "nothing else");
  // not beside what it may do either
  const auto confirming = control(70, cmc::oid::kConfirmCertAcceptance,
                                  cmc::write_cmc_cert_id({ca.certificate()->subject, serial}));
  expect_refused(ca.send(without_requests(
                             ca.alice, {confirming, control(50, cmc::oid::kRevokeRequest,
                                                            cmc::write_revoke_request(revoking))}),
                         &ca.alice),
                 CMCFailInfo::badIdentity, "nothing else");
  const auto renewal = pkcs10({.subject = kAlicesSubject, .key = ca.alice.key});
  expect_refused(
      ca.send(signed_by(ca.alice, renewal,
                        {control(50, cmc::oid::kGetCert,
                                 cmc::write_get_cert({ca.certificate()->subject, serial}))}),
              &ca.alice, "extra"),
      CMCFailInfo::badIdentity, "nothing else");
  EXPECT_EQ(unwrap(ca.engine().find_certificate(serial))->status, CertificateStatus::valid);
}

TEST_F(ExpiredSigner, MayGiveUpTheChallengeOfItsRenewalAndTellsNothingElse) {
  cmc::CMCStatusInfoV2 status;
  status.cmc_status = CMCStatus::failed;
  status.body_list = {cmc::BodyPartID{20}};
  const auto kind_of_answer = [&] {
    const auto telling =
        control(50, cmc::oid::kStatusInfoV2, cmc::write_cmc_status_info_v2(status));
    return ca.send(without_requests(ca.alice, {telling}), &ca.alice).kind;
  };
  EXPECT_EQ(kind_of_answer(), authority::ResponseKind::none);
  status.other_info = CMCFailInfo::popFailed;
  EXPECT_EQ(kind_of_answer(), authority::ResponseKind::full);
}

TEST_F(ExpiredSigner, IsNoAgentAnyMore) {
  expect_refused(renew_late(ca.agent, ca.agent.key), CMCFailInfo::badIdentity);
  const proof::Peer peer{ca.agent.certificate.der, "192.0.2.9"};
  EXPECT_EQ(ca.desk().list(peer, {PendingState::open, 1}).error().fault, Fault::untrusted_signer);
}

class ExpiredSignerWaits : public ExpiredSigner {
 protected:
  ExpiredSignerWaits() : ExpiredSigner("auth.explicitApprovalRequired=true") {}
};

TEST_F(ExpiredSignerWaits, MayAskWhatBecameOfItsRenewal) {
  const auto told = renew_late(ca.alice, ca.alice.key);
  ASSERT_EQ(told.status.cmc_status, CMCStatus::pending) << told.text();
  const auto token = std::get<cmc::PendInfo>(told.status.other_info.value()).pend_token;
  const auto poll = without_requests(
      ca.alice, {control(73, cmc::oid::kQueryPending, cmc::write_octets_value(token))});
  EXPECT_EQ(ca.send(poll, &ca.alice).status.cmc_status, CMCStatus::pending);
}

// ------------------------------------------------------------ under other names

constexpr const char* kWithAlternativeNames =
    "policyset.cmcUserCertSet.list=1,9,10,2,3,4,5,6,7,8,11,12\n"
    "policyset.cmcUserCertSet.11.default.class_id=userExtensionDefaultImpl\n"
    "policyset.cmcUserCertSet.11.default.name=Alternative names as asked for\n"
    "policyset.cmcUserCertSet.11.default.params.userExtOID=2.5.29.17\n"
    "policyset.cmcUserCertSet.11.constraint.class_id=noConstraintImpl\n"
    "policyset.cmcUserCertSet.11.constraint.name=None\n"
    "policyset.cmcUserCertSet.12.default.class_id=noDefaultImpl\n"
    "policyset.cmcUserCertSet.12.default.name=None\n"
    "policyset.cmcUserCertSet.12.constraint.class_id=subjectNameConstraintImpl\n"
    "policyset.cmcUserCertSet.12.constraint.name=Of this organization\n"
    "policyset.cmcUserCertSet.12.constraint.params.pattern=(CN=.*,O=Test)?\n"
    "auth.changeSubjectNameAllowed=true\n";

class NameChangeScene : public RenewalScene {
 protected:
  explicit NameChangeScene(const std::string& more_lines)
      : RenewalScene(kWithAlternativeNames + more_lines) {}

  static pkix::Attribute renaming(const std::optional<std::string>& subject,
                                  const std::optional<pkix::GeneralNames>& names = {}) {
    cmc::ChangeSubjectName wanted;
    if (subject) wanted.subject = unwrap(pkix::name_from_text(*subject));
    wanted.subject_alt = names;
    return attribute(cmc::oid::kChangeSubjectName, cmc::write_change_subject_name(wanted));
  }
  Told ask(const Holder& signer, std::vector<pkix::Attribute> attributes,
           const std::string& profile = "extra", const std::string& own = kAlicesSubject) {
    const auto request = pkcs10({.subject = own,
                                 .key = test_key("ec:p256", next_key_++),
                                 .attributes = std::move(attributes)});
    return ca.send(signed_by(signer, request), &signer, profile);
  }
  proof::Peer agent() { return {ca.agent.certificate.der, "192.0.2.9"}; }
  static std::string subject_of(const pkix::Certificate& certificate) {
    return pkix::to_text(certificate->subject);
  }
  static const pkix::Extension* names_in(const pkix::Certificate& certificate) {
    return pkix::find_extension(certificate->extensions, pkix::oid::kSubjectAltName);
  }
  const pkix::GeneralNames mail{pkix::Rfc822Name{"alicia@example.test"}};

 private:
  int next_key_ = 5;
};

class NameChange : public NameChangeScene {
 protected:
  NameChange() : NameChangeScene("") {}
  /// Approved by the agent, and fetched from the records.
  pkix::Certificate approved(const Told& told) {
    EXPECT_EQ(told.status.cmc_status, CMCStatus::pending) << told.text();
    const auto token = std::get<cmc::PendInfo>(told.status.other_info.value()).pend_token;
    const auto decided = unwrap(ca.desk().decide(agent(), {token, true}));
    const auto record = unwrap(ca.engine().find_certificate(decided.serial_numbers.at(0))).value();
    return unwrap(pkix::read_certificate(record.certificate_der));
  }
};

TEST_F(NameChange, WaitsForAnAgentWhoSeesTheNewNames) {
  /* matrix: E149, E151 */
  const auto told = ask(ca.alice, {renaming("CN=Alicia,O=Test", mail)});
  const auto listed = unwrap(ca.desk().list(agent(), {PendingState::open, 10}));
  ASSERT_EQ(listed.size(), 1U) << told.text();
  EXPECT_EQ(listed[0].requester, kAlicesSubject);
  EXPECT_EQ(listed[0].subject, "CN=Alicia,O=Test; email:alicia@example.test (new name)");
  const auto certificate = approved(told);
  EXPECT_EQ(subject_of(certificate), "CN=Alicia,O=Test");
  ASSERT_NE(names_in(certificate), nullptr);
  EXPECT_EQ(unwrap(pkix::read_alternative_name(names_in(certificate)->extn_value)), mail);
}

TEST_F(NameChange, IsShownWholeWhereverItStandsInTheMessage) {
  const auto own = tagged(60, pkcs10({.subject = kAlicesSubject, .key = test_key("ec:p256", 5)}));
  const auto renamed = tagged(61, pkcs10({.subject = kAlicesSubject,
                                          .key = test_key("ec:p256", 6),
                                          .attributes = {renaming("CN=Alicia,O=Test", mail)}}));
  const auto message = full_request({ca.alice.key, ca.alice.certificate}, {own, renamed}).encode();
  EXPECT_EQ(ca.send(message, &ca.alice, "extra").status.cmc_status, CMCStatus::pending);
  EXPECT_EQ(unwrap(ca.desk().list(agent(), {PendingState::open, 1})).at(0).subject,
            "CN=Alice,O=Test / CN=Alicia,O=Test; email:alicia@example.test (new name)");
  const auto own_last =
      tagged(62, pkcs10({.subject = kAlicesSubject, .key = test_key("ec:p256", 8)}));
  const auto renamed_first =
      full_request({ca.alice.key, ca.alice.certificate}, {renamed, own_last}).encode();
  EXPECT_EQ(ca.send(renamed_first, &ca.alice, "extra").status.cmc_status, CMCStatus::pending);
}

TEST_F(NameChange, LeavesNothingOfNamesThatAreNotGiven) {
  /* matrix: E151 */
  const auto without_alternative = approved(ask(ca.alice, {renaming("CN=Alicia,O=Test")}));
  EXPECT_EQ(names_in(without_alternative), nullptr);
  const auto without_subject = approved(ask(ca.alice, {renaming(std::nullopt, mail)}));
  EXPECT_TRUE(without_subject->subject.empty());
  ASSERT_NE(names_in(without_subject), nullptr);
  EXPECT_TRUE(names_in(without_subject)->critical);
}

TEST_F(NameChange, IsReadFromACrmfRequestToo) {
  const auto wanted = renaming("CN=Alicia,O=Test");
  const auto request = crmf({.id = 60,
                             .subject = kAlicesSubject,
                             .key = test_key("ec:p256", 5),
                             .controls = {{cmc::oid::kChangeSubjectName, wanted.values.front()}}});
  const auto message =
      full_request({ca.alice.key, ca.alice.certificate}, {tagged(request)}).encode();
  EXPECT_EQ(subject_of(approved(ca.send(message, &ca.alice, "extra"))), "CN=Alicia,O=Test");
}

TEST_F(NameChange, IsRefusedByProfilesThatDoNotAllowIt) {
  expect_refused(ask(ca.alice, {renaming("CN=Alicia,O=Test")}, ""), CMCFailInfo::badIdentity,
                 "auth.changeSubjectNameAllowed");
}

TEST_F(NameChange, WantsTheOldNamesInTheRequestItself) {
  /* matrix: E149 */
  expect_refused(ask(ca.alice, {renaming("CN=Alicia,O=Test")}, "extra", "CN=Alicia,O=Test"),
                 CMCFailInfo::badIdentity, "must be those of the signing certificate");
  expect_refused(ask(ca.alice, {renaming("CN=Alicia,O=Test")}, "extra", ""),
                 CMCFailInfo::badIdentity);
  const auto request = pkcs10(
      {.subject = kAlicesSubject,
       .key = test_key("ec:p256", 5),
       .extensions = {{pkix::oid::kSubjectAltName, false, pkix::write_alternative_name(mail)}},
       .attributes = {renaming("CN=Alicia,O=Test")}});
  expect_refused(ca.send(signed_by(ca.alice, request), &ca.alice, "extra"),
                 CMCFailInfo::badIdentity);
}

TEST_F(NameChange, IsAskedForOnceAndWellFormed) {
  /* matrix: E150 */
  const auto twice = renaming("CN=Alicia,O=Test");
  expect_refused(ask(ca.alice, {twice, twice}), CMCFailInfo::badRequest);
  expect_refused(ask(ca.alice, {attribute(cmc::oid::kChangeSubjectName, Bytes{0x30, 0x00})}),
                 CMCFailInfo::badRequest, "neither subject nor subjectAlt");
  const auto request = crmf(
      {.id = 60,
       .subject = kAlicesSubject,
       .key = test_key("ec:p256", 5),
       .controls = {{cmc::oid::kChangeSubjectName, twice.values.front()},
                    {cmc::oid::kChangeSubjectName, renaming("CN=Alina,O=Test").values.front()}}});
  const auto message =
      full_request({ca.alice.key, ca.alice.certificate}, {tagged(request)}).encode();
  expect_refused(ca.send(message, &ca.alice, "extra"), CMCFailInfo::badRequest, "more than once");
}

TEST_F(NameChange, ObeysTheProfilesConstraints) {
  expect_refused(ask(ca.alice, {renaming("CN=Alicia,O=Elsewhere")}), CMCFailInfo::badIdentity,
                 "does not match");
}

TEST_F(NameChange, TakesANewKey) {
  ca.clock.advance(days{61});
  const auto request = pkcs10({.subject = kAlicesSubject,
                               .key = ca.alice.key,
                               .attributes = {renaming("CN=Alicia,O=Test")}});
  expect_refused(ca.send(signed_by(ca.alice, request), &ca.alice, "extra"),
                 CMCFailInfo::noKeyReuse);
}

TEST_F(NameChange, MayBeRejected) {
  const auto told = ask(ca.alice, {renaming("CN=Alicia,O=Test")});
  const auto before = ca.certificates_on_record();
  const auto token = std::get<cmc::PendInfo>(told.status.other_info.value()).pend_token;
  unwrap(ca.desk().decide(agent(), {token, false, {}, "no such person"}));
  EXPECT_EQ(ca.certificates_on_record(), before);
}

TEST_F(NameChange, IsNotForAgentsAndSecrets) {
  expect_refused(ask(ca.agent, {renaming("CN=Alicia,O=Test")}, "extra", "CN=Agent,O=Test"),
                 CMCFailInfo::badRequest, "not offered to agents");
}

/// A profile that gives every certificate one subject.
class MisnamingProfile : public NameChangeScene {
 protected:
  MisnamingProfile()
      : NameChangeScene(
            "policyset.cmcUserCertSet.1.default.class_id=subjectNameDefaultImpl\n"
            "policyset.cmcUserCertSet.1.default.params.name=CN=Somebody,O=Test\n"
            "policyset.cmcUserCertSet.1.constraint.class_id=noConstraintImpl\n") {}
};

TEST_F(MisnamingProfile, IsNoWayToAnotherSubject) {
  expect_refused(ask(ca.alice, {renaming("CN=Alicia,O=Test")}), CMCFailInfo::badIdentity,
                 "the profile makes the subject");
  EXPECT_EQ(ask(ca.alice, {renaming("CN=Somebody,O=Test")}).status.cmc_status, CMCStatus::pending);
}

/// A profile that copies no alternative names.
class NamelessProfile : public NameChangeScene {
 protected:
  NamelessProfile() : NameChangeScene("policyset.cmcUserCertSet.list=1,9,10,2,3,4,5,6,7,8,12\n") {}
};

TEST_F(NamelessProfile, GrantsNoAlternativeNamesThatItDoesNotGive) {
  expect_refused(ask(ca.alice, {renaming("CN=Alicia,O=Test", mail)}), CMCFailInfo::badIdentity,
                 "gives other alternative names");
  EXPECT_EQ(ask(ca.alice, {renaming("CN=Alicia,O=Test")}).status.cmc_status, CMCStatus::pending);
}

class FreeNameChange : public NameChangeScene {
 protected:
  FreeNameChange() : NameChangeScene("auth.changeSubjectNameApprovalRequired=false") {}
};

TEST_F(FreeNameChange, IsGrantedAtOnce) {
  const auto told = ask(ca.alice, {renaming("CN=Alicia,O=Test")});
  ASSERT_TRUE(told.issued()) << told.text();
  EXPECT_EQ(subject_of(told.certificates[0]), "CN=Alicia,O=Test");
}

TEST_F(FreeNameChange, NeverTakesAnothersName) {
  const auto bob = ca.enroll("CN=Bob,O=Test");
  const auto before = ca.certificates_on_record();
  expect_refused(ask(ca.alice, {renaming("CN=Bob,O=Test")}), CMCFailInfo::badIdentity,
                 "no agent has approved");
  change_status(bob, CertificateStatus::revoked);
  expect_refused(ask(ca.alice, {renaming("CN=Bob,O=Test")}), CMCFailInfo::badIdentity);
  expect_refused(ask(ca.alice, {renaming(kAlicesSubject, mail)}), CMCFailInfo::badIdentity,
                 "does not hold the alternative name");
  EXPECT_EQ(ca.certificates_on_record(), before);
}

TEST_F(FreeNameChange, NeverTakesAnothersNameByWayOfItsSpelling) {
  ca.enroll("CN=Bob,O=Test");
  const auto spelled = ca.enroll("CN=bOB,O=Test");
  expect_refused(ask(spelled, {renaming("CN=Bob,O=Test")}, "extra", "CN=bOB,O=Test"),
                 CMCFailInfo::badIdentity, "no agent has approved");
  const auto told = ask(spelled, {}, "extra", "CN=Bob,O=Test");
  ASSERT_TRUE(told.issued()) << told.text();
  EXPECT_EQ(told.certificates[0]->subject, spelled.certificate->subject);
}

TEST_F(FreeNameChange, NeverTakesAnothersNameInOtherStringTypesOrBlanks) {
  ca.enroll("CN=Bob Baker,O=Test");
  const std::string printable = "CN=#1309426f622042616b6572,O=Test";
  expect_refused(ask(ca.alice, {renaming(printable)}), CMCFailInfo::badIdentity,
                 "no agent has approved");
  expect_refused(ask(ca.alice, {renaming("CN=Bob  Baker,O=Test")}), CMCFailInfo::badIdentity,
                 "no agent has approved");
  ca.enroll("CN=#1305436c617261,O=#130454657374");
  expect_refused(ask(ca.alice, {renaming("CN=Clara,O=Test")}), CMCFailInfo::badIdentity,
                 "no agent has approved");
}

TEST_F(FreeNameChange, NeverTakesTheAuthoritysName) {
  auto own = pkix::to_text(ca.certificate()->subject);
  std::transform(own.begin(), own.end(), own.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  expect_refused(ask(ca.alice, {renaming(own)}), CMCFailInfo::badIdentity,
                 "this authority's own name");
}

}  // namespace
}  // namespace signet::test
