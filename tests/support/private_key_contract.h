#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <thread>

#include "codec/pkix/oids.h"
#include "crypto/key_agreement.h"
#include "crypto/private_key.h"
#include "support/unwrap.h"

/// What every private key must do (crypto/private_key.h), wherever it lives, as one typed suite:
///   struct Fixture {
///     std::unique_ptr<crypto::PrivateKey> make(std::string_view kind);
///     static std::vector<std::string> kinds();        ///< "rsa:2048", "ec:p256", …
///     static crypto::DigestAlgorithm oaep_hash();     ///< one that the place offers
///   };
///   INSTANTIATE_TYPED_TEST_SUITE_P(Held, PrivateKeyContract, Fixture);
namespace signet::test {

inline crypto::AlgorithmIdentifier signature_named(std::string_view name) {
  return unwrap(crypto::signature_algorithm_by_name(name));
}

inline crypto::PublicKey public_key_of(const crypto::PrivateKey& key) {
  return unwrap(crypto::PublicKey::from(key.public_key_info()));
}

inline void expect_signs(const crypto::PrivateKey& key,
                         const crypto::AlgorithmIdentifier& algorithm) {
  const Bytes message(1000, 0x42);
  const auto signature = key.sign(algorithm, message);
  ASSERT_TRUE(signature.ok()) << signature.error().detail;
  const auto public_key = public_key_of(key);
  EXPECT_TRUE(public_key.verify(algorithm, message, *signature).ok());
  EXPECT_FALSE(public_key.verify(algorithm, Bytes(1000, 0x43), *signature).ok());
}

template <typename T>
void expect_fault(const Result<T>& result, Fault fault) {
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().fault, fault) << result.error().detail;
}

inline const crypto::AlgorithmIdentifier kPkcs1Transport{pkix::oid::kRsaEncryption,
                                                         Bytes{0x05, 0x00}};

template <typename Fixture>
class PrivateKeyContract : public testing::Test {
 protected:
  std::unique_ptr<crypto::PrivateKey> make(std::string_view kind) { return fixture_.make(kind); }
  Fixture fixture_;
};

TYPED_TEST_SUITE_P(PrivateKeyContract);

TYPED_TEST_P(PrivateKeyContract, SignsByTheDefaultAlgorithmOfEachKind) {
  for (const auto& kind : TypeParam::kinds()) {
    SCOPED_TRACE(kind);
    const auto key = this->make(kind);
    const auto algorithm = unwrap(crypto::default_signature_algorithm(*key));
    expect_signs(*key, algorithm);
    expect_signs(*key, algorithm);
  }
}

TYPED_TEST_P(PrivateKeyContract, TakesEachAlgorithmOfAnRsaKey) {
  const auto key = this->make("rsa:2048");
  EXPECT_EQ(key->kind(), crypto::KeyKind::rsa);
  for (const auto* name : {"SHA256withRSA", "SHA384withRSA", "SHA512withRSA", "SHA256withRSA/PSS",
                           "SHA384withRSA/PSS", "SHA512withRSA/PSS"}) {
    SCOPED_TRACE(name);
    expect_signs(*key, signature_named(name));
  }
}

TYPED_TEST_P(PrivateKeyContract, TakesEachDigestWithAnEcKey) {
  for (const auto* kind : {"ec:p256", "ec:p384", "ec:p521"}) {
    const auto key = this->make(kind);
    for (const auto* name : {"SHA256withEC", "SHA384withEC", "SHA512withEC"}) {
      SCOPED_TRACE(std::string(kind) + " " + name);
      expect_signs(*key, signature_named(name));
    }
  }
}

TYPED_TEST_P(PrivateKeyContract, RefusesAlgorithmsOfOtherKeysAndWeakOnes) {
  const crypto::AlgorithmIdentifier wrong_for_ec[] = {
      signature_named("SHA256withRSA"),
      signature_named("Ed25519"),
      {pkix::oid::kEcdsaWithSha1, std::nullopt},
      {pkix::oid::kEcdsaWithSha256, Bytes{0x05, 0x00}},
      {pkix::oid::kRsaEncryption, Bytes{0x05, 0x00}}};
  const auto ec = this->make("ec:p256");
  for (const auto& algorithm : wrong_for_ec) {
    expect_fault(ec->sign(algorithm, Bytes{1}), Fault::unsupported_algorithm);
  }
  const auto rsa = this->make("rsa:2048");
  expect_fault(rsa->sign(signature_named("SHA256withEC"), Bytes{1}), Fault::unsupported_algorithm);
}

TYPED_TEST_P(PrivateKeyContract, OpensPkcs1KeyTransport) {
  const auto key = this->make("rsa:2048");
  const SecretBytes content_key(Bytes(32, 0x07));
  const auto sealed =
      unwrap(crypto::encrypt_key_transport(public_key_of(*key), kPkcs1Transport, content_key));
  const auto opened = key->decrypt(kPkcs1Transport, sealed);
  ASSERT_TRUE(opened.ok()) << opened.error().detail;
  EXPECT_THAT(opened->view(), testing::ElementsAreArray(content_key.view()));
}

