#include "client/build_request.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "codec/cmc/controls.h"
#include "codec/cmc/oids.h"
#include "codec/cmc/pki_request.h"
#include "codec/pkix/oids.h"
#include "envelope/signed_data.h"
#include "support/fakes.h"
#include "support/message_builder.h"
#include "support/test_ca.h"
#include "support/unwrap.h"

namespace signet::client {
namespace {

using test::unwrap;

class BuildRequest : public ::testing::Test {
 protected:
  WantedCertificate wanted() {
    return {unwrap(pkix::name_from_text("CN=Alice,O=Test")),
            {pkix::DnsName{"alice.example"}},
            {},
            *key};
  }
  FullRequestInput input(std::vector<RequestItem> items) {
    return {.requests = std::move(items),
            .data_return = std::nullopt,
            .more_controls = {},
            .signer = signer.certificate,
            .signer_key = *signer.key,
            .chain = {}};
  }
  RequestItem pkcs10() {
    return {RequestForm::pkcs10, unwrap(make_certification_request(wanted()))};
  }
  RequestItem crmf(std::uint32_t id) {
    return {RequestForm::crmf, unwrap(make_cert_req_msg(wanted(), cmc::BodyPartID{id}))};
  }
  static cmc::FullPkiRequest read_back(const SentRequest& sent) {
    return std::get<cmc::FullPkiRequest>(unwrap(cmc::read_pki_request(sent.octets)));
  }

