#include "envelope/encrypted_message.h"

#include <gtest/gtest.h>

#include "support/message_builder.h"
#include "support/test_ca.h"
#include "support/unwrap.h"

namespace signet::envelope {
namespace {

using pkix::KeyUsageBit;
using test::Credential;
using test::unwrap;
namespace oid = pkix::oid;

cms::RecipientIdentifier named_by(const pkix::Certificate& certificate) {
  return cms::IssuerAndSerialNumber{certificate->issuer, certificate->serial_number};
}

crypto::PublicKey key_of(const Credential& credential) {
  return unwrap(crypto::PublicKey::from(credential.key->public_key_info()));
}

bool may_be_encrypted_to(const Credential& credential) {
  return envelope::may_be_encrypted_to(credential.certificate, key_of(credential));
}

/// A message of Alice's to an authority, that has an RSA key where nothing else is said.
class EncryptedMessage : public testing::Test {
 protected:
  [[nodiscard]] Bytes encrypt(const EncryptionStyle& style = {},
                              std::optional<cms::RecipientIdentifier> rid = {}) const {
    return unwrap(encrypt_message(message, {key_of(ours), rid.value_or(named_by(ours.certificate))},
                                  style, crypto::system_random()));
  }
  [[nodiscard]] Result<OpenedEncryption> open(ByteView octets) const {
    return open_encrypted_message(octets, {ours.certificate, ours.key}, crypto::system_random());
  }
  [[nodiscard]] Fault fault_of(ByteView octets) const {
    const auto opened = open(octets);
    return opened.ok() ? Fault::internal : opened.error().fault;
  }
  /// What stands in a ContentInfo, signed once more.
  static test::SignedMessage signed_around(ByteView content_info,
                                           const std::vector<Credential>& signers) {
    const auto content = unwrap(cms::read_content_info(content_info));
    test::SignedMessage around{.content = content.content, .content_type = content.content_type};
    for (const auto& signer : signers) {
      around.signers.push_back(test::signed_by(signer));
      around.certificates.push_back(signer.certificate.der);
    }
    return around;
  }
  /// `ours` and `others`, of whom the message says that they can open it.
  [[nodiscard]] std::pair<bool, bool> recipients(ByteView octets) const {
    const auto found = unwrap(recipients_of(octets, ours.certificate));
    return {found.ours, found.others};
  }

