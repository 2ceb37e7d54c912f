#include "client/anchors_by_secret.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/pki_response.h"
#include "client/read_response.h"
#include "codec/cmc/controls.h"
#include "codec/cmc/oids.h"
#include "codec/pkix/oids.h"
#include "crypto/digest.h"
#include "envelope/authenticated_data.h"
#include "envelope/signed_data.h"
#include "support/message_builder.h"
#include "support/test_ca.h"
#include "support/unwrap.h"

namespace signet::client {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using test::unwrap;

constexpr std::uint32_t kToldItem = 9;

/// An answer to alice, who trusts nobody yet. As it stands it is right.
struct ToldAnchors {
  std::vector<cmc::TaggedAttribute> inside;
  std::vector<Bytes> certificates;
  std::vector<Bytes> requests = {};
  std::string identification = "alice";
  std::string secret = "correct horse battery staple";
  asn1::Oid type = cmc::oid::kPKIData;
  std::optional<Time> signing_time = test::kTestTime;
  std::function<void(cms::AuthenticatedData&)> edit_item = {};
  std::function<void(cmc::PKIResponse&)> edit = {};
};

class AnchorsBySecret : public ::testing::Test {
 protected:
  AnchorsBySecret() {
    sent.transaction_id = asn1::Integer::from(77);
    sent.sender_nonce = Bytes(32, 5);
  }
  [[nodiscard]] cmc::PublishTrustAnchors naming(const pkix::Certificate& anchor) const {
    cmc::PublishTrustAnchors value;
    value.seq_number = asn1::Integer::from(1700000000);
    value.hash_algorithm = crypto::algorithm_identifier(crypto::DigestAlgorithm::sha256);
    value.anchor_hashes = {crypto::sha256(anchor.der)};
    return value;
  }
  static cmc::TaggedAttribute anchors(const cmc::PublishTrustAnchors& value, std::uint32_t id = 4) {
    return test::control(id, cmc::oid::kTrustedAnchors, cmc::write_publish_trust_anchors(value));
  }
  /// What ties it to our message, then the announcement.
  [[nodiscard]] ToldAnchors told(const cmc::PublishTrustAnchors& value) const {
    return {.inside = {test::control(1, cmc::oid::kIdentification, cmc::write_utf8_value("alice")),
                       test::control(2, cmc::oid::kTransactionId,
                                     cmc::write_integer_value(sent.transaction_id)),
                       test::control(3, cmc::oid::kRecipientNonce,
                                     cmc::write_octets_value(sent.sender_nonce)),
                       anchors(value)},
            .certificates = {ca.certificate().der}};
  }
  [[nodiscard]] ToldAnchors told() const { return told(naming(ca.certificate())); }

  static Bytes item_of(const ToldAnchors& told) {
    const SecretBytes password{told.identification + told.secret};
    const auto sealed = unwrap(
        envelope::seal_authenticated_data({.content_type = told.type,
                                           .content = test::pki_data(told.inside, told.requests),
                                           .password = password,
                                           .signing_time = told.signing_time},
                                          crypto::system_random()));
    if (!told.edit_item) return sealed;
    auto data =
        unwrap(cms::read_authenticated_data(unwrap(cms::read_content_info(sealed)).content));
    told.edit_item(data);
    return cms::write_content_info(cms::oid::kAuthenticatedData,
                                   cms::write_authenticated_data(data));
  }
  [[nodiscard]] Bytes encode(const ToldAnchors& told) const {
    cmc::CMCStatusInfoV2 status;
    status.body_list = {cmc::BodyPartID{0}};
    cmc::PKIResponse response;
    response.control_sequence = {
        test::control(1, cmc::oid::kStatusInfoV2, cmc::write_cmc_status_info_v2(status)),
        test::control(2, cmc::oid::kTransactionId, cmc::write_integer_value(sent.transaction_id)),
        test::control(3, cmc::oid::kRecipientNonce, cmc::write_octets_value(sent.sender_nonce)),
        test::control(4, cmc::oid::kAuthData,
                      cmc::write_body_part_id_value(cmc::BodyPartID{kToldItem}))};
    response.cms_sequence = {
        {cmc::BodyPartID{kToldItem}, unwrap(cms::read_content_info(item_of(told)))}};
    if (told.edit) told.edit(response);
    return test::SignedMessage{.content = cmc::write_pki_response(response),
                               .content_type = cmc::oid::kPKIResponse,
                               .signers = {test::signed_by({ca_key, ca.certificate()})},
                               .certificates = told.certificates}
        .encode();
  }
  [[nodiscard]] Result<PublishedAnchors> read(const ToldAnchors& told,
                                              Time now = test::kTestTime) const {
    return demand(encode(told), {sent, {"alice", secret}, now});
  }
  static Result<PublishedAnchors> demand(ByteView octets, const SecretChecks& checks) {
    const auto message = TRY(cms::read_content_info(octets));
    const auto answer = TRY(read_unverified(message));
    return demand_anchors_by_secret(answer, checks);
  }
  [[nodiscard]] Fault fault_of(const ToldAnchors& told, Time now = test::kTestTime) const {
    const auto found = read(told, now);
    return found.ok() ? Fault::internal : found.error().fault;
  }
  void expect_taken(const ToldAnchors& told) const {
    const auto found = read(told);
    ASSERT_TRUE(found.ok()) << found.error().detail;
    EXPECT_EQ(found->anchors(), std::vector{ca.certificate()});
    EXPECT_EQ(found->authority(), ca.certificate()->subject);
    EXPECT_EQ(found->sequence_number(), asn1::Integer::from(1700000000));
  }

