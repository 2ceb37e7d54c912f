// A directory takes many spellings of an identification for one: whose message it is, and how much
// of one requester may wait, goes by the entry, and by the spelling in its name as it always did.
#include "support/life_scene.h"
#include "support/secret_message.h"

namespace signet::test {
namespace {

using cmc::CMCFailInfo;
using cmc::CMCStatus;

/// One entry, found under "alice" in whatever case.
class OneEntry final : public proof::SecretSource {
 public:
  explicit OneEntry(std::string subject, bool any_spelling = true)
      : subject_(std::move(subject)), any_spelling_(any_spelling) {}
  Result<std::optional<proof::SharedSecret>> find(std::string_view identification) const override {
    std::string folded(identification);
    for (auto& letter : folded) letter = static_cast<char>(letter | 0x20);
    if (folded != "alice") return std::optional<proof::SharedSecret>{};
    return std::optional{proof::SharedSecret{.octets = SecretBytes(std::string_view(kSecret)),
                                             .token_id = to_bytes("the entry's"),
                                             .subject = subject_,
                                             .expires_at = std::nullopt,
                                             .uses_allowed = 0,
                                             .any_spelling = any_spelling_}};
  }

 private:
  std::string subject_;
  bool any_spelling_;
};

class SpelledIdentification : public testing::Test {
 protected:
  static TestAuthority::Choices from(const OneEntry& entry) {
    TestAuthority::Choices made;
    made.own_secrets = std::make_shared<OneEntry>(entry);
    made.settings.most_waiting = 2;
    const auto profile = file(source_folder() + "/profiles/caFullCMCSharedTokenCert.cfg");
    made.more_profiles = std::string(as_text(profile)) + "\nauth.explicitApprovalRequired=true\n";
    return made;
  }
  /// A request that waits for an agent, each under its own key and nonce.
  static Told wait(TestAuthority& ca, const std::string& identification, std::uint32_t nonce) {
    const SecretMessage message{.identification = identification,
                                .key = test_key("ec:p256", static_cast<std::uint16_t>(nonce)),
                                .nonce = nonce};
    return ca.send(message.encode(), nullptr, "extra");
  }
  static void expect_waits(const Told& told) {
    EXPECT_EQ(told.status.cmc_status, CMCStatus::pending) << told.text();
  }
  static void expect_one_too_many(const Told& told) {
    EXPECT_EQ(told.fail_info(), CMCFailInfo::badRequest) << told.text();
    EXPECT_NE(told.text().find("2 requests"), std::string::npos) << told.text();
  }
  static std::vector<Bytes> requesters(TestAuthority& ca) {
    std::vector<Bytes> all;
    for (const auto& each : unwrap(ca.engine().list_pending(store::PendingState::open, 100, {}))) {
      all.push_back(each.requester_hash);
    }
    return all;
  }
};

TEST_F(SpelledIdentification, ManyAreOneRequester) {
  TestAuthority ca{from(OneEntry{"CN=A. Example,O=Test"})};
  expect_waits(wait(ca, "alice", 1));
  expect_waits(wait(ca, "ALICE", 2));
  std::uint32_t nonce = 3;
  for (const auto* spelling : {"alice", "ALICE", "Alice", "aLICE"}) {
    expect_one_too_many(wait(ca, spelling, nonce++));
  }
  EXPECT_EQ(requesters(ca).size(), 2U);
}

TEST_F(SpelledIdentification, ThatOfTheEntrysNameIsKnownAsBeforeAndTheOthersAreOne) {
  TestAuthority ca{from(OneEntry{kOwner})};
  expect_waits(wait(ca, "alice", 1));
  EXPECT_EQ(requesters(ca), std::vector<Bytes>{crypto::sha256(as_bytes("alice"))})
      << "what is on record since before is found";
  expect_waits(wait(ca, "alice", 2));
  expect_one_too_many(wait(ca, "alice", 3));
  expect_waits(wait(ca, "ALICE", 4));
  expect_waits(wait(ca, "Alice", 5));
  expect_one_too_many(wait(ca, "aLICE", 6));
  EXPECT_EQ(requesters(ca).size(), 4U);
}

TEST_F(SpelledIdentification, OfASourceThatTellsThemApartAreTwoRequesters) {
  TestAuthority ca{from(OneEntry{"CN=A. Example,O=Test", false})};
  expect_waits(wait(ca, "alice", 1));
  expect_waits(wait(ca, "ALICE", 2));
  const auto known = requesters(ca);
  for (const auto* spelling : {"alice", "ALICE"}) {
    EXPECT_EQ(std::count(known.begin(), known.end(), crypto::sha256(as_bytes(spelling))), 1);
  }
}

}  // namespace
}  // namespace signet::test