  test::TestCa ca;
  test::Key key = test::test_key("ec:p256", 1);
  test::Credential signer = ca.issue();
  test::CountingRandom random;
};

TEST_F(BuildRequest, ForARegistrationAuthorityTheNewKeyAloneSigns) {
  /* matrix: E145 */
  const auto sent = unwrap(make_unproven_request({{pkcs10()}, {}, *key}, random));
  const auto message = read_back(sent);
  const auto& controls = message.pki_data.control_sequence;
  for (const auto& type : {cmc::oid::kIdentification, cmc::oid::kIdentityProof,
                           cmc::oid::kIdentityProofV2, cmc::oid::kPopLinkRandom}) {
    EXPECT_EQ(cmc::find_control(controls, type), nullptr);
  }
  EXPECT_NE(cmc::find_control(controls, cmc::oid::kSenderNonce), nullptr);
  ASSERT_EQ(message.signed_data.signer_infos.size(), 1U);
  EXPECT_TRUE(std::holds_alternative<cms::SubjectKeyIdentifier>(
      message.signed_data.signer_infos.front().sid));
  EXPECT_TRUE(message.signed_data.certificates.empty());
  const auto stranger = test::test_key("ec:p256", 2);
  EXPECT_FALSE(make_unproven_request({{pkcs10()}, {}, *stranger}, random).ok())
      << "the key of no request";
}

TEST_F(BuildRequest, CertificationRequestAsksForNamesAndKeyIdentifierAndVerifies) {
  /* matrix: E10, E27 */
  const auto der = unwrap(make_certification_request(wanted()));

  const auto request = unwrap(pkix::read_certification_request(der));
  const auto extensions = unwrap(pkix::requested_extensions(request.info.value));
  EXPECT_EQ(pkix::to_text(request.info.value.subject), "CN=Alice,O=Test");
  EXPECT_EQ(request.info.value.subject_public_key_info, key->public_key_info());
  const auto* ski = pkix::find_extension(extensions, pkix::oid::kSubjectKeyIdentifier);
  ASSERT_NE(ski, nullptr);
  EXPECT_EQ(unwrap(pkix::read_subject_key_identifier(ski->extn_value)),
            crypto::key_identifier(key->public_key_info()));
  const auto* names = pkix::find_extension(extensions, pkix::oid::kSubjectAltName);
  ASSERT_NE(names, nullptr);
  EXPECT_FALSE(names->critical);
  const auto public_key = unwrap(crypto::PublicKey::from(key->public_key_info()));
  EXPECT_TRUE(
      public_key.verify(request.signature_algorithm, request.info.der, request.signature.octets)
          .ok());
}

TEST_F(BuildRequest, NullSubjectMakesAlternativeNameCritical) {
  /* matrix: E27 */
  auto nameless = wanted();
  nameless.subject = {};

  const auto request =
      unwrap(pkix::read_certification_request(unwrap(make_certification_request(nameless))));

  const auto extensions = unwrap(pkix::requested_extensions(request.info.value));
  EXPECT_TRUE(request.info.value.subject.empty());
  EXPECT_TRUE(pkix::find_extension(extensions, pkix::oid::kSubjectAltName)->critical);
}

TEST_F(BuildRequest, RefusesExtensionAskedForTwice) {
  auto twice = wanted();
  twice.extensions.push_back({pkix::oid::kSubjectAltName, false, Bytes{0x30, 0x00}});
  const auto made = make_certification_request(twice);
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().fault, Fault::malformed);
}

TEST_F(BuildRequest, CertReqMsgIsSignedOverCertRequestWithoutRegInfo) {
  /* matrix: E29, E32, E34 */
  const auto der = unwrap(make_cert_req_msg(wanted(), cmc::BodyPartID{7}));

  asn1::Budget budget{asn1::Limits::der()};
  asn1::Reader reader{der, budget};
  const auto message = unwrap(crmf::read_cert_req_msg(reader));
  const auto& popo = std::get<crmf::PopoSigningKey>(message.popo.value());
  EXPECT_EQ(message.cert_req.value.cert_req_id.to_uint64(), 7U);
  EXPECT_EQ(pkix::to_text(message.cert_req.value.cert_template.subject.value()), "CN=Alice,O=Test");
  EXPECT_EQ(message.cert_req.value.cert_template.public_key.value(), key->public_key_info());
  EXPECT_TRUE(message.reg_info.empty());
  EXPECT_FALSE(popo.poposk_input.has_value());
  const auto public_key = unwrap(crypto::PublicKey::from(key->public_key_info()));
  EXPECT_TRUE(
      public_key.verify(popo.algorithm_identifier, message.cert_req.der, popo.signature.octets)
          .ok());
}

TEST_F(BuildRequest, CertReqMsgHasNoControlOfCrmfsOwn) {
  /* matrix: E30 */
  auto linked = wanted();
  linked.link_witness = Bytes{0x30, 0x00};
  linked.new_names = cmc::ChangeSubjectName{linked.subject, {}};
  for (const auto& [each, expected] : {std::pair{wanted(), 0U}, std::pair{linked, 2U}}) {
    const auto der = unwrap(make_cert_req_msg(each, cmc::BodyPartID{7}));
    asn1::Budget budget{asn1::Limits::der()};
    asn1::Reader reader{der, budget};
    const auto controls = unwrap(crmf::read_cert_req_msg(reader)).cert_req.value.controls;
    EXPECT_EQ(controls.size(), expected);
    for (const auto& control : controls) {
      EXPECT_NE(cmc::find_control_kind(control.type), nullptr) << control.type.to_text();
    }
  }
}

TEST_F(BuildRequest, FullRequestIsSignedByTheCertificateItCarries) {
  const auto sent = unwrap(make_full_request(input({pkcs10()}), random));

  const auto message = read_back(sent);
  ASSERT_EQ(message.signed_data.signer_infos.size(), 1U);
  const auto& info = message.signed_data.signer_infos.front();
  const auto* carried = envelope::find_signer_certificate(message.signed_data, info.sid);
  ASSERT_NE(carried, nullptr);
  EXPECT_EQ(*carried, signer.certificate);
  const auto public_key = unwrap(crypto::PublicKey::from((*carried)->subject_public_key_info));
  EXPECT_TRUE(envelope::verify_signer(message.signed_data, info, public_key).ok());
}

TEST_F(BuildRequest, FullRequestHasTransactionAndSenderNonceButNoRecipientNonce) {
  /* matrix: C32, C35, E101, E104 */
  const auto sent = unwrap(make_full_request(input({pkcs10()}), random));

  const auto message = read_back(sent);
  const auto& controls = message.pki_data.control_sequence;
  const auto* transaction = cmc::find_control(controls, cmc::oid::kTransactionId);
  const auto* nonce = cmc::find_control(controls, cmc::oid::kSenderNonce);
  ASSERT_NE(transaction, nullptr);
  ASSERT_NE(nonce, nullptr);
  EXPECT_EQ(unwrap(cmc::read_integer_value(transaction->attr_values.front())), sent.transaction_id);
  EXPECT_EQ(unwrap(cmc::read_octets_value(nonce->attr_values.front())), sent.sender_nonce);
  EXPECT_EQ(sent.sender_nonce.size(), 32U);
  EXPECT_FALSE(sent.transaction_id.is_negative());
  EXPECT_EQ(sent.transaction_id.magnitude().size(), 16U);
  EXPECT_EQ(cmc::find_control(controls, cmc::oid::kRecipientNonce), nullptr);
}

TEST_F(BuildRequest, TwoFullRequestsDifferInNonceAndTransaction) {
  const auto first = unwrap(make_full_request(input({pkcs10()}), crypto::system_random()));
  const auto second = unwrap(make_full_request(input({pkcs10()}), crypto::system_random()));
  EXPECT_NE(first.sender_nonce, second.sender_nonce);
  EXPECT_NE(first.transaction_id, second.transaction_id);
}

TEST_F(BuildRequest, FullRequestWithDataReturnCarriesIt) {
  /* matrix: C25 */
  auto with_data = input({pkcs10()});
  with_data.data_return = Bytes{1, 2, 3};
  const auto sent = unwrap(make_full_request(with_data, random));

  const auto message = read_back(sent);
  const auto* control = cmc::find_control(message.pki_data.control_sequence, cmc::oid::kDataReturn);
  ASSERT_NE(control, nullptr);
  EXPECT_EQ(unwrap(cmc::read_octets_value(control->attr_values.front())), (Bytes{1, 2, 3}));
  EXPECT_EQ(sent.data_return, (Bytes{1, 2, 3}));
}

TEST_F(BuildRequest, BodyPartIdsAreUniqueAlsoBesideCertReqMsgs) {
  /* matrix: E44 */
  const auto sent = unwrap(make_full_request(input({pkcs10(), crmf(1), crmf(3)}), random));

  const auto message = read_back(sent);
  std::set<cmc::BodyPartID> ids;
  for (const auto& control : message.pki_data.control_sequence) ids.insert(control.body_part_id);
  for (const auto& request : message.pki_data.req_sequence) ids.insert(request.body_part_id());
  EXPECT_EQ(ids.size(), 5U);
  EXPECT_EQ(sent.request_ids, (std::vector<cmc::BodyPartID>{{2}, {1}, {3}}));  // in the order given
  EXPECT_EQ(message.pki_data.req_sequence.front().body_part_id(), cmc::BodyPartID{2});
}

TEST_F(BuildRequest, RefusesTwoCertReqMsgsWithOneId) {
  /* matrix: E44 */
  const auto made = make_full_request(input({crmf(4), crmf(4)}), random);
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().fault, Fault::duplicate_body_part);
}

