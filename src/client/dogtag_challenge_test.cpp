#include "client/dogtag_challenge.h"

#include <gtest/gtest.h>

#include "client/read_response.h"
#include "proof/possession/dogtag_challenge.h"
#include "proof/witness/encrypted_pop.h"
#include "support/message_builder.h"
#include "support/shared_data.h"
#include "support/unwrap.h"

namespace signet::client {
namespace {

using test::unwrap;

class DogtagChallenge : public testing::Test {
 protected:
  static test::Key key(int number = 0) { return test::test_key("rsa:2048", number); }

  [[nodiscard]] cmc::EncryptedPOP challenge() const {
    const proof::ChallengeDue due{unwrap(crypto::PublicKey::from(key()->public_key_info())),
                                  &request};
    const auto parts = unwrap(
        proof::make_dogtag_challenge(due, SecretBytes(ByteView(value)), crypto::system_random()));
    return unwrap(cmc::read_encrypted_pop(cmc::write_encrypted_pop(parts)));
  }

  Bytes value = Bytes(64, 7);
  cmc::TaggedRequest request = test::read_tagged(
      test::tagged(test::crmf({.key = key(), .possession = test::Possession::no_signature})));
};

TEST_F(DogtagChallenge, IsAnsweredByTheMacOfTheRequestUnderTheChallenge) {
  const auto made = challenge();
  EXPECT_TRUE(is_dogtag_challenge(made));
  const auto answer = unwrap(answer_dogtag_challenge(made, *key()));
  EXPECT_EQ(answer.body_part_id, cmc::BodyPartID{1});
  EXPECT_EQ(answer.the_pop_alg_id, made.the_pop_alg_id);
  EXPECT_EQ(answer.the_pop, crypto::mac(crypto::MacAlgorithm::hmac_sha256, value, request.der));
}

TEST_F(DogtagChallenge, IsNotOursWithAnotherKeyOrWitness) {
  EXPECT_EQ(answer_dogtag_challenge(challenge(), *key(1)).error().fault, Fault::possession_failed);
  auto other_witness = challenge();
  other_witness.witness.back() ^= 1;
  EXPECT_EQ(answer_dogtag_challenge(other_witness, *key()).error().fault, Fault::possession_failed);
}

TEST_F(DogtagChallenge, WithoutIvOrEnvelopeIsMalformed) {
  auto without_iv = challenge();
  without_iv.the_pop_alg_id.parameters.reset();
  EXPECT_EQ(answer_dogtag_challenge(without_iv, *key()).error().fault, Fault::malformed);
  auto without_envelope = challenge();
  without_envelope.cms.content_type = cms::oid::kData;
  EXPECT_EQ(answer_dogtag_challenge(without_envelope, *key()).error().fault, Fault::malformed);
}

TEST_F(DogtagChallenge, IsReadFromALiveAnswer) {
  const std::string name =
      "interop/dogtag-live/20-encryption-only-key-user-signed-encryptedPOP/response-1.der";
  SIGNET_NEEDS_SHARED(name);
  const auto info = unwrap(cms::read_content_info(test::shared_file(name)));
  const auto signed_data = unwrap(cms::read_signed_data(info.content));
  const auto response = unwrap(cmc::read_pki_response(*signed_data.encap_content_info.e_content));
  const auto* control = cmc::find_control(response.control_sequence, cmc::oid::kEncryptedPOP);
  ASSERT_NE(control, nullptr);
  const auto live = unwrap(cmc::read_encrypted_pop(control->attr_values.front()));
  EXPECT_TRUE(is_dogtag_challenge(live));
  EXPECT_EQ(answer_dogtag_challenge(live, *key()).error().fault, Fault::possession_failed);
}

}  // namespace
}  // namespace signet::client
