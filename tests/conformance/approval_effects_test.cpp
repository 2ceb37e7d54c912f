// What an agent approves has all that follows from a grant.
#include "authority/agent_desk.h"
#include "proof/identity/revocation_verifier.h"
#include "store/memory_engine.h"
#include "support/life_scene.h"
#include "support/secret_message.h"

namespace signet::test {
namespace {

using cmc::CMCFailInfo;
using cmc::CMCStatus;
using store::PendingState;

/// Keeps the key conditions of the last commit with a certificate.
class WatchedEngine final : public store::MemoryEngine {
 public:
  std::vector<store::CommitOutcome> apply(std::span<const store::Commit* const> batch,
                                          audit::Journal& journal) override {
    for (const auto* commit : batch) {
      if (!commit->certificates.empty()) keys = commit->keys;
    }
    return MemoryEngine::apply(batch, journal);
  }
  std::vector<store::KeyCondition> keys;
};

class ApprovalEffects : public testing::Test {
 protected:
  TestAuthority::Choices choices(const std::string& profile) {
    const auto text = file(source_folder() + "/profiles/" + profile + ".cfg");
    TestAuthority::Choices made;
    made.more_profiles = std::string(as_text(text)) + "\nauth.explicitApprovalRequired=true\n";
    made.settings.confirmed_profiles = {"extra"};
    made.engine = &engine;
    return made;
  }
  /// The serial number of what the agent approved.
  static asn1::Integer approve(TestAuthority& ca, const Told& waiting) {
    EXPECT_EQ(waiting.status.cmc_status, CMCStatus::pending) << waiting.text();
    const auto token = std::get<cmc::PendInfo>(waiting.status.other_info.value()).pend_token;
    EXPECT_EQ(token.size(), 16U) << "not to be found by trying";
    const auto decided = unwrap(
        ca.desk().decide({ca.agent.certificate.der, "192.0.2.9"}, {token, true, {}, "known"}));
    EXPECT_EQ(decided.state, PendingState::granted);
    return decided.serial_numbers.at(0);
  }

  WatchedEngine engine;
};

TEST_F(ApprovalEffects, TheUseOfASharedSecretCounts) {
  TestAuthority ca{choices("caFullCMCSharedTokenCert")};
  ca.secrets->entries["alice"] = {.secret = kSecret, .subject = kOwner};
  approve(ca, ca.send(SecretMessage{}.encode(), nullptr, "extra"));
  const SecretMessage second{.key = test_key("ec:p256", 1), .nonce = 2};
  const auto told = ca.send(second.encode(), nullptr, "extra");
  EXPECT_EQ(told.fail_info(), CMCFailInfo::badIdentity);
  EXPECT_NE(told.text().find("used up"), std::string::npos) << told.text();
}

TEST_F(ApprovalEffects, ASharedSecretIsSpentByTheFirstApproval) {
  TestAuthority ca{choices("caFullCMCSharedTokenCert")};
  ca.secrets->entries["alice"] = {.secret = kSecret, .subject = kOwner};
  const auto first = ca.send(SecretMessage{}.encode(), nullptr, "extra");
  const SecretMessage other{.key = test_key("ec:p256", 1), .nonce = 2};
  const auto second = ca.send(other.encode(), nullptr, "extra");
  approve(ca, first);
  const auto token = std::get<cmc::PendInfo>(second.status.other_info.value()).pend_token;
  const auto decided =
      ca.desk().decide({ca.agent.certificate.der, "192.0.2.9"}, {token, true, {}, ""});
  ASSERT_FALSE(decided.ok());
  EXPECT_EQ(decided.error().fault, Fault::unknown_identity) << decided.error().detail;
}

TEST_F(ApprovalEffects, TheKeyIsHeldToWhatWasSeenOfIt) {
  TestAuthority ca{choices("caFullCMCUserSignedCert")};
  const auto octets = ca.request(ca.alice, "CN=Alice,O=Test").octets;
  const auto serial = approve(ca, ca.send(octets, &ca.alice, "extra"));
  ASSERT_EQ(engine.keys.size(), 1U);
  const auto granted = unwrap(engine.find_by_key(engine.keys.front().key_hash));
  ASSERT_FALSE(granted.empty());
  EXPECT_EQ(granted.back().serial_number, serial);
}

TEST_F(ApprovalEffects, TheKeyOfWhatIsGrantedAtOnceIsHeldToItToo) {
  TestAuthority ca{choices("caFullCMCUserSignedCert")};
  const auto told = ca.send(ca.request(ca.alice, "CN=Alice,O=Test").octets, &ca.alice);
  ASSERT_TRUE(told.issued()) << told.text();
  EXPECT_EQ(engine.keys.size(), 1U);
}

TEST_F(ApprovalEffects, TheConfirmationIsAwaited) {
  TestAuthority ca{choices("caFullCMCUserSignedCert")};
  const auto octets = ca.request(ca.alice, "CN=Alice,O=Test").octets;
  const auto serial = approve(ca, ca.send(octets, &ca.alice, "extra"));
  EXPECT_TRUE(unwrap(engine.find_awaited(serial)).has_value());
}

TEST_F(ApprovalEffects, TheRevocationSecretIsKept) {
  TestAuthority ca{choices("caFullCMCUserSignedCert")};
  const auto verifier = unwrap(proof::make_revocation_verifier(
      SecretBytes(std::string_view("RevSecret.1 of Alice")), crypto::system_random()));
  const auto registering = control(
      40, cmc::oid::kRegInfo, cmc::write_octets_value(to_bytes("revocationSecret:" + verifier)));
  const auto octets =
      full_request({ca.alice.key, ca.alice.certificate},
                   {tagged(60, pkcs10({.subject = "CN=Alice,O=Test"}))}, {registering})
          .encode();
  const auto serial = approve(ca, ca.send(octets, &ca.alice, "extra"));
  const auto kept = unwrap(engine.find_revocation_secret(serial));
  ASSERT_TRUE(kept.has_value());
  EXPECT_EQ(kept->verifier, verifier);
}

TEST_F(ApprovalEffects, WhatNoApprovalCouldGrantDoesNotWait) {
  TestAuthority ca{choices("caFullCMCUserSignedCert")};
  const auto registering =
      control(40, cmc::oid::kRegInfo, cmc::write_octets_value(to_bytes("revocationSecret:plain")));
  const auto octets =
      full_request({ca.alice.key, ca.alice.certificate},
                   {tagged(60, pkcs10({.subject = "CN=Alice,O=Test"}))}, {registering})
          .encode();
  const auto told = ca.send(octets, &ca.alice, "extra");
  EXPECT_EQ(told.fail_info(), CMCFailInfo::badRequest) << told.text();
}

TEST_F(ApprovalEffects, ANoteHasAThousandAndTwentyFourOctetsAtMost) {
  TestAuthority ca{choices("caFullCMCUserSignedCert")};
  const auto waiting = ca.send(ca.request(ca.alice, "CN=Alice,O=Test").octets, &ca.alice, "extra");
  const auto token = std::get<cmc::PendInfo>(waiting.status.other_info.value()).pend_token;
  const proof::Peer agent{ca.agent.certificate.der, "192.0.2.9"};
  EXPECT_EQ(ca.desk().decide(agent, {token, true, {}, std::string(1025, 'n')}).error().fault,
            Fault::too_large);
  EXPECT_TRUE(ca.desk().decide(agent, {token, true, {}, std::string(1024, 'n')}).ok());
}

}  // namespace
}  // namespace signet::test
