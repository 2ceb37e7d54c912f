// What was decided on what stood in the store is kept only while that stands: names that several
// want at the same moment (RFC 10002 §7.1), secrets that are guessed at (docs/THREATS.md).
#include <gtest/gtest.h>

#include <utility>

#include "authority/agent_desk.h"
#include "codec/cmc/controls.h"
#include "support/change_status.h"
#include "support/message_builder.h"
#include "support/secret_message.h"
#include "support/shared_data.h"
#include "support/store_records.h"
#include "support/test_authority.h"
#include "support/unwrap.h"

namespace signet::test {
namespace {

using cmc::CMCFailInfo;
using cmc::CMCStatus;
using store::Conflict;

constexpr const char* kWanted = "CN=Clara Baker,O=Test";
constexpr const char* kWantedPrintable = "CN=#130b436c6172612042616b6572,O=#130454657374";
constexpr const char* kFree =
    "auth.changeSubjectNameAllowed=true\n"
    "auth.changeSubjectNameApprovalRequired=false\n";
/// The profile writes the name itself: with all strings as UTF8String.
constexpr const char* kRespelling =
    "policyset.cmcUserCertSet.1.default.class_id=subjectNameDefaultImpl\n"
    "policyset.cmcUserCertSet.1.default.params.name=CN=$request.req_subject_name.cn$,O=Test\n"
    "policyset.cmcUserCertSet.1.constraint.class_id=noConstraintImpl\n";
constexpr const char* kUnique =
    "policyset.cmcUserCertSet.1.default.class_id=userSubjectNameDefaultImpl\n"
    "policyset.cmcUserCertSet.1.constraint.class_id=uniqueSubjectNameConstraintImpl\n"
    "policyset.cmcUserCertSet.1.constraint.params.enableKeyUsageExtensionChecking=false\n";

/// A store that keeps something else before the next certificates that come.
class OvertakingEngine final : public store::MemoryEngine {
 public:
  std::vector<store::CommitOutcome> apply(std::span<const store::Commit* const> batch,
                                          audit::Journal& journal) override {
    if (!batch.front()->certificates.empty()) {
      audit::MemoryJournal unseen;
      for (const auto& commit : std::exchange(first, {})) {
        const std::vector<const store::Commit*> alone{&commit};
        EXPECT_TRUE(MemoryEngine::apply(alone, unseen).front().durable());
      }
    }
    return MemoryEngine::apply(batch, journal);
  }
  std::vector<store::Commit> first;
};

class SameName : public testing::Test {
 protected:
  explicit SameName(const std::string& more_lines = kFree) : ca(choices(more_lines)) {}

  static Bytes renaming(const std::string& subject) {
    cmc::ChangeSubjectName wanted;
    wanted.subject = unwrap(pkix::name_from_text(subject));
    return cmc::write_change_subject_name(wanted);
  }
  Bytes request_for(const std::string& own, const std::optional<std::string>& wanted) {
    std::vector<pkix::Attribute> attributes;
    if (wanted) attributes.push_back(attribute(cmc::oid::kChangeSubjectName, renaming(*wanted)));
    return pkcs10(
        {.subject = own, .key = test_key("ec:p256", next_++), .attributes = std::move(attributes)});
  }
  authority::Inquiry inquiry(const Holder& signer, const std::vector<Bytes>& requests) {
    std::vector<Bytes> items;
    for (const auto& each : requests) {
      items.push_back(tagged(static_cast<std::uint32_t>(60 + items.size()), each));
    }
    Bytes nonce(16, 7);
    nonce.front() = static_cast<std::uint8_t>(next_++);
    authority::Inquiry made;
    made.octets = full_request({signer.key, signer.certificate}, items,
                               {control(1, cmc::oid::kSenderNonce, cmc::write_octets_value(nonce))})
                      .encode();
    made.profile_id = "extra";
    made.peer = {signer.certificate.der, "192.0.2.1"};
    return made;
  }
  authority::Inquiry asks(const Holder& signer, const std::string& wanted) {
    return inquiry(signer, {request_for(pkix::to_text(signer.certificate->subject), wanted)});
  }
  /// What is to be kept for this message, decided on what stands now.
  store::Commit decided(const authority::Inquiry& message) { return ca.decide(message).commit; }
  std::vector<store::CommitOutcome> keep(const std::vector<store::Commit>& commits) {
    std::vector<const store::Commit*> batch;
    for (const auto& commit : commits) batch.push_back(&commit);
    audit::MemoryJournal journal;
    return engine.apply(batch, journal);
  }
  std::optional<Conflict> conflict_of_second(const std::vector<store::Commit>& commits) {
    const auto outcomes = keep(commits);
    EXPECT_TRUE(outcomes.at(0).durable());
    return outcomes.at(1).conflict;
  }
  Told send(const authority::Inquiry& message) {
    const Holder over{nullptr,
                      unwrap(pkix::read_certificate(message.peer.tls_client_certificate.value()))};
    return ca.send(message.octets, &over, message.profile_id);
  }
  std::size_t holders(const std::string& subject) {
    return unwrap(engine.find_by_subject(unwrap(pkix::name_from_text(subject)).der())).size();
  }
  static std::vector<std::string> names_of(const std::vector<audit::Event>& events) {
    std::vector<std::string> names;
    for (const auto& event : events) names.push_back(event.name);
    return names;
  }