  test::Key ca_key = test::test_key("ec:p256", 0);
  test::TestCa ca{"CN=Test CA,O=Test", ca_key};
  test::Credential alice = ca.issue({.key = test::test_key("ec:p256", 1)});
  SecretBytes secret{std::string_view("correct horse battery staple")};
  SentRequest sent;
};

TEST_F(AnchorsBySecret, AreTakenFromWhoKnowsTheSecret) {
  /* matrix: C73, E128, E132, E134 */
  expect_taken(told());
  auto bare = told();
  bare.inside = {anchors(naming(ca.certificate()))};  // nothing in it ties it to the message
  expect_taken(bare);
}

TEST_F(AnchorsBySecret, UnderAnotherSecretOrAlteredAreNot) {
  /* matrix: C73, E128, E134, E135 */
  auto answer = told();
  answer.secret = "another secret, long enough";
  EXPECT_EQ(fault_of(answer), Fault::auth_data_failed);
  answer = told();
  answer.identification = "bob";
  EXPECT_EQ(fault_of(answer), Fault::auth_data_failed);
  answer = told();
  answer.edit_item = [](auto& data) { data.mac[0] ^= 1; };
  EXPECT_EQ(fault_of(answer), Fault::auth_data_failed);
  answer.edit_item = [](auto& data) { data.encap_content_info.e_content->back() ^= 1; };
  EXPECT_EQ(fault_of(answer), Fault::auth_data_failed);
  answer.edit_item = [](auto& data) { data.encap_content_info.e_content = Bytes{0x04, 0x00}; };
  EXPECT_EQ(fault_of(answer), Fault::auth_data_failed) << "read before it had verified";
}

TEST_F(AnchorsBySecret, AreOfNow) {
  /* matrix: E130 */
  EXPECT_TRUE(read(told(), test::kTestTime + hours{1}).ok());
  EXPECT_TRUE(read(told(), test::kTestTime - hours{1}).ok());
  EXPECT_EQ(fault_of(told(), test::kTestTime + hours{1} + seconds{1}), Fault::stale_time);
  EXPECT_EQ(fault_of(told(), test::kTestTime - hours{1} - seconds{1}), Fault::stale_time);
  auto timeless = told();
  timeless.signing_time.reset();
  EXPECT_EQ(fault_of(timeless), Fault::stale_time);
}

TEST_F(AnchorsBySecret, OfAnotherExchangeAreNotTaken) {
  /* matrix: E135 */
  auto answer = told();
  answer.inside[0] = test::control(1, cmc::oid::kIdentification, cmc::write_utf8_value("bob"));
  EXPECT_EQ(fault_of(answer), Fault::auth_data_failed);
  answer = told();
  answer.inside[1] =
      test::control(2, cmc::oid::kTransactionId, cmc::write_integer_value(asn1::Integer::from(78)));
  EXPECT_EQ(fault_of(answer), Fault::auth_data_failed);
  answer = told();
  answer.inside[2] =
      test::control(3, cmc::oid::kRecipientNonce, cmc::write_octets_value(Bytes(32, 6)));
  EXPECT_EQ(fault_of(answer), Fault::auth_data_failed);
  answer.inside[2].attr_values.clear();
  EXPECT_EQ(fault_of(answer), Fault::auth_data_failed);
}

TEST_F(AnchorsBySecret, StandInAPKIDataThatAuthDataNames) {
  /* matrix: E134 */
  auto answer = told();
  answer.type = cmc::oid::kPKIResponse;
  EXPECT_EQ(fault_of(answer), Fault::malformed);
  answer = told();
  answer.edit = [](auto& response) { response.cms_sequence[0].body_part_id = {10}; };
  EXPECT_EQ(fault_of(answer), Fault::dangling_reference);
  answer.edit = [](auto& response) {
    response.control_sequence[3].attr_values = {cmc::write_body_part_id_value(cmc::BodyPartID{4})};
  };
  EXPECT_EQ(fault_of(answer), Fault::dangling_reference) << "itself";
  const auto signed_item = unwrap(cms::read_content_info(encode(told())));
  answer.edit = [&](auto& response) { response.cms_sequence[0].content_info = signed_item; };
  EXPECT_EQ(fault_of(answer), Fault::malformed);
  answer.edit = [](auto& response) {
    response.control_sequence.push_back(response.control_sequence[3]);
  };
  EXPECT_EQ(fault_of(answer), Fault::malformed) << "twice";
  answer = told();
  answer.requests = {test::tagged(8, test::pkcs10())};
  EXPECT_EQ(fault_of(answer), Fault::malformed);
}

TEST_F(AnchorsBySecret, AreNamedOnce) {
  auto answer = told();
  answer.inside.pop_back();
  EXPECT_EQ(fault_of(answer), Fault::malformed);
  answer = told();
  answer.inside.push_back(anchors(naming(ca.certificate()), 5));
  EXPECT_EQ(fault_of(answer), Fault::malformed);
}

TEST_F(AnchorsBySecret, AreNamedByAStrongHash) {
  /* matrix: E132 */
  auto value = naming(ca.certificate());
  value.hash_algorithm = crypto::algorithm_identifier(crypto::DigestAlgorithm::sha1);
  value.anchor_hashes = {crypto::digest(crypto::DigestAlgorithm::sha1, ca.certificate().der)};
  EXPECT_EQ(fault_of(told(value)), Fault::unsupported_algorithm);
}

TEST_F(AnchorsBySecret, AreAmongTheCertificatesThatCameAlong) {
  const test::TestCa other{"CN=Test CA,O=Test", test::test_key("ec:p256", 2)};
  auto answer = told();
  answer.certificates = {other.certificate().der};
  EXPECT_EQ(fault_of(answer), Fault::certificate_not_found);
  answer.certificates = {};
  EXPECT_EQ(fault_of(answer), Fault::certificate_not_found);
  answer.certificates = {other.certificate().der, ca.certificate().der};
  expect_taken(answer);  // and the other one, which nobody named, is not
}

TEST_F(AnchorsBySecret, AreRoots) {
  auto answer = told(naming(alice.certificate));
  answer.certificates.push_back(alice.certificate.der);
  EXPECT_EQ(fault_of(answer), Fault::untrusted_signer);
}

TEST_F(AnchorsBySecret, MayNotCostMoreThanAMessageMay) {
  auto answer = told();
  answer.edit_item = [](cms::AuthenticatedData& data) {
    auto& recipient = std::get<cms::PasswordRecipientInfo>(data.recipient_infos.at(0));
    auto& derivation = *recipient.key_derivation_algorithm;
    auto parameters = unwrap(cms::read_pbkdf2_parameters(*derivation.parameters));
    parameters.iteration_count = 200'001;
    derivation.parameters = cms::write_pbkdf2_parameters(parameters);
  };
  EXPECT_EQ(fault_of(answer), Fault::too_large);
}

TEST_F(AnchorsBySecret, AnAnswerWithoutThemIsToldAsWhatNobodyVouchesFor) {
  auto refusal = told();
  refusal.edit = [](cmc::PKIResponse& response) {
    cmc::CMCStatusInfoV2 status;
    status.cmc_status = cmc::CMCStatus::failed;
    status.body_list = {cmc::BodyPartID{0}};
    status.other_info = cmc::CMCFailInfo::badIdentity;
    status.status_string = "do not prove who asks";
    response.control_sequence = {
        test::control(1, cmc::oid::kStatusInfoV2, cmc::write_cmc_status_info_v2(status))};
    response.cms_sequence.clear();
  };
  const auto found = read(refusal);
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().fault, Fault::untrusted_signer);
  EXPECT_THAT(found.error().detail,
              ::testing::HasSubstr("nobody vouches for that: failed, badIdentity: do not prove"));
}

