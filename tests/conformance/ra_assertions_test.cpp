// What a registration authority says of messages that it forwards, and of its own requests
// (RFC 10002 §6.5, §6.8, §6.19, §6.20). What it may say, nobody else may.
#include "codec/pkix/oids.h"
#include "support/approval_scene.h"
#include "support/challenge_answers.h"
#include "support/forwarding_scene.h"
#include "support/sample_extensions.h"
#include "support/shared_data.h"

namespace signet::test {
namespace {

using audit::EventOutcome;
using cmc::CMCFailInfo;
using cmc::CMCStatus;

const auto kUnknown = asn1::Oid{"1.3.6.1.4.1.32473.1"};

cmc::TaggedAttribute unknown_control(std::uint32_t id) {
  return control(id, kUnknown, cmc::write_octets_value(Bytes{1}));
}

class RaAssertions : public ForwardingScene {
 protected:
  explicit RaAssertions(bool ra_witness = false) : ForwardingScene(choices(ra_witness)) {}
  /// What agents ask for is served by a profile that gives SubjectAltNames as they are asked for.
  static TestAuthority::Choices choices(bool ra_witness) {
    TestAuthority::Choices made;
    made.possession_rules = {.challenges = proof::ChallengeRules{}, .ra_witness = ra_witness};
    made.more_profiles =
        std::string(as_text(file(source_folder() + "/profiles/caFullCMCUserCert.cfg"))) +
        one_more_policy("userExtensionDefaultImpl", "userExtOID=2.5.29.17");
    made.settings.agent_profile = "extra";
    return made;
  }
  /// The answer to one message, number 1, of which the agent says this.
  Told said_of(const Bytes& message, std::vector<cmc::TaggedAttribute> controls) {
    return inside(forward_batch({{1, message}}, std::move(controls)), 1);
  }
  Bytes renewal() { return ca.request(ca.alice, "CN=Alice,O=Test").octets; }