  OvertakingEngine engine;
  TestAuthority ca;
  Holder bob = ca.enroll("CN=Bob,O=Test");

 private:
  TestAuthority::Choices choices(const std::string& more_lines) {
    const auto text = file(source_folder() + "/profiles/caFullCMCUserSignedCert.cfg");
    return {.engine = &engine,
            .more_profiles = std::string(as_text(text)) + "\n" + more_lines + "\n"};
  }

  int next_ = 5;
};

TEST_F(SameName, OfTwoWhoAreDecidedOnAtTheSameMomentOneGetsIt) {
  /* matrix: E149 */
  const auto first = decided(asks(ca.alice, kWanted));
  EXPECT_EQ(conflict_of_second({first, decided(asks(bob, kWanted))}), Conflict::subject_taken);
  EXPECT_EQ(holders(kWanted), 1U);
}

TEST_F(SameName, TheSecondIsToldWhatItIsToldLater) {
  /* matrix: E149 */
  engine.first = {decided(asks(bob, kWanted))};
  const auto told = send(asks(ca.alice, kWanted));
  const auto later = send(asks(ca.alice, kWanted));
  EXPECT_EQ(told.fail_info(), CMCFailInfo::badIdentity) << told.text();
  EXPECT_NE(told.text().find("no agent has approved"), std::string::npos) << told.text();
  EXPECT_EQ(told.text(), later.text());
  EXPECT_EQ(told.fail_info(), later.fail_info());
  EXPECT_EQ(names_of(told.events), names_of(later.events));
  EXPECT_EQ(holders(kWanted), 1U);
}

TEST_F(SameName, OthersGetTheirsAtTheSameMoment) {
  const auto first = decided(asks(ca.alice, kWanted));
  EXPECT_EQ(conflict_of_second({first, decided(asks(bob, "CN=Dora,O=Test"))}), std::nullopt);
}

TEST_F(SameName, IsOneHoweverItIsSpelled) {
  const auto printable = decided(asks(ca.alice, kWantedPrintable));
  const auto blanks = decided(asks(bob, "CN=Clara  Baker,O=Test"));
  EXPECT_EQ(conflict_of_second({printable, blanks}), Conflict::subject_taken);
  const auto utf8 = decided(asks(ca.alice, "CN=Dora,O=Test"));
  const auto all_printable = decided(asks(bob, "CN=#1304446f7261,O=#130454657374"));
  EXPECT_EQ(conflict_of_second({utf8, all_printable}), Conflict::subject_taken);
  const auto small = decided(asks(ca.alice, "CN=Emma,O=Test"));
  const auto capitals = decided(asks(bob, "CN=EMMA,O=Test"));
  EXPECT_EQ(conflict_of_second({small, capitals}), std::nullopt) << "another name, as ever";
}

TEST_F(SameName, IsNotTakenFromSomebodyWhoWasCertifiedMeanwhile) {
  const auto message = asks(bob, kWanted);
  const auto commit = decided(message);
  ca.enroll(kWanted);
  EXPECT_EQ(keep({commit}).front().conflict, Conflict::subject_taken);
  EXPECT_EQ(send(message).fail_info(), CMCFailInfo::badIdentity);
}

TEST_F(SameName, AMessageThatComesTwiceAtOnceGetsItsAnswerTwice) {
  const auto message = asks(ca.alice, kWanted);
  engine.first = {decided(message)};
  const auto again = send(message);
  ASSERT_TRUE(again.issued()) << again.text();
  EXPECT_EQ(holders(kWanted), 1U);
  EXPECT_EQ(send(message).certificates, again.certificates);
}

TEST_F(SameName, OneMessageMayAskForItWithTwoKeys) {
  const auto own = pkix::to_text(ca.alice.certificate->subject);
  const auto told = send(inquiry(ca.alice, {request_for(own, kWanted), request_for(own, kWanted)}));
  EXPECT_EQ(told.certificates.size(), 2U) << told.text();
  EXPECT_EQ(holders(kWanted), 2U);
}

TEST_F(SameName, ItsHolderGetsMoreOfItAtTheSameMoment) {
  const auto clara = ca.enroll(kWanted);
  const auto again = decided(asks(clara, kWanted));
  EXPECT_EQ(conflict_of_second({again, decided(asks(clara, kWanted))}), std::nullopt);
  EXPECT_EQ(holders(kWanted), 3U);
}

TEST_F(SameName, DependsOnNothingWhereNoNameChanges) {
  const auto own = pkix::to_text(ca.alice.certificate->subject);
  const auto commit = decided(inquiry(ca.alice, {request_for(own, std::nullopt)}));
  EXPECT_EQ(commit.certificates.size(), 1U);
  EXPECT_TRUE(commit.subjects.empty());
}

class SameNameByAgent : public SameName {
 protected:
  SameNameByAgent() : SameName(std::string(kFree) + "auth.explicitApprovalRequired=true\n") {}
};

TEST_F(SameNameByAgent, IsForTheAgentToGiveOnceTheRequestWaits) {
  const auto commit = decided(asks(ca.alice, kWanted));
  EXPECT_TRUE(commit.pending.has_value());
  EXPECT_TRUE(commit.subjects.empty());
  const auto told = send(asks(bob, kWanted));
  ASSERT_EQ(told.status.cmc_status, CMCStatus::pending) << told.text();
  ca.enroll(kWanted);
  const auto token = std::get<cmc::PendInfo>(told.status.other_info.value()).pend_token;
  EXPECT_TRUE(ca.desk().decide({ca.agent.certificate.der, "192.0.2.9"}, {token, true}).ok());
}

class RespelledName : public SameName {
 protected:
  RespelledName() : SameName(std::string(kFree) + kRespelling) {}
};

TEST_F(RespelledName, IsNobodysInTheSpellingOfTheProfileEither) {
  const std::string two_blanks = "CN=Clara  Baker,O=Test";
  ASSERT_TRUE(send(asks(ca.alice, two_blanks)).issued());
  const auto told = send(asks(bob, "CN=#130c436c617261202042616b6572,O=Test"));
  EXPECT_EQ(told.fail_info(), CMCFailInfo::badIdentity) << told.text();
  EXPECT_EQ(holders(two_blanks), 1U);
}

TEST_F(RespelledName, IsOneInTheSpellingOfTheProfileAtTheSameMoment) {
  const auto utf8 = decided(asks(ca.alice, "CN=Clara  Baker,O=Test"));
  const auto printable = decided(asks(bob, "CN=#130c436c617261202042616b6572,O=Test"));
  EXPECT_EQ(conflict_of_second({utf8, printable}), Conflict::subject_taken);
}

class UniqueName : public SameName {
 protected:
  UniqueName() : SameName(kUnique) {}
};

TEST_F(UniqueName, IsCertifiedOnceOfTwoAtTheSameMoment) {
  const auto dora = [&] {
    return inquiry(ca.agent, {request_for("CN=Dora,O=Test", std::nullopt)});
  };
  engine.first = {decided(dora())};
  const auto told = send(dora());
  EXPECT_EQ(told.fail_info(), CMCFailInfo::badIdentity) << told.text();
  EXPECT_NE(told.text().find("already"), std::string::npos) << told.text();
  EXPECT_EQ(holders("CN=Dora,O=Test"), 1U);
}

TEST_F(UniqueName, IsCertifiedAgainOnceItsCertificateIsRevoked) {
  const auto dora = ca.enroll("CN=Dora,O=Test");
  const auto again = [&] {
    return send(inquiry(ca.agent, {request_for("CN=Dora,O=Test", std::nullopt)}));
  };
  EXPECT_FALSE(again().issued());
  ASSERT_TRUE(change_status(engine, dora.certificate->serial_number,
                            store::CertificateStatus::revoked, ca.clock.now(),
                            pkix::CRLReason::keyCompromise)
                  .ok());
  EXPECT_TRUE(again().issued());
  EXPECT_FALSE(again().issued());
}

TEST_F(UniqueName, StandsInOneRequestOfAMessage) {
  const auto told = send(inquiry(ca.agent, {request_for("CN=Dora,O=Test", std::nullopt),
                                            request_for("CN=Dora,O=Test", std::nullopt)}));
  EXPECT_EQ(told.fail_info(), CMCFailInfo::badIdentity) << told.text();
  EXPECT_TRUE(told.names(61));
  EXPECT_EQ(holders("CN=Dora,O=Test"), 0U);
  EXPECT_TRUE(send(inquiry(ca.agent, {request_for("CN=Dora,O=Test", std::nullopt),
                                      request_for("CN=Emma,O=Test", std::nullopt)}))
                  .issued());
}

TEST_F(UniqueName, IsOneInWhateverStringTypesAtTheSameMomentAndInOneMessage) {
  const std::string printable = "CN=#1304446f7261,O=#130454657374";
  const auto message = [&](const std::vector<std::string>& subjects) {
    std::vector<Bytes> requests;
    for (const auto& each : subjects) requests.push_back(request_for(each, std::nullopt));
    return inquiry(ca.agent, requests);
  };
  EXPECT_TRUE(send(message({"CN=Dora,O=Test", printable})).names(61));
  EXPECT_EQ(holders("CN=Dora,O=Test") + holders(printable), 0U);
  engine.first = {decided(message({printable}))};
  const auto told = send(message({"CN=Dora,O=Test"}));
  EXPECT_EQ(told.fail_info(), CMCFailInfo::badIdentity) << told.text();
  EXPECT_NE(told.text().find("already"), std::string::npos) << told.text();
  EXPECT_EQ(holders("CN=Dora,O=Test"), 0U);
}

class UniqueNameByAgent : public SameName {
 protected:
  UniqueNameByAgent()
      : SameName(std::string(kFree) + kUnique + "auth.explicitApprovalRequired=true\n") {}
};

TEST_F(UniqueNameByAgent, IsNotGivenByAnAgentWhoDidNotSeeTheOther) {
  const auto told = send(asks(ca.alice, kWanted));
  ASSERT_EQ(told.status.cmc_status, CMCStatus::pending) << told.text();
  store::Commit others;
  others.certificates.push_back(certificate(7));
  others.certificates.front().subject_der = unwrap(pkix::name_from_text(kWanted)).der();
  others.certificates.front().not_after = ca.clock.now() + std::chrono::days{30};
  others.certificates.front().certificate_der = ca.alice.certificate.der;
  engine.first = {others};
  const auto token = std::get<cmc::PendInfo>(told.status.other_info.value()).pend_token;
  const auto decide = [&] {
    return ca.desk().decide({ca.agent.certificate.der, "192.0.2.9"}, {token, true});
  };
  const auto overtaken = decide();
  ASSERT_FALSE(overtaken.ok());
  EXPECT_NE(overtaken.error().detail.find("look at the request again"), std::string::npos)
      << overtaken.error().detail;
  const auto again = decide();
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().fault, Fault::name_not_allowed) << again.error().detail;
  EXPECT_EQ(holders(kWanted), 1U);
}

class GuessedAtSecret : public testing::Test {
 protected:
  GuessedAtSecret() { ca.secrets->entries["alice"] = {.secret = kSecret, .subject = kOwner}; }
  /// Wrong proofs that are on record only when the right one, decided before, is to be kept.
  void guess(std::uint32_t times) {
    SecretMessage wrong;
    wrong.secret = "correct horse battery stable";
    for (wrong.nonce = 100; wrong.nonce < 100 + times; ++wrong.nonce) {
      authority::Inquiry inquiry;
      inquiry.octets = wrong.encode();
      engine.first.push_back(ca.decide(inquiry).commit);
    }
  }

  OvertakingEngine engine;
  TestAuthority ca{{.engine = &engine}};
};

TEST_F(GuessedAtSecret, IsLockedForTheRightProofOfTheSameMomentToo) {
  guess(5);
  const auto told = ca.send(SecretMessage{}.encode(), nullptr);
  EXPECT_EQ(told.fail_info(), CMCFailInfo::badIdentity) << told.text();
  EXPECT_NE(told.text().find("do not prove who asks"), std::string::npos) << told.text();
}

TEST_F(GuessedAtSecret, IsNotLockedByFewer) {
  guess(4);
  EXPECT_TRUE(ca.send(SecretMessage{}.encode(), nullptr).issued());
}

}  // namespace
}  // namespace signet::test
