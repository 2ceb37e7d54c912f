#include "codec/cms/cms.h"
#include "proof/witness/identity_proof.h"
#include "support/reseal.h"
#include "support/shared_data.h"
#include "support/shared_secret_scene.h"
#include "support/tolerances_in.h"

namespace signet::test {
namespace {

using audit::EventOutcome;
using cmc::CMCFailInfo;
using crypto::MacAlgorithm;

constexpr const char* kDogtagMessage = "interop/dogtag/01-p10-selfsigned-idproofv2-poplinkv2.der";

/// What `[compatibility] dogtag = true` turns on.
TestAuthority::Choices dogtag_choices() {
  TestAuthority::Choices choices;
  choices.settings.replace_subject = true;
  choices.settings.shared_body_part_ids = true;
  choices.secret_rules.link_with_identification = true;
  choices.secret_rules.legacy_proofs = true;
  return choices;
}

TEST(DogtagSharedSecret, ItsMessageIsGrantedWithTheTolerances) {
  SIGNET_NEEDS_SHARED(kDogtagMessage);
  TestAuthority ca{dogtag_choices()};
  ca.secrets->entries["testUser"] = {.secret = "Sup3rS3cretSharedToken", .subject = kOwner};
  const auto told = ca.send(shared_file(kDogtagMessage), nullptr, "caFullCMCSelfSignedCert");
  ASSERT_TRUE(told.issued()) << told.text();
  EXPECT_EQ(pkix::to_text(told.certificates.front()->subject), kOwner);
  EXPECT_TRUE(told.has_event("CMC_ID_POP_LINK_WITNESS", EventOutcome::success));
}

TEST(DogtagSharedSecret, ItsProofOfVersion1VerifiesWithItsSecretOnly) {
  constexpr const char* kMessage = "interop/dogtag/07-idproofv1-confirm.der";
  SIGNET_NEEDS_SHARED(kMessage);
  const auto request = unwrap(cmc::read_pki_request(shared_file(kMessage)));
  const auto& message = std::get<cmc::FullPkiRequest>(request);
  const auto* control =
      cmc::find_control(message.pki_data.control_sequence, cmc::oid::kIdentityProof);
  ASSERT_NE(control, nullptr);
  const auto told = unwrap(cmc::read_octets_value(control->attr_values.at(0)));
  const auto computed = [&](std::string_view text) {
    const SecretBytes secret{text};
    return proof::identity_proof_v1_witness({secret, std::nullopt},
                                            message.pki_data.req_sequence_der);
  };
  EXPECT_EQ(computed("Sup3rS3cretSharedToken"), told);
  EXPECT_NE(computed("Sup3rS3cretSharedTokem"), told);
}

TEST(DogtagSharedSecret, ItsMessageIsRefusedWithoutEachTolerance) {
  SIGNET_NEEDS_SHARED(kDogtagMessage);
  const auto refusal = [](const std::function<void(TestAuthority::Choices&)>& edit,
                          const std::string& secret = "Sup3rS3cretSharedToken") {
    auto choices = dogtag_choices();
    edit(choices);
    TestAuthority ca{choices};
    ca.secrets->entries["testUser"] = {.secret = secret, .subject = kOwner};
    const auto told = ca.send(shared_file(kDogtagMessage), nullptr, "caFullCMCSelfSignedCert");
    EXPECT_FALSE(told.issued());
    return told.fail_info();
  };
  // A control and the request share a bodyPartID.
  EXPECT_EQ(refusal([](auto& each) { each.settings.shared_body_part_ids = false; }),
            CMCFailInfo::badRequest);
  // The link's key is of secret and identification joined.
  EXPECT_EQ(refusal([](auto& each) { each.secret_rules.link_with_identification = false; }),
            CMCFailInfo::popFailed);
  // The request names a subject of its own.
  EXPECT_EQ(refusal([](auto& each) { each.settings.replace_subject = false; }),
            CMCFailInfo::badIdentity);
  EXPECT_EQ(refusal([](auto&) {}, "Sup3rS3cretSharedTokem"), CMCFailInfo::badIdentity);
}

// ------------------------------------------------------------ HMAC of tools before 10.7

/// What an old tool sends: its HMAC, and its key of secret and identification joined.
SecretMessage by_old_tool(MacAlgorithm mac) {
  return {.mac = mac,
          .link_with_identification = true,
          .link_mac = mac,
          .computation = proof::MacComputation::old_dogtag};
}

Told send_by_old_tool(const SecretMessage& message, bool legacy_proofs,
                      bool link_with_identification = true) {
  TestAuthority ca{{.secret_rules = {.legacy_proofs = legacy_proofs,
                                     .link_with_identification = link_with_identification}}};
  ca.secrets->entries["alice"] = {.secret = kSecret, .subject = kOwner};
  return ca.send(message.encode(), nullptr);
}

TEST(DogtagSharedSecret, AnOldHmacIsGrantedUnderTheSwitchAndNamedInTheAudit) {
  for (const auto mac : {MacAlgorithm::hmac_sha384, MacAlgorithm::hmac_sha512}) {
    const auto told = send_by_old_tool(by_old_tool(mac), true);
    ASSERT_TRUE(told.issued()) << told.text();
    EXPECT_EQ(tolerances_in(told),
              (std::vector<std::string>{"legacy_proofs 3,20", "link_with_identification 20"}));
  }
}

TEST(DogtagSharedSecret, AnOldHmacIsAWrongSecretWithoutTheSwitch) {
  const auto told = send_by_old_tool(by_old_tool(MacAlgorithm::hmac_sha512), false);
  EXPECT_FALSE(told.issued());
  EXPECT_EQ(told.fail_info(), CMCFailInfo::badIdentity);
  EXPECT_TRUE(tolerances_in(told).empty());
}

TEST(DogtagSharedSecret, AnOldHmacByAnotherSecretIsRefusedUnderTheSwitchToo) {
  auto message = by_old_tool(MacAlgorithm::hmac_sha512);
  message.secret = "incorrect horse battery";
  EXPECT_EQ(send_by_old_tool(message, true).fail_info(), CMCFailInfo::badIdentity);
  message = by_old_tool(MacAlgorithm::hmac_sha512);
  message.link_secret = "incorrect horse battery";
  EXPECT_EQ(send_by_old_tool(message, true).fail_info(), CMCFailInfo::popFailed);
  message = by_old_tool(MacAlgorithm::hmac_sha512);
  message.proof_over = Bytes{0x30, 0x00};
  EXPECT_EQ(send_by_old_tool(message, true).fail_info(), CMCFailInfo::badIdentity);
}

TEST(DogtagSharedSecret, AnOldHmacLetsNoJoinedKeyPassByItself) {
  auto message = by_old_tool(MacAlgorithm::hmac_sha512);
  EXPECT_EQ(send_by_old_tool(message, true, false).fail_info(), CMCFailInfo::popFailed);
  message.link_with_identification = false;
  EXPECT_TRUE(send_by_old_tool(message, true, false).issued());
}

/// A right proof of identity, and a link of the secret alone by an old HMAC.
SecretMessage with_old_link() {
  return {.link_mac = MacAlgorithm::hmac_sha512,
          .link_computation = proof::MacComputation::old_dogtag};
}

TEST(DogtagSharedSecret, AnOldHmacOfTheLinkAloneIsToldInTheAudit) {
  const auto told = send_by_old_tool(with_old_link(), true, false);
  ASSERT_TRUE(told.issued()) << told.text();
  EXPECT_EQ(tolerances_in(told), std::vector<std::string>{"legacy_proofs 20"});
}

TEST(DogtagSharedSecret, AnOldHmacOfTheLinkAloneIsRefusedWithoutTheSwitch) {
  EXPECT_EQ(send_by_old_tool(with_old_link(), false, false).fail_info(), CMCFailInfo::popFailed);
}

TEST(DogtagSharedSecret, ARightHmacIsNoToleranceUnderTheSwitch) {
  auto message = by_old_tool(MacAlgorithm::hmac_sha512);
  message.computation = proof::MacComputation::rfc2104;
  const auto told = send_by_old_tool(message, true);
  ASSERT_TRUE(told.issued()) << told.text();
  EXPECT_EQ(tolerances_in(told), std::vector<std::string>{"link_with_identification 20"});
}

TEST(DogtagSharedSecret, ControlsStillHaveAnIdEach) {
  TestAuthority::Choices choices;
  choices.settings.shared_body_part_ids = true;
  TestAuthority ca{choices};
  ca.secrets->entries["alice"] = {.secret = kSecret, .subject = kOwner};
  const SecretMessage doubled{
      .edit_controls = [](auto& controls) { controls[1].body_part_id = controls[0].body_part_id; }};
  const auto told = ca.send(doubled.encode(), nullptr);
  EXPECT_FALSE(told.issued());
  EXPECT_EQ(told.fail_info(), CMCFailInfo::badRequest);
  const SecretMessage shared{
      .edit_controls = [](auto& controls) { controls[1].body_part_id = cmc::BodyPartID{20}; },
      .nonce = 2};
  EXPECT_TRUE(ca.send(shared.encode(), nullptr).issued()) << "with a request's it may be shared";
}

}  // namespace
}  // namespace signet::test
