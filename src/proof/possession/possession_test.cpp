#include "proof/possession/possession.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "codec/pkix/oids.h"
#include "support/shared_data.h"
#include "support/test_records.h"
#include "support/unwrap.h"

namespace signet::proof {
namespace {

const SecretRules kRules;
const PossessionRules kEveryKeySigns;

const ProvenIdentity& alice() {
  static const auto identity = [] {
    test::TestRecords records;
    return test::unwrap(records.prove(records.enroll()));
  }();
  return identity;
}

/// An agent's word counts no more than a user's.
const ProvenIdentity& agent() {
  static const auto identity = [] {
    test::TestRecords records;
    return test::unwrap(records.prove(records.enroll({.purposes = {pkix::oid::kCmcRA}})));
  }();
  return identity;
}

/// Of a message without popLinkRandom.
const LinkDemand& no_link() {
  static UsedTolerances tolerated;
  static const auto demand =
      test::unwrap(read_link_demand(cmc::FullPkiRequest{}, alice(), {kRules, tolerated}));
  return demand;
}

PossessionContext asked_by(const ProvenIdentity& identity) {
  return {.identity = identity, .link = no_link(), .rules = kEveryKeySigns};
}

/// The fault for whoever asks; internal when the proof holds.
Fault fault_of(const Bytes& tagged_request) {
  const auto request = test::read_tagged(tagged_request);
  const auto for_alice = prove_possession(request, asked_by(alice()));
  const auto for_agent = prove_possession(request, asked_by(agent()));
  EXPECT_EQ(for_alice.ok(), for_agent.ok());
  return for_alice.ok() ? Fault::internal : for_alice.error().fault;
}
Fault fault_of(const test::Pkcs10Input& input) {
  return fault_of(test::tagged(1, test::pkcs10(input)));
}
Fault fault_of(const test::CrmfInput& input) {
  return fault_of(test::tagged(test::crmf(input)));
}

Fault fault_of_popo(crmf::ProofOfPossession popo) {
  return fault_of(test::CrmfInput{.popo = std::move(popo)});
}
Fault fault_of_template(std::function<void(crmf::CertTemplate&)> edit) {
  return fault_of(test::CrmfInput{.edit_template = std::move(edit)});
}

constexpr auto kKinds = {"rsa:2048", "ec:p256", "ec:p384", "ec:p521", "ed25519", "ed448"};

// ------------------------------------------------------------ PKCS#10

TEST(ProvePossession, IsTheSignatureOfAPkcs10) { /* matrix: A07, D12 */
  for (const auto* kind : kKinds) {
    const auto key = test::test_key(kind);
    const auto request = test::read_tagged(test::tagged(5, test::pkcs10({.key = key})));
    const auto possession = prove_possession(request, asked_by(alice()));
    ASSERT_TRUE(possession.ok()) << kind << ": " << possession.error().detail;
    const auto* proven = std::get_if<ProvenPossession>(&*possession);
    ASSERT_NE(proven, nullptr) << kind;
    EXPECT_EQ(proven->method(), PossessionMethod::signature);
    EXPECT_EQ(proven->key().kind(), key->kind());
    EXPECT_EQ(&proven->request(), &request);
  }
}

TEST(ProvePossession, RefusesAPkcs10SignedByAnotherKey) { /* matrix: D12, S4 */
  EXPECT_EQ(fault_of(test::Pkcs10Input{.possession = test::Possession::other_key}),
            Fault::possession_failed);
}

TEST(ProvePossession, RefusesAPkcs10ChangedAfterSigning) { /* matrix: D12 */
  auto request = test::pkcs10({.subject = "CN=Alice,O=Test"});
  const auto name = as_bytes("Alice");
  const auto at = std::search(request.begin(), request.end(), name.begin(), name.end());
  ASSERT_NE(at, request.end());
  *at = 'a';
  EXPECT_EQ(fault_of(test::tagged(1, request)), Fault::possession_failed);
  EXPECT_EQ(fault_of(test::tagged(1, test::with_last_bit_changed(test::pkcs10()))),
            Fault::possession_failed);
}

TEST(ProvePossession, IsMissingWhereAPkcs10HasNoSignature) { /* matrix: B31, E168, S7 */
  EXPECT_EQ(fault_of(test::Pkcs10Input{.possession = test::Possession::no_signature}),
            Fault::possession_missing);
}

TEST(ProvePossession, RefusesAlgorithmsThatAreNotOfferedOrNotTheKeys) {
  for (const auto& algorithm : {pkix::oid::kSha1WithRsa, pkix::oid::kMd5WithRsa,
                                pkix::oid::kEcdsaWithSha256, pkix::oid::kCommonName}) {
    EXPECT_EQ(fault_of(test::Pkcs10Input{
                  .key = test::test_key("rsa:2048"),
                  .signature_algorithm = pkix::AlgorithmIdentifier{algorithm, {}}}),
              Fault::unsupported_algorithm)
        << algorithm.to_text();
  }
}

// ------------------------------------------------------------ CRMF

TEST(ProvePossession, IsTheSignatureOverACertRequest) { /* matrix: A06, D12, E29 */
  for (const auto* kind : kKinds) {
    const auto request = test::read_tagged(test::tagged(test::crmf({.key = test::test_key(kind)})));
    const auto proven = prove_possession(request, asked_by(alice()));
    EXPECT_TRUE(proven.ok()) << kind << ": " << proven.error().detail;
  }
  EXPECT_EQ(fault_of(test::CrmfInput{.subject = ""}), Fault::internal);  // the NULL name is one
}

TEST(ProvePossession, RefusesACrmfRequestSignedByAnotherKey) { /* matrix: D12, S4 */
  EXPECT_EQ(fault_of(test::CrmfInput{.possession = test::Possession::other_key}),
            Fault::possession_failed);
}

TEST(ProvePossession, RefusesTheSignatureOfAnotherCrmfRequest) { /* matrix: D12 */
  const auto other = test::read_tagged(test::tagged(test::crmf({.id = 2})));
  EXPECT_EQ(fault_of_popo(*std::get<cmc::TaggedCertReqMsg>(other.choice).cert_req_msg.popo),
            Fault::possession_failed);
}

TEST(ProvePossession, IsMissingWhereACrmfRequestHasNone) { /* matrix: S4 */
  EXPECT_EQ(fault_of(test::CrmfInput{.possession = test::Possession::no_signature}),
            Fault::possession_missing);
}

TEST(ProvePossession, IsMissingWhereAChallengeIsAskedFor) { /* matrix: E168 */
  EXPECT_EQ(fault_of_popo(crmf::KeyEncipherment{crmf::SubsequentMessage::challengeResp}),
            Fault::possession_missing);
  EXPECT_EQ(fault_of_popo(crmf::KeyAgreement{crmf::SubsequentMessage::challengeResp}),
            Fault::possession_missing);
}

TEST(ProvePossession, RefusesIndirectProof) { /* matrix: E33 */
  EXPECT_EQ(fault_of_popo(crmf::KeyEncipherment{crmf::SubsequentMessage::encrCert}),
            Fault::possession_failed);
  EXPECT_EQ(fault_of_popo(crmf::KeyAgreement{crmf::SubsequentMessage::encrCert}),
            Fault::possession_failed);
}

TEST(ProvePossession, RefusesKeysAndMacsSentAlong) {
  const asn1::BitString bits{{1, 2, 3}, 0};
  EXPECT_EQ(fault_of_popo(crmf::KeyEncipherment{crmf::ThisMessage{bits}}),
            Fault::possession_failed);
  EXPECT_EQ(fault_of_popo(crmf::KeyAgreement{crmf::DhMac{bits}}), Fault::possession_failed);
  EXPECT_EQ(
      fault_of_popo(crmf::KeyAgreement{crmf::PkMacValue{{pkix::oid::kHmacWithSha256, {}}, bits}}),
      Fault::possession_failed);
}

TEST(ProvePossession, RefusesTheWordOfAnybodyElse) { /* matrix: E161, E162, S6 */
  EXPECT_EQ(fault_of_popo(crmf::RaVerified{}), Fault::possession_failed);
}

TEST(ProvePossession, RefusesPOPOSigningKeyInput) { /* matrix: E34 */
  const auto right = test::read_tagged(test::tagged(test::crmf()));
  auto popo = std::get<crmf::PopoSigningKey>(
      *std::get<cmc::TaggedCertReqMsg>(right.choice).cert_req_msg.popo);
  popo.poposk_input = Bytes{0xA0, 0x00};
  EXPECT_EQ(fault_of_popo(popo), Fault::possession_failed);
}

TEST(ProvePossession, RefusesASignatureOfBrokenBits) {
  auto request = test::read_tagged(test::tagged(test::crmf()));
  auto& message = std::get<cmc::TaggedCertReqMsg>(request.choice).cert_req_msg;
  std::get<crmf::PopoSigningKey>(*message.popo).signature.unused_bits = 3;
  EXPECT_EQ(prove_possession(request, asked_by(alice())).error().fault, Fault::possession_failed);
}

// ------------------------------------------------------------ what a requester may not say

TEST(ProvePossession, DemandsSubjectAndKeyInACrmfRequest) { /* matrix: E29 */
  EXPECT_EQ(fault_of_template([](auto& wanted) { wanted.subject.reset(); }), Fault::malformed);
  EXPECT_EQ(fault_of_template([](auto& wanted) { wanted.public_key.reset(); }), Fault::malformed);
}

TEST(ProvePossession, RefusesFieldsOfTheAuthorityInACrmfRequest) {
  const asn1::BitString bits{{1}, 0};
  EXPECT_EQ(fault_of_template([](auto& wanted) { wanted.version = 2; }), Fault::internal);
  EXPECT_EQ(fault_of_template([](auto& wanted) { wanted.version = 1; }), Fault::malformed);
  EXPECT_EQ(fault_of_template([](auto& wanted) { wanted.version = 0; }), Fault::malformed);
  EXPECT_EQ(fault_of_template([](auto& w) { w.serial_number = asn1::Integer::from(7); }),
            Fault::malformed);
  EXPECT_EQ(fault_of_template([](auto& wanted) {
              wanted.signing_alg = pkix::AlgorithmIdentifier{pkix::oid::kEd25519, {}};
            }),
            Fault::malformed);
  EXPECT_EQ(fault_of_template([&](auto& wanted) { wanted.issuer_uid = bits; }), Fault::malformed);
  EXPECT_EQ(fault_of_template([&](auto& wanted) { wanted.subject_uid = bits; }), Fault::malformed);
}

TEST(ProvePossession, RefusesRegInfoInACrmfRequest) { /* matrix: E32 */
  EXPECT_EQ(fault_of(test::CrmfInput{.reg_info = {{crmf::oid::kRegToken, Bytes{0x0C, 0x00}}}}),
            Fault::malformed);
}

TEST(ProvePossession, RefusesRegistrationControlsInACrmfRequest) { /* matrix: D01, E31 */
  for (const auto& type : {crmf::oid::kRegToken, crmf::oid::kAuthenticator}) {
    EXPECT_EQ(fault_of(test::CrmfInput{.controls = {{type, Bytes{0x0C, 0x01, 'x'}}}}),
              Fault::malformed);
  }
  EXPECT_EQ(fault_of(test::CrmfInput{.controls = {{crmf::oid::kProtocolEncrKey, Bytes{0x05, 0}}}}),
            Fault::internal);
}

TEST(ProvePossession, RefusesARequestOfAnUnknownForm) {
  EXPECT_EQ(fault_of(test::tagged_other(1, pkix::oid::kCommonName)), Fault::unsupported_message);
}

// ------------------------------------------------------------ weak keys; requests of others

TEST(ProvePossession, RefusesAWeakKeyBeforeItVerifiesAnything) { /* matrix: D10, D11, S11 */
  auto request = test::read_tagged(test::tagged(1, test::pkcs10()));
  auto& info =
      std::get<cmc::TaggedCertificationRequest>(request.choice).certification_request.info.value;
  info.subject_public_key_info.subject_public_key.octets.back() ^= 1;  // off the curve
  const auto proven = prove_possession(request, asked_by(alice()));
  ASSERT_FALSE(proven.ok());
  EXPECT_THAT(proven.error().fault,
              testing::AnyOf(testing::Eq(Fault::weak_key), testing::Eq(Fault::malformed)));
}

class ForeignPossession : public testing::TestWithParam<const char*> {};

TEST_P(ForeignPossession, IsProvenForEveryRequestInTheMessage) { /* matrix: A06, A07 */
  SIGNET_NEEDS_SHARED(GetParam());
  const auto message = test::unwrap(cmc::read_pki_request(test::shared_file(GetParam())));
  const auto requests = cmc::requests_of(message);
  ASSERT_FALSE(requests.empty());
  for (const auto* request : requests) {
    const auto proven = prove_possession(*request, asked_by(alice()));
    // The link is looked at last: some of these were tied to a secret, which is not in play here.
    EXPECT_TRUE(proven.ok() || proven.error().fault == Fault::link_failed) << proven.error().detail;
  }
}
INSTANTIATE_TEST_SUITE_P(Others, ForeignPossession,
                         testing::Values("spec/vectors/fullreq-p10.der",
                                         "spec/vectors/fullreq-crmf.der",
                                         "interop/dogtag-live/01-agent-signed-pkcs10/request.der",
                                         "interop/dogtag-live/03-agent-signed-crmf/request.der",
                                         "interop/dogtag-live/10-user-signed-pkcs10/request.der",
                                         "interop/dogtag/01-p10-selfsigned-idproofv2-poplinkv2.der",
                                         "interop/dogtag/11-crmf-keyarchival-agent-signed.der"));

TEST(ProvePossession, IsMissingInRequestsWithoutProof) { /* matrix: B31, E168 */
  SIGNET_NEEDS_SHARED("spec/vectors/p10-nosignature.der");
  const auto simple =
      test::unwrap(cmc::read_pki_request(test::shared_file("spec/vectors/p10-nosignature.der")));
  EXPECT_EQ(prove_possession(*cmc::requests_of(simple)[0], asked_by(alice())).error().fault,
            Fault::possession_missing);
}

TEST(ChallengeVault, OpensASeedInItsOwnRowOnly) {
  const ChallengeVault vault{
      test::unwrap(crypto::SealingKey::with_octets(SecretBytes(Bytes(32, 7))))};
  const auto whole = test::unwrap(vault.begin({.identity = alice(),
                                               .req_sequence = {},
                                               .profile_id = "caTest",
                                               .transaction_id = {},
                                               .received_at = test::kTestTime},
                                              ChallengeRules{}, crypto::system_random()));
  EXPECT_TRUE(vault.seed_of(whole).ok());
  auto other_id = whole;
  other_id.id.back() ^= 1;
  EXPECT_EQ(vault.seed_of(other_id).error().fault, Fault::decryption_failed);
  auto other_requester = whole;
  other_requester.requester_hash.back() ^= 1;
  EXPECT_EQ(vault.seed_of(other_requester).error().fault, Fault::decryption_failed);
}

// ------------------------------------------------------------ where challenges are offered

const PossessionRules kChallenging{.challenges = ChallengeRules{}};
const PossessionRules kTrusting{.challenges = ChallengeRules{}, .ra_witness = true};

/// "challenge", "signature", "ra_witness", or the fault.
std::string outcome(const Bytes& tagged_request, const PossessionContext& context) {
  const auto request = test::read_tagged(tagged_request);
  const auto possession = prove_possession(request, context);
  if (!possession.ok()) return std::string(to_text(possession.error().fault));
  const auto* proven = std::get_if<ProvenPossession>(&*possession);
  if (proven == nullptr) return "challenge";
  return proven->method() == PossessionMethod::ra_witness ? "ra_witness" : "signature";
}

TEST(ProvePossession, IsDueByAChallengeWhereNothingIsSigned) { /* matrix: B32, E107, E168 */
  const PossessionContext context{.identity = alice(), .link = no_link(), .rules = kChallenging};
  const auto unsigned_one = [](const char* kind) {
    return test::tagged(
        test::crmf({.key = test::test_key(kind), .possession = test::Possession::no_signature}));
  };
  for (const auto* kind : {"rsa:2048", "ec:p256", "ec:p384", "ec:p521", "x25519", "x448"}) {
    EXPECT_EQ(outcome(unsigned_one(kind), context), "challenge") << kind;
  }
  for (const auto* kind : {"ed25519", "ed448"}) {
    EXPECT_EQ(outcome(unsigned_one(kind), context), "possession_missing") << kind;
  }
  EXPECT_EQ(outcome(test::tagged(1, test::pkcs10({.possession = test::Possession::no_signature})),
                    context),
            "challenge");
  EXPECT_EQ(outcome(test::tagged(1, test::pkcs10()), context), "signature");
  EXPECT_EQ(
      outcome(test::tagged(1, test::pkcs10({.possession = test::Possession::other_key})), context),
      "possession_failed");
  const auto with_popo = [](crmf::ProofOfPossession popo) {
    return test::tagged(test::crmf({.popo = std::move(popo)}));
  };
  EXPECT_EQ(outcome(with_popo(crmf::KeyAgreement{crmf::SubsequentMessage::challengeResp}), context),
            "challenge");
  EXPECT_EQ(outcome(with_popo(crmf::KeyAgreement{crmf::SubsequentMessage::encrCert}), context),
            "possession_failed");
  EXPECT_EQ(outcome(with_popo(crmf::RaVerified{}), context), "possession_failed");
}

TEST(ProvePossession, TakesAnAgentsWordWhereTheRulesSaySo) { /* matrix: E115, S6 */
  const auto verified = test::tagged(test::crmf({.popo = crmf::RaVerified{}}));
  const auto word_of = [](const ProvenIdentity& identity, const PossessionRules& rules) {
    return PossessionContext{.identity = identity, .link = no_link(), .rules = rules};
  };
  EXPECT_EQ(outcome(verified, word_of(agent(), kTrusting)), "ra_witness");
  EXPECT_EQ(outcome(verified, word_of(alice(), kTrusting)), "possession_failed");
  EXPECT_EQ(outcome(verified, word_of(agent(), kChallenging)), "possession_failed");
  auto vouching = word_of(agent(), kTrusting);
  vouching.vouched = {cmc::BodyPartID{1}};
  const auto wrongly_signed =
      test::tagged(1, test::pkcs10({.possession = test::Possession::other_key}));
  EXPECT_EQ(outcome(wrongly_signed, vouching), "possession_failed")
      << "a wrong signature stays wrong";
}

static_assert(!std::is_aggregate_v<LinkDemand> && !std::is_default_constructible_v<LinkDemand> &&
                  !std::is_constructible_v<LinkDemand, const LinkRules&>,
              "nobody writes down that a link was shown");

TEST(LinkShownBefore, IsOfThatRequesterAndOfThoseRequestsAlone) {
  cmc::FullPkiRequest message;
  message.pki_data.req_sequence_der = {0x30, 0x00};
  store::PendingChallenge challenge;
  challenge.requester_hash = alice().requester_hash();
  challenge.req_sequence = message.pki_data.req_sequence_der;
  UsedTolerances tolerated;
  const LinkRules rules{kRules, tolerated};
  EXPECT_TRUE(link_shown_before(message, alice(), rules, challenge).ok());
  EXPECT_EQ(link_shown_before(message, agent(), rules, challenge).error().fault,
            Fault::link_failed);
  message.pki_data.req_sequence_der = {0x30, 0x02, 0x05, 0x00};
  EXPECT_EQ(link_shown_before(message, alice(), rules, challenge).error().fault,
            Fault::link_failed);
}

TEST(LinkShownBefore, IsNotAskedForAgain) {
  auto secrets = kRules;
  secrets.link_of_signers = true;
  secrets.link_required = true;
  UsedTolerances tolerated;
  const LinkRules rules{secrets, tolerated};
  store::PendingChallenge challenge;
  challenge.requester_hash = alice().requester_hash();
  const auto shown =
      test::unwrap(link_shown_before(cmc::FullPkiRequest{}, alice(), rules, challenge));
  const auto request = test::read_tagged(test::tagged(1, test::pkcs10()));
  EXPECT_TRUE(check_link(request, alice(), shown, LinkShown::in_message).ok());
  const auto not_shown = test::unwrap(read_link_demand(cmc::FullPkiRequest{}, alice(), rules));
  EXPECT_EQ(check_link(request, alice(), not_shown, LinkShown::in_message).error().fault,
            Fault::link_failed);
}

}  // namespace
}  // namespace signet::proof
