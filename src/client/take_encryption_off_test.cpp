#include "client/take_encryption_off.h"

#include <gtest/gtest.h>

#include "client/encryption.h"
#include "client/pki_response.h"
#include "codec/pkix/oids.h"
#include "envelope/signed_data.h"
#include "support/message_builder.h"
#include "support/secret_message.h"
#include "support/test_ca.h"
#include "support/unwrap.h"

namespace signet::client {
namespace {

using test::unwrap;

constexpr auto kGcm = "2.16.840.1.101.3.4.1.46";
constexpr auto kCbc = "2.16.840.1.101.3.4.1.42";

/// Alice encrypts to a registration desk, or to others.
class TakeEncryptionOff : public ::testing::Test {
 protected:
  static test::CertificateInput to_encrypt_to(std::uint16_t number) {
    return {.subject = "CN=Desk,O=Test",
            .key = test::test_key("rsa:2048", number),
            .serial_number = asn1::Integer::from(9000U + number),
            .key_usage = {pkix::KeyUsageBit::keyEncipherment}};
  }
  [[nodiscard]] test::SignedMessage request() const {
    return test::full_request(alice, {test::tagged(20, test::pkcs10())});
  }
  static Bytes encrypt(ByteView message, const test::Credential& to, const char* cipher = kGcm) {
    const auto key = unwrap(crypto::PublicKey::from(to.key->public_key_info()));
    envelope::EncryptionStyle style;
    style.content_encryption = unwrap(asn1::Oid::from_text(cipher));
    return unwrap(envelope::encrypt_message(
        message,
        {key, cms::IssuerAndSerialNumber{to.certificate->issuer, to.certificate->serial_number}},
        style, crypto::system_random()));
  }
  static Bytes sign_around(ByteView encrypted, const test::Credential& signer) {
    const auto content = unwrap(cms::read_content_info(encrypted));
    return test::SignedMessage{.content = content.content,
                               .content_type = content.content_type,
                               .signers = {test::signed_by(signer)},
                               .certificates = {signer.certificate.der}}
        .encode();
  }
  /// The same with one recipient more.
  [[nodiscard]] Bytes also_to_other(ByteView encrypted) const {
    const auto content = unwrap(cms::read_content_info(encrypted));
    auto data = unwrap(cms::read_auth_enveloped_data(content.content));
    auto more = std::get<cms::KeyTransRecipientInfo>(data.recipient_infos.at(0));
    more.rid =
        cms::IssuerAndSerialNumber{other.certificate->issuer, other.certificate->serial_number};
    data.recipient_infos.emplace_back(std::move(more));
    return cms::write_content_info(content.content_type, cms::write_auth_enveloped_data(data));
  }
  [[nodiscard]] Result<TakenMessage> take_whole(ByteView message) const {
    return take_encryption_off(message, {desk.certificate, desk.key}, crypto::system_random());
  }
  [[nodiscard]] Result<Bytes> take(ByteView message) const {
    return TRY(take_whole(message)).octets;
  }
  /// Some answer to a message that was encrypted to the desk; none: it cannot be encrypted.
  [[nodiscard]] std::optional<Bytes> answer_to(ByteView encrypted) const {
    return unwrap(
        put_encryption_on(answer, unwrap(take_whole(encrypted)), crypto::system_random()));
  }
  static Bytes opened(ByteView encrypted, const crypto::PrivateKey& key) {
    return unwrap(open_answer(encrypted, key, crypto::system_random()));
  }
  [[nodiscard]] Fault fault_of(ByteView message) const {
    const auto taken = take(message);
    return taken.ok() ? Fault::internal : taken.error().fault;
  }

