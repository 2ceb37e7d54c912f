// Messages under encryption: the nearest things that are refused, all in one way where they depend
// on the key.
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "codec/pkix/certificate.h"
#include "codec/pkix/oids.h"
#include "support/encryption_scene.h"
#include "support/secret_message.h"

namespace signet::test {
namespace {

using cmc::CMCFailInfo;
using envelope::EncryptionStyle;

TEST_F(Encryption, WhatDependsOnTheKeyIsOneRefusal) {
  /* matrix: E38, E39 */
  const auto message = encrypt(ca.request(alice, "CN=Alice,O=Test").octets);
  std::set<std::string> words;
  for (std::size_t at = message.size() - 600; at < message.size(); at += 7) {
    auto altered = message;
    altered[at] ^= 0x10;
    const auto answer = send(altered, alice);
    EXPECT_EQ(answer.issued, 0U) << at;
    ASSERT_TRUE(answer.refusal.has_value());
    if (answer.refusal->fault != Fault::decryption_failed) continue;
    expect_refused(answer, CMCFailInfo::badMessageCheck);
    words.insert(answer.refusal->detail);
  }
  EXPECT_EQ(words.size(), 1U);
}

/// What a peer learns from a refusal: its words, and which controls stand in its answer.
using Learned = std::pair<std::string, std::size_t>;

Learned learned_from(const authority::Answer& answer) {
  const auto read = unwrap(cms::read_content_info(answer.octets));
  EXPECT_EQ(read.content_type, cms::oid::kSignedData) << "nothing is encrypted to whom it names";
  const auto signed_data = unwrap(cms::read_signed_data(read.content));
  const auto pki = unwrap(cmc::read_pki_response(*signed_data.encap_content_info.e_content));
  EXPECT_EQ(cmc::find_control(pki.control_sequence, cmc::oid::kRecipientNonce), nullptr);
  EXPECT_EQ(cmc::find_control(pki.control_sequence, cmc::oid::kTransactionId), nullptr);
  return {answer.refusal->detail, pki.control_sequence.size()};
}

TEST_F(Encryption, WhatCanBeAlteredWithoutTheKeyIsOneRefusalUntilASignatureHolds) {
  /* matrix: E38 */
  EncryptionStyle cbc;
  cbc.content_encryption = pkix::oid::kAes128Cbc;
  const auto signed_message = ca.request(alice, "CN=Alice,O=Test").octets;
  const auto message = encrypt(signed_message, cbc);
  constexpr std::size_t kBlock = 16;
  std::set<Learned> learned;
  const auto expect_hidden = [&](const Bytes& sent) {
    const auto answer = send(sent, alice);
    EXPECT_EQ(answer.issued, 0U);
    ASSERT_TRUE(answer.refusal.has_value());
    EXPECT_EQ(answer.refusal->fault, Fault::decryption_failed) << answer.refusal->confidential;
    learned.insert(learned_from(answer));
  };
  // One octet of any block alters that block's and the next one's plaintext: padding, lengths,
  // names, the nonce, the signature.
  for (std::size_t at = message.size() - signed_message.size() + 4 * kBlock; at < message.size();
       at += 13) {
    auto altered = message;
    altered[at] ^= 0x10;
    expect_hidden(altered);
  }
  // Every end that a padding may have.
  for (unsigned end = 1; end < 256; ++end) {
    auto altered = message;
    altered[altered.size() - kBlock - 1] ^= static_cast<std::uint8_t>(end);
    expect_hidden(altered);
  }
  // What decrypts, reads well, and nobody signed.
  auto parts = signed_data_of(signed_message);
  parts.signer_infos.clear();
  expect_hidden(encrypt(write_message(parts), cbc));
  parts = signed_data_of(signed_message);
  parts.signer_infos.front().signature.back() ^= 1;
  expect_hidden(encrypt(write_message(parts), cbc));
  // What a MAC alone would vouch for, after long work.
  expect_hidden(encrypt(SecretMessage{.in_authenticated_data = true}.encode(), cbc));
  EXPECT_EQ(learned.size(), 1U);
  EXPECT_EQ(send(message, alice).issued, 1U);
}

TEST_F(Encryption, AForeignTypeIsRefusedBeforeAKeyIsUsed) {
  /* matrix: E38 */
  // The type stands in clear: whoever changes it must not learn which padding is good.
  EncryptionStyle cbc;
  cbc.content_encryption = pkix::oid::kAes128Cbc;
  const auto message = encrypt(ca.request(alice, "CN=Alice,O=Test").octets, cbc);
  auto data = unwrap(cms::read_enveloped_data(unwrap(cms::read_content_info(message)).content));
  data.encrypted_content_info.content_type = cms::oid::kData;
  std::set<std::pair<Fault, std::string>> told;
  for (unsigned change = 0; change < 256; ++change) {
    auto& encrypted = *data.encrypted_content_info.encrypted_content;
    encrypted[encrypted.size() - 17] ^= static_cast<std::uint8_t>(change);
    const auto answer = send(
        cms::write_content_info(cms::oid::kEnvelopedData, cms::write_enveloped_data(data)), alice);
    ASSERT_TRUE(answer.refusal.has_value());
    told.emplace(answer.refusal->fault, answer.refusal->detail);
  }
  EXPECT_EQ(told.size(), 1U);
  EXPECT_EQ(told.begin()->first, Fault::unsupported_message);
}

TEST_F(Encryption, LongWorkIsPutOffUnderAesCbcAsElsewhere) {
  EncryptionStyle cbc;
  cbc.content_encryption = pkix::oid::kAes128Cbc;
  cmc::RevokeRequest wanted;
  wanted.issuer_name = ca.certificate()->subject;
  wanted.serial_number = alice.certificate->serial_number;
  wanted.shared_secret = to_bytes(std::string_view("RevSecret.1 of Alice"));
  wanted.reason = pkix::CRLReason::keyCompromise;
  const auto revoking = control(2, cmc::oid::kRevokeRequest, cmc::write_revoke_request(wanted));
  auto verifier = unwrap(
      proof::make_revocation_verifier(SecretBytes(*wanted.shared_secret), crypto::system_random()));
  ASSERT_TRUE(ca.engine().put_revocation_secret({wanted.serial_number, std::move(verifier)}).ok());
  authority::Inquiry inquiry;
  inquiry.octets =
      encrypt(full_request({alice.key, alice.certificate}, {}, {revoking}).encode(), cbc);
  inquiry.peer.tls_client_certificate = alice.certificate.der;
  inquiry.may_take_time = false;
  const auto reply = ca.authority().respond(inquiry);
  EXPECT_TRUE(std::holds_alternative<authority::TakesTime>(reply));
  inquiry.may_take_time = true;
  const auto answer = ca.decide(inquiry);
  EXPECT_FALSE(answer.refusal) << answer.refusal->detail << answer.refusal->confidential;
  EXPECT_EQ(answer.commit.status_changes.size(), 1U);
}

/// In form only: its signature is nobody's.
pkix::CertificateList empty_crl(const pkix::Certificate& issuer) {
  pkix::TBSCertList tbs;
  tbs.signature = issuer.signature_algorithm;
  tbs.issuer = issuer->subject;
  tbs.this_update = kTestTime;
  tbs.next_update = kTestTime + std::chrono::days{1};
  return unwrap(pkix::read_certificate_list(pkix::write_certificate_list(
      pkix::write_tbs_cert_list(tbs), tbs.signature, asn1::BitString{Bytes(64, 1), 0})));
}

/// Under AES-CBC octets that no signature covers could be put in by anybody.
TEST_F(Encryption, WhatARequestsKeySignedHoldsNothingBesideUnderAesCbc) {
  ca.secrets->entries["alice"] = {.secret = kSecret, .subject = kOwner};
  EncryptionStyle cbc;
  cbc.content_encryption = pkix::oid::kAes128Cbc;
  const auto message = SecretMessage{}.encode();
  const auto sent_with = [&](const std::function<void(cms::SignedData&)>& alter) {
    auto parts = signed_data_of(message);
    alter(parts);
    return send(encrypt(write_message(parts), cbc), alice);
  };
  const std::vector<std::function<void(cms::SignedData&)>> additions{
      [](auto& parts) { parts.digest_algorithms.push_back(parts.digest_algorithms.front()); },
      [](auto& parts) {
        parts.digest_algorithms.push_back({asn1::Oid{"1.2.3"}, Bytes{0x04, 0x01, 0x2A}});
      },
      [](auto& parts) {
        parts.signer_infos.front().unsigned_attrs = {
            attribute(asn1::Oid{"1.2.3"}, Bytes{0x04, 0x01, 0x2A})};
      },
      [](auto& parts) {
        parts.digest_algorithms.front().parameters = Bytes{0x04, 0x01, 0x2A};
      },
      [](auto& parts) {
        parts.signer_infos.front().digest_algorithm.parameters = Bytes{0x04, 0x01, 0x2A};
      },
      [&](auto& parts) { parts.certificates.push_back(alice.certificate); },
      [](auto& parts) {
        pkix::Certificate of_another_kind;
        of_another_kind.der = {0xA3, 0x00};  // CertificateChoices.other
        parts.certificates.push_back(of_another_kind);
      },
      [&](auto& parts) { parts.crls.push_back(empty_crl(ca.certificate())); }};
  for (const auto& addition : additions) {
    const auto answer = sent_with(addition);
    ASSERT_TRUE(answer.refusal.has_value());
    EXPECT_EQ(answer.refusal->fault, Fault::decryption_failed);
  }
  EXPECT_EQ(sent_with([](auto&) {}).issued, 1U);
}

TEST_F(Encryption, OfWhatWasSignedARefusalSaysWhy) {
  EncryptionStyle cbc;
  cbc.content_encryption = pkix::oid::kAes256Cbc;
  const auto answer = send(encrypt(ca.request(alice, "CN=Bob,O=Test").octets, cbc), alice);
  EXPECT_EQ(type_of(answer.octets), cms::oid::kEnvelopedData);
  expect_refused(answer, CMCFailInfo::badIdentity);
}

TEST_F(Encryption, ToAnotherKeyIsBadMessageCheck) {
  const auto other = decryption_key("ec:p256");
  const auto key = unwrap(crypto::PublicKey::from(other->certificate->subject_public_key_info));
  const auto message = unwrap(envelope::encrypt_message(
      ca.request(alice, "CN=Alice,O=Test").octets,
      {key, cms::IssuerAndSerialNumber{ca.certificate()->subject, asn1::Integer::from(4711)}}, {},
      crypto::system_random()));
  expect_refused(send(message, alice), CMCFailInfo::badMessageCheck);
}

TEST_F(Encryption, AnotherSignerAroundItIsRefused) {
  const auto encrypted = encrypt(ca.request(alice, "CN=Alice,O=Test").octets);
  expect_refused(send(sign_around(encrypted, ca.agent), alice), CMCFailInfo::badRequest);
  auto parts = signed_data_of(sign_around(encrypted, alice));
  parts.signer_infos.front().signature.back() ^= 1;
  expect_refused(send(write_message(parts), alice), CMCFailInfo::badMessageCheck);
}

TEST_F(Encryption, OtherThingsInsideAreRefused) {
  const auto encrypted = encrypt(ca.request(alice, "CN=Alice,O=Test").octets);
  const auto seal = [&](const asn1::Oid& type, ByteView content) {
    const auto key =
        unwrap(crypto::PublicKey::from(decryption->certificate->subject_public_key_info));
    return unwrap(envelope::seal_encrypted(
        {.content_type = type,
         .content = content,
         .recipient = key,
         .rid = cms::IssuerAndSerialNumber{decryption->certificate->issuer,
                                           decryption->certificate->serial_number},
         .style = {}},
        crypto::system_random()));
  };
  const auto twice = unwrap(cms::read_content_info(encrypted));
  expect_refused(send(seal(twice.content_type, twice.content), alice), CMCFailInfo::badRequest);
  expect_refused(send(seal(cms::oid::kData, to_bytes("hello")), alice), CMCFailInfo::badRequest);
  expect_refused(send(seal(cms::oid::kSignedData, Bytes{0x30, 0x00}), alice),
                 CMCFailInfo::badRequest);
}

TEST_F(Encryption, IsNotOfferedWithoutAKey) {
  const auto message = encrypt(ca.request(alice, "CN=Alice,O=Test").octets);
  TestAuthority without;
  authority::Inquiry inquiry;
  inquiry.octets = message;
  const auto answer = without.decide(inquiry);
  EXPECT_EQ(answer.issued, 0U);
  expect_refused(answer, CMCFailInfo::badRequest);
}

}  // namespace
}  // namespace signet::test
