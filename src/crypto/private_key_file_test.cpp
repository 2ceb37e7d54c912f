#include <gtest/gtest.h>

#include "crypto/private_key.h"
#include "support/crypto_vectors.h"

namespace signet::crypto {
namespace {

using test::crypto_vector;
using test::expect_refused;
using test::key_vector;
using test::read_key_vector;

TEST(ReadPrivateKey, TakesEachFormOfTheSameRsaKey) {
  const auto expected = key_vector("rsa2048")->public_key_info();
  for (const auto name : {"rsa2048-traditional.pem", "rsa2048.der"}) {
    EXPECT_EQ(test::unwrap(read_key_vector(name))->public_key_info(), expected) << name;
  }
  for (const auto name :
       {"rsa2048-traditional-encrypted.pem", "rsa2048-encrypted.pem", "rsa2048-encrypted.der"}) {
    EXPECT_EQ(test::unwrap(read_key_vector(name, "open"))->public_key_info(), expected) << name;
  }
}

TEST(ReadPrivateKey, TakesAnEcKeyBehindItsParameters) {
  EXPECT_EQ(test::unwrap(read_key_vector("ec-p-256-traditional.pem"))->public_key_info(),
            key_vector("ec-p-256")->public_key_info());
}

TEST(ReadPrivateKey, TakesAKeyBehindACertificate) {
  auto file = crypto_vector("leaf.pem");
  append(file, crypto_vector("leaf-key.pem"));
  EXPECT_EQ(test::unwrap(read_private_key(file, SecretBytes()))->public_key_info(),
            test::certificate_vector("leaf")->subject_public_key_info);
}

TEST(ReadPrivateKey, RefusesAWrongOrMissingPassphrase) {
  for (const auto name :
       {"rsa2048-traditional-encrypted.pem", "rsa2048-encrypted.pem", "rsa2048-encrypted.der"}) {
    expect_refused(read_key_vector(name, "wrong"), Fault::decryption_failed);
    expect_refused(read_key_vector(name, ""), Fault::decryption_failed);
    expect_refused(read_key_vector(name, std::string(5000, 'x')), Fault::decryption_failed);
  }
}

TEST(ReadPrivateKey, RefusesWhatIsNoPrivateKey) {
  expect_refused(read_key_vector("leaf.pem"), Fault::malformed);
  expect_refused(read_key_vector("ec-p-256-public.pem"), Fault::malformed);
  expect_refused(read_key_vector("message.txt"), Fault::malformed);
  expect_refused(read_private_key({}, SecretBytes()), Fault::malformed);
  auto cut = crypto_vector("rsa2048.der");
  cut.resize(cut.size() / 2);
  expect_refused(read_private_key(cut, SecretBytes()), Fault::malformed);
}

TEST(ReadPrivateKey, RefusesWeakKeys) {
  /* matrix: D10 */
  expect_refused(read_key_vector("rsa1024.pem"), Fault::weak_key);
  expect_refused(read_key_vector("rsa2048-exponent-3.pem"), Fault::weak_key);
}

TEST(ReadPrivateKey, RefusesTypesThatAreNotOffered) {
  expect_refused(read_key_vector("ec-secp256k1.pem"), Fault::unsupported_algorithm);
  expect_refused(read_key_vector("ec-explicit-curve.pem"), Fault::unsupported_algorithm);
  expect_refused(read_key_vector("rsa2048-pss-only.pem"), Fault::unsupported_algorithm);
}

TEST(ReadPrivateKey, RefusesHalvesThatDoNotBelongTogether) {
  // ECPrivateKey (RFC 5915): its private octets stand at 36..67, its public ones at the end.
  const auto file = crypto_vector("ec-p-256.pem");
  auto der = test::unwrap(from_pem(as_text(file))).at(0).octets;
  der[40] ^= 0x01;
  expect_refused(read_private_key(der, SecretBytes()), Fault::weak_key);
}

class WrittenKey : public testing::TestWithParam<const char*> {};

TEST_P(WrittenKey, IsReadAgain) {
  const auto key = key_vector(GetParam());
  const auto open = test::unwrap(write_private_key(*key, SecretBytes()));
  EXPECT_TRUE(open.text().starts_with("-----BEGIN PRIVATE KEY-----"));
  EXPECT_EQ(test::unwrap(read_private_key(open.view(), SecretBytes()))->public_key_info(),
            key->public_key_info());
}

TEST_P(WrittenKey, IsReadAgainWithItsPassphraseOnly) {
  const auto key = key_vector(GetParam());
  const SecretBytes passphrase(std::string_view("correct horse"));
  const auto sealed = test::unwrap(write_private_key(*key, passphrase));
  EXPECT_TRUE(sealed.text().starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
  EXPECT_EQ(test::unwrap(read_private_key(sealed.view(), passphrase))->public_key_info(),
            key->public_key_info());
  expect_refused(read_private_key(sealed.view(), SecretBytes()), Fault::decryption_failed);
}

INSTANTIATE_TEST_SUITE_P(All, WrittenKey,
                         testing::Values("rsa2048", "ec-p-256", "ec-p-521", "ed25519", "ed448",
                                         "x25519"));

TEST(WritePrivateKey, SealsWithPbes2Sha256Aes256And600000Iterations) {
  const auto sealed = test::unwrap(
      write_private_key(*key_vector("ec-p-256"), SecretBytes(std::string_view("secret"))));
  const auto der = to_hex(test::unwrap(from_pem(sealed.text())).at(0).octets);
  EXPECT_NE(der.find("06092a864886f70d01050d"), std::string::npos) << "PBES2";
  EXPECT_NE(der.find("06082a864886f70d0209"), std::string::npos) << "hmacWithSHA256";
  EXPECT_NE(der.find("060960864801650304012a"), std::string::npos) << "aes256-CBC";
  EXPECT_NE(der.find("02030927c0"), std::string::npos) << "600,000";
}

/// A key in a device, which gives out its public half only.
class DeviceKey final : public PrivateKey {
 public:
  const pkix::SubjectPublicKeyInfo& public_key_info() const override { return info_; }
  KeyKind kind() const override { return KeyKind::ec_p256; }
  Result<Bytes> sign(const AlgorithmIdentifier&, ByteView) const override { return Bytes{}; }
  Result<SecretBytes> decrypt(const AlgorithmIdentifier&, ByteView) const override {
    return SecretBytes();
  }
  Result<SecretBytes> agree(const PublicKey&) const override { return SecretBytes(); }

 private:
  pkix::SubjectPublicKeyInfo info_ = key_vector("ec-p-256")->public_key_info();
};

TEST(WritePrivateKey, RefusesAKeyThatLivesElsewhere) {
  const auto written = write_private_key(DeviceKey(), SecretBytes());
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.error().fault, Fault::unsupported_algorithm);
}

}  // namespace
}  // namespace signet::crypto
