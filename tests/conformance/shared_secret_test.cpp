// Those who have no certificate yet: identification, identityProof, popLinkWitness. Each thing
// granted stands beside the nearest ones that are refused.
#include <gtest/gtest.h>

#include "codec/pkix/oids.h"
#include "proof/witness/identity_proof.h"
#include "proof/witness/pop_link.h"
#include "support/reseal.h"
#include "support/shared_data.h"
#include "support/shared_secret_scene.h"

namespace signet::test {
namespace {

using audit::EventOutcome;
using client::RequestForm;
using cmc::CMCFailInfo;
using crypto::DigestAlgorithm;
using crypto::MacAlgorithm;

// ------------------------------------------------------------ granted

TEST_F(SharedSecret, BringsACertificateWithTheOwnersName) {
  /* matrix: E71, E72, E76, E81, E86, E87, C07, C09, C13, C15, C16, C18, C19, C21, E10, E12 */
  const auto told = send({});
  expect_granted(told);
  EXPECT_TRUE(told.has_event("CMC_ID_POP_LINK_WITNESS", EventOutcome::success));
}

TEST_F(SharedSecret, WorksWithCrmf) {
  /* matrix: E88 */
  expect_granted(send({.form = RequestForm::crmf}));
}

TEST_F(SharedSecret, WorksWithoutTheLinkWhereItIsNotDemanded) {
  const auto told = send({.link_random = std::nullopt});
  expect_granted(told);
  EXPECT_FALSE(told.has_event("CMC_ID_POP_LINK_WITNESS", EventOutcome::success));
}

TEST_F(SharedSecret, TakesTheStrongerHashesAndMacs) {
  /* matrix: B17, B18 */
  expect_granted(send({.hash = DigestAlgorithm::sha384, .mac = MacAlgorithm::hmac_sha512}));
}

TEST_F(SharedSecret, MayAskForTheOwnersNameOutright) {
  /* matrix: E83, E89, E90, E91 */
  expect_granted(send({.subject = kOwner}));
}

TEST_F(SharedSecret, StandsForItsIdentificationWhereNoNameWasGiven) {
  ca.secrets->entries["carol, a \"guest\""] = {.secret = kSecret};
  const auto told = send({.identification = "carol, a \"guest\""});
  ASSERT_TRUE(told.issued()) << told.text();
  EXPECT_EQ(told.certificates.front()->subject.last(pkix::oid::kUserId), "carol, a \"guest\"");
}

TEST_F(SharedSecret, SecretsMayBeLongAndOfAnyScript) {
  /* matrix: E74 */
  const std::string secret = "schlüssel-ключ-鍵" + std::string(20000, 'x');
  ca.secrets->entries["alice"].secret = secret;
  expect_granted(send({.secret = secret, .link_secret = secret}));
}

TEST_F(SharedSecret, LinkKeyMayComeFromPbkdf2) {
  /* matrix: B20 */
  const cms::Pbkdf2Parameters parameters{Bytes(16, 3), 1000, std::nullopt,
                                         crypto::algorithm_identifier(MacAlgorithm::hmac_sha256)};
  const pkix::AlgorithmIdentifier pbkdf2{pkix::oid::kPbkdf2,
                                         cms::write_pbkdf2_parameters(parameters)};
  expect_granted(send({.link_key = pbkdf2}));
}

TEST_F(SharedSecret, WhatTheClientMakesIsGranted) {
  const SecretBytes secret{std::string_view(kSecret)};
  const client::SecretHolder holder{"alice", secret};
  const auto random = unwrap(client::make_link_random(crypto::system_random()));
  const auto request = unwrap(client::make_certification_request(
      {.subject = {},
       .subject_alt_names = {},
       .extensions = {},
       .key = *test_key(),
       .link_witness =
           unwrap(client::make_link_witness(holder, random, client::LinkKey::of_secret))}));
  const auto sent =
      unwrap(client::make_secret_request({.requests = {{RequestForm::pkcs10, request}},
                                          .data_return = std::nullopt,
                                          .more_controls = {},
                                          .key = *test_key(),
                                          .holder = holder,
                                          .link_random = random},
                                         crypto::system_random()));
  expect_granted(ca.send(sent.octets, nullptr));
}

// ------------------------------------------------------------ who asks

TEST_F(SharedSecret, WrongSecretUnknownAndAnothersIdentityAreOneAnswer) {
  /* matrix: E73 */
  const auto wrong = send({.secret = "incorrect horse battery"});
  const auto unknown = send({.identification = "nobody"});
  const auto another = send({.identification = "bob"});
  for (const auto& told : {wrong, unknown, another}) {
    expect_not_proven(told);
    EXPECT_EQ(told.text(), wrong.text());
  }
}

TEST_F(SharedSecret, WhatStandsInForNobodysSecretIsNone) {
  SecretMessage guessed{.identification = "nobody", .secret = "no such secret: nobody knows it"};
  expect_not_proven(send(guessed));
  guessed.in_authenticated_data = true;
  EXPECT_EQ(send(guessed).fail_info(), CMCFailInfo::badMessageCheck);
}

TEST_F(SharedSecret, WithoutIdentificationNobodyIsNamed) {
  /* matrix: E77 */
  const auto told =
      send({.edit_controls = [](auto& controls) { controls.erase(controls.begin() + 1); }});
  expect_refused(told, CMCFailInfo::badIdentity, "identification");
}

TEST_F(SharedSecret, AnIdentificationIsText) {
  const auto refuse = [&](const Bytes& value) {
    const auto told =
        send({.edit_controls = [&](auto& controls) { controls.at(1).attr_values = {value}; }});
    expect_refused(told, CMCFailInfo::badRequest);
    EXPECT_TRUE(told.names(2));
  };
  refuse(cmc::write_utf8_value(""));
  refuse(cmc::write_utf8_value(std::string(1025, 'a')));
  refuse({0x0C, 0x02, 0xC3, 0x28});  // no UTF-8
  refuse({0x04, 0x05, 'a', 'l', 'i', 'c', 'e'});
  const std::string longest(1024, 'a');
  ca.secrets->entries[longest] = {.secret = kSecret, .subject = kOwner};
  expect_granted(send({.identification = longest}));
}

TEST_F(SharedSecret, AnAuthorityWithoutASourceTakesNone) {
  TestAuthority closed{{.takes_secrets = false}};
  for (const bool in_authenticated_data : {false, true}) {
    const SecretMessage message{.in_authenticated_data = in_authenticated_data};
    const auto told = closed.send(message.encode(), nullptr);
    expect_refused(told, CMCFailInfo::badIdentity, "accepts no shared secrets");
  }
}

TEST_F(SharedSecret, WithoutAProofNobodyIsProven) {
  const auto told =
      send({.edit_controls = [](auto& controls) { controls.erase(controls.begin() + 2); }});
  expect_refused(told, CMCFailInfo::badIdentity, "identityProofV2");
}

TEST_F(SharedSecret, WithoutAnyControlNobodyIsProven) {
  expect_refused(send({.link_random = std::nullopt,
                       .edit_controls = [](auto& controls) { controls.clear(); }}),
                 CMCFailInfo::badIdentity);
}

TEST_F(SharedSecret, ARevocationBesideTheRequestSkipsNothing) {
  const auto told = send({.edit_controls = [](auto& controls) {
    controls.erase(controls.begin() + 2);
    controls.push_back(control(50, cmc::oid::kRevokeRequest, {0x30, 0x00}));
  }});
  EXPECT_FALSE(told.issued());
  EXPECT_EQ(told.status.cmc_status, cmc::CMCStatus::failed);
}

TEST_F(SharedSecret, RevokesNothing) {
  ca.secrets->entries["alice"].subject = pkix::to_text(ca.alice.certificate->subject);
  cmc::RevokeRequest wanted;
  wanted.issuer_name = ca.alice.certificate->issuer;
  wanted.serial_number = ca.alice.certificate->serial_number;
  const auto content =
      pki_data({control(1, cmc::oid::kSenderNonce, cmc::write_octets_value(Bytes(16, 1))),
                control(2, cmc::oid::kIdentification, cmc::write_utf8_value("alice")),
                control(50, cmc::oid::kRevokeRequest, cmc::write_revoke_request(wanted))},
               {});
  const auto told = ca.send(SecretMessage{}.authenticate(content), nullptr);
  expect_refused(told, CMCFailInfo::badIdentity, "a revocation is signed");
  EXPECT_EQ(unwrap(ca.engine().find_certificate(wanted.serial_number)).value().status,
            store::CertificateStatus::valid);
}

TEST_F(SharedSecret, AProofOverAnotherRequestSequenceIsRefused) {
  const SecretMessage other{.subject = kOwner};
  expect_not_proven(send({.proof_over = cmc::write_req_sequence({other.request()})}));
}

TEST_F(SharedSecret, AProofThatIsCutShortOrLongerIsRefused) {
  std::uint32_t nonce = 1;
  for (const std::size_t octets : {0U, 1U, 31U, 33U}) {
    const auto told = send({.edit_controls =
                                [&](auto& controls) {
                                  auto& value = controls.at(2).attr_values.front();
                                  auto proof = unwrap(cmc::read_identity_proof_v2(value));
                                  proof.witness.resize(octets);
                                  value = cmc::write_identity_proof_v2(proof);
                                },
                            .nonce = nonce++});
    expect_not_proven(told);
  }
  expect_granted(send({.nonce = nonce}));
}

TEST_F(SharedSecret, AProofThatLacksTheIdentificationInItsKeyIsRefused) {
  const auto told = send({.edit_controls = [](auto& controls) {
    const SecretBytes secret{std::string_view(kSecret)};
    const auto sequence = cmc::write_req_sequence({SecretMessage{}.request()});
    controls[2].attr_values = {cmc::write_identity_proof_v2(
        proof::make_identity_proof_v2({}, {secret, std::nullopt}, sequence))};
  }});
  expect_not_proven(told);
}

TEST_F(SharedSecret, VersionOneAndSha1AreForThoseWhoTurnThemOn) {
  /* matrix: E75, C12, C24 */
  expect_refused(send({.version = 1}), CMCFailInfo::badAlg, "version 1");
  expect_refused(send({.version = 1, .link_random = std::nullopt}), CMCFailInfo::badAlg,
                 "identityProof (version 1)");
  expect_refused(send({.hash = DigestAlgorithm::sha1}), CMCFailInfo::badAlg, "SHA-1");
  expect_refused(send({.mac = MacAlgorithm::hmac_sha1}), CMCFailInfo::badAlg, "SHA-1");

  TestAuthority tolerant{{.secret_rules = {.legacy_proofs = true}}};
  know(tolerant);
  tolerant.secrets->entries["alice"].uses_allowed = 0;
  EXPECT_TRUE(tolerant.send(SecretMessage{.version = 1}.encode(), nullptr).issued());
  EXPECT_TRUE(
      tolerant.send(SecretMessage{.hash = DigestAlgorithm::sha1, .nonce = 2}.encode(), nullptr)
          .issued());
  EXPECT_FALSE(
      tolerant
          .send(
              SecretMessage{.secret = "wrong secret of length", .version = 1, .nonce = 3}.encode(),
              nullptr)
          .issued());
}

TEST_F(SharedSecret, OfTwoProofsVersionTwoCounts) {
  TestAuthority tolerant{{.secret_rules = {.legacy_proofs = true}}};
  know(tolerant);
  const SecretMessage both{
      .version = 1, .edit_controls = [](auto& controls) {
        const SecretBytes wrong{std::string_view("incorrect horse battery")};
        controls.push_back(control(5, cmc::oid::kIdentityProofV2,
                                   cmc::write_identity_proof_v2(proof::make_identity_proof_v2(
                                       {}, {wrong, "alice"}, Bytes{0x30, 0x00}))));
      }};
  expect_not_proven(tolerant.send(both.encode(), nullptr));
}

TEST_F(SharedSecret, AWeakLinkIsForThoseWhoTurnItOn) {
  const SecretMessage weak_key{.link_key = crypto::algorithm_identifier(DigestAlgorithm::sha1)};
  const SecretMessage weak_mac{.link_mac = MacAlgorithm::hmac_sha1, .nonce = 2};
  TestAuthority tolerant{{.secret_rules = {.legacy_proofs = true}}};
  know(tolerant);
  tolerant.secrets->entries["alice"].uses_allowed = 0;
  for (const auto& weak : {weak_key, weak_mac}) {
    expect_refused(send(weak), CMCFailInfo::badAlg, "popLinkWitnessV2 uses SHA-1");
    EXPECT_TRUE(tolerant.send(weak.encode(), nullptr).issued());
  }
}

TEST_F(SharedSecret, ADirectoryThatIsDownIsOurFault) {
  ca.secrets->entries.clear();
  ca.secrets->fails = Error{Fault::directory_unreachable, "ldap://directory.test: no answer"};
  const auto told = send({});
  expect_refused(told, CMCFailInfo::internalCAError);
  EXPECT_EQ(told.text().find("ldap"), std::string::npos) << "inside things stay inside";
}

TEST_F(SharedSecret, TwoEntriesOfOneIdentificationAreARefusalThatSaysNothing) {
  ca.secrets->fails = Error{Fault::unknown_identity, "two entries have uid=alice"};
  const auto told = send({});
  expect_not_proven(told);
  EXPECT_EQ(told.text().find("two entries"), std::string::npos);
}

TEST_F(SharedSecret, AnExistingSignerBypassesTheProof) {
  const auto told = ca.send(
      full_request(
          {ca.alice.key, ca.alice.certificate},
          {tagged(20, pkcs10({.subject = "CN=Alice,O=Test"}))},
          {control(1, cmc::oid::kIdentification, cmc::write_utf8_value("nobody")),
           control(2, cmc::oid::kIdentityProofV2,
                   cmc::write_identity_proof_v2(
                       {.proof_alg_id = crypto::algorithm_identifier(DigestAlgorithm::sha256),
                        .mac_alg_id = crypto::algorithm_identifier(MacAlgorithm::hmac_sha256),
                        .witness = Bytes(32, 0)}))})
          .encode(),
      &ca.alice);
  EXPECT_TRUE(told.issued()) << told.text();
  EXPECT_TRUE(told.has_event("CMC_PROOF_OF_IDENTIFICATION", EventOutcome::success));
}

// ------------------------------------------------------------ names

TEST_F(SharedSecret, AnotherNameIsRefused) {
  /* matrix: E91 */
  expect_refused(send({.subject = "UID=bob,O=Test"}), CMCFailInfo::badIdentity, "stands for");
}

TEST_F(SharedSecret, AlternativeNamesAreNotTheOwners) {
  const pkix::Extension names{pkix::oid::kSubjectAltName, false,
                              pkix::write_alternative_name({pkix::DnsName{"host.example"}})};
  expect_refused(send({.extensions = {names}}), CMCFailInfo::badIdentity, "alternative");
}

/// The shipped profile, but granting this name to everybody.
std::string profile_granting(const std::string& name) {
  const auto shipped = file(source_folder() + "/profiles/caFullCMCSharedTokenCert.cfg");
  auto text = std::string(as_text(shipped));
  const auto replace = [&](const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    text.replace(at, from.size(), to);
  };
  const std::string subject = "policyset.cmcUserCertSet.1.";
  replace(subject + "default.class_id=authTokenSubjectNameDefaultImpl",
          subject + "default.params.name=" + name + "\n" + subject +
              "default.class_id=subjectNameDefaultImpl");
  replace("cmcSharedTokenSubjectNameConstraintImpl", "noConstraintImpl");
  return text;
}

TEST_F(SharedSecret, AProfileThatGrantsAnotherNameIsRefused) {
  const auto told_with = [](const std::string& granted) {
    TestAuthority::Choices choices;
    choices.settings.replace_subject = true;
    choices.more_profiles = profile_granting(granted);
    TestAuthority lax{choices};
    know(lax);
    return lax.send(SecretMessage{}.encode(), nullptr, "extra");
  };
  expect_refused(told_with("UID=bob,O=Test"), CMCFailInfo::badIdentity);
  expect_granted(told_with(kOwner));
  expect_granted(told_with("UID=ALICE,OU=People,O=TEST"), kOwner);  // spelled as the secret has it
}

TEST_F(SharedSecret, AProfileForSignersIsNotForSecrets) {
  const auto told = ca.send(SecretMessage{}.encode(), nullptr, "caFullCMCUserSignedCert");
  expect_refused(told, CMCFailInfo::badIdentity);
  const auto agents = ca.send(SecretMessage{.nonce = 2}.encode(), nullptr, "caFullCMCUserCert");
  expect_refused(agents, CMCFailInfo::badIdentity);
}

TEST_F(SharedSecret, DogtagsOtherNameOfTheProfileServesToo) {
  expect_granted(ca.send(SecretMessage{}.encode(), nullptr, "caFullCMCSelfSignedCert"));
}

// ------------------------------------------------------------ alterations

TEST_F(SharedSecret, OneAlteredBitNeverBringsACertificate) {
  const auto message = SecretMessage{}.encode();
  ca.secrets->entries["alice"].uses_allowed = 0;
  for (std::size_t at = 0; at < message.size(); at += 3) {
    auto altered = message;
    altered[at] ^= static_cast<std::uint8_t>(1U << (at % 8));
    EXPECT_FALSE(ca.send(altered, nullptr).issued()) << "octet " << at;
    ca.clock.advance(std::chrono::hours{1});  // no lock outlasts this
  }
}

}  // namespace
}  // namespace signet::test