TEST_F(AnchorsBySecret, NeedAPKIResponse) {
  const SecretHolder holder{"alice", secret};
  const SecretChecks checks{sent, holder, test::kTestTime};
  EXPECT_FALSE(demand(Bytes{0x30, 0x00}, checks).ok());
  EXPECT_FALSE(demand(item_of(told()), checks).ok());
}

TEST_F(AnchorsBySecret, AreReadInAnyAnswerByWhoKnowsTheSecret) {
  /* matrix: C73 */
  const auto trust = unwrap(proof::Trust::make({ca.certificate()}, {}));
  const auto octets = encode(told());
  const auto checked =
      unwrap(read_response(octets, sent, trust, test::kTestTime, SecretHolder{"alice", secret}));
  ASSERT_TRUE(checked.anchors_by_secret);
  EXPECT_EQ(unwrap(*checked.anchors_by_secret).anchors(), std::vector{ca.certificate()});
  const auto unknowing = unwrap(read_response(octets, sent, trust, test::kTestTime));
  EXPECT_FALSE(unknowing.anchors_by_secret);
  auto forged = told();
  forged.secret = "another secret, long enough";
  const auto passed_over = unwrap(
      read_response(encode(forged), sent, trust, test::kTestTime, SecretHolder{"alice", secret}));
  EXPECT_EQ(passed_over.anchors_by_secret.value().error().fault, Fault::auth_data_failed);
}

