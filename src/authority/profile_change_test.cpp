// Profiles that change while the authority serves: a message is decided by those it began with.
#include <gtest/gtest.h>

#include "authority/agent_desk.h"
#include "support/secret_message.h"
#include "support/shared_data.h"
#include "support/test_authority.h"
#include "support/unwrap.h"

namespace signet::test {
namespace {

constexpr const char* kExtra = "extra";

std::string extra_profile(const std::string& more_lines = "") {
  const auto text = file(source_folder() + "/profiles/caFullCMCUserSignedCert.cfg");
  return std::string(as_text(text)) + "\n" + more_lines;
}

/// No profile at all.
policy::ProfileSet nothing() {
  return {};
}

/// A source of secrets that is asked in the middle of a message, and changes what is offered then.
class ChangingSource final : public proof::SecretSource {
 public:
  Result<std::optional<proof::SharedSecret>> find(std::string_view identification) const override {
    if (offered != nullptr) offered->offer(nothing());
    return secrets.find(identification);
  }
  FakeSecretSource secrets;
  policy::OfferedProfiles* offered = nullptr;
};

TEST(ProfileChange, OffersANewProfileToTheNextMessage) {
  TestAuthority ca;
  const auto wanted = ca.request(ca.alice, "CN=Alice,O=Test").octets;
  const auto refused = ca.send(wanted, &ca.alice, kExtra);
  EXPECT_FALSE(refused.issued());
  EXPECT_NE(refused.text().find("is not offered here"), std::string::npos) << refused.text();
  ca.profiles().offer(shipped_profiles(extra_profile()));
  EXPECT_TRUE(ca.send(ca.request(ca.alice, "CN=Alice,O=Test").octets, &ca.alice, kExtra).issued());
}

TEST(ProfileChange, RefusesAWithdrawnProfile) {
  TestAuthority ca({.more_profiles = extra_profile()});
  EXPECT_TRUE(ca.send(ca.request(ca.alice, "CN=Alice,O=Test").octets, &ca.alice, kExtra).issued());
  ca.profiles().offer(shipped_profiles());
  const auto refused = ca.send(ca.request(ca.alice, "CN=Alice,O=Test").octets, &ca.alice, kExtra);
  EXPECT_FALSE(refused.issued());
  EXPECT_NE(refused.text().find("is not offered here"), std::string::npos) << refused.text();
}

TEST(ProfileChange, DecidesAMessageByTheProfilesItBeganWith) {
  const auto source = std::make_shared<ChangingSource>();
  source->secrets.entries["alice"] = {.secret = kSecret, .subject = kOwner, .uses_allowed = 0};
  TestAuthority ca({.own_secrets = source});
  source->offered = &ca.profiles();
  EXPECT_TRUE(ca.send(SecretMessage{}.encode(), nullptr).issued()) << "withdrawn in its middle";
  SecretMessage next;
  next.nonce = 2;
  const auto refused = ca.send(next.encode(), nullptr);
  EXPECT_FALSE(refused.issued());
  EXPECT_NE(refused.text().find("is not offered here"), std::string::npos) << refused.text();
}

TEST(ProfileChange, JudgesWhatWaitedByTheProfilesOfTheApproval) {
  TestAuthority ca({.more_profiles = extra_profile("auth.explicitApprovalRequired=true\n")});
  const auto waiting = ca.send(ca.request(ca.alice, "CN=Alice,O=Test").octets, &ca.alice, kExtra);
  ASSERT_EQ(waiting.status.cmc_status, cmc::CMCStatus::pending);
  proof::Peer agent;
  agent.tls_client_certificate = ca.agent.certificate.der;
  const auto open = unwrap(ca.desk().list(agent, {.most = 1}));
  ASSERT_EQ(open.size(), 1U);
  ca.profiles().offer(shipped_profiles());
  EXPECT_EQ(ca.desk().decide(agent, {.id = open[0].id, .approves = true}).error().fault,
            Fault::unknown_profile);
  ca.profiles().offer(shipped_profiles(extra_profile("auth.explicitApprovalRequired=true\n")));
  EXPECT_EQ(unwrap(ca.desk().decide(agent, {.id = open[0].id, .approves = true})).state,
            store::PendingState::granted);
}

}  // namespace
}  // namespace signet::test
