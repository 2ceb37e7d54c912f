#pragma once

#include <gtest/gtest.h>

#include "client/encryption.h"
#include "support/losable_key.h"
#include "support/reseal.h"
#include "support/test_authority.h"
#include "support/unwrap.h"

namespace signet::test {

/// A key that a message may be encrypted to, in a certificate that says so.
inline std::shared_ptr<envelope::DecryptionKey> decryption_key(const std::string& kind) {
  TestCa any;
  auto made = std::make_shared<envelope::DecryptionKey>();
  const auto credential = any.issue(
      {.subject = "CN=CMC encryption",
       .key = test_key(kind, 7),
       .key_usage = {pkix::KeyUsageBit::keyEncipherment, pkix::KeyUsageBit::keyAgreement}});
  made->certificate = credential.certificate;
  made->key = credential.key;
  return made;
}

/// An authority that takes encrypted messages, and Alice with an RSA key.
class Encryption : public testing::Test {
 protected:
  explicit Encryption(const std::string& kind = "rsa:2048")
      : decryption(decryption_key(kind)), ca(choices(decryption)) {
    alice = ca.enroll("CN=Alice,O=Test", "rsa:2048");
  }
  static TestAuthority::Choices choices(std::shared_ptr<envelope::DecryptionKey> key) {
    TestAuthority::Choices chosen;
    chosen.decryption = std::move(key);
    return chosen;
  }

  Bytes encrypt(ByteView message, const envelope::EncryptionStyle& style = {}) {
    const auto key =
        unwrap(crypto::PublicKey::from(decryption->certificate->subject_public_key_info));
    const cms::IssuerAndSerialNumber rid{decryption->certificate->issuer,
                                         decryption->certificate->serial_number};
    return unwrap(envelope::encrypt_message(message, {key, rid}, style, crypto::system_random()));
  }
  Bytes sign_around(ByteView encrypted, const Holder& signer) {
    const auto content = unwrap(cms::read_content_info(encrypted));
    return seal_content(content.content, content.content_type, signer);
  }
  /// What the authority answers, as it came.
  authority::Answer send(Bytes message, const Holder& tls_client) {
    authority::Inquiry inquiry;
    inquiry.octets = std::move(message);
    inquiry.peer.tls_client_certificate = tls_client.certificate.der;
    return ca.decide(inquiry);
  }
  Bytes open(ByteView answer, const Holder& holder) {
    const client::AnswerKeys keys{&holder.certificate, holder.key.get(), *holder.key};
    return unwrap(client::open_answer(answer, keys, crypto::system_random()));
  }
  static cmc::CMCStatusInfoV2 status_in(ByteView response) {
    const auto signed_data =
        unwrap(cms::read_signed_data(unwrap(cms::read_content_info(response)).content));
    const auto pki = unwrap(cmc::read_pki_response(*signed_data.encap_content_info.e_content));
    const auto* status = cmc::find_control(pki.control_sequence, cmc::oid::kStatusInfoV2);
    return unwrap(cmc::read_cmc_status_info_v2(status->attr_values.front()));
  }
  static asn1::Oid type_of(ByteView message) {
    return unwrap(cms::read_content_info(message)).content_type;
  }
  /// The response inside, whatever shape stands around it.
  Bytes plain_of(const Bytes& answer) {
    if (type_of(answer) != cms::oid::kSignedData) return open(answer, alice);
    const auto outer =
        unwrap(cms::read_signed_data(unwrap(cms::read_content_info(answer)).content));
    const auto& content = outer.encap_content_info;
    if (content.e_content_type == cmc::oid::kPKIResponse) return answer;
    return open(cms::write_content_info(content.e_content_type, *content.e_content), alice);
  }
  void expect_refused(const authority::Answer& answer, cmc::CMCFailInfo why) {
    EXPECT_EQ(answer.issued, 0U);
    ASSERT_TRUE(answer.refusal.has_value());
    const auto plain = plain_of(answer.octets);
    const auto status = status_in(plain);
    EXPECT_EQ(status.cmc_status, cmc::CMCStatus::failed);
    ASSERT_TRUE(status.other_info.has_value());
    EXPECT_EQ(std::get<cmc::CMCFailInfo>(*status.other_info), why) << answer.refusal->detail;
  }

  /// While its key is away the authority says so, whatever was encrypted to it; and opens it later.
  void expect_opened_later(const Bytes& message, const Bytes& broken) {
    const auto key = std::make_shared<LosableKey>(decryption->key);
    decryption->key = key;
    key->lost = true;
    for (const auto* octets : {&message, &broken}) {
      const auto away = send(*octets, alice);
      expect_refused(away, cmc::CMCFailInfo::tryLater);
      const auto text = status_in(away.octets).status_string.value_or("");
      EXPECT_NE(text.find("Send the same message again"), std::string::npos) << text;
      EXPECT_EQ(text.find("token"), std::string::npos) << text;
    }
    key->lost = false;
    expect_refused(send(broken, alice), cmc::CMCFailInfo::badMessageCheck);
    EXPECT_EQ(send(message, alice).issued, 1U);
  }

  std::shared_ptr<envelope::DecryptionKey> decryption;
  TestAuthority ca;
  Holder alice;
};

/// The same, where the authority's key agrees on keys.
class EncryptionByAgreement : public Encryption {
 protected:
  EncryptionByAgreement() : Encryption("ec:p384") {}
};

}  // namespace signet::test