  std::uint16_t next_key = 10;
};

// ------------------------------------------------------------ who asks

TEST_F(RaAssertions, WhoAsksMayBeTheAgentsWord) {
  /* matrix: C86, E142 */
  const auto message = by_stranger("CN=Carol,O=Test");
  expect_refused(said_of(message, {}), CMCFailInfo::badIdentity);
  const auto told = forward_batch({{1, message}}, {identity_witness({1})});
  expect_granted(inside(told, 1), "CN=Carol,O=Test");
  EXPECT_TRUE(told.has_event("CMC_PROOF_OF_IDENTIFICATION", EventOutcome::success));
  const auto record =
      unwrap(ca.engine().find_certificate(inside(told, 1).certificates[0]->serial_number));
  ASSERT_TRUE(record);
  EXPECT_EQ(record->requester, "CN=Carol,O=Test, vouched for by CN=Agent,O=Test");
}

TEST_F(RaAssertions, ItNeedsNoBatch) {
  const auto told = forward({identity_witness({3})}, {{3, by_stranger("CN=Carol,O=Test")}});
  expect_granted(inside(told, 3), "CN=Carol,O=Test");
}

TEST_F(RaAssertions, ASecretOfTheAgentsOwnIsItsOwnToCheck) {
  /* matrix: E143 */
  // The authority knows no such secret; the agent says that it does.
  const auto message =
      SecretMessage{.identification = "carol", .subject = "CN=Carol,O=Test"}.encode();
  expect_refused(said_of(message, {}), CMCFailInfo::badIdentity);
  const auto opened = unwrap(cmc::read_pki_request(message));
  const auto* proof = cmc::find_control(cmc::controls_of(opened), cmc::oid::kIdentityProofV2);
  const auto* random = cmc::find_control(cmc::controls_of(opened), cmc::oid::kPopLinkRandom);
  ASSERT_TRUE(proof != nullptr && random != nullptr);
  expect_refused(said_of(message, {identity_witness({1, random->body_part_id.value})}),
                 CMCFailInfo::badRequest, "raIdentityWitness 910 of CN=Agent");
  expect_granted(said_of(message, {identity_witness({1, proof->body_part_id.value})}),
                 "CN=Carol,O=Test");
}

TEST_F(RaAssertions, AWitnessIsForMessagesThatNoCertificateSigned) {
  expect_refused(said_of(renewal(), {identity_witness({1})}), CMCFailInfo::badIdentity,
                 "raIdentityWitness");
  expect_granted(said_of(renewal(), {}), "CN=Alice,O=Test");
}

TEST_F(RaAssertions, AWitnessStandsForOnePerson) {
  SignedMessage message;
  const auto first = pkcs10({.subject = "CN=Carol,O=Test"});
  const auto same = pkcs10({.subject = "CN=Carol,O=Test", .key = test_key("ec:p256", 1)});
  const auto other = pkcs10({.subject = "CN=Dan,O=Test", .key = test_key("ec:p256", 1)});
  message.signers = {signed_by_request_key(test_key(), ski_asked_for(first))};
  message.content = pki_data({}, {tagged(20, first), tagged(21, other)});
  const auto told = said_of(message.encode(), {identity_witness({1})});
  expect_refused(told, CMCFailInfo::badIdentity, "several subjects");
  EXPECT_TRUE(told.names(21));
  message.content = pki_data({}, {tagged(20, first), tagged(21, same)});
  EXPECT_EQ(said_of(message.encode(), {identity_witness({1})}).certificates.size(), 2U);
}

TEST_F(RaAssertions, AWitnessGivesNoAgentsPowers) {
  const auto powers = {purpose(pkix::oid::kCmcRA), purpose(pkix::oid::kCmcCA),
                       purpose(pkix::oid::kOcspSigning)};
  std::uint16_t number = 0;
  for (const auto& power : powers) {
    const auto message = by_stranger("CN=Carol,O=Test", test_key("ec:p256", number++), {}, {power});
    const auto told = said_of(message, {identity_witness({1})});
    EXPECT_FALSE(told.issued());
    EXPECT_EQ(told.fail_info(), CMCFailInfo::unsupportedExt) << told.text();
  }
  for (const auto& power : {purpose(pkix::oid::kCmcRA), purpose(pkix::oid::kCmcCA),
                            purpose(pkix::oid::kOcspSigning), basic_constraints(true)}) {
    const auto message = by_stranger("CN=Carol,O=Test", test_key("ec:p256", number++));
    const auto told = said_of(message, {identity_witness({1}), add_extension(1, 20, power)});
    EXPECT_FALSE(told.issued()) << "nor does the agent itself";
    EXPECT_EQ(told.fail_info(), CMCFailInfo::unsupportedExt) << told.text();
  }
  const auto revocation = revocation_of(ca.alice);
  SignedMessage revokes;
  revokes.content = pki_data({revocation}, {});
  revokes.signers = {signed_by_nobody(Bytes(20, 1))};
  expect_refused(said_of(revokes.encode(), {identity_witness({1})}), CMCFailInfo::badIdentity);
  const auto record = unwrap(ca.engine().find_certificate(ca.alice.certificate->serial_number));
  EXPECT_EQ(record->status, store::CertificateStatus::valid);
}

TEST_F(RaAssertions, WhatTheRequesterSaysIsNoAgentsWord) {
  /* matrix: E161, E162 */
  const auto of_its_own = {
      identity_witness({20}), change({0}, 20, subject("CN=Agent,O=Test")),
      add_extension(0, 20, dns_name("other.test")), processed({31}),
      control(32, cmc::oid::kBatchRequests, cmc::write_body_part_list_value(path({9})))};
  for (const auto& claim : of_its_own) {
    const auto message = by_stranger("CN=Carol,O=Test", test_key(), {claim, unknown_control(31)});
    const auto by_itself = ca.send(message, nullptr);
    EXPECT_FALSE(by_itself.issued()) << claim.attr_type.to_text();
    const auto told = said_of(message, {identity_witness({1}), processed({1, 31}, 931)});
    expect_refused(told, CMCFailInfo::badRequest, "registration authority's");
    EXPECT_TRUE(told.names(claim.body_part_id.value)) << claim.attr_type.to_text();
  }
  const auto user = full_request({ca.alice.key, ca.alice.certificate},
                                 {tagged(20, pkcs10({.subject = "CN=Alice,O=Test"}))},
                                 {change({0}, 20, subject("CN=Agent,O=Test"))});
  expect_refused(ca.send(user.encode(), &ca.alice), CMCFailInfo::badRequest,
                 "registration authority's");
}

// ------------------------------------------------------------ controls acted on before

TEST_F(RaAssertions, AnUnknownControlMayHaveBeenActedOn) {
  /* matrix: C84, E26 */
  const auto message = by_stranger("CN=Carol,O=Test", test_key(), {unknown_control(31)});
  const auto refused = said_of(message, {identity_witness({1})});
  expect_refused(refused, CMCFailInfo::badRequest, "not known here");
  EXPECT_TRUE(refused.names(31));
  expect_granted(said_of(message, {identity_witness({1}), processed({1, 31})}), "CN=Carol,O=Test");
  expect_refused(said_of(message, {identity_witness({1}), processed({1, 32})}),
                 CMCFailInfo::badRequest, "controlProcessed");
}

TEST_F(RaAssertions, AnAgentMayHaveActedOnItsOwn) {
  const auto request = tagged(20, pkcs10({.subject = "CN=Carol,O=Test"}));
  const auto refused = ca.send(around(ca.agent, {unknown_control(31)}, {}, {request}), &ca.agent);
  expect_refused(refused, CMCFailInfo::badRequest, "not known here");
  const auto told =
      ca.send(around(ca.agent, {unknown_control(31), processed({31})}, {}, {request}), &ca.agent);
  expect_granted(told, "CN=Carol,O=Test");
}

// ------------------------------------------------------------ what is changed

TEST_F(RaAssertions, TheAgentGivesWhatItVouchesForAnotherName) {
  /* matrix: C29, E93, E94 */
  const auto message = by_stranger("CN=nobody");
  expect_granted(
      said_of(message, {identity_witness({1}), change({1}, 20, subject("CN=Carol,O=Test"))}),
      "CN=Carol,O=Test");
}

TEST_F(RaAssertions, WhoProvedItsNameKeepsIt) {
  expect_refused(said_of(renewal(), {change({1}, 99, subject("CN=Agent,O=Test"))}),
                 CMCFailInfo::badRequest, "not there");
  const auto message = full_request({ca.alice.key, ca.alice.certificate},
                                    {tagged(20, pkcs10({.subject = "CN=Alice,O=Test"}))});
  expect_refused(said_of(message.encode(), {change({1}, 20, subject("CN=Agent,O=Test"))}),
                 CMCFailInfo::badIdentity);
  crmf::CertTemplate names;
  names.extensions = {dns_name("other.test")};
  expect_refused(said_of(message.encode(), {change({1}, 20, names)}), CMCFailInfo::badIdentity);
}

TEST_F(RaAssertions, ExtensionsAreAddedReplacedAndLeftOut) {
  /* matrix: C31, E94, E97, E99 */
  const auto names_given = [&](std::vector<cmc::TaggedAttribute> controls) {
    controls.push_back(identity_witness({1}));
    const auto told = said_of(
        by_stranger("CN=Carol,O=Test", test_key("ec:p256", next_key++), {}, {dns_name("one.test")}),
        std::move(controls));
    EXPECT_TRUE(told.issued()) << told.text();
    if (!told.issued()) return std::string();
    const auto* found =
        pkix::find_extension(told.certificates[0]->extensions, pkix::oid::kSubjectAltName);
    return found == nullptr
               ? std::string("none")
               : pkix::to_text(unwrap(pkix::read_alternative_name(found->extn_value))[0]);
  };
  crmf::CertTemplate fields;
  fields.extensions = {dns_name("two.test")};
  EXPECT_NE(names_given({}).find("one.test"), std::string::npos);
  EXPECT_NE(names_given({change({1}, 20, fields)}).find("two.test"), std::string::npos);
  EXPECT_NE(names_given({add_extension(1, 20, dns_name("two.test"))}).find("two.test"),
            std::string::npos);
  EXPECT_EQ(names_given({change({1}, 20, fields, false)}), "none");
}

TEST_F(RaAssertions, TheOuterAgentHasTheLastWord) {
  /* matrix: E95 */
  const std::vector<Item> innermost{{2, by_stranger("CN=nobody")}};
  const auto layer = around(
      ca.agent, {identity_witness({2}), change({2}, 20, subject("CN=Inner,O=Test"))}, innermost);
  const auto alone = ca.send(layer, &ca.agent);
  expect_granted(inside(alone, 2), "CN=Inner,O=Test");

  const std::vector<Item> other{{2, by_stranger("CN=nobody", test_key("ec:p256", 1))}};
  const auto changed =
      around(ca.agent, {identity_witness({2}), change({2}, 20, subject("CN=Inner,O=Test"))}, other);
  const auto told = forward_batch({{5, changed}}, {change({5, 2}, 20, subject("CN=Outer,O=Test"))});
  expect_granted(inside(inside(told, 5), 2), "CN=Outer,O=Test");
}

TEST_F(RaAssertions, AnAgentChangesItsOwnRequestsToo) {
  /* matrix: E93, E98, E100 */
  const auto request = tagged(20, pkcs10({.subject = "CN=nobody"}));
  const auto send = [&](const std::vector<cmc::TaggedAttribute>& controls) {
    return ca.send(around(ca.agent, controls, {}, {request}), &ca.agent);
  };
  const auto dangling = send({change({0}, 21, subject("CN=Carol,O=Test"))});
  expect_refused(dangling, CMCFailInfo::badRequest, "modCertTemplate 940");
  EXPECT_TRUE(dangling.names(940));
  const auto nowhere = send({add_extension(7, 20, dns_name("two.test"))});
  expect_refused(nowhere, CMCFailInfo::badRequest, "addExtensions 950");
  EXPECT_TRUE(nowhere.names(950));
  const auto twice = send({change({0}, 20, subject("CN=Carol,O=Test"), true, 940),
                           change({0}, 20, subject("CN=Dan,O=Test"), true, 941)});
  expect_refused(twice, CMCFailInfo::badRequest);
  expect_granted(send({change({0}, 20, subject("CN=Carol,O=Test"))}), "CN=Carol,O=Test");
}

TEST_F(RaAssertions, AKeyIsNobodysToChange) {
  crmf::CertTemplate fields;
  fields.public_key = test_key("ec:p256", 5)->public_key_info();
  expect_refused(
      said_of(by_stranger("CN=Carol,O=Test"), {identity_witness({1}), change({1}, 20, fields)}),
      CMCFailInfo::badRequest, "publicKey");
}

// ------------------------------------------------------------ possession

class RaVouchesForKeys : public RaAssertions {
 protected:
  RaVouchesForKeys() : RaAssertions(true) {}
};

TEST_F(RaVouchesForKeys, OfMessagesThatItForwards) {
  const auto message = by_nobody("CN=Carol,O=Test", test_key("rsa:2048"));
  const auto challenged = said_of(message, {identity_witness({1})});
  EXPECT_EQ(challenged.fail_info(), CMCFailInfo::popRequired) << challenged.text();
  const auto told = forward_batch({{1, by_nobody("CN=Carol,O=Test", test_key("rsa:2048", 1))}},
                                  {identity_witness({1}), possession_witness(1, 20)});
  expect_granted(inside(told, 1), "CN=Carol,O=Test");
  EXPECT_TRUE(told.has_event("PROOF_OF_POSSESSION", EventOutcome::success));
  expect_refused(said_of(message, {identity_witness({1}), possession_witness(1, 21)}),
                 CMCFailInfo::badRequest, "lraPOPWitness 920");
}

TEST_F(RaVouchesForKeys, NeverOfOnesOwn) {
  const auto key = test_key("rsa:2048");
  for (const auto& claim : {possession_witness(0, 20), possession_witness(0, 21)}) {
    const auto told = said_of(by_nobody("CN=Carol,O=Test", key, {claim}), {identity_witness({1})});
    EXPECT_FALSE(told.issued()) << told.text();
  }
  // raVerified is as good as whoever says it.
  SignedMessage message;
  const auto request = crmf({.id = 20,
                             .subject = "CN=Carol,O=Test",
                             .key = key,
                             .popo = crmf::ProofOfPossession{crmf::RaVerified{}}});
  message.content = pki_data({}, {tagged(request)});
  message.signers = {signed_by_nobody(Bytes(20, 3))};
  expect_refused(said_of(message.encode(), {identity_witness({1})}), CMCFailInfo::popFailed);
}

TEST_F(RaAssertions, VouchingForKeysMustBeAllowed) {
  const auto message = by_nobody("CN=Carol,O=Test", test_key("rsa:2048"));
  const auto told =
      forward_batch({{1, message}}, {identity_witness({1}), possession_witness(1, 20)});
  expect_refused(inside(told, 1), CMCFailInfo::popFailed, "lraPOPWitness");
  EXPECT_EQ(cmc::find_control(inside(told, 1).controls, cmc::oid::kEncryptedPOP), nullptr);
}

TEST_F(RaAssertions, AKeyIsChallengedThroughTheAgent) {
  const auto key = test_key("rsa:2048");
  const auto challenged = said_of(by_nobody("CN=Carol,O=Test", key), {identity_witness({1})});
  const auto challenges = challenges_in(challenged);
  ASSERT_EQ(challenges.size(), 1U) << challenged.text();
  const auto reg_info =
      control(40, cmc::oid::kRegInfo,
              cmc::write_octets_value(octets_in(challenged, cmc::oid::kResponseInfo)));
  const auto decrypted = control(41, cmc::oid::kDecryptedPOP,
                                 cmc::write_decrypted_pop(answer_to(challenges[0], *key)));
  const auto answer = by_nobody("CN=Carol,O=Test", key, {reg_info, decrypted});
  expect_refused(said_of(answer, {}), CMCFailInfo::badIdentity);
  expect_granted(said_of(answer, {identity_witness({1})}), "CN=Carol,O=Test");
}

}  // namespace
}  // namespace signet::test