TEST_F(BuildRequest, RefusesCertReqMsgWithIdZero) {
  /* matrix: E45 */
  const auto made = make_full_request(input({crmf(0)}), random);
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().fault, Fault::malformed);
}

TEST_F(BuildRequest, RefusesItemThatIsNoRequest) {
  const auto made = make_full_request(input({{RequestForm::pkcs10, Bytes{0x30, 0x00}}}), random);
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().fault, Fault::malformed);
}

TEST_F(BuildRequest, RefusesKeyOfAnotherCertificate) {
  const auto other = test::test_key("ec:p256", 9);
  const FullRequestInput wrong{.requests = {pkcs10()},
                               .data_return = std::nullopt,
                               .more_controls = {},
                               .signer = signer.certificate,
                               .signer_key = *other,
                               .chain = {}};
  const auto made = make_full_request(wrong, random);
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().fault, Fault::signing_failed);
}

TEST_F(BuildRequest, MoreControlsGetIdsOfTheirOwn) {
  auto more = input({pkcs10()});
  more.more_controls.push_back(
      {cmc::BodyPartID{1}, cmc::oid::kRegInfo, {cmc::write_octets_value(Bytes{5})}});
  const auto message = read_back(unwrap(make_full_request(more, random)));
  const auto* control = cmc::find_control(message.pki_data.control_sequence, cmc::oid::kRegInfo);
  ASSERT_NE(control, nullptr);
  EXPECT_NE(control->body_part_id, message.pki_data.req_sequence.front().body_part_id());
}

class ForbiddenControl : public BuildRequest, public ::testing::WithParamInterface<asn1::Oid> {};

TEST_P(ForbiddenControl, IdentityProofDoesNotGoWithACertificateSignature) {
  /* matrix: E17 */
  auto more = input({pkcs10()});
  more.more_controls.push_back(
      {cmc::BodyPartID{}, GetParam(), {cmc::write_octets_value(Bytes{5})}});
  const auto made = make_full_request(more, random);
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().fault, Fault::misplaced_control);
}
INSTANTIATE_TEST_SUITE_P(All, ForbiddenControl,
                         ::testing::Values(cmc::oid::kIdentification, cmc::oid::kIdentityProof,
                                           cmc::oid::kIdentityProofV2));

TEST_F(BuildRequest, RefusesSecondNonce) {
  /* matrix: E104 */
  auto more = input({pkcs10()});
  more.more_controls.push_back(
      {cmc::BodyPartID{}, cmc::oid::kRecipientNonce, {cmc::write_octets_value(Bytes{5})}});
  const auto made = make_full_request(more, random);
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().fault, Fault::duplicate_control);
}

// ------------------------------------------------------------ by a shared secret

