// Somebody else's request, seen and copied into one's own message: its signature proves the key and
// not who sends it. What ties the two is the name in it, and where that is replaced
// ([compatibility] replace_subject), that nobody else has it.
#include "codec/pkix/oids.h"
#include "support/observed_scene.h"
#include "support/secret_message.h"
#include "support/unwrap.h"

namespace signet::test {
namespace {

using client::RequestForm;
using cmc::CMCFailInfo;

constexpr const char* kBob = "CN=Bob,O=Test";

class CopiedRequest : public Observed {
 protected:
  CopiedRequest() : replacing(choices_of_dogtag()) {
    bob = replacing.enroll(kBob);
    know(replacing);
  }

  static TestAuthority::Choices choices_of_dogtag() {
    TestAuthority::Choices choices;
    choices.settings.replace_subject = true;
    choices.secret_rules.link_of_signers = true;
    return choices;
  }
  static void know(TestAuthority& authority) {
    authority.secrets->entries["alice"] = {.secret = kSecret, .subject = kAlice, .uses_allowed = 0};
  }
  /// Signed by a key that is not Alice's own, as she has none yet or as it is somebody else's.
  static Bytes asking_for(const std::string& subject, RequestForm form = RequestForm::pkcs10) {
    const auto key = test_key("ec:p256", 77);
    return form == RequestForm::crmf ? tagged(crmf({.id = 20, .subject = subject, .key = key}))
                                     : tagged(20, pkcs10({.subject = subject, .key = key}));
  }
  Told send_by(TestAuthority& authority, const Holder& signer, const Bytes& request,
               std::vector<cmc::TaggedAttribute> controls = {}) {
    controls.push_back(nonce());
    return authority.send(full_request(credential(signer), {request}, controls).encode(), &signer);
  }

  TestAuthority replacing;
  Holder bob;
};

TEST_F(CopiedRequest, ThatNamesSomebodyElseIsRefusedThoughSubjectsAreReplaced) {
  for (const auto form : {RequestForm::pkcs10, RequestForm::crmf}) {
    expect_refused(send_by(replacing, replacing.alice, asking_for(kBob, form)),
                   CMCFailInfo::badIdentity, "somebody else has a certificate for", 20);
  }
  expect_granted(send_by(replacing, bob, asking_for(kBob)));
}

TEST_F(CopiedRequest, IsRefusedUnderEachSpellingThatIsOnRecord) {
  constexpr const char* kPrintableBob = "CN=#1303426f62,O=Test";
  replacing.enroll("CN=#13054361726f6c,O=#130454657374");  // Carol, in PrintableStrings
  for (const auto* subject : {kPrintableBob, "CN=\\  Bob,O=Test", "CN=Carol,O=Test"}) {
    expect_refused(send_by(replacing, replacing.alice, asking_for(subject)),
                   CMCFailInfo::badIdentity, "somebody else has a certificate for", 20);
  }
}

TEST_F(CopiedRequest, ThatNamesNobodyIsRefusedThoughSubjectsAreReplaced) {
  for (const auto form : {RequestForm::pkcs10, RequestForm::crmf}) {
    expect_refused(send_by(replacing, replacing.alice, asking_for("", form)),
                   CMCFailInfo::badRequest, "empty subject", 20);
  }
}

/// As Dogtag's users do: any name at all, which their own replaces.
TEST_F(CopiedRequest, ANameThatNobodyHasIsReplacedStill) {
  const auto told = send_by(replacing, replacing.alice, asking_for("CN=whatever"));
  expect_granted(told);
  EXPECT_EQ(subject_of(told), kAlice);
}

TEST_F(CopiedRequest, OnesOwnKeyMayAskForAnyName) {
  replacing.clock.advance(std::chrono::days{61});  // near the end, when it may be renewed
  const auto own = tagged(20, pkcs10({.subject = kBob, .key = replacing.alice.key}));
  const auto told = send_by(replacing, replacing.alice, own);
  expect_granted(told);
  EXPECT_EQ(subject_of(told), kAlice);
}

TEST_F(CopiedRequest, AWitnessOfTheSignersOwnSecretTiesWhateverItNames) {
  for (const auto* subject : {kBob, ""}) {
    const SecretMessage tie{.subject = subject,
                            .key = test_key("ec:p256", *subject == 0 ? 78 : 79)};
    const auto told =
        send_by(replacing, replacing.alice, tie.request(),
                {control(2, cmc::oid::kIdentification, cmc::write_utf8_value("alice")),
                 control(3, cmc::oid::kPopLinkRandom, cmc::write_octets_value(Bytes(64, 7)))});
    expect_granted(told);
    EXPECT_EQ(subject_of(told), kAlice);
  }
}

TEST_F(CopiedRequest, AnAgentAsksForAnybody) {
  const auto told = send_by(replacing, replacing.agent, asking_for(kBob));
  expect_granted(told);
  EXPECT_EQ(subject_of(told), kBob);
}

/// Who is certified as CN=aLICE is somebody else than CN=Alice.
TEST_F(CopiedRequest, OfTheSameNameInAnotherCaseIsAnothers) {
  const auto other = ca.enroll("CN=aLICE,O=Test");
  expect_refused(send_by(ca, other, asking_for(kAlice)), CMCFailInfo::badIdentity, kAlice, 20);
  expect_granted(send_by(ca, ca.alice, asking_for(kAlice)));
  const auto there = replacing.enroll("CN=aLICE,O=Test");
  expect_refused(send_by(replacing, there, asking_for(kAlice)), CMCFailInfo::badIdentity,
                 "somebody else has a certificate for", 20);
}

TEST_F(CopiedRequest, BySecretTheNameInAnotherCaseTiesNothing) {
  ca.secrets->entries["alice"] = {.secret = kSecret, .subject = "CN=aLICE,O=Test"};
  expect_refused(ca.send(SecretMessage{.subject = kAlice}.encode(), nullptr),
                 CMCFailInfo::badIdentity, "CN=aLICE,O=Test", 20);
}

TEST_F(CopiedRequest, AnothersConnectionIsNotTheSignersInAnotherCase) {
  TestAuthority::Choices choices;
  choices.tls_match = proof::TlsMatch::subject;
  TestAuthority lenient{choices};
  const auto other = lenient.enroll("CN=ALICE,O=Test");
  const auto again = lenient.enroll(kAlice);
  const auto octets = full_request(credential(lenient.alice), {asking_for(kAlice)}, {nonce()});
  expect_refused(lenient.send(octets.encode(), &other), CMCFailInfo::badIdentity,
                 "CN=ALICE,O=Test");
  expect_granted(lenient.send(octets.encode(), &again));
}

}  // namespace
}  // namespace signet::test
