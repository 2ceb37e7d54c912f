#include <gtest/gtest.h>

#include <map>
#include <sstream>

#include "crypto/cipher.h"
#include "support/crypto_vectors.h"

namespace signet::crypto {
namespace {

using test::hex;

/// spec/vectors/kat.txt: "name = hexadecimal", a line each; made with Python's hashlib and
/// pyca/cryptography.
class SharedKnownAnswers : public testing::Test {
 protected:
  void SetUp() override {
    SIGNET_NEEDS_SHARED("spec/vectors/kat.txt");
    const auto text = test::shared_file("spec/vectors/kat.txt");
    std::istringstream lines{std::string(as_text(text))};
    for (std::string line; std::getline(lines, line);) {
      const auto equals = line.rfind(" = ");
      if (equals != std::string::npos) answers_[line.substr(0, equals)] = line.substr(equals + 3);
    }
  }

  Bytes known(const std::string& name) const { return hex(answers_.at(name)); }
  Bytes secret() const { return known("secret(utf8)"); }
  Bytes secret_and_identification() const {
    auto joined = secret();
    append(joined, known("identification(utf8 content octets)"));
    return joined;
  }

 private:
  std::map<std::string, std::string> answers_;
};

TEST_F(SharedKnownAnswers, HoldForDigests) {
  EXPECT_EQ(sha256(secret()), known("key SHA-256(secret)"));
  EXPECT_EQ(sha256(secret_and_identification()), known("key SHA-256(secret||identification)"));
  EXPECT_EQ(digest(DigestAlgorithm::sha1, secret()), known("key SHA-1(secret)"));
  EXPECT_EQ(digest(DigestAlgorithm::sha1, secret_and_identification()),
            known("key SHA-1(secret||identification)"));
  EXPECT_EQ(sha256(known("y32")), known("y32 witness SHA-256(y)"));
  EXPECT_EQ(sha256(known("y80")), known("y80 witness SHA-256(y)"));
  EXPECT_EQ(sha256(test::shared_file("spec/vectors/reqseq-p10.der")),
            known("reqSequence DER sha256 (p10 message)"));
}

TEST_F(SharedKnownAnswers, HoldForPopLinkWitnesses) {
  const auto random = known("R (popLinkRandom)");
  EXPECT_EQ(mac(MacAlgorithm::hmac_sha256, sha256(secret()), random),
            known("popLinkWitnessV2.witness, key without identification (RFC text)"));
  EXPECT_EQ(mac(MacAlgorithm::hmac_sha256, sha256(secret_and_identification()), random),
            known("popLinkWitnessV2.witness, key with identification (Dogtag practice)"));
  EXPECT_EQ(mac(MacAlgorithm::hmac_sha1, digest(DigestAlgorithm::sha1, secret()), random),
            known("popLinkWitness V1, key without identification"));
}

TEST_F(SharedKnownAnswers, HoldForIdentityProofs) {
  const auto sequence = test::shared_file("spec/vectors/reqseq-p10.der");
  EXPECT_EQ(mac(MacAlgorithm::hmac_sha256, sha256(secret_and_identification()), sequence),
            known("identityProofV2.witness (identification present)"));
  EXPECT_EQ(mac(MacAlgorithm::hmac_sha256, sha256(secret()), sequence),
            known("identityProofV2.witness (no identification)"));
  EXPECT_EQ(mac(MacAlgorithm::hmac_sha1, digest(DigestAlgorithm::sha1, secret()), sequence),
            known("identityProof V1 (no identification)"));
}

TEST_F(SharedKnownAnswers, HoldForThePopOfAnEncryptedPop) {
  const auto request = test::shared_file("spec/vectors/taggedrequest-encpop.der");
  EXPECT_EQ(mac(MacAlgorithm::hmac_sha256, known("y32"), request),
            known("y32 thePOP HMAC-SHA256 over DER TaggedRequest (key=first 64 octets)"));
  const auto y80 = known("y80");
  EXPECT_EQ(mac(MacAlgorithm::hmac_sha256, ByteView(y80).first(64), request),
            known("y80 thePOP HMAC-SHA256 over DER TaggedRequest (key=first 64 octets)"));
  EXPECT_EQ(mac(MacAlgorithm::hmac_sha256, y80, request),
            known("y80 thePOP if a library hashes the long key first (WRONG)"));
}

TEST_F(SharedKnownAnswers, HoldForPbkdf2AndKeyWrap) {
  /* matrix: B14, B15 */
  const auto salt = hex("000102030405060708090a0b0c0d0e0f");
  const auto wrapping_key = pbkdf2(MacAlgorithm::hmac_sha256,
                                   known("PWRI KDF input identification||secret"), salt, 2048, 32);
  EXPECT_EQ(to_bytes(wrapping_key.view()),
            known("PWRI KEK = PBKDF2-HMAC-SHA256(salt 00..0f,2048,32)"));
  const auto wrapped = known("AES-256 wrapped MAC key");
  EXPECT_EQ(test::unwrap(aes_key_wrap(wrapping_key, SecretBytes(ByteView(known("MAC key"))))),
            wrapped);
  EXPECT_EQ(to_bytes(test::unwrap(aes_key_unwrap(wrapping_key, wrapped)).view()), known("MAC key"));
}

}  // namespace
}  // namespace signet::crypto
