// What the journal says of each message that passed, or was answered otherwise, only because a
// setting of [compatibility] is on: one COMPATIBILITY_USED for each such setting, granted or
// refused; and nothing of what the standard has, although the setting is on. What concerns the form
// of a message stands in observed_message_test.cpp and observed_revocation_test.cpp, what the
// transport lets pass in apps/signetd/routes_test.cpp.
#include "codec/pkix/oids.h"
#include "proof/witness/encrypted_pop.h"
#include "proof/witness/pop_link.h"
#include "support/challenge_answers.h"
#include "support/observed_scene.h"
#include "support/sample_extensions.h"
#include "support/secret_message.h"
#include "support/unwrap.h"

namespace signet::test {
namespace {

using cmc::CMCFailInfo;
using crypto::MacAlgorithm;
using Settings = std::vector<std::string>;

constexpr const char* kChallenging = "caFullCMCUserSignedEncryptionCert";
constexpr const char* kSha1OrSha224 = "SHA-1 or SHA-224 in identityProofV2";

class Tolerances : public Observed {
 protected:
  static void know(TestAuthority& authority) {
    authority.secrets->entries["alice"] = {
        .secret = kSecret, .subject = kOwner, .uses_allowed = 100};
  }
  /// By a shared secret, where these rules let more pass.
  static Told send_secret(const proof::SecretRules& rules, const SecretMessage& message) {
    TestAuthority tolerant{{.secret_rules = rules}};
    know(tolerant);
    return tolerant.send(message.encode(), nullptr);
  }
  Told send_signed(TestAuthority& to, const std::vector<Bytes>& requests,
                   const std::vector<cmc::TaggedAttribute>& controls = {}) {
    auto all = controls;
    all.push_back(nonce());
    return to.send(full_request(credential(to.alice), requests, all).encode(), &to.alice);
  }
};

// ------------------------------------------------------------ replace_subject

TEST_F(Tolerances, ASubjectThatIsReplacedIsOnRecordAndOnesOwnIsNot) {
  TestAuthority::Choices choices;
  choices.settings.replace_subject = true;
  TestAuthority tolerant{choices};
  const auto other = send_signed(tolerant, {tagged(20, pkcs10({.subject = "CN=Other,O=Test"}))});
  expect_granted(other);
  EXPECT_EQ(tolerances_in(other), Settings{"replace_subject 20"});
  const auto own = send_signed(
      tolerant, {tagged(20, pkcs10({.subject = kAlice, .key = test_key("ec:p256", 1)}))});
  expect_granted(own);
  EXPECT_EQ(tolerances_in(own), Settings{});
  const auto names = dns_name("other.example");
  const auto refused = send_signed(tolerant, {tagged(20, pkcs10({.subject = "CN=Other,O=Test",
                                                                 .key = test_key("ec:p256", 2),
                                                                 .extensions = {names}}))});
  expect_refused(refused, CMCFailInfo::badIdentity, "alternative names", 20);
  EXPECT_EQ(tolerances_in(refused), Settings{"replace_subject 20"}) << "it came so far by it";
}

TEST_F(Tolerances, TheNullSubjectOfASecretsOwnerIsTheStandards) {
  TestAuthority::Choices choices;
  choices.settings.replace_subject = true;
  TestAuthority tolerant{choices};
  know(tolerant);
  const auto null = tolerant.send(SecretMessage{}.encode(), nullptr);
  expect_granted(null);
  EXPECT_EQ(tolerances_in(null), Settings{});
  const SecretMessage other{.subject = "CN=Other", .key = test_key("ec:p256", 1), .nonce = 2};
  EXPECT_EQ(tolerances_in(tolerant.send(other.encode(), nullptr)), Settings{"replace_subject 20"});
}

// ------------------------------------------------------------ legacy_proofs

TEST_F(Tolerances, EachOldProofOfIdentityIsOnRecord) {
  const auto sha1 = crypto::DigestAlgorithm::sha1;
  for (const auto& [message, what] :
       {std::pair{SecretMessage{.version = 1, .link_random = std::nullopt},
                  "identityProof of version 1"},
        std::pair{SecretMessage{.hash = sha1}, kSha1OrSha224},
        std::pair{SecretMessage{.mac = MacAlgorithm::hmac_sha1}, kSha1OrSha224},
        std::pair{SecretMessage{.mac = MacAlgorithm::hmac_sha224}, kSha1OrSha224}}) {
    const auto told = send_secret({.legacy_proofs = true}, message);
    expect_granted(told);
    EXPECT_EQ(tolerances_in(told), Settings{"legacy_proofs 3"});
    EXPECT_EQ(let_pass(told, "legacy_proofs"), what);
  }
}

TEST_F(Tolerances, AnOldProofByAWrongSecretIsOnRecordToo) {
  SecretMessage wrong{.secret = "not the right one at all", .version = 1};
  const auto refused = send_secret({.legacy_proofs = true}, wrong);
  expect_refused(refused, CMCFailInfo::badIdentity, "do not prove who asks", 3);
  EXPECT_EQ(tolerances_in(refused), Settings{"legacy_proofs 3"}) << "it would have been badAlg";
  wrong = {.secret = "not the right one at all",
           .mac = MacAlgorithm::hmac_sha512,
           .computation = proof::MacComputation::old_dogtag};
  EXPECT_EQ(tolerances_in(send_secret({.legacy_proofs = true}, wrong)), Settings{})
      << "a wrong secret it would have been without the setting too";
}

TEST_F(Tolerances, EachOldWitnessOfALinkIsOnRecordRightOrWrong) {
  for (const auto& random : {Bytes(64, 7), Bytes(64, 8)}) {
    const auto told = send_secret({.legacy_proofs = true},
                                  {.witness_of = random, .link_mac = MacAlgorithm::hmac_sha1});
    EXPECT_EQ(told.issued(), random.front() == 7) << told.text();
    EXPECT_EQ(tolerances_in(told), Settings{"legacy_proofs 20"});
    EXPECT_EQ(let_pass(told, "legacy_proofs"), "SHA-1 or SHA-224 in popLinkWitnessV2");
    const auto first = send_secret({.legacy_proofs = true}, {.version = 1, .witness_of = random});
    EXPECT_EQ(first.issued(), random.front() == 7) << first.text();
    EXPECT_EQ(tolerances_in(first), Settings{"legacy_proofs 3,20"});
    EXPECT_EQ(let_pass(first, "legacy_proofs"),
              "identityProof of version 1; popLinkWitness of version 1");
  }
}

TEST_F(Tolerances, OneRecordTellsAllThatASettingLetPass) {
  const auto told = send_secret({.legacy_proofs = true}, {.hash = crypto::DigestAlgorithm::sha1,
                                                          .link_mac = MacAlgorithm::hmac_sha1});
  expect_granted(told);
  EXPECT_EQ(tolerances_in(told), Settings{"legacy_proofs 3,20"});
  EXPECT_EQ(let_pass(told, "legacy_proofs"),
            std::string(kSha1OrSha224) + "; SHA-1 or SHA-224 in popLinkWitnessV2");
}

TEST_F(Tolerances, ProofsOfTodayLeaveNoRecord) {
  const proof::SecretRules all{
      .legacy_proofs = true, .link_of_signers = true, .link_with_identification = true};
  for (const auto hash : {crypto::DigestAlgorithm::sha256, crypto::DigestAlgorithm::sha512}) {
    const auto told = send_secret(
        all,
        {.hash = hash, .mac = MacAlgorithm::hmac_sha512, .link_mac = MacAlgorithm::hmac_sha384});
    expect_granted(told);
    EXPECT_EQ(tolerances_in(told), Settings{});
  }
}

// ------------------------------------------------------------ links

TEST_F(Tolerances, ALinkByTheJoinedKeyIsOnRecord) {
  const SecretMessage joined{.link_with_identification = true};
  const auto told = send_secret({.link_with_identification = true}, joined);
  expect_granted(told);
  EXPECT_EQ(tolerances_in(told), Settings{"link_with_identification 20"});
  const auto old = send_secret({.legacy_proofs = true, .link_with_identification = true},
                               {.version = 1, .link_with_identification = true});
  expect_granted(old);
  EXPECT_EQ(tolerances_in(old), (Settings{"legacy_proofs 3,20", "link_with_identification 20"}));
}

class SignersLink : public Tolerances {
 protected:
  static TestAuthority::Choices rules(bool required) {
    return {.secret_rules = {.legacy_proofs = true,
                             .link_required = required,
                             .link_of_signers = true,
                             .link_with_identification = true}};
  }
  Told send_tied(TestAuthority& to, const SecretMessage& tie, bool with_random = true) {
    to.secrets->entries["alice"] = {.secret = kSecret, .subject = kAlice, .uses_allowed = 100};
    std::vector<cmc::TaggedAttribute> controls{
        control(2, cmc::oid::kIdentification, cmc::write_utf8_value("alice"))};
    if (with_random) {
      controls.push_back(
          control(3, cmc::oid::kPopLinkRandom, cmc::write_octets_value(Bytes(64, 7))));
    }
    return send_signed(to, {tie.request()}, controls);
  }
};

TEST_F(SignersLink, IsOnRecordGrantedOrRefused) {
  TestAuthority tolerant{rules(false)};
  expect_granted(send_tied(tolerant, {.subject = kAlice}));
  const auto told = send_tied(tolerant, {.subject = kAlice, .key = test_key("ec:p256", 1)});
  expect_granted(told);
  EXPECT_EQ(tolerances_in(told), Settings{"link_of_signers 3"});
  const auto wrong = send_tied(tolerant, {.witness_of = Bytes(64, 8), .subject = kAlice});
  expect_refused(wrong, CMCFailInfo::popFailed, "popLinkWitness");
  EXPECT_EQ(tolerances_in(wrong), Settings{"link_of_signers 3"});
  const auto without = send_tied(tolerant, {.subject = kAlice}, false);
  expect_refused(without, CMCFailInfo::popFailed, "no popLinkRandom", 20);
  EXPECT_EQ(tolerances_in(without), Settings{"link_of_signers 20"});
}

TEST_F(SignersLink, SaysHowTheWitnessWasMadeWhereItIsRight) {
  TestAuthority tolerant{rules(false)};
  const auto told = send_tied(
      tolerant,
      {.link_with_identification = true, .link_mac = MacAlgorithm::hmac_sha1, .subject = kAlice});
  expect_granted(told);
  EXPECT_EQ(tolerances_in(told),
            (Settings{"legacy_proofs 20", "link_with_identification 20", "link_of_signers 3"}));
  const auto wrong = send_tied(
      tolerant,
      {.witness_of = Bytes(64, 8), .link_mac = MacAlgorithm::hmac_sha1, .subject = kAlice});
  EXPECT_EQ(tolerances_in(wrong), Settings{"link_of_signers 3"});
}

TEST_F(SignersLink, ThatIsDemandedAndMissingIsOnRecordAndOneThatIsNotDemandedIsNot) {
  TestAuthority demanding{rules(true)};
  const auto owed = send_signed(demanding, {tagged(20, pkcs10({.subject = kAlice}))});
  expect_refused(owed, CMCFailInfo::popFailed, "demands");
  EXPECT_EQ(tolerances_in(owed), Settings{"link_of_signers 0"});
  TestAuthority lenient{rules(false)};
  const auto free = send_signed(lenient, {tagged(20, pkcs10({.subject = kAlice}))});
  expect_granted(free);
  EXPECT_EQ(tolerances_in(free), Settings{});
}

// ------------------------------------------------------------ challenges

class ToldChallenges : public Tolerances {
 protected:
  /// The settings under which a challenge, or its answer, may be another than the standard's.
  static TestAuthority::Choices choices(bool dogtag, const proof::ChallengeRules& rules) {
    TestAuthority::Choices made;
    made.settings.dogtag_challenge = dogtag;
    made.possession_rules.challenges = rules;
    return made;
  }
  /// Alice's message, over one of Dogtag's paths or not.
  Told send(TestAuthority& to, std::vector<cmc::TaggedAttribute> controls, bool dogtag_path) {
    controls.push_back(nonce());
    authority::Inquiry inquiry;
    inquiry.octets = full_request(credential(to.alice), requests_, controls).encode();
    inquiry.profile_id = kChallenging;
    inquiry.over_dogtag_path = dogtag_path;
    inquiry.peer.tls_client_certificate = to.alice.certificate.der;
    return to.send(std::move(inquiry));
  }
  Told begin(TestAuthority& to, bool dogtag_path = false) { return send(to, {}, dogtag_path); }
  /// The answer to the only challenge of `first`, `changed`.
  Told answer(TestAuthority& to, const Told& first,
              const std::function<void(cmc::DecryptedPOP&)>& changed = {}) {
    auto pop = answer_to(challenges_in(first).at(0), *key_);
    if (changed) changed(pop);
    return answer(to, first, pop);
  }
  Told answer(TestAuthority& to, const Told& first, const cmc::DecryptedPOP& pop) {
    const auto id = octets_in(first, cmc::oid::kResponseInfo);
    return send(to,
                {control(30, cmc::oid::kDecryptedPOP, cmc::write_decrypted_pop(pop)),
                 control(31, cmc::oid::kRegInfo, cmc::write_octets_value(id))},
                false);
  }
  void make_with(MacAlgorithm mac, const Told& first, cmc::DecryptedPOP& pop) const {
    pop.the_pop_alg_id = crypto::algorithm_identifier(mac);
    pop.the_pop =
        proof::the_pop(mac, proof_value(challenges_in(first).at(0), *key_), requests_.front());
  }

