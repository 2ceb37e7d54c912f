// Messages under encryption (RFC 10002 §5): the three shapes, each answered in kind.
#include "client/encryption.h"

#include <gtest/gtest.h>

#include "codec/pkix/oids.h"
#include "envelope/signed_data.h"
#include "support/encryption_scene.h"
#include "support/shared_data.h"

namespace signet::test {
namespace {

using cmc::CMCFailInfo;
using cmc::CMCStatus;
using envelope::EncryptionStyle;

TEST_F(Encryption, AnEncryptedMessageIsAnsweredInKind) {
  /* matrix: B05, B07, B11, E59, E60 */
  for (const auto& cipher : {pkix::oid::kAes256Gcm, pkix::oid::kAes128Cbc}) {
    EncryptionStyle style;
    style.content_encryption = cipher;
    style.icv_octets = 12;
    style.key_transport = EncryptionStyle::KeyTransport::pkcs1;
    const auto answer = send(encrypt(ca.request(alice, "CN=Alice,O=Test").octets, style), alice);
    EXPECT_EQ(answer.issued, 1U);
    const bool authenticated = cipher == pkix::oid::kAes256Gcm;
    EXPECT_EQ(type_of(answer.octets),
              authenticated ? cms::oid::kAuthEnvelopedData : cms::oid::kEnvelopedData);
    if (authenticated) {
      const auto data = unwrap(
          cms::read_auth_enveloped_data(unwrap(cms::read_content_info(answer.octets)).content));
      EXPECT_EQ(data.mac.size(), 12U);
    }
    EXPECT_EQ(status_in(open(answer.octets, alice)).cmc_status, CMCStatus::success);
  }
}

TEST_F(Encryption, ASignatureAroundTheEncryptionIsAnsweredInKind) {
  /* matrix: E59, E60 */
  const auto message = sign_around(encrypt(ca.request(alice, "CN=Alice,O=Test").octets), alice);
  const auto answer = send(message, alice);
  EXPECT_EQ(answer.issued, 1U) << (answer.refusal ? answer.refusal->detail : "");
  ASSERT_EQ(type_of(answer.octets), cms::oid::kSignedData);
  const auto outer =
      unwrap(cms::read_signed_data(unwrap(cms::read_content_info(answer.octets)).content));
  EXPECT_EQ(outer.encap_content_info.e_content_type, cms::oid::kAuthEnvelopedData);
  const auto key = unwrap(crypto::PublicKey::from(ca.certificate()->subject_public_key_info));
  EXPECT_TRUE(envelope::verify_signer(outer, outer.signer_infos.at(0), key).ok());
  EXPECT_EQ(status_in(plain_of(answer.octets)).cmc_status, CMCStatus::success);
}

TEST_F(Encryption, APlainMessageIsAnsweredPlainly) {
  const auto answer = send(ca.request(alice, "CN=Alice,O=Test").octets, alice);
  EXPECT_EQ(answer.issued, 1U);
  EXPECT_EQ(type_of(answer.octets), cms::oid::kSignedData);
}

TEST_F(Encryption, ARefusalIsAnsweredInKindToo) {
  const auto answer = send(encrypt(ca.request(alice, "CN=Bob,O=Test").octets), alice);
  EXPECT_EQ(type_of(answer.octets), cms::oid::kAuthEnvelopedData);
  expect_refused(answer, CMCFailInfo::badIdentity);
}

TEST_F(Encryption, WhoseCertificateOnlySignsIsAnsweredToTheNewKey) {
  const auto sent = ca.request(ca.alice, "CN=Alice,O=Test");  // EC, and no keyUsage: both can be
  const auto answer = send(encrypt(sent.octets), ca.alice);
  EXPECT_EQ(answer.issued, 1U);
  EXPECT_EQ(status_in(open(answer.octets, ca.alice)).cmc_status, CMCStatus::success);
}

TEST_F(Encryption, TheSameInsideUnderAnotherEncryptionIsARetry) {
  const auto sent = ca.request(alice, "CN=Alice,O=Test");
  const auto before = ca.certificates_on_record();
  for (int i = 0; i < 2; ++i) {
    authority::Inquiry inquiry;
    inquiry.octets = encrypt(sent.octets);
    inquiry.peer.tls_client_certificate = alice.certificate.der;
    static_cast<void>(ca.deliver_octets(std::move(inquiry)));
  }
  EXPECT_EQ(ca.certificates_on_record(), before + 1);
}

TEST_F(Encryption, WhatTheClientMakesIsGranted) {
  const auto sent = ca.request(alice, "CN=Alice,O=Test");
  TestCa any;
  const auto message =
      client::encrypt_request(sent.octets, decryption->certificate, crypto::system_random());
  ASSERT_TRUE(message.ok()) << message.error().detail;
  EXPECT_EQ(send(*message, alice).issued, 1U);
  EXPECT_FALSE(client::encrypt_request(ca.certification_request("CN=Alice,O=Test"),
                                       decryption->certificate, crypto::system_random())
                   .ok())
      << "a Simple request cannot be encrypted";
  EXPECT_FALSE(
      client::encrypt_request(sent.octets, TestCa().issue().certificate, crypto::system_random())
          .ok())
      << "nor to a certificate that only signs";
}

TEST_F(EncryptionByAgreement, Works) {
  const auto answer = send(encrypt(ca.request(alice, "CN=Alice,O=Test").octets), alice);
  EXPECT_EQ(answer.issued, 1U);
}

TEST_F(Encryption, IsOpenedLaterWhereItsKeyIsAway) {
  for (const auto& cipher : {pkix::oid::kAes256Gcm, pkix::oid::kAes128Cbc}) {
    EncryptionStyle style;
    style.content_encryption = cipher;
    const auto message = encrypt(ca.request(alice, "CN=Alice,O=Test").octets, style);
    auto broken = message;
    broken.back() ^= 1;
    expect_opened_later(message, broken);
  }
}

TEST_F(EncryptionByAgreement, IsOpenedLaterWhereItsKeyIsAway) {
  const auto message = encrypt(ca.request(alice, "CN=Alice,O=Test").octets);
  auto broken = message;
  broken.back() ^= 1;
  expect_opened_later(message, broken);
}

TEST(EncryptionKnownAnswer, IsReadAsTheMessageInside) {
  SIGNET_NEEDS_SHARED("spec/vectors");
  const auto message = shared_file("spec/vectors/fullreq-p10-authenv-icv12.der");
  std::shared_ptr<const crypto::PrivateKey> key =
      unwrap(crypto::read_private_key(shared_file("spec/vectors/ee-key.pem"), SecretBytes()));
  // Its recipient is named by the key's identifier alone.
  TestCa any;
  const envelope::DecryptionKey decryption{any.issue({.key = key}).certificate, key};
  const auto opened =
      envelope::open_encrypted_message(message, decryption, crypto::system_random());
  ASSERT_TRUE(opened.ok()) << opened.error().detail;
  EXPECT_EQ(opened->style.icv_octets, 12U);
  const auto inside = unwrap(cmc::read_pki_request(opened->octets));
  EXPECT_EQ(cmc::requests_of(inside).size(), 1U);
}

}  // namespace
}  // namespace signet::test
