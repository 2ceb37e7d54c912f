#include "codec/cms/cms.h"
#include "proof/witness/identity_proof.h"
#include "support/reseal.h"
#include "support/shared_data.h"
#include "support/shared_secret_scene.h"

namespace signet::test {
namespace {

using audit::EventOutcome;
using cmc::CMCFailInfo;

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
