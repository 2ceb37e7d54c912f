// The link to a shared secret of a key that cannot sign: it is shown with the first message, before
// the key is challenged. The second holds the same requests, and need not show it again.
#include "proof/witness/identity_proof.h"
#include "proof/witness/pop_link.h"
#include "support/challenge_answers.h"
#include "support/observed_scene.h"
#include "support/secret_message.h"
#include "support/unwrap.h"

namespace signet::test {
namespace {

using audit::EventOutcome;
using cmc::CMCFailInfo;

constexpr const char* kBySecret = "caFullCMCSharedTokenEncryptionCert";
constexpr const char* kBySigner = "caFullCMCUserSignedEncryptionCert";
constexpr const char* kOthersSecret = "another secret of sixteen";
const Bytes kRandom(64, 7);

/// A request that shows no possession, tied to a secret.
struct Tied {
  std::string secret = kSecret;
  Bytes random = kRandom;  ///< of which the witness is made
  std::string subject = "";
  bool tied = true;
  std::uint32_t id = 20;
  Key key = test_key("rsa:2048");

  [[nodiscard]] Bytes request() const {
    CrmfInput input{.id = id, .subject = subject, .key = key};
    input.possession = Possession::no_signature;
    if (tied) {
      const SecretBytes shared{std::string_view(secret)};
      const auto witness = unwrap(proof::make_pop_link_witness_v2({shared, std::nullopt}, random));
      input.controls.push_back(
          {cmc::oid::kPopLinkWitnessV2, cmc::write_pop_link_witness_v2(witness)});
    }
    return tagged(crmf(input));
  }
};

/// Who sends a message: a secret under a name, or a certificate.
struct Sender {
  std::string identification = "alice";
  std::string secret = kSecret;
  const Holder* signer = nullptr;  ///< null: the secret proves who asks
};

class LinkChallenge : public testing::Test {
 protected:
  using Controls = std::vector<cmc::TaggedAttribute>;

  /// An authority on the same store, as if it had been configured anew.
  std::unique_ptr<TestAuthority> authority(const proof::SecretRules& rules) {
    TestAuthority::Choices choices;
    choices.secret_rules = rules;
    choices.engine = &engine;
    choices.estate = estate;
    auto made = std::make_unique<TestAuthority>(choices);
    if (!estate) estate = made->estate();
    made->secrets->entries["alice"] = {.secret = kSecret, .subject = kOwner, .uses_allowed = 100};
    made->secrets->entries["bob"] = {.secret = kOthersSecret, .subject = "UID=bob,O=Test"};
    made->secrets->entries["signer"] = {.secret = kSecret, .subject = kAlice, .uses_allowed = 100};
    return made;
  }
  static proof::SecretRules demanding() { return {.link_required = true, .link_of_signers = true}; }
  static proof::SecretRules lenient() { return {.link_of_signers = true}; }

  static cmc::TaggedAttribute random_control(const Bytes& random = kRandom) {
    return control(5, cmc::oid::kPopLinkRandom, cmc::write_octets_value(random));
  }
  static cmc::TaggedAttribute named(const std::string& identification) {
    return control(2, cmc::oid::kIdentification, cmc::write_utf8_value(identification));
  }

  Told send(TestAuthority& to, const Sender& from, const std::vector<Bytes>& requests,
            Controls controls) {
    Bytes nonce(16, 8);
    nonce[0] = next_nonce++;
    controls.push_back(control(1, cmc::oid::kSenderNonce, cmc::write_octets_value(nonce)));
    if (from.signer != nullptr) {
      const Credential credential{from.signer->key, from.signer->certificate};
      return to.send(full_request(credential, requests, controls).encode(), from.signer, kBySigner);
    }
    const SecretBytes shared{std::string_view(from.secret)};
    controls.push_back(named(from.identification));
    controls.push_back(
        control(3, cmc::oid::kIdentityProofV2,
                cmc::write_identity_proof_v2(proof::make_identity_proof_v2(
                    {}, {shared, from.identification}, cmc::write_req_sequence(requests)))));
    SignedMessage message{.content = pki_data(controls, requests)};
    message.signers = {signed_by_nobody(key_identifier_of(*test_key("rsa:2048")))};
    return to.send(message.encode(), nullptr, kBySecret);
  }
  /// The controls that answer this challenge; none of a link.
  static Controls answer(const Told& first, const Key& key = test_key("rsa:2048")) {
    Controls controls;
    std::uint32_t id = 900;
    for (const auto& challenge : challenges_in(first)) {
      controls.push_back(control(id++, cmc::oid::kDecryptedPOP,
                                 cmc::write_decrypted_pop(answer_to(challenge, *key))));
    }
    controls.push_back(control(id, cmc::oid::kRegInfo,
                               cmc::write_octets_value(octets_in(first, cmc::oid::kResponseInfo))));
    return controls;
  }
  static Controls with(Controls controls, const cmc::TaggedAttribute& more) {
    controls.push_back(more);
    return controls;
  }

