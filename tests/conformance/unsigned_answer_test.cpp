// Answers to a challenge (decryptedPOP, RFC 10002 §6.7) in a message that nobody signed
// (id-alg-noSignature, §C.1): its identity proof covers the requests alone, so that whoever saw the
// first message can put an answer of his own beside them.
#include "proof/witness/identity_proof.h"
#include "support/challenge_answers.h"
#include "support/secret_message.h"
#include "support/unwrap.h"

namespace signet::test {
namespace {

using cmc::CMCFailInfo;

constexpr const char* kProfile = "caFullCMCSharedTokenEncryptionCert";

class UnsignedAnswer : public testing::Test {
 protected:
  using Controls = std::vector<cmc::TaggedAttribute>;
  enum class Cover { none, mac };

  UnsignedAnswer() {
    ca.secrets->entries["alice"] = {.secret = kSecret, .subject = kOwner, .uses_allowed = 9};
    first = send(Cover::none, {});
    right = answer_to(challenges_in(first).at(0), *key);
  }
  Told send(Cover cover, Controls controls) {
    Bytes nonce(16, 8);
    nonce[0] = next_nonce++;
    const SecretBytes shared{std::string_view(kSecret)};
    controls.push_back(control(1, cmc::oid::kSenderNonce, cmc::write_octets_value(nonce)));
    controls.push_back(control(2, cmc::oid::kIdentification, cmc::write_utf8_value("alice")));
    if (cover == Cover::mac) {
      return ca.send(SecretMessage{}.authenticate(pki_data(controls, requests)), nullptr, kProfile);
    }
    controls.push_back(control(3, cmc::oid::kIdentityProofV2,
                               cmc::write_identity_proof_v2(proof::make_identity_proof_v2(
                                   {}, {shared, "alice"}, cmc::write_req_sequence(requests)))));
    SignedMessage message{.content = pki_data(controls, requests)};
    message.signers = {signed_by_nobody(key_identifier_of(*key))};
    return ca.send(message.encode(), nullptr, kProfile);
  }
  Told answer(Cover cover, const cmc::DecryptedPOP& with) {
    const auto id = octets_in(first, cmc::oid::kResponseInfo);
    return send(cover, {control(4, cmc::oid::kDecryptedPOP, cmc::write_decrypted_pop(with)),
                        control(5, cmc::oid::kRegInfo, cmc::write_octets_value(id))});
  }
  [[nodiscard]] cmc::DecryptedPOP wrong() const {
    auto altered = right;
    altered.the_pop[0] ^= 1;
    return altered;
  }
  static void expect_refused(const Told& told, const std::string& words) {
    EXPECT_FALSE(told.issued());
    EXPECT_EQ(told.fail_info(), CMCFailInfo::popFailed) << told.text();
    EXPECT_NE(told.text().find(words), std::string::npos) << told.text();
  }

  TestAuthority ca;
  std::uint8_t next_nonce = 1;
  const Key key = test_key("x25519");
  const std::vector<Bytes> requests{unsigned_request(20, key, client::RequestForm::pkcs10, "")};
  Told first;
  cmc::DecryptedPOP right;
};

TEST_F(UnsignedAnswer, ThatIsWrongClosesNothing) {
  /* matrix: E114 */
  for (int i = 0; i < 5; ++i) expect_refused(answer(Cover::none, wrong()), "thePOP");
  EXPECT_TRUE(answer(Cover::none, right).issued());
}

/// The message's own requester made it, and is counted.
TEST_F(UnsignedAnswer, ThatIsWrongUnderAMacIsCounted) {
  for (int i = 0; i < 3; ++i) expect_refused(answer(Cover::mac, wrong()), "thePOP");
  expect_refused(answer(Cover::none, right), "too often");
}

TEST_F(UnsignedAnswer, ThatIsWrongIsNotAddedToThoseUnderAMac) {
  for (int i = 0; i < 2; ++i) expect_refused(answer(Cover::mac, wrong()), "thePOP");
  for (int i = 0; i < 2; ++i) expect_refused(answer(Cover::none, wrong()), "thePOP");
  EXPECT_TRUE(answer(Cover::mac, right).issued());
}

}  // namespace
}  // namespace signet::test
