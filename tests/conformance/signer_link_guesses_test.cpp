// What a signer finds out about somebody else's shared secret by links between it and requests of
// its own ([compatibility] link_of_signers): nothing, and each question counts as a wrong proof.
#include "codec/cms/cms.h"
#include "codec/pkix/oids.h"
#include "support/observed_scene.h"
#include "support/secret_message.h"
#include "support/unwrap.h"

namespace signet::test {
namespace {

using cmc::CMCFailInfo;

/// Bob has a shared secret, and Alice, who signs, asks about it.
class SignerLinkGuesses : public Observed {
 protected:
  SignerLinkGuesses() : tolerant(rules()) {
    tolerant.secrets->entries["bob"] = {.secret = kSecret, .subject = kOwner, .uses_allowed = 0};
  }

  static TestAuthority::Choices rules() {
    TestAuthority::Choices choices;
    choices.secret_rules.link_of_signers = true;
    choices.secret_rules.link_with_identification = true;
    return choices;
  }
  static pkix::AlgorithmIdentifier pbkdf2(std::int64_t iterations, std::int64_t octets) {
    const cms::Pbkdf2Parameters parameters{
        Bytes(16, 3), iterations, octets,
        crypto::algorithm_identifier(crypto::MacAlgorithm::hmac_sha256)};
    return {pkix::oid::kPbkdf2, cms::write_pbkdf2_parameters(parameters)};
  }
  /// Alice's request, tied by a key that is derived so from this secret.
  static Bytes derived(std::string_view secret, std::int64_t iterations, std::int64_t octets) {
    const auto sha256 = crypto::MacAlgorithm::hmac_sha256;
    const auto key =
        crypto::pbkdf2(sha256, as_bytes(secret), Bytes(16, 3),
                       static_cast<std::uint32_t>(iterations), static_cast<std::size_t>(octets));
    cmc::PopLinkWitnessV2 witness;
    witness.key_gen_algorithm = pbkdf2(iterations, octets);
    witness.mac_algorithm = crypto::algorithm_identifier(sha256);
    witness.witness = crypto::mac(sha256, key.view(), Bytes(64, 7));
    return tagged(20, pkcs10({.subject = kAlice,
                              .attributes = {attribute(cmc::oid::kPopLinkWitnessV2,
                                                       cmc::write_pop_link_witness_v2(witness))}}));
  }
  Told ask(SecretMessage tie) {
    tie.identification = "bob";
    tie.subject = kAlice;
    return ask(tie.request());
  }
  Told ask(const Bytes& request) {
    return tolerant.send(
        full_request(credential(tolerant.alice), {request},
                     {nonce(), control(2, cmc::oid::kIdentification, cmc::write_utf8_value("bob")),
                      control(3, cmc::oid::kPopLinkRandom, cmc::write_octets_value(Bytes(64, 7)))})
            .encode(),
        &tolerant.alice);
  }
  std::size_t failures() {
    return unwrap(
               tolerant.engine().token_history(to_bytes(std::string("token of bob: ") + kSecret)))
        .failures;
  }
  static std::string journal_of(const Told& told) {
    std::string text;
    for (const auto& event : told.events) {
      for (const auto& field : event.fields) text += field.value + "\n";
    }
    return text;
  }

  TestAuthority tolerant;
};

TEST_F(SignerLinkGuesses, ARightOneIsToldAndCountedAsAWrongOne) {
  const auto wrong = ask(SecretMessage{.link_secret = "another secret entirely"});
  expect_refused(wrong, CMCFailInfo::popFailed, "was not made from");
  EXPECT_EQ(failures(), 1U);
  const auto right = ask(SecretMessage{});
  expect_refused(right, CMCFailInfo::popFailed, "was not made from");
  EXPECT_EQ(right.text(), wrong.text());
  EXPECT_EQ(right.status, wrong.status);
  EXPECT_EQ(failures(), 2U);
  EXPECT_NE(journal_of(right).find("not the signer's"), std::string::npos) << "for the operator";
}

TEST_F(SignerLinkGuesses, RightOnesLock) {
  for (int number = 0; number < 5; ++number) EXPECT_FALSE(ask(SecretMessage{}).issued());
  EXPECT_EQ(failures(), 5U);
  tolerant.secrets->entries["bob"].subject = kAlice;
  EXPECT_FALSE(ask(SecretMessage{}).issued()) << "locked";
  tolerant.clock.advance(std::chrono::minutes{15});
  expect_granted(ask(SecretMessage{}));
}

TEST_F(SignerLinkGuesses, AKeyOfFewOctetsOrIterationsIsRefusedBeforeAnySecretIsLookedUp) {
  for (const auto& [iterations, octets] : {std::pair{1, 1}, {1000, 15}, {999, 32}}) {
    const auto right = ask(derived(kSecret, iterations, octets));
    expect_refused(right, CMCFailInfo::badAlg, "at least 16 octets", 20);
    EXPECT_EQ(ask(derived("another secret", iterations, octets)).text(), right.text());
  }
  EXPECT_EQ(failures(), 0U);
  tolerant.secrets->entries["bob"].subject = kAlice;
  expect_granted(ask(derived(kSecret, 1000, 16)));
}

TEST_F(SignerLinkGuesses, ASecretOfTheSameNameInAnotherCaseIsAnothers) {
  tolerant.secrets->entries["bob"].subject = "CN=ALICE,O=Test";
  const auto refused = ask(SecretMessage{});
  expect_refused(refused, CMCFailInfo::popFailed, "was not made from");
  EXPECT_EQ(failures(), 1U);
  tolerant.secrets->entries["bob"].subject = kAlice;
  expect_granted(ask(SecretMessage{}));
}

}  // namespace
}  // namespace signet::test