  test::TestCa ca;
  test::Credential alice = ca.issue(
      {.key = test::test_key("ec:p256", 1),
       .key_usage = {pkix::KeyUsageBit::digitalSignature, pkix::KeyUsageBit::keyAgreement}});
  test::Credential bob =
      ca.issue({.subject = "CN=Bob,O=Test", .key = test::test_key("ec:p256", 2)});
  const Bytes answer = test::full_request(bob, {test::tagged(1, test::pkcs10())}).encode();
  test::Credential desk = ca.issue(to_encrypt_to(1));
  test::Credential other = ca.issue(to_encrypt_to(2));
};

TEST_F(TakeEncryptionOff, GivesWhatWasEncryptedToUsAlone) {
  /* matrix: E153 */
  const auto message = request().encode();
  EXPECT_EQ(unwrap(take(encrypt(message, desk))), message);
  EXPECT_EQ(unwrap(take(encrypt(message, desk, kCbc))), message);
}

TEST_F(TakeEncryptionOff, LeavesWhatOthersCanOpenOrWhatIsPlain) {
  /* matrix: E153 */
  const auto message = request().encode();
  const auto for_other = encrypt(message, other);
  const auto for_both = also_to_other(encrypt(message, desk));
  for (const auto& each : {message, for_other, for_both, sign_around(for_other, alice)}) {
    EXPECT_EQ(unwrap(take(each)), each);
  }
  EXPECT_EQ(fault_of(Bytes{0x30, 0x01}), Fault::malformed);
}

TEST_F(TakeEncryptionOff, TakesASignatureAroundItOffToo) {
  /* matrix: E154 */
  const auto message = request().encode();
  const auto encrypted = encrypt(message, desk);
  EXPECT_EQ(unwrap(take(sign_around(encrypted, alice))), message);
  EXPECT_EQ(fault_of(sign_around(encrypted, bob)), Fault::unsupported_message)
      << "whose message is it?";
  EXPECT_EQ(fault_of(test::with_last_bit_changed(sign_around(encrypted, alice))),
            Fault::bad_signature);
}

TEST_F(TakeEncryptionOff, TellsHowItWasEncryptedToUsAndNothingOfOthers) {
  const auto message = request().encode();
  const auto style = [&](ByteView octets) { return unwrap(take_whole(octets)).style; };
  EXPECT_EQ(style(encrypt(message, desk))->content_encryption.to_text(), kGcm);
  EXPECT_EQ(style(encrypt(message, desk, kCbc))->content_encryption.to_text(), kCbc);
  EXPECT_FALSE(style(message));
  EXPECT_FALSE(style(encrypt(message, other)));
}

TEST_F(TakeEncryptionOff, AnswersAreEncryptedInKindToWhoSigned) {
  const auto message = request().encode();
  for (const auto* cipher : {kGcm, kCbc}) {
    const auto encrypted = answer_to(encrypt(message, desk, cipher));
    ASSERT_TRUE(encrypted);
    EXPECT_TRUE(envelope::has_encryption(*encrypted));
    EXPECT_EQ(opened(*encrypted, *alice.key), answer);
    EXPECT_FALSE(open_answer(*encrypted, *desk.key, crypto::system_random()).ok());
  }
  const auto type_of = [](const std::optional<Bytes>& encrypted) {
    return unwrap(cms::read_content_info(*encrypted)).content_type;
  };
  EXPECT_EQ(type_of(answer_to(encrypt(message, desk))), cms::oid::kAuthEnvelopedData);
  EXPECT_EQ(type_of(answer_to(encrypt(message, desk, kCbc))), cms::oid::kEnvelopedData);
}

TEST_F(TakeEncryptionOff, AnswersMayBeAsLargeEncryptedAsInClear) {
  std::vector<Bytes> many(1000, ca.certificate().der);
  const auto large = envelope::seal_certificates_only(many);
  ASSERT_GT(large.size(), 300U * 1024);
  const auto content = unwrap(cms::read_content_info(large, kAnswerLimits));
  const auto key = unwrap(crypto::PublicKey::from(other.key->public_key_info()));
  for (const auto* cipher : {kGcm, kCbc}) {
    const auto encrypted = unwrap(envelope::seal_encrypted(
        {.content_type = content.content_type,
         .content = content.content,
         .recipient = key,
         .rid = cms::IssuerAndSerialNumber{other.certificate->issuer,
                                           other.certificate->serial_number},
         .style = {.content_encryption = unwrap(asn1::Oid::from_text(cipher))}},
        crypto::system_random()));
    EXPECT_EQ(opened(encrypted, *other.key), large);
  }
}

TEST_F(TakeEncryptionOff, AnswersGoToTheKeyThatIsAskedForWhereTheSignersOnlySigns) {
  const auto signs = ca.issue({.subject = "CN=Signs,O=Test",
                               .key = test::test_key("ec:p256", 3),
                               .key_usage = {pkix::KeyUsageBit::digitalSignature}});
  const auto asking_for = [&](const test::Key& key) {
    return test::full_request(signs, {test::tagged(20, test::pkcs10({.key = key}))}).encode();
  };
  const auto wanted = test::test_key("rsa:2048", 3);
  const auto encrypted = answer_to(encrypt(asking_for(wanted), desk));
  ASSERT_TRUE(encrypted);
  EXPECT_EQ(opened(*encrypted, *wanted), answer);
  EXPECT_EQ(answer_to(encrypt(asking_for(test::test_key("ed25519", 3)), desk)), std::nullopt);
}

TEST_F(TakeEncryptionOff, TakesNothingThatNobodySigned) {
  auto by_nobody = request();
  by_nobody.signers = {test::signed_by_nobody(Bytes(20, 1))};
  auto without = request();
  without.signers.clear();
  const auto by_mac = test::SecretMessage{.in_authenticated_data = true}.encode();
  for (const auto& each : {by_nobody.encode(), without.encode(), by_mac}) {
    EXPECT_EQ(fault_of(encrypt(each, desk)), Fault::unsupported_message);
    EXPECT_EQ(fault_of(encrypt(each, desk, kCbc)), Fault::decryption_failed);
  }
}

TEST_F(TakeEncryptionOff, TellsNothingOfWhatMayHaveBeenAltered) {
  auto broken = request();
  broken.content_sent = test::pki_data({}, {test::tagged(20, test::pkcs10({.subject = "CN=Eve"}))});
  EXPECT_EQ(fault_of(encrypt(broken.encode(), desk)), Fault::bad_signature);
  EXPECT_EQ(fault_of(encrypt(broken.encode(), desk, kCbc)), Fault::decryption_failed);
  const auto altered = test::with_last_bit_changed(encrypt(request().encode(), desk, kCbc));
  EXPECT_EQ(fault_of(altered), Fault::decryption_failed);
  EXPECT_EQ(take(altered).error().detail,
            take(encrypt(broken.encode(), desk, kCbc)).error().detail);
}

}  // namespace
}  // namespace signet::client