  test::TestCa ca;
  Credential alice = ca.issue({.key = test::test_key("ec:p256", 1)});
  Credential bob = ca.issue({.subject = "CN=Bob,O=Test", .key = test::test_key("ec:p256", 2)});
  Credential ours = ca.issue({.subject = "CN=CMC,O=Test",
                              .key = test::test_key("rsa:2048", 7),
                              .key_usage = {KeyUsageBit::keyEncipherment}});
  const Bytes message = test::full_request(alice, {test::tagged(1, test::pkcs10())}).encode();
};

constexpr std::pair<bool, bool> kOurs{true, false};
constexpr std::pair<bool, bool> kOthers{false, true};
constexpr std::pair<bool, bool> kNobody{false, false};

TEST_F(EncryptedMessage, TellsHowItWasEncrypted) {
  using KeyTransport = EncryptionStyle::KeyTransport;
  const std::vector<EncryptionStyle> styles{
      {.content_encryption = oid::kAes128Gcm, .icv_octets = 12},
      {.content_encryption = oid::kAes256Gcm, .key_transport = KeyTransport::pkcs1},
      {.content_encryption = oid::kAes128Cbc, .key_transport = KeyTransport::pkcs1},
      {.content_encryption = oid::kAes256Cbc}};
  for (const auto& style : styles) {
    const auto opened = unwrap(open(encrypt(style)));
    EXPECT_EQ(opened.octets, message);
    EXPECT_EQ(opened.shape, EncryptionShape::encrypted);
    EXPECT_FALSE(opened.outer_signer);
    EXPECT_EQ(opened.style.content_encryption, style.content_encryption);
    EXPECT_EQ(opened.style.icv_octets, style.icv_octets);
    EXPECT_EQ(opened.style.key_transport, style.key_transport);
  }
}

TEST_F(EncryptedMessage, IsOpenedByWhomItNamesAlone) {
  const auto& issuer = ours.certificate->issuer;
  const auto& serial = ours.certificate->serial_number;
  EXPECT_TRUE(open(encrypt({}, cms::SubjectKeyIdentifier{test::key_identifier_of(*ours.key)})));
  const std::vector<cms::RecipientIdentifier> others{
      cms::SubjectKeyIdentifier{test::key_identifier_of(*alice.key)},
      cms::IssuerAndSerialNumber{issuer, alice.certificate->serial_number},
      cms::IssuerAndSerialNumber{alice.certificate->subject, serial}};
  for (const auto& other : others) {
    const auto octets = encrypt({}, other);
    EXPECT_EQ(fault_of(octets), Fault::decryption_failed);
    EXPECT_EQ(recipients(octets), kOthers);
  }
}

TEST_F(EncryptedMessage, MayHaveOneSignerAroundItWhoIsTold) {
  const auto opened = unwrap(open(signed_around(encrypt(), {bob}).encode()));
  EXPECT_EQ(opened.octets, message);
  EXPECT_EQ(opened.shape, EncryptionShape::signed_encrypted);
  EXPECT_EQ(opened.outer_signer, bob.certificate);
  EXPECT_EQ(fault_of(signed_around(encrypt(), {bob, alice}).encode()), Fault::untrusted_signer);
  EXPECT_EQ(fault_of(signed_around(encrypt(), {}).encode()), Fault::untrusted_signer);
  auto stranger = signed_around(encrypt(), {bob});
  stranger.certificates.clear();
  EXPECT_EQ(fault_of(stranger.encode()), Fault::untrusted_signer);
}

TEST_F(EncryptedMessage, WithoutEncryptionOrMessageIsNoneOfOurs) {
  EXPECT_EQ(fault_of(message), Fault::unsupported_message);
  EXPECT_EQ(fault_of(signed_around(message, {alice}).encode()), Fault::unsupported_message);
  const auto data = cms::write_content_info(cms::oid::kData, Bytes{0x04, 0x01, 0x2A});
  EXPECT_EQ(fault_of(data), Fault::unsupported_message);
  const auto made = encrypt_message(data, {key_of(ours), named_by(ours.certificate)}, {},
                                    crypto::system_random());
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().fault, Fault::unsupported_message);
}

TEST_F(EncryptedMessage, TellsWhoCanOpenIt) {
  EXPECT_EQ(recipients(message), kNobody);
  EXPECT_EQ(recipients(signed_around(message, {alice}).encode()), kNobody);
  for (const auto& cipher : {oid::kAes256Gcm, oid::kAes256Cbc}) {
    const auto octets = encrypt({.content_encryption = cipher});
    EXPECT_EQ(recipients(octets), kOurs);
    EXPECT_EQ(recipients(signed_around(octets, {alice}).encode()), kOurs);
    EXPECT_TRUE(find_encryption(octets));
    EXPECT_TRUE(has_encryption(octets));
    EXPECT_FALSE(find_encryption(signed_around(octets, {alice}).encode())) << "but in a signature";
    EXPECT_TRUE(has_encryption(signed_around(octets, {alice}).encode()));
  }
  EXPECT_FALSE(has_encryption(message));
  EXPECT_FALSE(has_encryption(signed_around(message, {alice}).encode()));
  EXPECT_FALSE(has_encryption(Bytes{0x30, 0x01}));
}

TEST_F(EncryptedMessage, IsFoundAsFarAsTheLimitsAllow) {
  const auto octets = encrypt();
  EXPECT_EQ(find_encryption(octets)->content_type, cms::oid::kAuthEnvelopedData);
  auto limits = asn1::Limits::ber();
  limits.octets = octets.size() - 1;
  EXPECT_FALSE(find_encryption(octets, limits));
  EXPECT_FALSE(find_encryption(message));
}

TEST_F(EncryptedMessage, TellsWhoCanOpenItByAnAgreementOrWithoutACertificate) {
  ours = ca.issue({.key = test::test_key("ec:p256", 7), .key_usage = {KeyUsageBit::keyAgreement}});
  const auto octets = encrypt();
  EXPECT_EQ(recipients(octets), kOurs);
  EXPECT_EQ(recipients(encrypt({}, named_by(alice.certificate))), kOthers);
  const auto content = unwrap(cms::read_content_info(octets));
  auto data = unwrap(cms::read_auth_enveloped_data(content.content));
  cms::PasswordRecipientInfo by_password;
  by_password.key_encryption_algorithm = {oid::kAes256Wrap, {}};
  by_password.encrypted_key = Bytes(40, 1);
  data.recipient_infos.emplace_back(by_password);
  const auto both =
      cms::write_content_info(content.content_type, cms::write_auth_enveloped_data(data));
  EXPECT_EQ(recipients(both), std::pair(true, true));
}

TEST(MayBeEncryptedTo, KeysThatCanAndWhoseUsageSaysSo) {
  test::TestCa ca;
  struct Row {
    const char* kind;
    KeyUsageBit usage;
    bool may;
  };
  for (const auto& [kind, usage, may] : {Row{"rsa:2048", KeyUsageBit::keyEncipherment, true},
                                         Row{"rsa:2048", KeyUsageBit::keyAgreement, false},
                                         Row{"rsa:2048", KeyUsageBit::digitalSignature, false},
                                         Row{"ec:p256", KeyUsageBit::keyAgreement, true},
                                         Row{"ec:p256", KeyUsageBit::keyEncipherment, false},
                                         Row{"x25519", KeyUsageBit::keyAgreement, true},
                                         Row{"ed25519", KeyUsageBit::keyAgreement, false},
                                         Row{"ed25519", KeyUsageBit::keyEncipherment, false}}) {
    const auto credential = ca.issue({.key = test::test_key(kind, 3), .key_usage = {usage}});
    EXPECT_EQ(may_be_encrypted_to(credential), may) << kind;
  }
}

TEST(MayBeEncryptedTo, KeysThatCanWhereNoUsageIsSaid) {
  test::TestCa ca;
  for (const auto* kind : {"rsa:2048", "ec:p256"}) {
    auto credential = ca.issue({.key = test::test_key(kind, 3)});
    EXPECT_FALSE(may_be_encrypted_to(credential)) << "it only signs";
    auto tbs = credential.certificate.tbs.value;
    std::erase_if(tbs.extensions, [](const auto& each) { return each.extn_id == oid::kKeyUsage; });
    credential.certificate = test::sign_certificate(tbs, ca.key());
    EXPECT_TRUE(may_be_encrypted_to(credential)) << kind;
  }
}

}  // namespace
}  // namespace signet::envelope