  static void expect_challenged(const Told& told) {
    EXPECT_FALSE(told.issued());
    EXPECT_EQ(told.fail_info(), CMCFailInfo::popRequired) << told.text();
    EXPECT_FALSE(challenges_in(told).empty());
  }
  static void expect_granted(const Told& told, std::size_t certificates = 1) {
    EXPECT_EQ(told.certificates.size(), certificates) << told.text();
    EXPECT_TRUE(told.has_event("PROOF_OF_POSSESSION", EventOutcome::success));
  }
  /// Nothing is issued, and no key challenged.
  static void expect_refused(const Told& told, CMCFailInfo why, const std::string& words) {
    EXPECT_FALSE(told.issued());
    EXPECT_TRUE(challenges_in(told).empty());
    EXPECT_EQ(told.fail_info(), why) << told.text();
    EXPECT_NE(told.text().find(words), std::string::npos) << told.text();
  }
  static void expect_link_refused(const Told& told, const std::string& words) {
    expect_refused(told, CMCFailInfo::popFailed, words);
    EXPECT_TRUE(told.has_event("CMC_ID_POP_LINK_WITNESS", EventOutcome::failure));
  }

  store::MemoryEngine engine;
  std::optional<Estate> estate;
  std::uint8_t next_nonce = 1;
  const std::vector<Bytes> tied{Tied{}.request()};
  const Sender alice{};
};

// ------------------------------------------------------------ by a shared secret

TEST_F(LinkChallenge, TheSecondMessageNeedNotRepeatTheRandom) {
  for (const bool required : {true, false}) {
    SCOPED_TRACE(required);
    const auto ca = authority({.link_required = required});
    const std::vector<Bytes> requests{Tied{.key = test_key("rsa:2048", required)}.request()};
    const auto first = send(*ca, alice, requests, {random_control()});
    expect_challenged(first);
    EXPECT_TRUE(first.has_event("CMC_ID_POP_LINK_WITNESS", EventOutcome::success));
    expect_granted(send(*ca, alice, requests, answer(first, test_key("rsa:2048", required))));
  }
}

TEST_F(LinkChallenge, ARandomThatComesAgainIsVerifiedAgain) {
  const auto ca = authority(demanding());
  const auto first = send(*ca, alice, tied, {random_control()});
  const auto wrong = with(answer(first), random_control(Bytes(64, 8)));
  expect_link_refused(send(*ca, alice, tied, wrong), "popLinkWitness");
  expect_granted(send(*ca, alice, tied, with(answer(first), random_control())));
}

TEST_F(LinkChallenge, TheFirstMessageMustShowTheLink) {
  for (const auto& rules : {demanding(), proof::SecretRules{}}) {
    const auto ca = authority(rules);
    expect_link_refused(send(*ca, alice, tied, {}), "no popLinkRandom");
    expect_link_refused(send(*ca, alice, tied, {random_control(Bytes(64, 8))}), "popLinkWitness");
    const std::vector<Bytes> by_another{Tied{.secret = kOthersSecret}.request()};
    expect_link_refused(send(*ca, alice, by_another, {random_control()}), "popLinkWitness");
    const std::vector<Bytes> half{Tied{}.request(), Tied{.tied = false, .id = 21}.request()};
    expect_link_refused(send(*ca, alice, half, {random_control()}), "every request");
  }
}

TEST_F(LinkChallenge, ADemandMadeBetweenTheRoundsHolds) {
  const auto before = authority({});
  const std::vector<Bytes> untied{Tied{.tied = false}.request()};
  const auto first = send(*before, alice, untied, {});
  expect_challenged(first);
  const auto first_of_tied = send(*before, alice, tied, {random_control()});
  const auto now = authority(demanding());
  expect_link_refused(send(*now, alice, untied, {}), "demands");
  expect_link_refused(send(*now, alice, untied, answer(first)), "demands");
  expect_granted(send(*now, alice, tied, answer(first_of_tied)));
}

TEST_F(LinkChallenge, IsSpentOnlyWithARightAnswerToItsOwnChallenge) {
  const auto ca = authority(demanding());
  const auto first = send(*ca, alice, tied, {random_control()});
  const auto right = answer(first);

  auto of_none = right;
  of_none.back() = control(950, cmc::oid::kRegInfo, cmc::write_octets_value(Bytes(16, 0x41)));
  expect_refused(send(*ca, alice, tied, of_none), CMCFailInfo::popFailed, "names no challenge");
  auto unanswered = right;
  unanswered.erase(unanswered.begin());
  expect_link_refused(send(*ca, alice, tied, unanswered), "no popLinkRandom");
  auto wrong = right;
  auto pop = answer_to(challenges_in(first).at(0), *test_key("rsa:2048"));
  pop.the_pop[0] ^= 1;
  wrong.front() = control(900, cmc::oid::kDecryptedPOP, cmc::write_decrypted_pop(pop));
  expect_refused(send(*ca, alice, tied, wrong), CMCFailInfo::popFailed, "thePOP");

  expect_granted(send(*ca, alice, tied, right));
  expect_refused(send(*ca, alice, tied, right), CMCFailInfo::popFailed, "answered before");
}

TEST_F(LinkChallenge, NeedsNoNameInItsAnswer) {
  const auto ca = authority(demanding());
  auto unnamed = answer(send(*ca, alice, tied, {random_control()}));
  ASSERT_EQ(unnamed.back().attr_type, cmc::oid::kRegInfo);
  unnamed.pop_back();
  const Sender bob{.identification = "bob", .secret = kOthersSecret};
  expect_refused(send(*ca, bob, tied, unnamed), CMCFailInfo::popFailed, "is open");
  expect_granted(send(*ca, alice, tied, unnamed));
}

TEST_F(LinkChallenge, IsOfItsRequesterAndItsRequests) {
  const auto ca = authority(demanding());
  const auto first = send(*ca, alice, tied, {random_control()});
  const Sender bob{.identification = "bob", .secret = kOthersSecret};
  expect_refused(send(*ca, bob, tied, answer(first)), CMCFailInfo::badIdentity,
                 "another requester");
  const std::vector<Bytes> others{Tied{.secret = kOthersSecret}.request()};
  expect_refused(send(*ca, alice, others, answer(first)), CMCFailInfo::popFailed,
                 "names no challenge");
  const std::vector<Bytes> more{tied[0], Tied{.id = 21, .key = test_key("ec:p256")}.request()};
  expect_refused(send(*ca, alice, more, answer(first)), CMCFailInfo::popFailed,
                 "names no challenge");
  expect_granted(send(*ca, alice, tied, answer(first)));
}

TEST_F(LinkChallenge, EndsWithTheChallenge) {
  const auto ca = authority(demanding());
  const auto first = send(*ca, alice, tied, {random_control()});
  ca->clock.advance(std::chrono::hours{1} + std::chrono::seconds{1});
  expect_refused(send(*ca, alice, tied, answer(first)), CMCFailInfo::popFailed, "expired");
}

TEST_F(LinkChallenge, IsToTheSecretThatProvesWhoAsks) {
  const auto ca = authority(demanding());
  const auto first = send(*ca, alice, tied, {random_control()});
  ca->secrets->entries["alice"].secret = "a new secret for alice";
  const Sender renewed{.secret = "a new secret for alice"};
  expect_link_refused(send(*ca, renewed, tied, answer(first)), "no popLinkRandom");
  expect_link_refused(send(*ca, renewed, tied, with(answer(first), random_control())),
                      "popLinkWitness");
  ca->secrets->entries["alice"].secret = kSecret;
  expect_granted(send(*ca, alice, tied, answer(first)));
}

TEST_F(LinkChallenge, ARequestThatIsNotTiedNeedsNoSecondLinkEither) {
  const auto ca = authority({});
  const std::vector<Bytes> untied{Tied{.tied = false}.request()};
  const auto first = send(*ca, alice, untied, {});
  ca->secrets->entries["alice"].secret = "a new secret for alice";
  expect_granted(send(*ca, {.secret = "a new secret for alice"}, untied, answer(first)));
}

// ------------------------------------------------------------ by a certificate

class SignersLinkChallenge : public LinkChallenge {
 protected:
  static std::vector<Bytes> request(const Tied& tied = {.subject = kAlice}) {
    return {tied.request()};
  }
  static Controls link(const std::string& identification = "signer") {
    return {random_control(), named(identification)};
  }
  Sender signer(const TestAuthority& ca) const { return {.signer = &ca.alice}; }
};

TEST_F(SignersLinkChallenge, TheSecondMessageNeedNotRepeatTheRandom) {
  for (const bool required : {true, false}) {
    SCOPED_TRACE(required);
    const auto ca = authority({.link_required = required, .link_of_signers = true});
    const auto key = test_key("rsa:2048", required);
    const auto requests = request({.subject = kAlice, .key = key});
    const auto first = send(*ca, signer(*ca), requests, link());
    expect_challenged(first);
    EXPECT_TRUE(first.has_event("CMC_ID_POP_LINK_WITNESS", EventOutcome::success));
    expect_granted(send(*ca, signer(*ca), requests, answer(first, key)));
  }
}

TEST_F(SignersLinkChallenge, ARandomThatComesAgainIsVerifiedAgain) {
  const auto ca = authority(demanding());
  const auto first = send(*ca, signer(*ca), request(), link());
  auto wrong = with(answer(first), named("signer"));
  wrong.push_back(random_control(Bytes(64, 8)));
  expect_link_refused(send(*ca, signer(*ca), request(), wrong), "popLinkWitness");
  auto right = with(answer(first), named("signer"));
  right.push_back(random_control());
  expect_granted(send(*ca, signer(*ca), request(), right));
}

TEST_F(SignersLinkChallenge, TheFirstMessageMustShowTheLink) {
  for (const auto& rules : {demanding(), lenient()}) {
    const auto ca = authority(rules);
    expect_link_refused(send(*ca, signer(*ca), request(), {named("signer")}), "popLinkRandom");
    expect_link_refused(send(*ca, signer(*ca), request(), {random_control()}), "identification");
    expect_link_refused(
        send(*ca, signer(*ca), request({.secret = kOthersSecret, .subject = kAlice}), link()),
        "popLinkWitness");
    expect_link_refused(send(*ca, signer(*ca), request(), link("alice")), "popLinkWitness");
    expect_link_refused(send(*ca, signer(*ca), request({.subject = kAlice, .tied = false}), link()),
                        "every request");
  }
}

TEST_F(SignersLinkChallenge, AnAnswerToNoChallengeIsNoLink) {
  const auto ca = authority(demanding());
  const auto first = send(*ca, signer(*ca), request(), link());
  auto of_none = answer(first);
  of_none.back() = control(950, cmc::oid::kRegInfo, cmc::write_octets_value(Bytes(16, 0x41)));
  expect_refused(send(*ca, signer(*ca), request(), of_none), CMCFailInfo::popFailed,
                 "names no challenge");
  const auto other = ca->enroll(kAlice);
  expect_refused(send(*ca, {.signer = &other}, request(), answer(first)), CMCFailInfo::badIdentity,
                 "another requester");
  auto unanswered = answer(first);
  unanswered.erase(unanswered.begin());
  expect_link_refused(send(*ca, signer(*ca), request(), unanswered), "popLinkRandom");
  ca->clock.advance(std::chrono::hours{1} + std::chrono::seconds{1});
  expect_refused(send(*ca, signer(*ca), request(), answer(first)), CMCFailInfo::popFailed,
                 "expired");
}

TEST_F(SignersLinkChallenge, ADemandMadeBetweenTheRoundsHolds) {
  const auto before = authority({});
  const auto untied = request({.subject = kAlice, .tied = false});
  const auto first = send(*before, signer(*before), untied, {});
  expect_challenged(first);
  expect_refused(send(*before, signer(*before), request(), link()), CMCFailInfo::popFailed,
                 "leave both out");
  const auto now = authority(demanding());
  expect_link_refused(send(*now, signer(*now), untied, answer(first)), "demands");
}

TEST_F(SignersLinkChallenge, OfARequestThatIsTiedInPartTheRestIsDemandedToo) {
  const auto before = authority(lenient());
  const std::vector<Bytes> half{Tied{.subject = kAlice}.request(),
                                Tied{.subject = kAlice, .tied = false, .id = 21}.request()};
  expect_link_refused(send(*before, signer(*before), half, link()), "every request");
}

}  // namespace
}  // namespace signet::test
