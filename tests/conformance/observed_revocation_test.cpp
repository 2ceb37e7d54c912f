// Cases observed with a live Dogtag: revocation. Each says what Dogtag answered, and holds what is
// answered here.
#include "client/build_revocation.h"
#include "client/seal_message.h"
#include "proof/identity/revocation_verifier.h"
#include "support/challenge_answers.h"
#include "support/observed_scene.h"
#include "support/unwrap.h"

namespace signet::test {
namespace {

using client::UnsignedForm;
using cmc::CMCFailInfo;
using cmc::CMCStatus;
using pkix::CRLReason;
using store::CertificateStatus;

constexpr std::string_view kRevocationSecret = "RevSecret.1 of Alice";

class ObservedRevocation : public Observed {
 protected:
  static TestAuthority::Choices choices(bool bare) {
    TestAuthority::Choices made;
    made.settings.bare_revocation = bare;
    return made;
  }
  static cmc::TaggedAttribute revoking(const pkix::Certificate& target,
                                       CRLReason reason = CRLReason::superseded,
                                       std::string_view secret = "") {
    cmc::RevokeRequest wanted;
    wanted.issuer_name = target->issuer;
    wanted.serial_number = target->serial_number;
    wanted.reason = reason;
    if (!secret.empty()) wanted.shared_secret = to_bytes(secret);
    return control(50, cmc::oid::kRevokeRequest, cmc::write_revoke_request(wanted));
  }
  Told revoke(const Holder& signer, const Holder& target,
              CRLReason reason = CRLReason::superseded) {
    return send(signer, {}, "", {revoking(target.certificate, reason)});
  }
  static CertificateStatus status_of(TestAuthority& authority, const Holder& holder) {
    return unwrap(authority.engine().find_certificate(holder.certificate->serial_number))->status;
  }
  static void expect_done(const Told& told) {
    EXPECT_EQ(told.kind, authority::ResponseKind::full);
    EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
    EXPECT_TRUE(told.names(50));
  }
  /// By the secret alone; nobody signs.
  Told revoke_by_secret(TestAuthority& authority, const Holder& target, std::string_view secret,
                        UnsignedForm form) {
    const auto data =
        pki_data({nonce(), revoking(target.certificate, CRLReason::keyCompromise, secret)}, {});
    return authority.send(client::leave_unsigned(data, form), nullptr);
  }
  static void register_secret(TestAuthority& authority, const Holder& target) {
    auto verifier = unwrap(
        proof::make_revocation_verifier(SecretBytes(kRevocationSecret), crypto::system_random()));
    ASSERT_TRUE(authority.engine()
                    .put_revocation_secret({target.certificate->serial_number, verifier})
                    .ok());
  }
};

// Dogtag: success [control].
TEST_F(ObservedRevocation, Row37OwnCertificatesAndAnAgentsChoicesAreDone) {
  const auto other = ca.enroll(kAlice);
  expect_done(revoke(ca.alice, other));
  EXPECT_EQ(status_of(ca, other), CertificateStatus::revoked);
  const auto held = ca.enroll(kAlice);
  expect_done(revoke(ca.agent, held, CRLReason::certificateHold));
  EXPECT_EQ(status_of(ca, held), CertificateStatus::on_hold);
  expect_done(revoke(ca.agent, held, CRLReason::removeFromCRL));
  EXPECT_EQ(status_of(ca, held), CertificateStatus::valid);
  expect_done(revoke(ca.agent, other));
  EXPECT_EQ(status_of(ca, other), CertificateStatus::revoked) << "as it was";
  expect_done(revoke(ca.alice, ca.alice));
  EXPECT_EQ(status_of(ca, ca.alice), CertificateStatus::revoked);
}

// Dogtag: badIdentity [control] with a text.
TEST_F(ObservedRevocation, Row38AnotherUsersIsBadIdentity) {
  const auto bob = ca.enroll("CN=Bob,O=Test");
  expect_refused(revoke(ca.alice, bob), CMCFailInfo::badIdentity, "not the signer's", 50);
  EXPECT_EQ(status_of(ca, bob), CertificateStatus::valid);
}

// Dogtag: badCertId.
TEST_F(ObservedRevocation, Row39AnUnknownSerialNumberIsBadCertId) {
  auto unknown = ca.forge(kAlice, asn1::Integer::from(4711), false);
  expect_refused(revoke(ca.agent, unknown), CMCFailInfo::badCertId, "", 50);
}

// Dogtag: success / badIdentity / badIdentity.
TEST_F(ObservedRevocation, Row40UnsignedByTheSecretInBothForms) {
  for (const auto form : {UnsignedForm::signed_data, UnsignedForm::data}) {
    TestAuthority tolerant{choices(true)};
    const auto bob = tolerant.enroll("CN=Bob,O=Test");
    register_secret(tolerant, tolerant.alice);
    const auto wrong = revoke_by_secret(tolerant, tolerant.alice, "RevSecret.2", form);
    expect_refused(wrong, CMCFailInfo::badIdentity, "", 50);
    EXPECT_EQ(used_tolerance(wrong, "bare_revocation"), form == UnsignedForm::data);
    expect_refused(revoke_by_secret(tolerant, bob, kRevocationSecret, form),
                   CMCFailInfo::badIdentity, "", 50);
    EXPECT_EQ(status_of(tolerant, tolerant.alice), CertificateStatus::valid);
    const auto done = revoke_by_secret(tolerant, tolerant.alice, kRevocationSecret, form);
    expect_done(done);
    EXPECT_EQ(status_of(tolerant, tolerant.alice), CertificateStatus::revoked);
    EXPECT_EQ(used_tolerance(done, "bare_revocation"), form == UnsignedForm::data);
  }
}

TEST_F(ObservedRevocation, Row40InNoCmsLayerItIsRefusedUnlessTheSwitchIsOn) {
  register_secret(ca, ca.alice);
  expect_refused(revoke_by_secret(ca, ca.alice, kRevocationSecret, UnsignedForm::data),
                 CMCFailInfo::badRequest, "bare_revocation");
  EXPECT_EQ(status_of(ca, ca.alice), CertificateStatus::valid);
  expect_done(revoke_by_secret(ca, ca.alice, kRevocationSecret, UnsignedForm::signed_data));
}

// Dogtag: success, nonces. The message as CMCRevoke makes it: senderNonce 1, revokeRequest 2.
// The tool itself, against the server itself: tests/sessions/dogtag-revocation.txt.
TEST_F(ObservedRevocation, Row48TheMessageOfCmcRevokeIsDoneAndItsNonceComesBack) {
  auto revoking_other = revoking(ca.enroll(kAlice).certificate);
  revoking_other.body_part_id = cmc::BodyPartID{2};
  const auto mine = nonce();
  const auto told =
      ca.send(full_request(credential(ca.alice), {}, {mine, revoking_other}).encode(), &ca.alice);
  EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
  EXPECT_TRUE(told.names(2));
  EXPECT_EQ(octets_in(told, cmc::oid::kRecipientNonce),
            unwrap(cmc::read_octets_value(mine.attr_values.front())));
  EXPECT_FALSE(octets_in(told, cmc::oid::kSenderNonce).empty());
}

}  // namespace
}  // namespace signet::test
