// What a message that nobody signed (id-alg-noSignature, RFC 10002 §C.1) says beside its requests.
// Its identity proof covers those alone: whoever saw it can take the signature off, and put in what
// he likes.
#include "support/change_status.h"
#include "support/forwarding_scene.h"
#include "support/shared_data.h"

namespace signet::test {
namespace {

using cmc::CMCFailInfo;
using cmc::CMCStatus;
using store::CertificateStatus;
using Controls = std::vector<cmc::TaggedAttribute>;

constexpr std::uint8_t kTransaction = 7;

class UnsignedMessage : public ForwardingScene {
 protected:
  UnsignedMessage() : ForwardingScene(choices()) {
    ca.secrets->entries["alice"] = {.secret = kSecret, .subject = kOwner, .uses_allowed = 9};
  }
  static TestAuthority::Choices choices() {
    TestAuthority::Choices made;
    made.settings.confirmed_profiles = {made.settings.secret_profile, made.settings.agent_profile};
    made.settings.most_waiting = 2;
    const auto profile = file(source_folder() + "/profiles/caFullCMCSharedTokenCert.cfg");
    made.more_profiles = std::string(as_text(profile)) + "\nauth.explicitApprovalRequired=true\n";
    return made;
  }
  static cmc::TaggedAttribute transaction() {
    return control(72, cmc::oid::kTransactionId,
                   cmc::write_integer_value(asn1::Integer{Bytes{kTransaction}}));
  }
  static cmc::TaggedAttribute confirming(const pkix::Certificate& certificate) {
    return control(70, cmc::oid::kConfirmCertAcceptance,
                   cmc::write_cmc_cert_id({certificate->issuer, certificate->serial_number}));
  }
  static cmc::TaggedAttribute rejecting() {
    cmc::CMCStatusInfoV2 status;
    status.cmc_status = CMCStatus::failed;
    status.body_list = {cmc::BodyPartID{0}};
    return control(71, cmc::oid::kStatusInfoV2, cmc::write_cmc_status_info_v2(status));
  }
  /// What its requester sent, and what it brought.
  struct Enrolled {
    Bytes message;
    pkix::Certificate certificate;
  };
  Enrolled enrolled() {
    SecretMessage message{.nonce = next_nonce++};
    message.edit_controls = [](Controls& controls) { controls.push_back(transaction()); };
    auto octets = message.encode();
    const auto told = ca.send(octets, nullptr);
    EXPECT_EQ(told.status.cmc_status, CMCStatus::confirmRequired) << told.text();
    return {std::move(octets), told.certificates.at(0)};
  }
  /// The message once more, under another nonce and without its signature; `more` stands beside.
  Bytes rewritten(const Bytes& seen, const Controls& more) {
    const auto message = unwrap(cmc::read_pki_request(seen));
    Controls controls{more};
    for (auto each : cmc::controls_of(message)) {
      if (each.attr_type == cmc::oid::kTransactionId) continue;
      if (each.attr_type == cmc::oid::kSenderNonce) {
        const Bytes nonce(16, static_cast<std::uint8_t>(next_nonce++));
        each.attr_values = {cmc::write_octets_value(nonce)};
      }
      controls.push_back(std::move(each));
    }
    std::vector<Bytes> requests;
    for (const auto* each : cmc::requests_of(message)) requests.push_back(each->der);
    return pki_data(controls, requests);
  }
  Told send(const Bytes& content, const Signing& signing, const std::string& profile = "") {
    const auto message = SignedMessage{.content = content, .signers = {signing}}.encode();
    return ca.send(message, nullptr, profile);
  }
  static Signing nobody() { return signed_by_nobody(Bytes(20, 1)); }
  static Signing own_key() {
    return signed_by_request_key(test_key(), key_identifier_of(*test_key()));
  }
  /// A proof over no requests, which anybody makes who knows the secret.
  Bytes without_requests(const Controls& more) {
    Controls controls{more};
    SecretMessage message{
        .proof_over = Bytes{0x30, 0x00}, .link_random = std::nullopt, .nonce = next_nonce++};
    message.edit_controls = [&](const Controls& shown) {
      controls.insert(controls.end(), shown.begin(), shown.end());
    };
    static_cast<void>(message.encode());
    return pki_data(controls, {});
  }
  Told send_authenticated(const Controls& more) {
    auto controls = more;
    controls.push_back(
        control(1, cmc::oid::kSenderNonce,
                cmc::write_octets_value(Bytes(16, static_cast<std::uint8_t>(next_nonce++)))));
    controls.push_back(control(2, cmc::oid::kIdentification, cmc::write_utf8_value("alice")));
    return ca.send(SecretMessage{}.authenticate(pki_data(controls, {})), nullptr);
  }

  bool is_awaited(const pkix::Certificate& certificate) {
    return unwrap(ca.engine().find_awaited(certificate->serial_number)).has_value();
  }
  CertificateStatus status_of(const pkix::Certificate& certificate) {
    return unwrap(ca.engine().find_certificate(certificate->serial_number)).value().status;
  }
  void expect_nothing_said(const Told& told, const pkix::Certificate& certificate) {
    expect_refused(told, CMCFailInfo::badIdentity, "AuthenticatedData");
    EXPECT_TRUE(is_awaited(certificate));
    EXPECT_EQ(status_of(certificate), CertificateStatus::valid);
  }