TYPED_TEST_P(PrivateKeyContract, TellsNobodyThatPkcs1PaddingWasWrong) {
  const auto key = this->make("rsa:2048");
  const auto first = key->decrypt(kPkcs1Transport, Bytes(256, 0x42));
  const auto again = key->decrypt(kPkcs1Transport, Bytes(256, 0x42));
  const auto other = key->decrypt(kPkcs1Transport, Bytes(256, 0x43));
  ASSERT_TRUE(first.ok()) << first.error().detail;
  EXPECT_TRUE(equal(first->view(), again->view()));
  EXPECT_FALSE(equal(first->view(), other->view()));
}

TYPED_TEST_P(PrivateKeyContract, OpensOaepKeyTransportAndRefusesAnotherCiphertext) {
  const auto key = this->make("rsa:2048");
  const auto oaep = crypto::rsaes_oaep(TypeParam::oaep_hash());
  const SecretBytes content_key(Bytes(32, 0x07));
  auto sealed = unwrap(crypto::encrypt_key_transport(public_key_of(*key), oaep, content_key));
  const auto opened = key->decrypt(oaep, sealed);
  ASSERT_TRUE(opened.ok()) << opened.error().detail;
  EXPECT_TRUE(equal(opened->view(), content_key.view()));
  sealed.back() ^= 0x01;
  expect_fault(key->decrypt(oaep, sealed), Fault::decryption_failed);
}

TYPED_TEST_P(PrivateKeyContract, RefusesKeyTransportOfAnotherLengthKeyOrAlgorithm) {
  const auto rsa = this->make("rsa:2048");
  expect_fault(rsa->decrypt(kPkcs1Transport, Bytes(255, 0x42)), Fault::decryption_failed);
  expect_fault(rsa->decrypt(kPkcs1Transport, Bytes(257, 0x42)), Fault::decryption_failed);
  expect_fault(rsa->decrypt({pkix::oid::kSha256WithRsa, std::nullopt}, Bytes(256, 0x42)),
               Fault::unsupported_algorithm);
  const auto ec = this->make("ec:p256");
  expect_fault(ec->decrypt(kPkcs1Transport, Bytes(256, 0x42)), Fault::unsupported_algorithm);
}

TYPED_TEST_P(PrivateKeyContract, AgreesWithAnotherKeyOnItsCurve) {
  for (const auto* kind : {"ec:p256", "ec:p384", "ec:p521"}) {
    SCOPED_TRACE(kind);
    const auto key = this->make(kind);
    const auto agreed = unwrap(crypto::agree_with(public_key_of(*key)));
    const auto ephemeral = unwrap(crypto::PublicKey::from(agreed.ephemeral));
    const auto shared = key->agree(ephemeral);
    ASSERT_TRUE(shared.ok()) << shared.error().detail;
    EXPECT_TRUE(equal(shared->view(), agreed.shared_secret.view()));
  }
}

TYPED_TEST_P(PrivateKeyContract, AgreesWithNoKeyOfAnotherCurveOrType) {
  const auto ec = this->make("ec:p256");
  const auto rsa = this->make("rsa:2048");
  const auto other = unwrap(crypto::generate_private_key("ec:p384"));
  expect_fault(ec->agree(public_key_of(*other)), Fault::unsupported_algorithm);
  expect_fault(ec->agree(public_key_of(*rsa)), Fault::unsupported_algorithm);
  expect_fault(rsa->agree(public_key_of(*rsa)), Fault::unsupported_algorithm);
}

TYPED_TEST_P(PrivateKeyContract, IsSafeForManyThreads) {
  const auto key = this->make("ec:p256");
  const auto algorithm = signature_named("SHA256withEC");
  const auto public_key = public_key_of(*key);
  std::array<int, 4> verified{};
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < verified.size(); ++t) {
    threads.emplace_back([&, t] {
      for (std::uint8_t i = 0; i < 25; ++i) {
        const Bytes message(100, i);
        const auto signature = key->sign(algorithm, message);
        if (signature.ok() && public_key.verify(algorithm, message, *signature).ok()) ++verified[t];
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(verified, (std::array<int, 4>{25, 25, 25, 25}));
}

REGISTER_TYPED_TEST_SUITE_P(PrivateKeyContract, SignsByTheDefaultAlgorithmOfEachKind,
                            TakesEachAlgorithmOfAnRsaKey, TakesEachDigestWithAnEcKey,
                            RefusesAlgorithmsOfOtherKeysAndWeakOnes, OpensPkcs1KeyTransport,
                            TellsNobodyThatPkcs1PaddingWasWrong,
                            OpensOaepKeyTransportAndRefusesAnotherCiphertext,
                            RefusesKeyTransportOfAnotherLengthKeyOrAlgorithm,
                            AgreesWithAnotherKeyOnItsCurve, AgreesWithNoKeyOfAnotherCurveOrType,
                            IsSafeForManyThreads);

}  // namespace signet::test