// ------------------------------------------------------------------------- the answer around them

class ResponseToWhoTrustsNobody : public AnchorsBySecret {
 protected:
  [[nodiscard]] Result<ResponseBySecret> read_all(const ToldAnchors& told) const {
    return read_response_by_secret(encode(told), {sent, {"alice", secret}, test::kTestTime});
  }
};

TEST_F(ResponseToWhoTrustsNobody, IsCheckedByWhatItSaysUnderTheSecret) {
  /* matrix: C73, E128 */
  const auto response = unwrap(read_all(told()));
  EXPECT_EQ(response.anchors.anchors(), std::vector{ca.certificate()});
  EXPECT_EQ(response.trust.anchors(), std::vector{ca.certificate()});
  EXPECT_TRUE(response.checked.success());
  ASSERT_TRUE(response.checked.anchors_by_secret);
  EXPECT_EQ(unwrap(*response.checked.anchors_by_secret).anchors(), std::vector{ca.certificate()});
}

TEST_F(ResponseToWhoTrustsNobody, IsNotTakenWhereAnotherAuthoritySignedIt) {
  const test::TestCa other{"CN=Test CA,O=Test", test::test_key("ec:p256", 2)};
  auto answer = told(naming(other.certificate()));
  answer.certificates.push_back(other.certificate().der);
  EXPECT_TRUE(read(answer).ok());
  EXPECT_EQ(read_all(answer).error().fault, Fault::untrusted_signer);
}

TEST_F(ResponseToWhoTrustsNobody, IsNotTakenWhereItAnswersAnotherMessage) {
  /* matrix: E101 */
  auto answer = told();
  answer.edit = [](auto& response) {
    response.control_sequence[1] = test::control(2, cmc::oid::kTransactionId,
                                                 cmc::write_integer_value(asn1::Integer::from(78)));
  };
  EXPECT_TRUE(read(answer).ok());
  EXPECT_EQ(read_all(answer).error().fault, Fault::replayed);
}

TEST_F(ResponseToWhoTrustsNobody, OfCertificatesAloneSaysNothingUnderTheSecret) {
  const auto octets = envelope::seal_certificates_only({ca.certificate().der});
  const SecretHolder holder{"alice", secret};
  const auto refused = read_response_by_secret(octets, {sent, holder, test::kTestTime});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault, Fault::malformed);
  EXPECT_THAT(refused.error().detail, ::testing::HasSubstr("instead of a PKIResponse"));
}

}  // namespace
}  // namespace signet::client
