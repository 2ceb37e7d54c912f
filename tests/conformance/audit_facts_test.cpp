// What the records of a decision say, so that one of them answers a question: who asked, under
// which profile, for which certificate.
#include <gmock/gmock.h>

#include "authority/agent_desk.h"
#include "codec/pkix/oids.h"
#include "support/life_scene.h"
#include "support/shared_secret_scene.h"

namespace signet::test {
namespace {

using audit::EventOutcome;

constexpr const char* kUsers = "caFullCMCUserSignedCert";

/// The first record of this name; a test fails without one.
const audit::Event& record_named(const std::vector<audit::Event>& events, std::string_view name) {
  const auto found = std::find_if(events.begin(), events.end(),
                                  [&](const auto& event) { return event.name == name; });
  if (found == events.end()) throw std::runtime_error("no record " + std::string(name));
  return *found;
}

/// "absent" where it has no such field.
std::string value_in(const audit::Event& event, std::string_view name) {
  for (const auto& field : event.fields) {
    if (field.name == name) return field.value;
  }
  return "absent";
}

class AuditFacts : public Life {
 protected:
  static audit::Event refusal_in(const Told& told) {
    auto event = record_named(told.events, "CERT_REQUEST_PROCESSED");
    EXPECT_EQ(event.outcome, EventOutcome::failure);
    return event;
  }
  Bytes by_rsa_key(const Holder& who) {
    return message(
        who, {}, {tagged(60, pkcs10({.subject = "CN=Carol,O=Test", .key = test_key("rsa:2048")}))});
  }
  cmc::RevokeRequest revocation_of(const asn1::Integer& serial_number) {
    return {.issuer_name = ca.certificate()->subject,
            .serial_number = serial_number,
            .reason = pkix::CRLReason::superseded,
            .invalidity_date = {},
            .shared_secret = {},
            .comment = {}};
  }
  Told revoke(const std::vector<cmc::RevokeRequest>& wanted) {
    std::vector<cmc::TaggedAttribute> controls;
    std::uint32_t id = 50;
    for (const auto& each : wanted) {
      controls.push_back(control(id++, cmc::oid::kRevokeRequest, cmc::write_revoke_request(each)));
    }
    return ca.send(message(ca.agent, controls), &ca.agent);
  }
};

TEST_F(AuditFacts, ARefusedRequestNamesItsProfileAndWhoAsked) {
  const auto by_name = refusal_in(ca.send(ca.request(ca.alice, "CN=Bob,O=Test").octets, &ca.alice));
  EXPECT_EQ(value_in(by_name, "ProfileID"), kUsers);
  EXPECT_EQ(value_in(by_name, "SubjectID"), "CN=Alice,O=Test");
  const auto by_policy =
      refusal_in(ca.send(by_rsa_key(ca.agent), &ca.agent, "caECFullCMCUserCert"));
  EXPECT_EQ(value_in(by_policy, "ProfileID"), "caECFullCMCUserCert");
  EXPECT_EQ(value_in(by_policy, "SubjectID"), pkix::to_text(ca.agent.certificate->subject));
  const auto by_authenticator =
      refusal_in(ca.send(by_rsa_key(ca.alice), &ca.alice, "caECFullCMCUserCert"));
  EXPECT_EQ(value_in(by_authenticator, "ProfileID"), "caECFullCMCUserCert");
}

TEST_F(AuditFacts, AStrangersRefusalNamesWhatHeNamedAndNobody) {
  const auto forged = ca.forge("CN=Alice,O=Test", ca.alice.certificate->serial_number, true);
  const auto message = ca.request(forged, "CN=Alice,O=Test").octets;
  const auto unnamed = refusal_in(ca.send(message, &forged));
  EXPECT_EQ(value_in(unnamed, "ProfileID"), "absent") << "it depends on who asks";
  EXPECT_EQ(value_in(unnamed, "SubjectID"), "$Unidentified$");
  const auto named = refusal_in(ca.send(message, &forged, kUsers));
  EXPECT_EQ(value_in(named, "ProfileID"), kUsers);
  EXPECT_EQ(value_in(named, "SubjectID"), "$Unidentified$");
}

TEST_F(AuditFacts, OnlyAProfileThatIsOfferedIsNamedAndOnlyWhereOneServes) {
  const auto unknown = refusal_in(
      ca.send(ca.request(ca.alice, "CN=Alice,O=Test").octets, &ca.alice, "caNoSuch\n$System$"));
  EXPECT_EQ(value_in(unknown, "ProfileID"), "absent");
  EXPECT_THAT(value_in(unknown, "InfoValue"), testing::HasSubstr("caNoSuch"));
  const auto revoking = refusal_in(revoke({revocation_of(asn1::Integer::from(4711))}));
  EXPECT_EQ(value_in(revoking, "ProfileID"), "absent");
}

TEST_F(AuditFacts, AnIssuedCertificateIsFoundByItsSubjectInOneRecord) {
  const auto told = ca.send(ca.request(ca.agent, "CN=Carol,O=Test").octets, &ca.agent);
  ASSERT_TRUE(told.issued()) << told.text();
  const auto& record = record_named(told.events, "CERT_REQUEST_PROCESSED");
  EXPECT_EQ(value_in(record, "CertSubject"), "CN=Carol,O=Test");
  EXPECT_EQ(value_in(record, "CertSerialNum"),
            "0x" + told.certificates.front()->serial_number.to_hex());
  EXPECT_EQ(value_in(record, "SubjectID"), pkix::to_text(ca.agent.certificate->subject));
}

TEST_F(AuditFacts, ARevocationIsCompleteAndItsSerialNumberIsInBothForms) {
  const auto old = ca.enroll("CN=Carol,O=Test").certificate;
  const auto told = revoke({revocation_of(old->serial_number)});
  const auto& record = record_named(told.events, "CERT_STATUS_CHANGE_REQUEST_PROCESSED");
  EXPECT_EQ(record.outcome, EventOutcome::success);
  EXPECT_EQ(value_in(record, "Approval"), "complete");
  EXPECT_EQ(value_in(record, "CertSerialNum"), "0x" + old->serial_number.to_hex());
  EXPECT_EQ(value_in(record, "CertSerialNumDecimal"), old->serial_number.to_decimal());
}

TEST_F(AuditFacts, ARevocationThatIsTakenBackIsRejected) {
  const auto old = ca.enroll("CN=Carol,O=Test").certificate;
  const auto told =
      revoke({revocation_of(old->serial_number), revocation_of(asn1::Integer::from(4711))});
  const auto& record = record_named(told.events, "CERT_STATUS_CHANGE_REQUEST_PROCESSED");
  EXPECT_EQ(record.outcome, EventOutcome::failure);
  EXPECT_EQ(value_in(record, "Approval"), "rejected");
  EXPECT_EQ(record_of(old).status, store::CertificateStatus::valid);
}

TEST(AuditFactsOfApproval, ARequestThatNoApprovalCouldGrantIsNamedWithItsProfile) {
  audit::MemoryJournal journal;
  TestAuthority::Choices choices;
  choices.journal = &journal;
  choices.more_profiles = approval_profile();
  TestAuthority ca{choices};
  const auto held = ca.send(ca.request(ca.alice, "CN=Alice,O=Test").octets, &ca.alice, "extra");
  const auto token = std::get<cmc::PendInfo>(held.status.other_info.value()).pend_token;
  policy::AgentChanges too_long;
  too_long.not_after = ca.clock.now() + std::chrono::days{400};
  const proof::Peer agent{ca.agent.certificate.der, "192.0.2.9"};
  EXPECT_FALSE(ca.desk().decide(agent, {token, true, too_long, ""}).ok());
  const auto& record = record_named(journal.events(), "AUTHZ");
  EXPECT_EQ(record.outcome, EventOutcome::failure);
  EXPECT_EQ(value_in(record, "ReqID"), to_hex(token));
  EXPECT_EQ(value_in(record, "ProfileID"), "extra");
}

TEST(AuditFactsOfApproval, WhatAnAgentChangesStandsBesideItsDecision) {
  audit::MemoryJournal journal;
  TestAuthority::Choices choices;
  choices.journal = &journal;
  choices.more_profiles = approval_profile();
  TestAuthority ca{choices};
  const proof::Peer agent{ca.agent.certificate.der, "192.0.2.9"};
  const auto held = ca.send(ca.request(ca.alice, "CN=Alice,O=Test").octets, &ca.alice, "extra");
  const auto token = std::get<cmc::PendInfo>(held.status.other_info.value()).pend_token;
  const auto told = [&](EventOutcome outcome) {
    for (const auto& event : journal.events()) {
      if (event.name == "AUTHZ" && event.outcome == outcome) return value_in(event, "Changes");
    }
    return std::string("no record");
  };
  policy::AgentChanges changes{.extensions = {{pkix::oid::kOcspNoCheck, true, {0x05, 0x00}}},
                               .left_out = {pkix::oid::kAuthorityInfoAccess}};
  EXPECT_FALSE(ca.desk().decide(agent, {token, true, changes, ""}).ok());
  EXPECT_EQ(told(EventOutcome::failure),
            "extensions 1.3.6.1.5.5.7.48.1.5 (critical); left out 1.3.6.1.5.5.7.1.1");
  changes = {.not_before = ca.clock.now() - std::chrono::hours{1},
             .not_after = ca.clock.now() + std::chrono::days{10},
             .extensions = {{pkix::oid::kExtendedKeyUsage, false,
                             pkix::write_extended_key_usage({pkix::oid::kClientAuth})}}};
  EXPECT_TRUE(ca.desk().decide(agent, {token, true, changes, ""}).ok());
  EXPECT_EQ(told(EventOutcome::success), "extensions 2.5.29.37; not before " +
                                             to_text(*changes.not_before) + "; not after " +
                                             to_text(*changes.not_after));
  const auto& judged = journal.events();
  EXPECT_TRUE(std::any_of(judged.begin(), judged.end(), [](const audit::Event& event) {
    return event.name == "PROFILE_CERT_REQUEST" &&
           value_in(event, "Info") == "approved as an agent changed it";
  }));
}

/// What is told of each that is taken is told whole.
TEST(AuditFactsOfApproval, ADecisionHidesNoChangeBehindManyOthers) {
  audit::MemoryJournal journal;
  TestAuthority::Choices choices;
  choices.journal = &journal;
  choices.more_profiles = approval_profile();
  TestAuthority ca{choices};
  const auto held = ca.send(ca.request(ca.alice, "CN=Alice,O=Test").octets, &ca.alice, "extra");
  const auto token = std::get<cmc::PendInfo>(held.status.other_info.value()).pend_token;
  const proof::Peer agent{ca.agent.certificate.der, "192.0.2.9"};
  const auto faults_of = [&](const policy::AgentChanges& changes) {
    const auto decided = ca.desk().decide(agent, {token, true, changes, ""});
    return decided.ok() ? std::nullopt : std::optional{decided.error().fault};
  };
  const pkix::Extension client{pkix::oid::kExtendedKeyUsage, false,
                               pkix::write_extended_key_usage({pkix::oid::kClientAuth})};
  const auto other = pkix::oid::kSubjectInfoAccess;
  EXPECT_EQ(faults_of({.extensions = {client, client}}), Fault::malformed);
  EXPECT_EQ(value_in(record_named(journal.events(), "AUTHZ"), "Changes"), "extensions 2.5.29.37");
  EXPECT_EQ(faults_of({.left_out = {other, other}}), Fault::malformed);
  EXPECT_EQ(faults_of({.extensions = {client}, .left_out = {client.extn_id}}), Fault::malformed);

  policy::AgentChanges many;
  for (int number = 1; number <= 33; ++number) {
    many.left_out.push_back(unwrap(asn1::Oid::from_text("1.2.3." + std::to_string(number))));
  }
  EXPECT_EQ(faults_of(many), Fault::malformed);
  policy::AgentChanges given;
  for (const auto& id : many.left_out) given.extensions.push_back({id, false, {0x05, 0x00}});
  EXPECT_EQ(faults_of(given), Fault::malformed);
  many.left_out.pop_back();
  EXPECT_EQ(faults_of(many), std::nullopt);
  const auto& events = journal.events();
  EXPECT_TRUE(std::any_of(events.begin(), events.end(), [](const audit::Event& event) {
    const auto told = value_in(event, "Changes");
    return event.outcome == EventOutcome::success && told.find("1.2.3.32") != std::string::npos;
  }));
}

TEST(AuditFactsOfApproval, ADecisionThatChangesNothingTellsOfNoChange) {
  audit::MemoryJournal journal;
  TestAuthority::Choices choices;
  choices.journal = &journal;
  choices.more_profiles = approval_profile();
  TestAuthority ca{choices};
  const auto held = ca.send(ca.request(ca.alice, "CN=Alice,O=Test").octets, &ca.alice, "extra");
  const auto token = std::get<cmc::PendInfo>(held.status.other_info.value()).pend_token;
  EXPECT_TRUE(ca.desk().decide({ca.agent.certificate.der, "192.0.2.9"}, {token, true}).ok());
  EXPECT_EQ(value_in(record_named(journal.events(), "AUTHZ"), "Changes"), "absent");
}

class ClaimedIdentification : public SharedSecret {
 protected:
  /// What the record of a proof that does not hold says of this identification.
  std::string claimed(const std::string& identification) {
    return claimed_in(send({.identification = identification,
                            .secret = "incorrect horse battery",
                            .nonce = nonce_++}));
  }
  /// The same of an identification control with this value.
  std::string claimed_by(const Bytes& value) {
    return claimed_in(send(
        {.edit_controls = [&](auto& all) { all.at(1).attr_values = {value}; }, .nonce = nonce_++}));
  }
  static std::string claimed_in(const Told& told) {
    const auto& record = record_named(told.events, "CMC_PROOF_OF_IDENTIFICATION");
    EXPECT_EQ(record.outcome, EventOutcome::failure);
    EXPECT_EQ(value_in(record, "SubjectID"), "$Unidentified$");
    EXPECT_EQ(value_in(record, "Identification"), "absent") << "that is for proven ones";
    return value_in(record, "ClaimedIdentification");
  }

