// Renewal under other names (changeSubjectName, RFC 10002 §6.3.3).
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>

#include "authority/agent_desk.h"
#include "codec/cmc/controls.h"
#include "codec/pkix/oids.h"
#include "support/renewal_scene.h"
#include "support/unwrap.h"

namespace signet::test {
namespace {

using cmc::CMCFailInfo;
using cmc::CMCStatus;
using std::chrono::days;
using store::CertificateStatus;
using store::PendingState;

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
  expect_refused(ask(spelled, {}, "extra", "CN=Bob,O=Test"), CMCFailInfo::badIdentity,
                 "signed by CN=bOB,O=Test");
  const auto told = ask(spelled, {}, "extra", "CN=bOB,O=Test");
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
