#include "client/change_request.h"

#include <gtest/gtest.h>

#include "client/number_parts.h"
#include "codec/cmc/oids.h"
#include "proof/witness/pop_link.h"
#include "support/message_builder.h"
#include "support/unwrap.h"

namespace signet::client {
namespace {

using test::unwrap;

const SecretBytes kSecret{std::string_view("a secret of some length")};
const Bytes kRandom(64, 9);

RequestTie made_tie(std::optional<RequestTie::Algorithms> algorithms = RequestTie::Algorithms{}) {
  return {{kSecret, "alice"}, kRandom, algorithms};
}

void expect_verifies(const pkix::SubjectPublicKeyInfo& key, const pkix::AlgorithmIdentifier& by,
                     ByteView message, const asn1::BitString& signature) {
  EXPECT_TRUE(unwrap(crypto::PublicKey::from(key)).verify(by, message, signature.octets).ok());
}

TEST(TieRequest, AppendsAnAttributeToAPkcs10AndSignsAnew) {
  const auto before = unwrap(pkix::read_certification_request(test::pkcs10()));
  const auto der =
      unwrap(tie_request({RequestForm::pkcs10, before.der}, made_tie(), *test::test_key()));
  const auto after = unwrap(pkix::read_certification_request(der));

  EXPECT_EQ(after.info.value.attributes.size(), before.info.value.attributes.size() + 1);
  const auto* found =
      pkix::find_attribute(after.info.value.attributes, cmc::oid::kPopLinkWitnessV2);
  ASSERT_NE(found, nullptr);
  const auto witness = unwrap(cmc::read_pop_link_witness_v2(found->values.front()));
  EXPECT_EQ(witness.witness,
            unwrap(proof::pop_link_v2_witness(witness.key_gen_algorithm, witness.mac_algorithm,
                                              made_tie().known, kRandom)));
  expect_verifies(after.info.value.subject_public_key_info, after.signature_algorithm,
                  after.info.der, after.signature);
}

TEST(TieRequest, AppendsAControlToACertRequestAndProvesPossessionAnew) {
  const RequestTie::Algorithms algorithms{crypto::DigestAlgorithm::sha512,
                                          crypto::MacAlgorithm::hmac_sha512};
  const auto der = unwrap(
      tie_request({RequestForm::crmf, test::crmf()}, made_tie(algorithms), *test::test_key()));
  const auto after = unwrap(read_cert_req_msg(der));

  ASSERT_EQ(after.cert_req.value.controls.size(), 1U);
  EXPECT_EQ(after.cert_req.value.controls.front().type, cmc::oid::kPopLinkWitnessV2);
  const auto& popo = std::get<crmf::PopoSigningKey>(*after.popo);
  expect_verifies(*after.cert_req.value.cert_template.public_key, popo.algorithm_identifier,
                  after.cert_req.der, popo.signature);
}

TEST(TieRequest, KnowsVersionOne) {
  /* matrix: C22 */
  const auto der = unwrap(tie_request({RequestForm::pkcs10, test::pkcs10()}, made_tie(std::nullopt),
                                      *test::test_key()));
  const auto after = unwrap(pkix::read_certification_request(der));
  const auto* found = pkix::find_attribute(after.info.value.attributes, cmc::oid::kPopLinkWitness);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(unwrap(cmc::read_octets_value(found->values.front())),
            proof::pop_link_v1_witness(made_tie().known, kRandom));
}

TEST(TieRequest, RefusesAnotherKeyAndWhatIsNoRequest) {
  const auto other = test::test_key("ec:p256", 5);
  for (const auto& request : {RequestItem{RequestForm::pkcs10, test::pkcs10()},
                              RequestItem{RequestForm::crmf, test::crmf()}}) {
    EXPECT_EQ(tie_request(request, made_tie(), *other).error().fault, Fault::signing_failed);
  }
  EXPECT_EQ(tie_request({RequestForm::crmf, Bytes{0x30, 0x00}}, made_tie(), *other).error().fault,
            Fault::malformed);
}

TEST(RenumberRequest, GivesAnotherIdWithAProofOfPossessionThatHolds) {
  const auto der =
      unwrap(renumber_request(test::crmf({.id = 1}), cmc::BodyPartID{2}, test::test_key().get()));
  const auto after = unwrap(read_cert_req_msg(der));
  EXPECT_EQ(after.cert_req.value.cert_req_id.to_uint64(), 2U);
  const auto& popo = std::get<crmf::PopoSigningKey>(*after.popo);
  expect_verifies(*after.cert_req.value.cert_template.public_key, popo.algorithm_identifier,
                  after.cert_req.der, popo.signature);
}

TEST(RenumberRequest, NeedsTheKeyOnlyWhereThereIsASignature) {
  EXPECT_EQ(renumber_request(test::crmf(), cmc::BodyPartID{2}, nullptr).error().fault,
            Fault::signing_failed);
  const auto unproven = test::crmf({.possession = test::Possession::no_signature});
  EXPECT_TRUE(renumber_request(unproven, cmc::BodyPartID{2}, nullptr).ok());
}

}  // namespace
}  // namespace signet::client
