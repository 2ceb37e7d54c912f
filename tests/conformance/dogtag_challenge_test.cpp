// Dogtag's form of the challenge, and what its client makes of it.
#include <gtest/gtest.h>

#include "codec/pkix/oids.h"
#include "crypto/cipher.h"
#include "support/challenge_answers.h"
#include "support/reseal.h"
#include "support/shared_data.h"
#include "support/unwrap.h"

namespace signet::test {
namespace {

using cmc::CMCFailInfo;
using cmc::CMCStatus;

constexpr const char* kDogtagProfile = "caFullCMCUserSignedEncryptionCert";

TestAuthority::Choices dogtag_challenge_choices() {
  TestAuthority::Choices choices;
  choices.settings.dogtag_challenge = true;
  choices.settings.shared_body_part_ids = true;
  choices.possession_rules.challenges->loose_reference = true;
  return choices;
}

/// What Dogtag's client does with a challenge (dogtag/clients.md §1.6).
Bytes dogtags_answer(const cmc::EncryptedPOP& challenge, const crypto::PrivateKey& key) {
  const auto enveloped = unwrap(cms::read_enveloped_data(challenge.cms.content));
  const auto& recipient = std::get<cms::KeyTransRecipientInfo>(enveloped.recipient_infos.at(0));
  const auto session_key =
      unwrap(key.decrypt(recipient.key_encryption_algorithm, recipient.encrypted_key));
  asn1::Budget budget{asn1::Limits::der()};
  asn1::Reader reader{challenge.the_pop_alg_id.parameters.value(), budget};
  const auto iv = unwrap(reader.read_octet_string());
  const auto& sealed = enveloped.encrypted_content_info.encrypted_content.value();
  EXPECT_EQ(sealed.size(), 64U);
  // Without padding: a block more that makes the padding right is put behind it.
  Bytes last_block(sealed.end() - 16, sealed.end());
  const auto padding =
      unwrap(crypto::aes_cbc_encrypt_blocks(session_key, last_block, Bytes(16, 16)));
  auto with_padding = sealed;
  append(with_padding, padding);
  const auto value = unwrap(crypto::aes_cbc_decrypt(session_key, iv, with_padding));
  EXPECT_EQ(value.size(), 64U);
  EXPECT_EQ(crypto::sha256(value.view()), challenge.witness);
  return crypto::mac(crypto::MacAlgorithm::hmac_sha256, value.view(), challenge.request.der);
}

TEST(DogtagChallenge, ItsClientGetsThroughBothRounds) {
  TestAuthority ca{dogtag_challenge_choices()};
  const auto key = test_key("rsa:2048");
  const std::vector<Bytes> requests{unsigned_request(1, key)};
  const Credential alice{ca.alice.key, ca.alice.certificate};
  const auto send = [&](const Bytes& message, bool dogtag_path) {
    authority::Inquiry inquiry;
    inquiry.octets = message;
    inquiry.profile_id = kDogtagProfile;
    inquiry.over_dogtag_path = dogtag_path;
    inquiry.peer.tls_client_certificate = ca.alice.certificate.der;
    return ca.deliver(std::move(inquiry));
  };
  const auto nonce = [](std::uint8_t number) {
    return control(9, cmc::oid::kSenderNonce, cmc::write_octets_value(Bytes(16, number)));
  };
  const auto first = send(full_request(alice, requests, {nonce(1)}).encode(), true);
  ASSERT_EQ(challenges_in(first).size(), 1U) << first.text();
  EXPECT_EQ(first.status.cmc_status, CMCStatus::popRequired);
  EXPECT_EQ(first.fail_info(), CMCFailInfo::popRequired);
  EXPECT_EQ(first.controls.at(0).attr_type, cmc::oid::kEncryptedPOP);
  EXPECT_EQ(first.controls.at(1).attr_type, cmc::oid::kStatusInfoV2);
  EXPECT_EQ(first.controls.at(2).attr_type, cmc::oid::kResponseInfo);
  const auto challenge = challenges_in(first).at(0);
  EXPECT_EQ(challenge.the_pop_alg_id.algorithm, pkix::oid::kAes128Cbc);

  // The id of decryptedPOP is a number that means nothing; the id of the request stands twice.
  const auto id = octets_in(first, cmc::oid::kResponseInfo);
  EXPECT_GT(id.front(), 0);
  EXPECT_LT(id.front(), 0x80) << "as a signed INTEGER it is itself";
  const auto second = [&](const Bytes& the_pop, std::uint8_t number) {
    const cmc::DecryptedPOP answer{cmc::BodyPartID{3}, challenge.the_pop_alg_id, the_pop};
    return full_request(alice, requests,
                        {nonce(number),
                         control(2, cmc::oid::kDecryptedPOP, cmc::write_decrypted_pop(answer)),
                         control(3, cmc::oid::kRegInfo, cmc::write_octets_value(id))})
        .encode();
  };
  const auto the_pop = dogtags_answer(challenge, *key);
  EXPECT_EQ(send(second(with_last_bit_changed(the_pop), 2), true).fail_info(),
            CMCFailInfo::popFailed);
  const cmc::DecryptedPOP one{cmc::BodyPartID{3}, challenge.the_pop_alg_id, the_pop};
  const cmc::DecryptedPOP other{cmc::BodyPartID{4}, challenge.the_pop_alg_id, the_pop};
  const auto two =
      full_request(alice, requests,
                   {nonce(5), control(2, cmc::oid::kDecryptedPOP, cmc::write_decrypted_pop(one)),
                    control(3, cmc::oid::kRegInfo, cmc::write_octets_value(id)),
                    control(4, cmc::oid::kDecryptedPOP, cmc::write_decrypted_pop(other))});
  EXPECT_EQ(send(two.encode(), true).fail_info(), CMCFailInfo::popFailed)
      << "a number that means nothing is no matter where there is one answer";
  EXPECT_TRUE(send(second(the_pop, 3), true).issued());

  const auto elsewhere = send(full_request(alice, requests, {nonce(4)}).encode(), false);
  EXPECT_EQ(elsewhere.status.cmc_status, CMCStatus::failed) << "the standard's form elsewhere";
}

TEST(DogtagChallenge, IsForRsaKeysOnly) {
  TestAuthority ca{dogtag_challenge_choices()};
  authority::Inquiry inquiry;
  inquiry.octets =
      full_request({ca.alice.key, ca.alice.certificate}, {unsigned_request(1, test_key("ec:p256"))})
          .encode();
  inquiry.profile_id = kDogtagProfile;
  inquiry.over_dogtag_path = true;
  inquiry.peer.tls_client_certificate = ca.alice.certificate.der;
  const auto told = ca.deliver(std::move(inquiry));
  EXPECT_EQ(told.fail_info(), CMCFailInfo::popRequired);
  EXPECT_NE(told.text().find("only RSA keys are challenged"), std::string::npos) << told.text();
}

}  // namespace
}  // namespace signet::test
