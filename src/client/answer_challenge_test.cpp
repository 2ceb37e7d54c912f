#include "client/answer_challenge.h"

#include <gtest/gtest.h>

#include "envelope/encrypted_data.h"
#include "proof/witness/encrypted_pop.h"
#include "support/message_builder.h"
#include "support/unwrap.h"

namespace signet::client {
namespace {

using crypto::DigestAlgorithm;
using test::Key;
using test::unwrap;

/// A server's challenge to a request of ours. As it stands it is right.
struct ServerChallenge {
  Bytes request;  ///< TaggedRequest
  Key key = test::test_key("rsa:2048");
  Bytes value = Bytes(32, 7);
  std::optional<Bytes> witness = {};
  asn1::Oid content_type = cms::oid::kData;
  DigestAlgorithm hash = DigestAlgorithm::sha256;

  [[nodiscard]] cmc::EncryptedPOP encode() const {
    const auto recipient = unwrap(crypto::PublicKey::from(key->public_key_info()));
    const auto identifier = test::key_identifier_of(*test::test_key("rsa:2048"));
    const cmc::EncryptedPOPParts parts{
        request,
        unwrap(envelope::seal_encrypted({.content_type = content_type,
                                         .content = value,
                                         .recipient = recipient,
                                         .rid = cms::SubjectKeyIdentifier{identifier},
                                         .style = {}},
                                        crypto::system_random())),
        crypto::algorithm_identifier(crypto::MacAlgorithm::hmac_sha256),
        crypto::algorithm_identifier(hash),
        witness.value_or(proof::pop_proof_value_witness(hash, SecretBytes(ByteView(value))))};
    return unwrap(cmc::read_encrypted_pop(cmc::write_encrypted_pop(parts)));
  }
};

class AnswerChallenge : public testing::Test {
 protected:
  static Bytes request(std::uint32_t id = 7) {
    return test::tagged(test::crmf({.id = id,
                                    .key = test::test_key("rsa:2048"),
                                    .possession = test::Possession::no_signature}));
  }
  AnswerChallenge() {
    sent.tagged_requests = {request()};
    sent.request_ids = {cmc::BodyPartID{7}};
  }
  Result<cmc::DecryptedPOP> answer(const ServerChallenge& challenge) {
    return answer_challenge(challenge.encode(), sent, *test::test_key("rsa:2048"),
                            crypto::system_random());
  }
  void expect_not_ours(const ServerChallenge& challenge) {
    const auto answered = answer(challenge);
    ASSERT_FALSE(answered.ok());
    EXPECT_EQ(answered.error().fault, Fault::possession_failed) << answered.error().detail;
  }

  SentRequest sent;
};

TEST_F(AnswerChallenge, GivesTheMacOfOurRequestUnderTheProofValue) { /* matrix: E112, E113 */
  for (const std::size_t octets : {32U, 64U, 80U}) {
    const Bytes value(octets, 9);
    const auto answered = unwrap(answer({.request = request(), .value = value}));
    EXPECT_EQ(answered.body_part_id, cmc::BodyPartID{7});
    EXPECT_EQ(answered.the_pop_alg_id,
              crypto::algorithm_identifier(crypto::MacAlgorithm::hmac_sha256));
    EXPECT_EQ(answered.the_pop,
              crypto::mac(crypto::MacAlgorithm::hmac_sha256,
                          ByteView(value).first(std::min<std::size_t>(octets, 64)), request()));
  }
}

TEST_F(AnswerChallenge, AnotherWitnessIsNotAnswered) { /* matrix: E111 */
  auto witness = crypto::sha256(Bytes(32, 7));
  witness[31] ^= 1;
  expect_not_ours({.request = request(), .witness = witness});
  expect_not_ours({.request = request(), .witness = Bytes{}});
}

TEST_F(AnswerChallenge, AnotherRequestOrKeyOrContentIsNotAnswered) {
  expect_not_ours({.request = request(8)});
  expect_not_ours({.request = request(), .key = test::test_key("rsa:2048", 1)});
  expect_not_ours({.request = request(), .content_type = cms::oid::kSignedData});
}

TEST_F(AnswerChallenge, WeakWitnessesAreNotAnswered) {
  const auto answered = answer({.request = request(), .hash = DigestAlgorithm::sha1});
  ASSERT_FALSE(answered.ok());
  EXPECT_EQ(answered.error().fault, Fault::unsupported_algorithm);
}

}  // namespace
}  // namespace signet::client
