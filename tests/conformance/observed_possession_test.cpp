// Cases observed with a live Dogtag: possession of keys. Each says what Dogtag answered, and holds
// what is answered here.
#include "support/challenge_answers.h"
#include "support/observed_scene.h"
#include "support/reseal.h"
#include "support/secret_message.h"
#include "support/unwrap.h"

namespace signet::test {
namespace {

using cmc::CMCFailInfo;
using cmc::CMCStatus;

constexpr const char* kUsersProfile = "caFullCMCUserSignedEncryptionCert";
constexpr const char* kAgentsProfile = "caFullCMCEncryptionCert";
constexpr const char* kSecretProfile = "caFullCMCSharedTokenEncryptionCert";

class ObservedPossession : public Observed {
 protected:
  static void expect_challenged(const Told& told) {
    EXPECT_FALSE(told.issued());
    EXPECT_EQ(told.fail_info(), CMCFailInfo::popRequired) << told.text();
    EXPECT_EQ(challenges_in(told).size(), 1U);
    EXPECT_FALSE(octets_in(told, cmc::oid::kResponseInfo).empty());
  }
  Told first_round() { return send(ca.alice, {request}, kUsersProfile); }
  /// The answer to the first round, as `signer` sends it; `spoil` changes it before.
  Bytes second_message(const Told& first, const Holder& signer,
                       const std::function<void(cmc::DecryptedPOP&, Bytes&)>& spoil = {}) {
    auto answer = answer_to(challenges_in(first).at(0), *key);
    auto id = octets_in(first, cmc::oid::kResponseInfo);
    if (spoil) spoil(answer, id);
    return message(signer, {request},
                   {control(2, cmc::oid::kDecryptedPOP, cmc::write_decrypted_pop(answer)),
                    control(3, cmc::oid::kRegInfo, cmc::write_octets_value(id))})
        .encode();
  }
  Told second_round(const Bytes& message) { return ca.send(message, &ca.alice, kUsersProfile); }

