// Cases observed with a live Dogtag: shared secrets and the link to the key. Each says what Dogtag
// answered, and holds what is answered here.
#include "support/observed_scene.h"
#include "support/secret_message.h"
#include "support/unwrap.h"

namespace signet::test {
namespace {

using client::RequestForm;
using cmc::CMCFailInfo;

constexpr const char* kSharedTokenProfile = "caFullCMCSharedTokenCert";

void know(TestAuthority& authority) {
  authority.secrets->entries["alice"] = {.secret = kSecret, .subject = kOwner, .uses_allowed = 100};
}

class ObservedSecret : public Observed {
 protected:
  ObservedSecret() { know(ca); }
  Told send(const SecretMessage& message) {
    return ca.send(message.encode(), nullptr, kSharedTokenProfile);
  }
};

// Dogtag: success; the subject is the LDAP name of the identified entry, whatever was asked for.
TEST_F(ObservedSecret, Row03IsGrantedInBothFormsWithEveryHashForTheOwnersName) {
  std::uint32_t nonce = 1;
  for (const auto form : {RequestForm::pkcs10, RequestForm::crmf}) {
    for (const auto hash : {crypto::DigestAlgorithm::sha256, crypto::DigestAlgorithm::sha384,
                            crypto::DigestAlgorithm::sha512}) {
      const auto told = send({.hash = hash, .form = form, .nonce = nonce++});
      expect_granted(told);
      EXPECT_EQ(subject_of(told), kOwner);
    }
  }
}

// Ours: another name is refused, where Dogtag passes over it; the switch passes over it too.
TEST_F(ObservedSecret, Row03AnotherSubjectIsBadIdentityAndReplacedUnderTheSwitch) {
  const SecretMessage other{.subject = "CN=Somebody,O=Else"};
  expect_refused(send(other), CMCFailInfo::badIdentity, "", 20);
  TestAuthority::Choices choices;
  choices.settings.replace_subject = true;
  TestAuthority tolerant{choices};
  know(tolerant);
  const auto told = tolerant.send(other.encode(), nullptr, kSharedTokenProfile);
  expect_granted(told);
  EXPECT_EQ(subject_of(told), kOwner);
}

// Dogtag: badIdentity [0] with one text.
TEST_F(ObservedSecret, Row04WrongUnknownAndWithoutSecretAreOneAnswer) {
  ca.secrets->fails = std::nullopt;
  const auto wrong = send({.secret = "not the right one at all"});
  const auto unknown = send({.identification = "nobody", .nonce = 2});
  for (const auto& told : {wrong, unknown}) {
    expect_refused(told, CMCFailInfo::badIdentity, "do not prove who asks", 3);
    EXPECT_EQ(told.text(), wrong.text());
    EXPECT_EQ(told.status, wrong.status);
  }
}

// Dogtag: badIdentity.
TEST_F(ObservedSecret, Row05WithoutIdentificationIsBadIdentity) {
  expect_refused(send({.edit_controls =
                           [](auto& controls) {
                             std::erase_if(controls, [](const auto& each) {
                               return each.attr_type == cmc::oid::kIdentification;
                             });
                           }}),
                 CMCFailInfo::badIdentity, "no identification", 0);
}

// Dogtag: badRequest.
TEST_F(ObservedSecret, Row06IdentificationWithoutProofIsBadIdentity) {
  expect_refused(send({.edit_controls =
                           [](auto& controls) {
                             std::erase_if(controls, [](const auto& each) {
                               return each.attr_type == cmc::oid::kIdentityProofV2;
                             });
                           }}),
                 CMCFailInfo::badIdentity, "no identityProofV2", 0);
}

// Dogtag: the witness is not looked at, even when the random was altered.
TEST_F(ObservedSecret, Row07ALinkThatIsNotDemandedIsVerifiedWhereItIsThere) {
  expect_granted(send({}));
  expect_refused(send({.witness_of = Bytes(64, 8), .nonce = 2}), CMCFailInfo::popFailed,
                 "popLinkWitness", 20);
  expect_granted(send({.link_random = std::nullopt, .nonce = 3}));
}

class ObservedLink : public ObservedSecret {
 protected:
  /// popLinkWitnessRequired=true
  static TestAuthority::Choices demanding(bool of_signers = false) {
    TestAuthority::Choices choices;
    choices.secret_rules.link_required = true;
    choices.secret_rules.link_of_signers = of_signers;
    return choices;
  }
  /// Alice, by her certificate, with what ties her request to her secret.
  static Told send_signed(TestAuthority& authority, const SecretMessage& tie,
                          const std::vector<asn1::Oid>& left_out = {}) {
    std::vector<cmc::TaggedAttribute> controls{
        control(1, cmc::oid::kSenderNonce,
                cmc::write_octets_value(Bytes(16, static_cast<std::uint8_t>(tie.nonce)))),
        control(2, cmc::oid::kIdentification, cmc::write_utf8_value(tie.identification)),
        control(3, cmc::oid::kPopLinkRandom,
                cmc::write_octets_value(tie.link_random.value_or(Bytes(64, 7))))};
    std::erase_if(controls, [&](const auto& each) {
      return std::find(left_out.begin(), left_out.end(), each.attr_type) != left_out.end();
    });
    std::vector<Bytes> requests{tie.request()};
    requests.insert(requests.end(), tie.more_requests.begin(), tie.more_requests.end());
    return authority.send(full_request(credential(authority.alice), requests, controls).encode(),
                          &authority.alice);
  }
};

// Dogtag: success.
TEST_F(ObservedLink, Row08ADemandedLinkThatIsRightIsGrantedInBothForms) {
  TestAuthority strict{demanding()};
  know(strict);
  std::uint32_t nonce = 1;
  for (const auto form : {RequestForm::pkcs10, RequestForm::crmf}) {
    const SecretMessage right{.form = form, .nonce = nonce++};
    expect_granted(strict.send(right.encode(), nullptr, kSharedTokenProfile));
  }
}

// Dogtag: badRequest [0].
TEST_F(ObservedLink, Row09ADemandedLinkThatIsMissingOrAlteredIsPopFailedAndNamed) {
  TestAuthority strict{demanding()};
  know(strict);
  const SecretMessage missing{.link_random = std::nullopt};
  expect_refused(strict.send(missing.encode(), nullptr, kSharedTokenProfile),
                 CMCFailInfo::popFailed, "tied to the key", 20);
  const SecretMessage altered{.witness_of = Bytes(64, 8), .nonce = 2};
  expect_refused(strict.send(altered.encode(), nullptr, kSharedTokenProfile),
                 CMCFailInfo::popFailed, "popLinkWitness", 20);
}

// Dogtag: badRequest: its switch is for signed requests too.
TEST_F(ObservedLink, Row10ADemandedLinkIsForSharedSecretsAlone) {
  TestAuthority strict{demanding()};
  const auto told = strict.send(strict.request(strict.alice, kAlice).octets, &strict.alice);
  expect_granted(told);
}

TEST_F(ObservedLink, Row10UnderTheSwitchUsersWhoSignOweTheLinkToo) {
  TestAuthority strict{demanding(true)};
  know(strict);
  strict.secrets->entries["alice"].subject = kAlice;
  expect_refused(strict.send(strict.request(strict.alice, kAlice).octets, &strict.alice),
                 CMCFailInfo::popFailed, "those signed by an existing certificate too");
  const SecretMessage tie{.subject = kAlice};
  const auto told = send_signed(strict, tie);
  expect_granted(told);
  EXPECT_TRUE(told.has_event("CMC_ID_POP_LINK_WITNESS", audit::EventOutcome::success));
  expect_granted(strict.send(strict.request(strict.agent, "CN=x,O=Test").octets, &strict.agent));
}

TEST_F(ObservedLink, Row10UnderTheSwitchTheLinkOfASignerMustBeRight) {
  TestAuthority strict{demanding(true)};
  know(strict);
  strict.secrets->entries["alice"].subject = kAlice;
  std::uint32_t nonce = 1;
  std::vector<std::string> texts;
  const SecretMessage good{.subject = kAlice};
  for (auto wrong : {SecretMessage{.link_secret = "another secret entirely", .subject = kAlice},
                     SecretMessage{.witness_of = Bytes(64, 8), .subject = kAlice},
                     SecretMessage{.identification = "nobody", .subject = kAlice}}) {
    wrong.nonce = nonce++;
    const auto told = send_signed(strict, wrong);
    expect_refused(told, CMCFailInfo::popFailed, "popLinkWitness");
    EXPECT_EQ(told.text(), texts.empty() ? told.text() : texts.back()) << "it tells no reason";
    texts.push_back(told.text());
    EXPECT_TRUE(told.has_event("CMC_ID_POP_LINK_WITNESS", audit::EventOutcome::failure));
  }
  const auto nameless = send_signed(strict, good, {cmc::oid::kIdentification});
  expect_refused(nameless, CMCFailInfo::popFailed, "identification");
}

TEST_F(ObservedLink, Row10UnderTheSwitchEachRequestOfASignerNeedsItsOwnWitness) {
  TestAuthority strict{demanding(true)};
  know(strict);
  strict.secrets->entries["alice"].subject = kAlice;
  const auto send_beside = [&](SecretMessage second, std::uint32_t nonce) {
    second.subject = kAlice;
    second.key = test_key("ec:p256", 1);
    return send_signed(strict,
                       {.subject = kAlice, .more_requests = {second.request(21)}, .nonce = nonce});
  };
  expect_refused(send_beside({.witness_of = Bytes(64, 8)}, 1), CMCFailInfo::popFailed,
                 "popLinkWitness");
  expect_refused(send_beside({.link_random = std::nullopt}, 2), CMCFailInfo::popFailed,
                 "no popLinkWitnessV2", 21);
  expect_granted(send_beside({}, 3), 2);
}

TEST_F(ObservedLink, Row10UnderTheSwitchAWrongLinkIsCountedAndLocksAndTellsNothingOfIt) {
  TestAuthority strict{demanding(true)};
  know(strict);
  strict.secrets->entries["alice"].subject = kAlice;
  std::string text;
  for (std::uint32_t nonce = 1; nonce <= 5; ++nonce) {
    text =
        send_signed(strict, {.link_secret = "guessed", .subject = kAlice, .nonce = nonce}).text();
  }
  const auto locked = send_signed(strict, {.subject = kAlice, .nonce = 6});
  expect_refused(locked, CMCFailInfo::popFailed, "popLinkWitness");
  EXPECT_EQ(locked.text(), text);
  strict.clock.advance(std::chrono::minutes{15});
  expect_granted(send_signed(strict, {.subject = kAlice, .nonce = 7}));
}

// Dogtag: not looked at.
TEST_F(ObservedLink, Row10UnderTheSwitchALinkThatIsNotDemandedIsVerifiedWhereItIsThere) {
  TestAuthority::Choices choices;
  choices.secret_rules.link_of_signers = true;
  TestAuthority tolerant{choices};
  know(tolerant);
  tolerant.secrets->entries["alice"].subject = kAlice;
  std::uint32_t nonce = 1;
  for (const auto form : {RequestForm::pkcs10, RequestForm::crmf}) {
    const auto key = test_key("ec:p256", static_cast<int>(nonce));  // certified once
    const auto told =
        send_signed(tolerant, {.form = form, .subject = kAlice, .key = key, .nonce = nonce++});
    expect_granted(told);
    EXPECT_TRUE(told.has_event("CMC_ID_POP_LINK_WITNESS", audit::EventOutcome::success));
  }
  expect_granted(tolerant.send(tolerant.request(tolerant.alice, kAlice).octets, &tolerant.alice));

  const SecretMessage altered{.witness_of = Bytes(64, 8), .subject = kAlice, .nonce = nonce++};
  const auto refused = send_signed(tolerant, altered);
  expect_refused(refused, CMCFailInfo::popFailed, "popLinkWitness");
  EXPECT_TRUE(refused.has_event("CMC_ID_POP_LINK_WITNESS", audit::EventOutcome::failure));
  const SecretMessage right{.subject = kAlice, .nonce = nonce++};
  expect_refused(send_signed(tolerant, right, {cmc::oid::kPopLinkRandom}), CMCFailInfo::popFailed,
                 "no popLinkRandom", 20);
  tolerant.secrets->entries["alice"].subject = kOwner;
  const auto anothers = send_signed(tolerant, {.subject = kAlice, .nonce = nonce++});
  expect_refused(anothers, CMCFailInfo::popFailed, "popLinkWitness");
  EXPECT_EQ(anothers.text(), refused.text());
}

TEST_F(ObservedLink, Row10WithoutTheSwitchASignersLinkIsNotLookedAtAndRefused) {
  for (const bool required : {true, false}) {
    TestAuthority::Choices choices;
    choices.secret_rules.link_required = required;
    TestAuthority plain{choices};
    know(plain);
    plain.secrets->entries["alice"].subject = kAlice;
    expect_refused(send_signed(plain, {.subject = kAlice}), CMCFailInfo::popFailed,
                   "leave both out", 3);
  }
}

// Dogtag: passed over. Its client, told popLinkWitness.enable=true, sends the random alone.
TEST_F(ObservedLink, AnAgentsPopLinkRandomWithoutWitnessIsPassedOverUnderTheSwitch) {
  const auto random = [](std::size_t octets) {
    return control(9, cmc::oid::kPopLinkRandom, cmc::write_octets_value(Bytes(octets, 7)));
  };
  const auto sent_by = [&](TestAuthority& authority, const Holder& signer, const Bytes& request,
                           std::size_t octets) {
    return authority.send(full_request(credential(signer), {request}, {random(octets)}).encode(),
                          &signer);
  };
  const auto plain = tagged(20, pkcs10({.subject = kAlice}));
  for (const bool required : {true, false}) {
    auto choices = demanding(true);
    choices.secret_rules.link_required = required;
    TestAuthority tolerant{choices};
    know(tolerant);
    const auto told = sent_by(tolerant, tolerant.agent, plain, 64);
    expect_granted(told);
    EXPECT_TRUE(used_tolerance(told, "link_of_signers"));
    const auto tied = SecretMessage{.subject = kAlice}.request();
    expect_refused(sent_by(tolerant, tolerant.agent, tied, 64), CMCFailInfo::popFailed,
                   "leave both out", 20);
    expect_refused(sent_by(tolerant, tolerant.agent, plain, 15), CMCFailInfo::popFailed,
                   "15 octets", 9);
    expect_refused(sent_by(tolerant, tolerant.alice, plain, 64), CMCFailInfo::popFailed,
                   "every request", 20);
  }
  expect_refused(sent_by(ca, ca.agent, plain, 64), CMCFailInfo::popFailed, "leave both out", 9);
}

TEST_F(ObservedLink, Row10UnderTheSwitchASignerIsTiedToASecretOfItsOwnThatStands) {
  TestAuthority strict{demanding(true)};
  know(strict);
  auto& own = strict.secrets->entries["alice"];
  own.subject = kAlice;
  own.expires_at = strict.clock.now() - std::chrono::seconds{1};
  expect_refused(send_signed(strict, {.subject = kAlice, .nonce = 2}), CMCFailInfo::popFailed,
                 "expired");
  own.expires_at = strict.clock.now();
  expect_granted(send_signed(strict, {.subject = kAlice, .nonce = 3}));
}

// Dogtag: badRequest.
TEST_F(ObservedSecret, Row18SelfSignedUnderTheUsersProfileIsBadIdentity) {
  const auto told = ca.send(SecretMessage{}.encode(), nullptr, "caFullCMCUserSignedCert");
  expect_refused(told, CMCFailInfo::badIdentity, "certificate that signed", 20);
}

}  // namespace
}  // namespace signet::test
