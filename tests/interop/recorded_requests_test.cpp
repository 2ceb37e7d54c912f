// What Dogtag's client sent to a live Dogtag, and what was made with its tools, sent to us: every
// message is read and gets an answer that is about who asks, never about how it is written.
#include "support/observed_scene.h"
#include "support/secret_message.h"
#include "support/shared_data.h"

namespace signet::test {
namespace {

using cmc::CMCFailInfo;

/// What `[compatibility] dogtag = true` turns on.
TestAuthority::Choices dogtag_choices() {
  TestAuthority::Choices choices;
  choices.settings.replace_subject = true;
  choices.settings.shared_body_part_ids = true;
  choices.settings.bare_revocation = true;
  choices.settings.bare_names = true;
  choices.settings.raw_key_identifier = true;
  choices.settings.dogtag_challenge = true;
  choices.possession_rules.challenges->loose_reference = true;
  choices.secret_rules.link_with_identification = true;
  choices.secret_rules.legacy_proofs = true;
  return choices;
}

/// A message, and what comes of it at an authority that did not issue its signer. None: granted,
/// by the shared secret that it was made with.
struct Recorded {
  std::string path;
  std::optional<CMCFailInfo> refused_as;
};
std::vector<Recorded> recorded_requests() {
  const std::string live = "interop/dogtag-live/";
  const std::string made = "interop/dogtag/";
  constexpr auto kStranger = CMCFailInfo::badIdentity;
  return {
      {live + "01-agent-signed-pkcs10/request.der", kStranger},
      {live + "03-agent-signed-crmf/request.der", kStranger},
      {live + "05-self-signed-sharedtoken-pkcs10-popLinkWitnessV2/request.der", std::nullopt},
      {live + "10-user-signed-pkcs10/request.der", kStranger},
      {live + "20-encryption-only-key-user-signed-encryptedPOP/request-1.der", kStranger},
      {live + "20-encryption-only-key-user-signed-encryptedPOP/request-2.der", kStranger},
      {live + "30-revoke-user-signed-by-other-own-cert/request.der", kStranger},
      // of that authority's certificate
      {live + "37-revoke-shared-secret-unsigned/request.der", CMCFailInfo::badCertId},
      {live + "43-sharedtoken-no-identification/request.der", kStranger},
      {live + "60-agent-signed-transactionId-senderNonce-dataReturn/request.der", kStranger},
      {made + "01-p10-selfsigned-idproofv2-poplinkv2.der", std::nullopt},
      {made + "05-revoke-signed.der", kStranger},
      {made + "07-idproofv1-confirm.der", kStranger},
      {made + "11-crmf-keyarchival-agent-signed.der", kStranger},
  };
}

TEST(RecordedRequests, AreAllReadAndAnsweredForWhoAsks) {
  SIGNET_NEEDS_SHARED("interop/dogtag-live");
  for (const auto& [path, refused_as] : recorded_requests()) {
    TestAuthority ca{dogtag_choices()};
    ca.secrets->entries["testuser"] = {.secret = "Secret.123", .subject = kOwner};
    ca.secrets->entries["testUser"] = {.secret = "Sup3rS3cretSharedToken", .subject = kOwner};
    const auto told = ca.send(shared_file(path), nullptr, "");
    EXPECT_EQ(told.kind, authority::ResponseKind::full) << path;
    EXPECT_EQ(told.fail_info(), refused_as) << path << ": " << told.text();
    EXPECT_EQ(told.issued(), !refused_as.has_value()) << path << ": " << told.text();
  }
}

TEST(RecordedRequests, OfASharedSecretAreRefusedForAnotherSecret) {
  constexpr const char* kRequest =
      "interop/dogtag-live/05-self-signed-sharedtoken-pkcs10-popLinkWitnessV2/request.der";
  SIGNET_NEEDS_SHARED(kRequest);
  TestAuthority ca{dogtag_choices()};
  ca.secrets->entries["testuser"] = {.secret = "Secret.124", .subject = kOwner};
  const auto told = ca.send(shared_file(kRequest), nullptr);
  EXPECT_FALSE(told.issued());
  EXPECT_EQ(told.fail_info(), CMCFailInfo::badIdentity);
}

}  // namespace
}  // namespace signet::test