  std::uint32_t next_nonce = 1;
};

TEST_F(UnsignedMessage, SaysNothingOfCertificatesBesideItsRequests) {
  const auto [message, certificate] = enrolled();
  for (const auto& said :
       {Controls{confirming(certificate), rejecting()}, Controls{confirming(certificate)}}) {
    const auto told = send(rewritten(message, said), nobody());
    expect_nothing_said(told, certificate);
    EXPECT_TRUE(told.names(70));
  }
}

TEST_F(UnsignedMessage, RejectsNoTransactionBesideItsRequests) {
  const auto [message, certificate] = enrolled();
  const auto again = send(rewritten(message, {transaction(), rejecting()}), nobody());
  EXPECT_FALSE(again.issued());
  const SecretMessage fresh{.key = test_key("ec:p256", 9), .nonce = next_nonce++};
  send(rewritten(fresh.encode(), {transaction(), rejecting()}), nobody());
  EXPECT_TRUE(is_awaited(certificate));
  EXPECT_EQ(status_of(certificate), CertificateStatus::valid);
}

TEST_F(UnsignedMessage, ThatTheRequestsKeySignsTakesCertificatesAndRejectsThem) {
  const auto [message, taken] = enrolled();
  const auto rejected = enrolled().certificate;
  auto told = send(rewritten(message, {confirming(taken)}), own_key());
  EXPECT_TRUE(told.issued()) << told.text();
  EXPECT_FALSE(is_awaited(taken));
  EXPECT_EQ(status_of(taken), CertificateStatus::valid);
  told = send(rewritten(message, {confirming(rejected), rejecting()}), own_key());
  EXPECT_TRUE(told.issued()) << told.text();
  EXPECT_FALSE(is_awaited(rejected));
  EXPECT_EQ(status_of(rejected), CertificateStatus::revoked);
}

TEST_F(UnsignedMessage, IsGrantedForAKeyWithoutCertificateAlone) {
  const auto seen = SecretMessage{.nonce = next_nonce++}.encode();
  const auto first = send(rewritten(seen, {}), nobody());
  EXPECT_TRUE(first.issued()) << first.text();
  const auto again = send(rewritten(seen, {}), nobody());
  expect_refused(again, CMCFailInfo::noKeyReuse, "use a new key");
  EXPECT_TRUE(again.names(20));
  const auto uses = [this] {
    const auto id = to_bytes("token of alice: " + std::string(kSecret));
    return unwrap(ca.engine().token_history(id)).uses;
  };
  EXPECT_EQ(uses(), 1U);
  const auto by_its_key = send(rewritten(seen, {}), own_key());
  EXPECT_TRUE(by_its_key.issued()) << by_its_key.text();
  EXPECT_EQ(uses(), 2U);
}

TEST_F(UnsignedMessage, WaitsInHalfOfTheBoundAlone) {
  const auto seen = SecretMessage{.nonce = next_nonce++}.encode();
  const auto waits = [&](const Signing& signing) {
    return send(rewritten(seen, {}), signing, "extra");
  };
  EXPECT_EQ(waits(nobody()).status.cmc_status, CMCStatus::pending);
  expect_refused(waits(nobody()), CMCFailInfo::badRequest, "in messages that nobody signed");
  EXPECT_EQ(waits(own_key()).status.cmc_status, CMCStatus::pending);
  expect_refused(waits(own_key()), CMCFailInfo::badRequest, "2 requests");
}

TEST_F(UnsignedMessage, SaysNothingOfCertificatesWithoutRequests) {
  const auto certificate = enrolled().certificate;
  for (const auto& said :
       {Controls{confirming(certificate)}, Controls{confirming(certificate), rejecting()},
        Controls{transaction(), rejecting()}}) {
    expect_nothing_said(send(without_requests(said), nobody()), certificate);
  }
}

TEST_F(UnsignedMessage, InAnAuthenticatedDataSaysWhatItLikes) {
  const auto taken = enrolled().certificate;
  EXPECT_EQ(send_authenticated({confirming(taken)}).status.cmc_status, CMCStatus::success);
  EXPECT_FALSE(is_awaited(taken));
  const auto rejected = enrolled().certificate;
  EXPECT_EQ(send_authenticated({transaction(), rejecting()}).status.cmc_status, CMCStatus::success);
  EXPECT_EQ(status_of(rejected), CertificateStatus::revoked);
  EXPECT_EQ(status_of(taken), CertificateStatus::valid);
}

TEST_F(UnsignedMessage, IsCoveredByTheSignatureOfTheAgentWhoSaysWhoAsks) {
  const Controls vouched{identity_witness({1})};
  const auto first = forward_batch({{1, by_stranger("CN=Carol,O=Test")}}, vouched);
  const auto certificate = inside(first, 1).certificates.at(0);
  ASSERT_TRUE(is_awaited(certificate));
  const auto request = pkcs10({.subject = "CN=Carol,O=Test", .key = test_key("ec:p256", 1)});
  const auto message = SignedMessage{
      .content = pki_data({confirming(certificate)}, {tagged(20, request)}),
      .signers = {
          nobody()}}.encode();
  const auto told = inside(forward_batch({{1, message}}, vouched), 1);
  EXPECT_TRUE(told.issued()) << told.text();
  EXPECT_FALSE(is_awaited(certificate));
}

}  // namespace
}  // namespace signet::test