  Key key = test_key("rsa:2048");
  Bytes request = unsigned_request(20, key);
};

// Dogtag: popRequired (6) with failInfo popRequired (8), encryptedPOP and responseInfo.
TEST_F(ObservedPossession, Row19AKeyThatOnlyDecryptsIsChallengedWhoeverAsks) {
  expect_challenged(first_round());
  expect_challenged(send(ca.agent, {request}, kAgentsProfile));
  ca.secrets->entries["alice"] = {.secret = kSecret, .subject = kOwner};
  SecretMessage by_secret{.link_random = std::nullopt};
  by_secret.more_requests = {unsigned_request(21, key, client::RequestForm::crmf, kOwner)};
  expect_challenged(ca.send(by_secret.encode(), nullptr, kSecretProfile));
}

// Dogtag: success.
TEST_F(ObservedPossession, Row20AGoodAnswerBringsTheCertificate) {
  expect_granted(second_round(second_message(first_round(), ca.alice)));
}

// Dogtag: two certificates.
TEST_F(ObservedPossession, Row21TheAnswerSentTwiceBringsTheFirstCertificateAgain) {
  const auto answer = second_message(first_round(), ca.alice);
  const auto first = second_round(answer);
  const auto on_record = ca.certificates_on_record();
  const auto again = second_round(answer);
  expect_granted(again);
  EXPECT_EQ(again.certificates, first.certificates);
  EXPECT_EQ(ca.certificates_on_record(), on_record);
}

TEST_F(ObservedPossession, Row21AnotherAnswerToAnAnsweredChallengeIsPopFailed) {
  const auto first = first_round();
  expect_granted(second_round(second_message(first, ca.alice)));
  expect_refused(second_round(second_message(first, ca.alice)), CMCFailInfo::popFailed,
                 "answered before", 2);
}

// Dogtag: accepted.
TEST_F(ObservedPossession, Row22TheAnswerOfAnotherUserIsBadIdentity) {
  const auto bob = ca.enroll("CN=Bob,O=Test");
  const auto first = first_round();
  const auto told = ca.send(second_message(first, bob), &bob, kUsersProfile);
  EXPECT_FALSE(told.issued());
  EXPECT_EQ(told.fail_info(), CMCFailInfo::badIdentity) << told.text();
  expect_granted(second_round(second_message(first, ca.alice)));
}

TEST_F(ObservedPossession, Row22AnotherCertificateOfTheSameUserIsBadIdentityToo) {
  const auto second = ca.enroll(kAlice);
  const auto first = first_round();
  const auto told = ca.send(second_message(first, second), &second, kUsersProfile);
  EXPECT_FALSE(told.issued());
  EXPECT_EQ(told.fail_info(), CMCFailInfo::badIdentity) << told.text();
}

// Dogtag: popFailed [0]; a good answer afterwards works, after any number of bad ones.
TEST_F(ObservedPossession, Row23AWrongProofOrRequestIdIsPopFailedAndTriesAreBounded) {
  const auto first = first_round();
  const auto wrong_proof = [](cmc::DecryptedPOP& answer, Bytes&) { answer.the_pop[0] ^= 1; };
  expect_refused(second_round(second_message(first, ca.alice, wrong_proof)), CMCFailInfo::popFailed,
                 "thePOP", 20);
  const auto wrong_id = [](cmc::DecryptedPOP&, Bytes& id) { id[3] ^= 1; };
  expect_refused(second_round(second_message(first, ca.alice, wrong_id)), CMCFailInfo::popFailed,
                 "names no challenge", 2);
  expect_granted(second_round(second_message(first, ca.alice)));

  const auto another =
      send(ca.alice, {unsigned_request(20, test_key("rsa:2048", 1))}, kUsersProfile);
  request = unsigned_request(20, test_key("rsa:2048", 1));
  key = test_key("rsa:2048", 1);
  for (int i = 0; i < 3; ++i) {
    second_round(second_message(another, ca.alice, wrong_proof));
  }
  expect_refused(second_round(second_message(another, ca.alice)), CMCFailInfo::popFailed,
                 "too often", 2);
}

cmc::TaggedAttribute ra_witness(std::uint32_t about) {
  return control(40, cmc::oid::kLraPOPWitness,
                 cmc::write_lra_pop_witness({cmc::kThisPKIData, {cmc::BodyPartID{about}}}));
}

// Dogtag: popFailed [request].
TEST_F(ObservedPossession, Row24AnRaWitnessThatIsNotAllowedIsPopFailed) {
  const auto told = send(ca.agent, {request}, kAgentsProfile, {ra_witness(20)});
  expect_refused(told, CMCFailInfo::popFailed, "lraPOPWitness is not accepted", 20);
  EXPECT_TRUE(challenges_in(told).empty());
}

// Dogtag: issued, when a user vouched for itself as well.
TEST_F(ObservedPossession, Row25AnRaWitnessThatIsAllowedIsAnAgentsAlone) {
  TestAuthority::Choices choices;
  choices.possession_rules.ra_witness = true;
  TestAuthority trusting{choices};
  const auto vouch = [&](const Holder& signer, const char* profile) {
    return trusting.send(full_request(credential(signer), {request}, {ra_witness(20)}).encode(),
                         &signer, profile);
  };
  expect_refused(vouch(trusting.alice, kUsersProfile), CMCFailInfo::popFailed, "an agent's", 20);
  expect_granted(vouch(trusting.agent, kAgentsProfile));
}

// Dogtag: popFailed [0].
TEST_F(ObservedPossession, Row26AnAlteredProofInCrmfIsPopFailedAndNamed) {
  const auto forged =
      tagged(crmf({.id = 20, .subject = kAlice, .possession = Possession::other_key}));
  expect_refused(send(ca.alice, {forged}), CMCFailInfo::popFailed, "does not verify", 20);
}

// Dogtag: badRequest [0]; internalCAError where the request is a simple one.
TEST_F(ObservedPossession, Row27AnAlteredSignatureInPkcs10IsPopFailedAndNamed) {
  const auto forged = pkcs10({.subject = kAlice, .possession = Possession::other_key});
  expect_refused(send(ca.alice, {tagged(20, forged)}), CMCFailInfo::popFailed, "does not verify",
                 20);
  expect_refused(ca.send(forged, &ca.agent), CMCFailInfo::popFailed, "does not verify", 1);
}

// Dogtag: badRequest [0].
TEST_F(ObservedPossession, Row28AnAlteredSignatureOfTheMessageIsBadMessageCheck) {
  auto sent = message(ca.alice, {tagged(20, pkcs10({.subject = kAlice}))});
  sent.signers.front().signature = Bytes(70, 1);
  expect_refused(ca.send(sent.encode(), &ca.alice), CMCFailInfo::badMessageCheck, "");
}

TEST_F(ObservedPossession, Row28WithoutSignedAttributesItIsBadMessageCheck) {
  auto sent = message(ca.alice, {tagged(20, pkcs10({.subject = kAlice}))});
  sent.signers.front().signed_attributes = SignedAttributes::absent;
  expect_refused(ca.send(sent.encode(), &ca.alice), CMCFailInfo::badMessageCheck, "");
}

// Dogtag: internalCAError "Policy Set Not Found".
TEST_F(ObservedPossession, Row29TwoRequestsAreBothGrantedOrNeither) {
  const auto one = tagged(20, pkcs10({.subject = kAlice, .key = test_key("ec:p256", 1)}));
  const auto two = tagged(21, pkcs10({.subject = kAlice, .key = test_key("ec:p256", 2)}));
  const auto both = send(ca.alice, {one, two});
  expect_granted(both, 2);
  EXPECT_TRUE(both.names(20) && both.names(21));
  const auto good = tagged(20, pkcs10({.subject = kAlice, .key = test_key("ec:p256", 3)}));
  const auto bad = tagged(21, pkcs10({.subject = kAlice, .possession = Possession::other_key}));
  const auto neither = send(ca.alice, {good, bad});
  expect_refused(neither, CMCFailInfo::popFailed, "does not verify", 21);
  EXPECT_TRUE(neither.names(20)) << "what was not granted is named";
}

}  // namespace
}  // namespace signet::test