  const Key key_ = test_key("rsa:2048");
  const std::vector<Bytes> requests_{unsigned_request(20, key_)};
};

TEST_F(ToldChallenges, InDogtagsFormAreOnRecordAndSoAreTheirAnswers) {
  TestAuthority tolerant{choices(true, {})};
  const auto first = begin(tolerant, true);
  ASSERT_EQ(challenges_in(first).size(), 1U) << first.text();
  EXPECT_EQ(tolerances_in(first), Settings{"dogtag_challenge 20"});
  // What thePOP is of is looked at elsewhere; this one is wrong.
  const cmc::DecryptedPOP pop{cmc::BodyPartID{20}, challenges_in(first).at(0).the_pop_alg_id,
                              Bytes(32, 1)};
  const auto second = answer(tolerant, first, pop);
  expect_refused(second, CMCFailInfo::popFailed, "thePOP", 20);
  EXPECT_EQ(tolerances_in(second), Settings{"dogtag_challenge 20"});
  EXPECT_EQ(let_pass(second, "dogtag_challenge"), "thePOPAlgID names no MAC");
}

TEST_F(ToldChallenges, WithSha1AreOnRecordAndSoAreTheirAnswers) {
  TestAuthority tolerant{choices(false, {.legacy_proofs = true, .sha1 = true})};
  const auto first = begin(tolerant);
  EXPECT_EQ(tolerances_in(first), Settings{"sha1_challenge 20"});
  const auto second = answer(tolerant, first);
  expect_granted(second);
  EXPECT_EQ(tolerances_in(second), Settings{"sha1_challenge 20"});
}

TEST_F(ToldChallenges, AnsweredWithAnOldMacThatWasNotAskedForAreOnRecord) {
  TestAuthority tolerant{choices(false, {.legacy_proofs = true})};
  const auto first = begin(tolerant);
  EXPECT_EQ(tolerances_in(first), Settings{});
  const auto second =
      answer(tolerant, first, [&](auto& pop) { make_with(MacAlgorithm::hmac_sha224, first, pop); });
  expect_granted(second);
  EXPECT_EQ(tolerances_in(second), Settings{"legacy_proofs 20"});
}

TEST_F(ToldChallenges, AnsweredUnderAnotherNumberAreOnRecord) {
  TestAuthority tolerant{choices(false, {.loose_reference = true})};
  const auto first = begin(tolerant);
  const auto second =
      answer(tolerant, first, [](auto& pop) { pop.body_part_id = cmc::BodyPartID{3}; });
  expect_granted(second);
  EXPECT_EQ(tolerances_in(second), Settings{"loose_pop_reference 20"});
}

TEST_F(ToldChallenges, OfTheStandardLeaveNoRecordUnderAllSettings) {
  TestAuthority tolerant{choices(true, {.legacy_proofs = true, .loose_reference = true})};
  const auto first = begin(tolerant);
  EXPECT_EQ(tolerances_in(first), Settings{});
  const auto second = answer(tolerant, first);
  expect_granted(second);
  EXPECT_EQ(tolerances_in(second), Settings{});
}

TEST_F(ToldChallenges, ToAKeyThatSignsThereAreNone) {
  TestAuthority tolerant{choices(true, {.sha1 = true})};
  authority::Inquiry inquiry;
  inquiry.octets = message(tolerant.alice, {tagged(20, pkcs10({.subject = kAlice}))}).encode();
  inquiry.over_dogtag_path = true;
  inquiry.peer.tls_client_certificate = tolerant.alice.certificate.der;
  const auto told = tolerant.send(std::move(inquiry));
  expect_granted(told);
  EXPECT_EQ(tolerances_in(told), Settings{});
}

TEST_F(ToldChallenges, ToldAgainAreOnRecordAgain) {
  TestAuthority tolerant{choices(false, {.sha1 = true})};
  const auto sent = full_request(credential(tolerant.alice), requests_, {nonce()}).encode();
  tolerant.send(sent, &tolerant.alice, kChallenging);
  const auto again = tolerant.send(sent, &tolerant.alice, kChallenging);
  EXPECT_EQ(challenges_in(again).size(), 1U) << again.text();
  EXPECT_EQ(tolerances_in(again), Settings{"sha1_challenge 20"});
}

TEST_F(ToldChallenges, ToASignersLinkShownBeforeAreOnRecordWhenTheyAreToldAgain) {
  TestAuthority tolerant{{.secret_rules = {.link_of_signers = true}}};
  tolerant.secrets->entries["alice"] = {.secret = kSecret, .subject = kAlice, .uses_allowed = 100};
  CrmfInput input{.id = 20, .subject = kAlice, .key = key_};
  input.possession = Possession::no_signature;
  const SecretBytes shared{std::string_view(kSecret)};
  const auto witness =
      unwrap(proof::make_pop_link_witness_v2({shared, std::nullopt}, Bytes(64, 7)));
  input.controls.push_back({cmc::oid::kPopLinkWitnessV2, cmc::write_pop_link_witness_v2(witness)});
  const auto sent =
      full_request(credential(tolerant.alice), {tagged(crmf(input))},
                   {nonce(), control(2, cmc::oid::kIdentification, cmc::write_utf8_value("alice")),
                    control(3, cmc::oid::kPopLinkRandom, cmc::write_octets_value(Bytes(64, 7)))})
          .encode();
  for (const auto* part : {"link_of_signers 3", "link_of_signers 0"}) {
    const auto told = tolerant.send(sent, &tolerant.alice, kChallenging);
    EXPECT_EQ(challenges_in(told).size(), 1U) << told.text();
    EXPECT_EQ(tolerances_in(told), Settings{part});
  }
}

}  // namespace
}  // namespace signet::test