class SecretRequest : public BuildRequest {
 protected:
  SecretRequestInput by_secret(std::vector<RequestItem> items) {
    return {.requests = std::move(items),
            .data_return = std::nullopt,
            .more_controls = {},
            .key = *key,
            .holder = holder,
            .link_random = link_random};
  }
  RequestItem linked(RequestForm form) {
    auto asked = wanted();
    asked.link_witness = unwrap(make_link_witness(holder, link_random, LinkKey::of_secret));
    return form == RequestForm::crmf
               ? RequestItem{form, unwrap(make_cert_req_msg(asked, cmc::BodyPartID{7}))}
               : RequestItem{form, unwrap(make_certification_request(asked))};
  }
  static Bytes only_value(const cmc::FullPkiRequest& message, const asn1::Oid& type) {
    const auto* control = cmc::find_control(message.pki_data.control_sequence, type);
    return control == nullptr ? Bytes{} : control->attr_values.at(0);
  }

  SecretBytes secret{std::string_view("a secret of many characters")};
  SecretHolder holder{"alice", secret};
  Bytes link_random = Bytes(64, 5);
};

TEST_F(SecretRequest, IsSignedByTheRequestsKeyWithoutAnyCertificate) {
  /* matrix: E11 */
  const auto message = read_back(unwrap(make_secret_request(by_secret({pkcs10()}), random)));
  EXPECT_TRUE(message.signed_data.certificates.empty());
  ASSERT_EQ(message.signed_data.signer_infos.size(), 1U);
  const auto& signed_by = message.signed_data.signer_infos.front();
  EXPECT_EQ(std::get<cms::SubjectKeyIdentifier>(signed_by.sid).octets,
            crypto::key_identifier(key->public_key_info()));
  const auto public_key = unwrap(crypto::PublicKey::from(key->public_key_info()));
  EXPECT_TRUE(envelope::verify_signer(message.signed_data, signed_by, public_key).ok());
}

TEST_F(SecretRequest, CarriesIdentificationAndAProofOverTheRequestsAsSent) {
  /* matrix: C07, C13, E72, E90 */
  for (const auto form : {RequestForm::pkcs10, RequestForm::crmf}) {
    const auto message = read_back(unwrap(make_secret_request(by_secret({linked(form)}), random)));
    EXPECT_EQ(unwrap(cmc::read_utf8_value(only_value(message, cmc::oid::kIdentification))),
              "alice");
    const auto proof =
        unwrap(cmc::read_identity_proof_v2(only_value(message, cmc::oid::kIdentityProofV2)));
    Bytes known = to_bytes(secret.view());
    append(known, as_bytes("alice"));
    EXPECT_EQ(proof.witness, crypto::mac(crypto::MacAlgorithm::hmac_sha256, crypto::sha256(known),
                                         message.pki_data.req_sequence_der));
  }
}

TEST_F(SecretRequest, CarriesTheRandomThatItsWitnessesWereMadeFrom) {
  /* matrix: C16, C19, E84, E85, B19, B21 */
  EXPECT_EQ(unwrap(make_link_random(random)).size(), 64U);
  const auto message =
      read_back(unwrap(make_secret_request(by_secret({linked(RequestForm::pkcs10)}), random)));
  EXPECT_EQ(unwrap(cmc::read_octets_value(only_value(message, cmc::oid::kPopLinkRandom))),
            link_random);
  const auto& request =
      std::get<cmc::TaggedCertificationRequest>(message.pki_data.req_sequence.at(0).choice);
  const auto& attributes = request.certification_request.info.value.attributes;
  const auto found = std::find_if(attributes.begin(), attributes.end(), [](const auto& each) {
    return each.type == cmc::oid::kPopLinkWitnessV2;
  });
  ASSERT_NE(found, attributes.end());
  const auto witness = unwrap(cmc::read_pop_link_witness_v2(found->values.at(0)));
  EXPECT_EQ(witness.witness, crypto::mac(crypto::MacAlgorithm::hmac_sha256,
                                         crypto::sha256(secret.view()), link_random));
  auto without = by_secret({pkcs10()});
  without.link_random.reset();
  EXPECT_TRUE(
      only_value(read_back(unwrap(make_secret_request(without, random))), cmc::oid::kPopLinkRandom)
          .empty());
}

TEST_F(SecretRequest, RefusesAKeyThatNoRequestIsFor) {
  const auto other = test::test_key("ec:p256", 9);
  auto input_of_other = by_secret({pkcs10()});
  const SecretRequestInput wrong{.requests = input_of_other.requests,
                                 .data_return = std::nullopt,
                                 .more_controls = {},
                                 .key = *other,
                                 .holder = holder,
                                 .link_random = link_random};
  const auto refused = make_secret_request(wrong, random);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault, Fault::signing_failed);
}

TEST_F(SecretRequest, RefusesARequestThatAsksForNoKeyIdentifier) {
  const auto bare = test::pkcs10({.key = key, .without_ski = true});
  const auto refused = make_secret_request(by_secret({{RequestForm::pkcs10, bare}}), random);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault, Fault::malformed);
}

}  // namespace
}  // namespace signet::client
