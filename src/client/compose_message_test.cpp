#include "client/compose_message.h"

#include <gtest/gtest.h>

#include "client/seal_message.h"
#include "codec/cmc/oids.h"
#include "codec/cmc/pki_request.h"
#include "support/message_builder.h"
#include "support/unwrap.h"

namespace signet::client {
namespace {

using test::unwrap;

WantedControl nonce() {
  return {cmc::oid::kSenderNonce, cmc::write_octets_value(Bytes{1, 2, 3})};
}
WantedControl transaction() {
  return {cmc::oid::kTransactionId, cmc::write_integer_value(asn1::Integer::from(7))};
}
RequestItem pkcs10() {
  return {RequestForm::pkcs10, test::pkcs10()};
}
RequestItem crmf(std::uint32_t id) {
  return {RequestForm::crmf, test::crmf({.id = id})};
}

std::vector<std::uint32_t> ids_of(const cmc::PKIData& data) {
  std::vector<std::uint32_t> ids;
  for (const auto& control : data.control_sequence) ids.push_back(control.body_part_id.value);
  for (const auto& request : data.req_sequence) ids.push_back(request.body_part_id().value);
  return ids;
}

cmc::PKIData compose(const MessageParts& parts) {
  return unwrap(cmc::read_pki_data(unwrap(compose_message(parts)).pki_data));
}

TEST(ComposeMessage, NumbersControlsRequestsAndFurtherControlsInThisOrder) {
  const auto data = compose(
      {.controls = {nonce()}, .requests = {pkcs10(), pkcs10()}, .more_controls = {transaction()}});
  EXPECT_EQ(ids_of(data), (std::vector<std::uint32_t>{1, 4, 2, 3}));
}

TEST(ComposeMessage, PassesOverTheNumbersThatStandInRequests) {
  const auto tagged = test::tagged(2, test::pkcs10());
  const auto data = compose({.controls = {nonce(), transaction()},
                             .requests = {pkcs10(), crmf(1)},
                             .tagged_requests = {tagged}});
  EXPECT_EQ(ids_of(data), (std::vector<std::uint32_t>{3, 4, 5, 1, 2}));
}

TEST(ComposeMessage, RefusesTwoRequestsWithOneNumber) {
  const auto twice = compose_message({.requests = {crmf(1), crmf(1)}});
  ASSERT_FALSE(twice.ok());
  EXPECT_EQ(twice.error().fault, Fault::duplicate_body_part);
  const auto tagged = compose_message(
      {.tagged_requests = {test::tagged(1, test::pkcs10()), test::tagged(1, test::pkcs10())}});
  EXPECT_EQ(tagged.error().fault, Fault::duplicate_body_part);
  EXPECT_EQ(compose_message({.requests = {{RequestForm::pkcs10, Bytes{0x30, 0x00}}}}).error().fault,
            Fault::malformed);
}

TEST(ComposeMessage, ProvesIdentityOverTheRequestSequenceThatItSends) {
  /* matrix: C10 */
  const SecretBytes secret{std::string_view("a secret of some length")};
  const proof::SharedKnowledge known{secret, "alice"};
  const proof::IdentityProofAlgorithms algorithms{crypto::DigestAlgorithm::sha512,
                                                  crypto::MacAlgorithm::hmac_sha384};
  const auto v2 =
      compose({.requests = {pkcs10()}, .identity_proof = WantedIdentityProof{known, algorithms}});
  const auto& control = v2.control_sequence.back();
  EXPECT_EQ(control.attr_type, cmc::oid::kIdentityProofV2);
  EXPECT_EQ(unwrap(cmc::read_identity_proof_v2(control.attr_values.front())).witness,
            proof::identity_proof_v2_witness(algorithms, known, v2.req_sequence_der));

  const auto v1 =
      compose({.requests = {pkcs10()}, .identity_proof = WantedIdentityProof{known, {}}});
  EXPECT_EQ(v1.control_sequence.back().attr_type, cmc::oid::kIdentityProof);
  EXPECT_EQ(unwrap(cmc::read_octets_value(v1.control_sequence.back().attr_values.front())),
            proof::identity_proof_v1_witness(known, v1.req_sequence_der));
}

TEST(LeaveUnsigned, HasDogtagsFormAndTheStandards) {
  const auto content = unwrap(compose_message({.controls = {nonce()}})).pki_data;
  const auto data = unwrap(cms::read_content_info(leave_unsigned(content, UnsignedForm::data)));
  EXPECT_EQ(data.content_type, cms::oid::kData);
  EXPECT_EQ(unwrap(cmc::read_octets_value(data.content)), content);

  const auto info =
      unwrap(cms::read_content_info(leave_unsigned(content, UnsignedForm::signed_data)));
  EXPECT_EQ(info.content_type, cms::oid::kSignedData);
  const auto signed_data = unwrap(cms::read_signed_data(info.content));
  EXPECT_TRUE(signed_data.signer_infos.empty());
  EXPECT_EQ(signed_data.encap_content_info.e_content_type, cmc::oid::kPKIData);
  EXPECT_EQ(signed_data.encap_content_info.e_content, content);
}

TEST(SignByRequest, RefusesAKeyThatNoRequestIsFor) {
  const auto message = unwrap(compose_message({.requests = {pkcs10()}}));
  EXPECT_TRUE(sign_by_request(message.pki_data, message.tagged_requests, *test::test_key()).ok());
  const auto other =
      sign_by_request(message.pki_data, message.tagged_requests, *test::test_key("ec:p256", 5));
  EXPECT_EQ(other.error().fault, Fault::signing_failed);
  const auto without = unwrap(
      compose_message({.requests = {{RequestForm::pkcs10, test::pkcs10({.without_ski = true})}}}));
  EXPECT_EQ(
      sign_by_request(without.pki_data, without.tagged_requests, *test::test_key()).error().fault,
      Fault::malformed);
}

}  // namespace
}  // namespace signet::client
