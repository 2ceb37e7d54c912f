// authData: controls under a MAC of their own, and what is to be trusted under one (RFC 10002
// §6.16).
#include "client/read_response.h"
#include "envelope/signed_attributes.h"
#include "support/auth_data_scene.h"
#include "support/reseal.h"

namespace signet::test {
namespace {

using cmc::CMCFailInfo;

/// What authData of an answer names.
std::optional<cms::AuthenticatedData> anchors_item(const Told& told) {
  const auto* control = cmc::find_control(told.controls, cmc::oid::kAuthData);
  if (control == nullptr) return std::nullopt;
  const auto id = unwrap(cmc::read_body_part_id_value(control->attr_values.at(0)));
  for (const auto& item : told.messages) {
    if (item.body_part_id != id) continue;
    return unwrap(cms::read_authenticated_data(item.content_info.content));
  }
  return std::nullopt;
}

// ------------------------------------------------------------------------- the answer

TEST_F(AuthDataControl, IsAnsweredWithTheRootsUnderTheSameSecret) {
  /* matrix: C75, E134 */
  const auto told = send_inside({});
  expect_granted(told);
  const auto data = anchors_item(told);
  ASSERT_TRUE(data);
  EXPECT_EQ(data->encap_content_info.e_content_type, cmc::oid::kPKIData);
  const SecretBytes password{std::string("alice") + kSecret};
  EXPECT_TRUE(envelope::verify_mac(*data, password).ok());
  EXPECT_EQ(unwrap(envelope::signing_time(*data)), ca.clock.now());
  const auto inside = unwrap(cmc::read_pki_data(*data->encap_content_info.e_content));
  const auto& controls = inside.control_sequence;
  const auto value = [&](const asn1::Oid& type) {
    const auto* control = cmc::find_control(controls, type);
    return control == nullptr ? Bytes{} : control->attr_values.at(0);
  };
  EXPECT_EQ(value(cmc::oid::kIdentification), cmc::write_utf8_value("alice"));
  EXPECT_EQ(value(cmc::oid::kTransactionId), cmc::write_integer_value(asn1::Integer::from(77)));
  EXPECT_EQ(value(cmc::oid::kRecipientNonce), cmc::write_octets_value(Bytes(16, 1)));
  const auto anchors = unwrap(cmc::read_publish_trust_anchors(value(cmc::oid::kTrustedAnchors)));
  EXPECT_EQ(anchors.anchor_hashes, std::vector<Bytes>{crypto::sha256(ca.certificate().der)});
}

TEST_F(AuthDataControl, OfTheClientLearnsTheRootThatComesAlong) {
  /* matrix: C73, C75, E128, E134 */
  const SecretBytes secret{std::string_view(kSecret)};
  const client::SecretHolder holder{"alice", secret};
  ca.secrets->entries["alice"].uses_allowed = 0;
  for (const bool by_mac : {false, true}) {
    const auto key = test_key("ec:p256", by_mac ? 1 : 0);
    const auto request =
        unwrap(client::make_certification_request({.subject = unwrap(pkix::name_from_text(kOwner)),
                                                   .subject_alt_names = {},
                                                   .extensions = {},
                                                   .key = *key}));
    const auto sent =
        unwrap(client::make_secret_request({.requests = {{client::RequestForm::pkcs10, request}},
                                            .data_return = std::nullopt,
                                            .more_controls = {},
                                            .key = *key,
                                            .holder = holder,
                                            .link_random = std::nullopt,
                                            .in_authenticated_data = by_mac,
                                            .wants_anchors = true},
                                           crypto::system_random()));
    authority::Inquiry inquiry;
    inquiry.octets = sent.octets;
    const auto answer = ca.deliver_octets(inquiry);
    const auto response =
        unwrap(client::read_response_by_secret(answer.octets, {sent, holder, ca.clock.now()}));
    EXPECT_EQ(response.anchors.anchors(), std::vector{ca.certificate()});
    EXPECT_EQ(response.anchors.sequence_number(), asn1::Integer::from(6));
    EXPECT_TRUE(response.checked.success());
  }
}

TEST_F(AuthDataControl, IsAnsweredSoInAnAuthenticatedDataToo) {
  auto message = with_item(UnderMac{}.encode());
  message.in_authenticated_data = true;
  const auto told = send(message);
  expect_granted(told);
  EXPECT_TRUE(told.authenticated);
  EXPECT_TRUE(anchors_item(told));
}

TEST_F(AuthDataControl, IsAnsweredSoWhenItComesAgain) {
  const auto octets = with_item(UnderMac{}.encode()).encode();
  const auto first = ca.send(octets, nullptr);
  const auto again = ca.send(octets, nullptr);
  ASSERT_TRUE(again.issued());
  EXPECT_EQ(again.certificates[0].der, first.certificates.at(0).der);
  EXPECT_TRUE(anchors_item(again));
}

TEST_F(AuthDataControl, AloneMakesAnAnswerSaySo) {
  const auto told = send({});
  expect_granted(told);
  EXPECT_EQ(cmc::find_control(told.controls, cmc::oid::kAuthData), nullptr);
  EXPECT_TRUE(told.messages.empty());
}

TEST_F(AuthDataControl, OfAnAuthorityWithoutRootBringsNothing) {
  TestAuthority subordinate{{.has_root = false}};
  know(subordinate);
  const auto told = subordinate.send(with_item(UnderMac{}.encode()).encode(), nullptr);
  expect_granted(told);
  EXPECT_FALSE(anchors_item(told));
}

TEST_F(AuthDataControl, OfAnAnswerIsNoRequest) {
  const auto data = anchors_item(send_inside({}));
  ASSERT_TRUE(data);
  const auto reflected =
      cms::write_content_info(cms::oid::kAuthenticatedData, cms::write_authenticated_data(*data));
  expect_refused(ca.send(reflected, nullptr), CMCFailInfo::badRequest, "trustedAnchors");
}

// ------------------------------------------------------------------------- what does not verify

TEST_F(AuthDataControl, ThatDoesNotVerifyIsAuthDataFail) {
  /* matrix: E134, E135 */
  const auto told_as = "does not verify with the identification and shared secret";
  expect_told(send_inside({.secret = "incorrect horse battery"}), CMCFailInfo::authDataFail,
              told_as);
  expect_told(send_inside({.identification = "bob", .secret = "another secret of sixteen"}),
              CMCFailInfo::authDataFail, told_as);
  expect_told(send_inside({.edit = [](auto& data) { data.mac[0] ^= 1; }}),
              CMCFailInfo::authDataFail, told_as);
  expect_told(
      send_inside({.edit = [](auto& data) { data.encap_content_info.e_content->back() ^= 1; }}),
      CMCFailInfo::authDataFail, told_as);
}

TEST_F(AuthDataControl, IsNotLookedIntoBeforeItVerifies) {
  /* matrix: E134 */
  const Bytes no_pki_data{0x04, 0x01, 0x00};
  const auto garbled = [&](auto& data) { data.encap_content_info.e_content = no_pki_data; };
  expect_told(send_inside({.edit = garbled}), CMCFailInfo::authDataFail, "does not verify");
}

TEST_F(AuthDataControl, ProvesNobody) {
  /* matrix: E135 */
  const auto unsigned_message = [](const ControlList& controls) {
    cmc::PKIDataParts parts;
    parts.control_sequence = controls;
    parts.cms_sequence = {
        {cmc::BodyPartID{kAuthDataItem}, unwrap(cms::read_content_info(UnderMac{}.encode()))}};
    return SignedMessage{.content = cmc::write_pki_data(parts)}.encode();
  };
  expect_refused(ca.send(unsigned_message({auth_data()}), nullptr), CMCFailInfo::badIdentity);
  auto without_proof = with_item(UnderMac{}.encode());
  without_proof.edit_controls = [](ControlList& controls) {
    controls.erase(controls.begin() + 2);
    controls.push_back(auth_data());
  };
  expect_refused(send(without_proof), CMCFailInfo::badIdentity);
}

TEST_F(AuthDataControl, OfWhoIsKnownByACertificateIsAuthDataFail) {
  /* matrix: E135 */
  for (const auto* holder : {&ca.alice, &ca.agent}) {
    auto parts = parts_of(ca.request(*holder, pkix::to_text(holder->certificate->subject)).octets);
    parts.cms_sequence = {
        {cmc::BodyPartID{kAuthDataItem}, unwrap(cms::read_content_info(UnderMac{}.encode()))}};
    parts.control_sequence.push_back(auth_data());
    const auto told = ca.send(seal(parts, *holder), holder);
    expect_refused(told, CMCFailInfo::authDataFail, "is known otherwise");
    EXPECT_TRUE(told.names(kAuthDataControl));
  }
}

TEST_F(AuthDataControl, LeavesUnknownWrongAndLockedOneAnswer) {
  auto unknown = with_item(UnderMac{.identification = "nobody"}.encode());
  unknown.identification = "nobody";
  auto wrong = with_item(UnderMac{}.encode());
  wrong.secret = "incorrect horse battery";
  const auto first = send(unknown);
  expect_not_proven(first);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(send(wrong).text(), first.text());
  EXPECT_EQ(send_inside({}).text(), first.text()) << "locked by now";
}

// ------------------------------------------------------------------------- what it costs

TEST_F(AuthDataControl, DemandsTwoHundredThousandOfThePrfAtMost) {
  const auto with_iterations = [](std::int64_t iterations) {
    return [iterations](cms::AuthenticatedData& data) {
      auto& recipient = std::get<cms::PasswordRecipientInfo>(data.recipient_infos.at(0));
      auto& derivation = *recipient.key_derivation_algorithm;
      auto parameters = unwrap(cms::read_pbkdf2_parameters(*derivation.parameters));
      parameters.iteration_count = iterations;
      derivation.parameters = cms::write_pbkdf2_parameters(parameters);
    };
  };
  expect_told(send_inside({.edit = with_iterations(200'001)}), CMCFailInfo::badRequest, "PBKDF2");
  expect_told(send_inside({.edit = with_iterations(200'000)}), CMCFailInfo::authDataFail, "");
}

TEST_F(AuthDataControl, IsLookedAtWhereTimeMayBeTaken) {
  const auto message = with_item(UnderMac{}.encode());
  authority::Inquiry inquiry;
  inquiry.octets = message.encode();
  inquiry.may_take_time = false;
  const auto reply = ca.authority().respond(inquiry);
  EXPECT_TRUE(std::holds_alternative<authority::TakesTime>(reply));
  inquiry.may_take_time = true;
  EXPECT_FALSE(ca.decide(inquiry).refusal);
}

TEST_F(AuthDataControl, StandsOnceInAMessage) {
  const auto item = UnderMac{}.encode();
  for (const auto second : {kAuthDataItem, kAuthDataItem + 5}) {
    auto message = with_item(item, {auth_data(), auth_data(second, 72)});
    message.messages.emplace_back(kAuthDataItem + 5, item);
    const auto told = send(message);
    expect_refused(told, CMCFailInfo::badRequest, "stands twice");
    EXPECT_TRUE(told.names(72));
  }
}

// ------------------------------------------------------------------------- what it names

TEST_F(AuthDataControl, NamesAnAuthenticatedDataOverAPKIData) {
  /* matrix: E134 */
  const auto item = UnderMac{}.encode();
  for (const auto nothing :
       {std::uint32_t{99}, kAuthDataControl, std::uint32_t{20}, std::uint32_t{0}}) {
    expect_told(send(with_item(item, {auth_data(nothing)})), CMCFailInfo::badRequest,
                "holds no message of that bodyPartID");
  }
  expect_told(send(with_item(SecretMessage{}.encode())), CMCFailInfo::badRequest,
              "instead of an AuthenticatedData");
  for (const auto& type : {cmc::oid::kPKIResponse, cms::oid::kData}) {
    expect_told(send_inside({.type = type}), CMCFailInfo::badRequest, "instead of a PKIData");
  }
  const auto no_number = control(kAuthDataControl, cmc::oid::kAuthData, {0x30, 0x00});
  expect_told(send(with_item(item, {no_number})), CMCFailInfo::badRequest, "authData");
}

TEST_F(AuthDataControl, ThatVerifiesIsReadToItsEnd) {
  const auto told = send_inside({.requests = {tagged(9, pkcs10())}});
  expect_told(told, CMCFailInfo::badRequest, "controls alone");
  cmc::PKIDataParts parts;
  parts.cms_sequence = {{cmc::BodyPartID{3}, unwrap(cms::read_content_info(UnderMac{}.encode()))}};
  const SecretBytes password{std::string("alice") + kSecret};
  const auto nested = unwrap(envelope::seal_authenticated_data(
      {cmc::oid::kPKIData, cmc::write_pki_data(parts), password}, crypto::system_random()));
  expect_told(send(with_item(nested)), CMCFailInfo::badRequest, "controls alone");
}

}  // namespace
}  // namespace signet::test