 private:
  std::uint32_t nonce_ = 100;
};

TEST_F(ClaimedIdentification, IsToldAsClaimedAndNeverAsWhoAsked) {
  EXPECT_EQ(claimed("alice"), "alice");
  EXPECT_EQ(claimed("nobody"), "nobody");
  EXPECT_EQ(claimed("$System$"), "$System$");
  EXPECT_EQ(claimed("Zoë 漢 😀"), "Zoë 漢 😀");
  const auto longest = std::string(1024, 'a');
  EXPECT_EQ(claimed(longest), longest);
}

TEST_F(ClaimedIdentification, ThatNobodyCouldHaveIsNotTold) {
  EXPECT_EQ(claimed_by(cmc::write_utf8_value(std::string(1025, 'a'))), "absent");
  EXPECT_EQ(claimed_by(cmc::write_utf8_value("")), "absent");
  EXPECT_EQ(claimed_by({0x0C, 0x02, 0xC3, 0x28}), "absent");
  EXPECT_EQ(claimed_in(send({.edit_controls = [](auto& all) { all.erase(all.begin() + 1); }})),
            "absent");
}

TEST_F(ClaimedIdentification, HasNoCharacterThatMovesWhatStandsAroundIt) {
  EXPECT_EQ(claimed("al\r\n\x1B[2Kice\x7F"), "al???[2Kice?");
  EXPECT_EQ(claimed("a\xC2\x85z\xC2\xA1z"), "a?z\xC2\xA1z") << "of Latin-1's upper half C1 alone";
  EXPECT_EQ(claimed("a\u202Eecila\u2066\u200F\u2028z"),
            "a\\u{202e}ecila\\u{2066}\\u{200f}\\u{2028}z");
  EXPECT_EQ(claimed("a\u2020\u2067"), "a\u2020\\u{2067}");
}

TEST_F(ClaimedIdentification, IsToldOfAMacToo) {
  EXPECT_EQ(claimed_in(send({.secret = "incorrect horse battery", .in_authenticated_data = true})),
            "alice");
}

TEST_F(ClaimedIdentification, IsNoneWhereACertificateSigned) {
  const auto forged = ca.forge("CN=Alice,O=Test", ca.alice.certificate->serial_number, true);
  const auto told =
      ca.send(full_request({forged.key, forged.certificate},
                           {tagged(20, pkcs10({.subject = "CN=Alice,O=Test"}))},
                           {control(2, cmc::oid::kIdentification, cmc::write_utf8_value("alice"))})
                  .encode(),
              &forged);
  const auto& record = record_named(told.events, "CMC_USER_SIGNED_REQUEST_SIG_VERIFY");
  EXPECT_EQ(record.outcome, EventOutcome::failure);
  EXPECT_EQ(value_in(record, "ClaimedIdentification"), "absent");
}

}  // namespace
}  // namespace signet::test
