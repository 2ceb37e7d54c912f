// Those who have no certificate yet, by the MAC of an AuthenticatedData around their message.
#include "envelope/authenticated_data.h"

#include "codec/cms/cms.h"
#include "codec/pkix/oids.h"
#include "proof/witness/identity_proof.h"
#include "support/reseal.h"
#include "support/shared_data.h"
#include "support/shared_secret_scene.h"

namespace signet::test {
namespace {

using client::RequestForm;
using cmc::CMCFailInfo;
using crypto::DigestAlgorithm;
using crypto::MacAlgorithm;

cms::PasswordRecipientInfo& recipient_of(cms::AuthenticatedData& data) {
  return std::get<cms::PasswordRecipientInfo>(data.recipient_infos.at(0));
}
/// The same recipient with other PBKDF2 parameters.
auto with_derivation(std::function<void(cms::Pbkdf2Parameters&)> edit) {
  return [edit](cms::AuthenticatedData& data) {
    auto& algorithm = recipient_of(data).key_derivation_algorithm;
    auto parameters = unwrap(cms::read_pbkdf2_parameters(*algorithm->parameters));
    edit(parameters);
    algorithm->parameters = cms::write_pbkdf2_parameters(parameters);
  };
}

TEST_F(SharedSecret, AuthenticatedDataNeedsNoSignatureAndNoIdentityProof) {
  /* matrix: E14, E15, E16, B14, B15, B16 */
  const auto told =
      send({.edit_controls = [](auto& controls) { controls.erase(controls.begin() + 2); },
            .in_authenticated_data = true});
  expect_granted(told);
}

TEST_F(SharedSecret, AuthenticatedDataOfTheClientIsGranted) {
  const SecretBytes secret{std::string_view(kSecret)};
  const auto request =
      unwrap(client::make_certification_request({.subject = unwrap(pkix::name_from_text(kOwner)),
                                                 .subject_alt_names = {},
                                                 .extensions = {},
                                                 .key = *test_key()}));
  const auto sent =
      unwrap(client::make_secret_request({.requests = {{RequestForm::pkcs10, request}},
                                          .data_return = std::nullopt,
                                          .more_controls = {},
                                          .key = *test_key(),
                                          .holder = {"alice", secret},
                                          .link_random = std::nullopt,
                                          .in_authenticated_data = true},
                                         crypto::system_random()));
  expect_granted(ca.send(sent.octets, nullptr));
}

TEST_F(SharedSecret, AuthenticatedDataIsAnsweredUnderTheSameSecret) {
  /* matrix: E14, E16 */
  const auto told = send({.in_authenticated_data = true});
  expect_granted(told);
  ASSERT_TRUE(told.authenticated);
  const SecretBytes password{std::string("alice") + kSecret};
  EXPECT_TRUE(envelope::verify_mac(*told.authenticated, password).ok());
  EXPECT_FALSE(send({.nonce = 2}).authenticated) << "a signed message has a signed answer";
}

TEST_F(SharedSecret, AuthenticatedDataIsForItsOneSenderAlone) {
  /* matrix: E164 */
  const auto asking_too = [](const std::string& subject, std::uint32_t nonce) {
    const SecretMessage second{.subject = subject, .key = test_key("ec:p256", 2)};
    return SecretMessage{
        .more_requests = {second.request(21)}, .nonce = nonce, .in_authenticated_data = true};
  };
  expect_refused(send(asking_too("UID=bob,O=Test", 1)), CMCFailInfo::badIdentity);
  const auto told = send(asking_too(kOwner, 2));
  EXPECT_EQ(told.certificates.size(), 2U) << told.text();
}

TEST_F(SharedSecret, AuthenticatedDataThatProvesNobodyIsAnsweredSigned) {
  const auto told = send({.secret = "incorrect horse battery", .in_authenticated_data = true});
  expect_refused(told, CMCFailInfo::badMessageCheck);
  EXPECT_FALSE(told.authenticated);
}

TEST_F(SharedSecret, RetryOfAuthenticatedDataIsAnsweredUnderTheSecretAgain) {
  const auto octets = SecretMessage{.in_authenticated_data = true}.encode();
  const auto first = ca.send(octets, nullptr);
  const auto again = ca.send(octets, nullptr);
  ASSERT_TRUE(again.authenticated);
  ASSERT_TRUE(again.issued());
  EXPECT_EQ(again.certificates[0].der, first.certificates.at(0).der);
}

TEST_F(SharedSecret, AuthenticatedDataWithAWrongSecretUnknownOrAlteredIsOneAnswer) {
  const auto wrong = send({.secret = "incorrect horse battery", .in_authenticated_data = true});
  const auto unknown = send({.identification = "nobody", .in_authenticated_data = true});
  const auto altered_mac = send({.in_authenticated_data = true,
                                 .edit_authenticated_data = [](auto& data) { data.mac[0] ^= 1; }});
  const auto altered_content =
      send({.in_authenticated_data = true, .edit_authenticated_data = [](auto& data) {
              auto& content = *data.encap_content_info.e_content;
              content[content.size() - 20] ^= 1;  // inside the signature of the PKCS#10
            }});
  for (const auto& told : {wrong, unknown, altered_mac, altered_content}) {
    expect_refused(told, CMCFailInfo::badMessageCheck, "do not prove who asks");
    EXPECT_EQ(told.text(), wrong.text());
  }
  EXPECT_EQ(failures_of("alice"), 3U);
}

TEST_F(SharedSecret, AuthenticatedDataStillNeedsPossessionAndLink) {
  expect_refused(send({.witness_of = Bytes(64, 8), .in_authenticated_data = true}),
                 CMCFailInfo::popFailed);
  const auto by_nobody = tagged(21, pkcs10({.subject = "", .possession = Possession::other_key}));
  expect_refused(send({.link_random = std::nullopt,
                       .more_requests = {by_nobody},
                       .nonce = 2,
                       .in_authenticated_data = true}),
                 CMCFailInfo::popFailed);
}

TEST_F(SharedSecret, AuthenticatedDataWithUnboundedDerivationIsRefusedQuickly) {
  const auto refuse = [&](std::function<void(cms::Pbkdf2Parameters&)> edit) {
    return send({.in_authenticated_data = true,
                 .edit_authenticated_data = with_derivation(std::move(edit))});
  };
  expect_refused(refuse([](auto& p) { p.iteration_count = 0; }), CMCFailInfo::badRequest);
  expect_refused(refuse([](auto& p) { p.iteration_count = std::int64_t{1} << 31; }),
                 CMCFailInfo::badRequest, "iterations");
  expect_refused(refuse([](auto& p) { p.salt = Bytes(2000, 1); }), CMCFailInfo::badRequest);
  expect_refused(refuse([](auto& p) { p.key_length = 16; }), CMCFailInfo::badRequest);
}

TEST_F(SharedSecret, AuthenticatedDataOfAnotherShapeIsRefused) {
  const auto refuse = [&](std::function<void(cms::AuthenticatedData&)> edit, CMCFailInfo why) {
    expect_refused(
        send({.in_authenticated_data = true, .edit_authenticated_data = std::move(edit)}), why);
  };
  refuse([](auto& data) { data.recipient_infos.push_back(data.recipient_infos[0]); },
         CMCFailInfo::badRequest);
  refuse([](auto& data) { recipient_of(data).key_derivation_algorithm.reset(); },
         CMCFailInfo::badRequest);
  refuse(
      [](auto& data) {
        recipient_of(data).key_encryption_algorithm.algorithm = pkix::oid::kPbkdf2;
      },
      CMCFailInfo::badAlg);
  refuse(
      [](auto& data) {
        data.mac_algorithm = crypto::algorithm_identifier(MacAlgorithm::hmac_sha1);
      },
      CMCFailInfo::badAlg);
  refuse(
      [](auto& data) {
        data.digest_algorithm = crypto::algorithm_identifier(DigestAlgorithm::sha1);
      },
      CMCFailInfo::badAlg);
  refuse(
      [](auto& data) {
        data.auth_attrs.clear();
        data.auth_attrs_der.reset();
        data.digest_algorithm.reset();
      },
      CMCFailInfo::badRequest);
}

}  // namespace
}  // namespace signet::test
