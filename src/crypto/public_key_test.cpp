#include "crypto/public_key.h"

#include <gtest/gtest.h>

#include "codec/pkix/oids.h"
#include "crypto/private_key.h"
#include "support/crypto_vectors.h"

namespace signet::crypto {
namespace {

using test::crypto_vector;
using test::hex;
using test::kNull;
using test::named;
using test::public_key_vector;
namespace oid = pkix::oid;

/// A SubjectPublicKeyInfo of these parts.
pkix::SubjectPublicKeyInfo info_of(const asn1::Oid& algorithm, std::optional<Bytes> parameters,
                                   Bytes key) {
  pkix::SubjectPublicKeyInfo info{{algorithm, std::move(parameters)}, {std::move(key), 0}, {}};
  asn1::Writer writer;
  writer.sequence([&] {
    pkix::write_algorithm_identifier(writer, info.algorithm);
    writer.bit_string(info.subject_public_key);
  });
  info.der = std::move(writer).take();
  return info;
}

void expect_refused(const pkix::SubjectPublicKeyInfo& info, Fault fault, const std::string& word) {
  const auto key = PublicKey::from(info);
  ASSERT_FALSE(key.ok()) << word;
  EXPECT_EQ(key.error().fault, fault) << key.error().detail;
  EXPECT_NE(key.error().detail.find(word), std::string::npos) << key.error().detail;
}

// --- RSA keys ---

Bytes rsa_key(const Bytes& modulus, const Bytes& exponent) {
  asn1::Writer writer;
  writer.sequence([&] {
    writer.integer(asn1::Integer::from_unsigned(modulus));
    writer.integer(asn1::Integer::from_unsigned(exponent));
  });
  return std::move(writer).take();
}

/// The modulus of rsa2048.pem.
Bytes good_modulus() {
  const auto key = test::key_vector("rsa2048");
  asn1::Budget budget{asn1::Limits::der()};
  asn1::Reader outer{key->public_key_info().subject_public_key.octets, budget};
  auto sequence = test::unwrap(outer.enter(asn1::kSequence));
  return to_bytes(test::unwrap(sequence.read_integer()).magnitude());
}

const Bytes kF4{0x01, 0x00, 0x01};

TEST(RsaPublicKey, IsTakenWithExponentsUpTo256Bits) {
  Bytes largest(32, 0xFF);
  for (const auto& exponent : {kF4, Bytes{0x01, 0x00, 0x03}, largest}) {
    EXPECT_TRUE(
        PublicKey::from(info_of(oid::kRsaEncryption, kNull, rsa_key(good_modulus(), exponent)))
            .ok());
  }
}

TEST(RsaPublicKey, IsRefusedWithABadExponent) {
  /* matrix: D10, D11 */
  Bytes too_large(33, 0x00);
  too_large.front() = 0x01;
  too_large.back() = 0x01;
  for (const auto& exponent : {Bytes{1}, Bytes{3}, Bytes{17}, Bytes{0xFF, 0xFF}, Bytes{1, 0, 0},
                               Bytes{1, 0, 2}, too_large}) {
    expect_refused(info_of(oid::kRsaEncryption, kNull, rsa_key(good_modulus(), exponent)),
                   Fault::weak_key, "exponent");
  }
}

TEST(RsaPublicKey, IsRefusedOutside2048To8192Bits) {
  /* matrix: D10 */
  for (const std::size_t octets : {128U, 255U, 1025U}) {
    Bytes modulus(octets, 0xFF);
    expect_refused(info_of(oid::kRsaEncryption, kNull, rsa_key(modulus, kF4)), Fault::weak_key,
                   "2048 to 8192");
  }
  auto of_2047_bits = good_modulus();
  of_2047_bits.front() &= 0x7F;
  expect_refused(info_of(oid::kRsaEncryption, kNull, rsa_key(of_2047_bits, kF4)), Fault::weak_key,
                 "2048 to 8192");
}

TEST(RsaPublicKey, IsRefusedWithAnEvenModulus) {
  /* matrix: D10 */
  auto modulus = good_modulus();
  modulus.back() &= 0xFE;
  expect_refused(info_of(oid::kRsaEncryption, kNull, rsa_key(modulus, kF4)), Fault::weak_key,
                 "even");
}

TEST(RsaPublicKey, IsRefusedWithoutNull) {
  const auto key = rsa_key(good_modulus(), kF4);
  expect_refused(info_of(oid::kRsaEncryption, std::nullopt, key), Fault::malformed, "NULL");
  expect_refused(info_of(oid::kRsaEncryption, Bytes{0x30, 0x00}, key), Fault::malformed, "NULL");
}

TEST(RsaPublicKey, IsRefusedWhenMalformed) {
  auto key = rsa_key(good_modulus(), kF4);
  key.push_back(0);
  const auto trailing = PublicKey::from(info_of(oid::kRsaEncryption, kNull, key));
  ASSERT_FALSE(trailing.ok());
  EXPECT_EQ(trailing.error().fault, Fault::trailing_data);
  expect_refused(info_of(oid::kRsaEncryption, kNull, {}), Fault::malformed, "");
  expect_refused(info_of(oid::kRsaEncryption, kNull, hex("3006020100020103")), Fault::malformed,
                 "modulus is not positive");
  expect_refused(info_of(oid::kRsaEncryption, kNull, hex("30060201ff020103")), Fault::malformed,
                 "modulus is not positive");
}

TEST(PublicKeyFrom, RefusesUnusedBits) {
  auto info = test::key_vector("ec-p-256")->public_key_info();
  info.subject_public_key.unused_bits = 1;
  expect_refused(info, Fault::malformed, "whole number of octets");
}

TEST(PublicKeyFrom, RefusesKeyTypesThatAreNotOffered) {
  expect_refused(info_of(oid::kRsassaPss, std::nullopt, rsa_key(good_modulus(), kF4)),
                 Fault::unsupported_algorithm, "not offered");
  expect_refused(info_of(asn1::Oid{"1.2.840.10040.4.1"}, std::nullopt, {2, 1, 1}),
                 Fault::unsupported_algorithm, "not offered");
}

// --- EC keys ---

const Bytes kP256 = hex("06082a8648ce3d030107");
/// The generator of P-256.
constexpr auto kGx = "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296";
constexpr auto kGy = "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";
constexpr auto kP256Prime = "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff";

Bytes point(const std::string& digits) {
  return hex(digits);
}

TEST(EcPublicKey, IsTakenUncompressedAndCompressed) {
  for (const auto& octets : {point(std::string("04") + kGx + kGy), point(std::string("03") + kGx),
                             point(std::string("02") + kGx)}) {
    const auto key = PublicKey::from(info_of(oid::kEcPublicKey, kP256, octets));
    ASSERT_TRUE(key.ok());
    EXPECT_EQ(key->kind(), KeyKind::ec_p256);
  }
}

TEST(EcPublicKey, IsRefusedAtInfinity) {
  /* matrix: D10, D11 */
  expect_refused(info_of(oid::kEcPublicKey, kP256, {0x00}), Fault::weak_key, "infinity");
  expect_refused(info_of(oid::kEcPublicKey, kP256, Bytes(65)), Fault::weak_key, "infinity");
}

TEST(EcPublicKey, IsRefusedOffTheCurve) {
  /* matrix: D10, D11 */
  auto off = point(std::string("04") + kGx + kGy);
  off.back() ^= 0x01;
  expect_refused(info_of(oid::kEcPublicKey, kP256, off), Fault::weak_key, "not on the curve");
  const auto no_y = point("02" + std::string(62, '0') + "04");  // 4^3 - 3 * 4 + b is no square
  expect_refused(info_of(oid::kEcPublicKey, kP256, no_y), Fault::weak_key, "not on the curve");
}

TEST(EcPublicKey, IsRefusedWithACoordinateOutsideTheField) {
  /* matrix: D10 */
  expect_refused(info_of(oid::kEcPublicKey, kP256, point(std::string("04") + kP256Prime + kGy)),
                 Fault::weak_key, "not on the curve");
  expect_refused(info_of(oid::kEcPublicKey, kP256, Bytes(65, 0x04)), Fault::weak_key,
                 "not on the curve");
}

TEST(EcPublicKey, IsRefusedInOtherForms) {
  for (const auto& octets :
       {Bytes{}, Bytes{0x04}, point(std::string("04") + kGx), point(std::string("03") + kGx + kGy),
        point(std::string("07") + kGx + kGy), point(std::string("04") + kGx + kGy + "00")}) {
    expect_refused(info_of(oid::kEcPublicKey, kP256, octets), Fault::malformed, "EC point");
  }
}

TEST(EcPublicKey, IsRefusedOnAnotherCurveThanItsOwn) {
  const Bytes p384 = hex("06052b81040022");
  expect_refused(info_of(oid::kEcPublicKey, p384, point(std::string("04") + kGx + kGy)),
                 Fault::malformed, "P-384");
}

TEST(EcPublicKey, IsRefusedOnCurvesThatAreNotOffered) {
  const Bytes secp256k1 = hex("06052b8104000a");
  expect_refused(info_of(oid::kEcPublicKey, secp256k1, Bytes(65, 4)), Fault::unsupported_algorithm,
                 "1.3.132.0.10");
}

TEST(EcPublicKey, IsRefusedWithACurveThatIsNotNamed) {
  const auto octets = point(std::string("04") + kGx + kGy);
  expect_refused(info_of(oid::kEcPublicKey, kNull, octets), Fault::unsupported_algorithm, "named");
  expect_refused(info_of(oid::kEcPublicKey, Bytes{0x30, 0x00}, octets),
                 Fault::unsupported_algorithm, "named");
  expect_refused(info_of(oid::kEcPublicKey, std::nullopt, octets), Fault::malformed, "curve");
}

// --- Edwards and Montgomery keys ---

const asn1::Oid kAllEdwards[] = {oid::kEd25519, oid::kEd448, oid::kX25519, oid::kX448};

TEST(EdwardsPublicKey, IsTakenAsOpenSslMakesIt) {
  for (const auto name : {"ed25519", "ed448", "x25519", "x448"}) {
    const auto key = public_key_vector(name);
    EXPECT_EQ(key.can_sign(), name[0] == 'e') << name;
  }
}

TEST(EdwardsPublicKey, IsRefusedWithParameters) {
  for (const auto name : {"ed25519", "ed448", "x25519", "x448"}) {
    auto info = test::key_vector(name)->public_key_info();
    info.algorithm.parameters = kNull;
    expect_refused(info, Fault::malformed, "parameters");
  }
}

TEST(EdwardsPublicKey, IsRefusedWithAnotherLength) {
  /* matrix: D10 */
  for (const auto& algorithm : kAllEdwards) {
    for (const std::size_t octets : {0U, 31U, 33U, 55U, 58U}) {
      expect_refused(info_of(algorithm, std::nullopt, Bytes(octets, 0x11)), Fault::malformed,
                     "octets");
    }
  }
}

TEST(EdwardsPublicKey, IsRefusedWithSmallOrder) {
  /* matrix: D10, D11 */
  // RFC 7748 §6.1 and Cremers, Jackson, "Prime, Order Please!" (2019), table 1.
  const std::pair<asn1::Oid, const char*> small[] = {
      {oid::kEd25519, "0100000000000000000000000000000000000000000000000000000000000000"},
      {oid::kEd25519, "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"},
      {oid::kEd25519, "0000000000000000000000000000000000000000000000000000000000000080"},
      {oid::kEd25519, "0000000000000000000000000000000000000000000000000000000000000000"},
      {oid::kEd25519, "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"},
      {oid::kEd25519, "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"},
      {oid::kEd25519, "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"},
      {oid::kEd25519, "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"},
      {oid::kX25519, "0000000000000000000000000000000000000000000000000000000000000000"},
      {oid::kX25519, "0100000000000000000000000000000000000000000000000000000000000000"},
      {oid::kX25519, "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"},
      {oid::kX25519, "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"},
      {oid::kX25519, "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"},
  };
  for (const auto& [algorithm, octets] : small) {
    expect_refused(info_of(algorithm, std::nullopt, hex(octets)), Fault::weak_key, "small order");
  }
  for (const auto& algorithm : {oid::kEd448, oid::kX448}) {
    const std::size_t octets = algorithm == oid::kEd448 ? 57 : 56;
    Bytes zero(octets);
    Bytes one(octets);
    one.front() = 1;
    expect_refused(info_of(algorithm, std::nullopt, zero), Fault::weak_key, "small order");
    expect_refused(info_of(algorithm, std::nullopt, one), Fault::weak_key, "small order");
  }
}

TEST(EdwardsPublicKey, IsRefusedWhenNotBelowThePrime) {
  /* matrix: D10 */
  for (const auto& algorithm : {oid::kEd25519, oid::kX25519}) {
    auto prime = hex("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
    expect_refused(info_of(algorithm, std::nullopt, prime), Fault::weak_key, "below the field");
    prime.front() = 0xEE;
    expect_refused(info_of(algorithm, std::nullopt, prime), Fault::weak_key, "below the field");
  }
  for (const auto& algorithm : {oid::kEd448, oid::kX448}) {
    const std::size_t octets = algorithm == oid::kEd448 ? 57 : 56;
    expect_refused(info_of(algorithm, std::nullopt, Bytes(octets, 0x7F | 0x80)), Fault::weak_key,
                   "below the field");
  }
}

TEST(EdwardsPublicKey, IsRefusedOffTheCurve) {
  /* matrix: D10, D11 */
  // No x belongs to y = 2, 7, 8 on edwards25519, nor to y = 2, 6, 10 on edwards448; to those
  // between them one does. By Euler's criterion, in Python.
  const auto with_y = [](const asn1::Oid& algorithm, std::size_t octets, unsigned y) {
    Bytes key(octets);
    key.front() = static_cast<std::uint8_t>(y);
    return info_of(algorithm, std::nullopt, key);
  };
  for (const unsigned y : {2U, 7U, 8U}) {
    expect_refused(with_y(oid::kEd25519, 32, y), Fault::weak_key, "not on the curve");
  }
  for (const unsigned y : {2U, 6U, 10U}) {
    expect_refused(with_y(oid::kEd448, 57, y), Fault::weak_key, "not on the curve");
  }
  for (const unsigned y : {3U, 4U, 5U, 9U}) {
    EXPECT_TRUE(PublicKey::from(with_y(oid::kEd25519, 32, y)).ok());
    EXPECT_TRUE(PublicKey::from(with_y(oid::kEd448, 57, y)).ok());
  }
}

// --- EC keys are made in the place of those that nobody uses any more ---

class OneKeyAfterAnother : public testing::TestWithParam<const char*> {
 protected:
  struct Signer {
    std::shared_ptr<const PrivateKey> key;
    Bytes signature;
  };
  Signer signer() const {
    auto key = test::unwrap(generate_private_key(GetParam()));
    auto signature = test::unwrap(key->sign(algorithm_of(*key), message));
    return {std::move(key), std::move(signature)};
  }
  bool verifies(const PublicKey& key, const Signer& by) const {
    return key.verify(algorithm_of(*by.key), message, by.signature).ok();
  }
  static AlgorithmIdentifier algorithm_of(const PrivateKey& key) {
    return test::unwrap(default_signature_algorithm(key));
  }
  static PublicKey public_key_of(const Signer& signer) {
    return test::unwrap(PublicKey::from(signer.key->public_key_info()));
  }

  Bytes message = crypto_vector("message.txt");
};

TEST_P(OneKeyAfterAnother, EachVerifiesItsOwnSignaturesAndNoOther) {
  const auto one = signer();
  const auto other = signer();
  for (int round = 0; round < 3; ++round) {
    EXPECT_TRUE(verifies(public_key_of(one), one));
    EXPECT_FALSE(verifies(public_key_of(other), one));
    EXPECT_TRUE(verifies(public_key_of(other), other));
    EXPECT_FALSE(verifies(public_key_of(one), other));
  }
}

TEST_P(OneKeyAfterAnother, OneInUseStaysWhatItIs) {
  const auto one = signer();
  const auto other = signer();
  public_key_of(other);
  const auto held = public_key_of(one);
  const auto copy = held;
  EXPECT_TRUE(verifies(public_key_of(other), other));
  EXPECT_TRUE(verifies(held, one));
  EXPECT_TRUE(verifies(copy, one));
  EXPECT_FALSE(verifies(copy, other));
}

TEST_P(OneKeyAfterAnother, ARefusedOneLeavesNothingBehind) {
  const auto one = signer();
  auto off_the_curve = one.key->public_key_info();
  off_the_curve.subject_public_key.octets.back() ^= 1;
  for (int round = 0; round < 3; ++round) {
    EXPECT_TRUE(verifies(public_key_of(one), one));
    expect_refused(off_the_curve, Fault::weak_key, "not on the curve");
  }
}

INSTANTIATE_TEST_SUITE_P(PublicKey, OneKeyAfterAnother,
                         testing::Values("ec:p256", "ec:p384", "ec:p521"));

// --- key identifier, names ---

TEST(KeyIdentifier, IsTheSha1OfTheBitString) {
  const auto leaf = test::certificate_vector("leaf");
  EXPECT_EQ(key_identifier(leaf->subject_public_key_info), leaf.subject_key_identifier());
}

TEST(KeyKind, HasAName) {
  EXPECT_EQ(to_text(KeyKind::rsa), "RSA");
  EXPECT_EQ(to_text(KeyKind::ec_p256), "EC nistp256");
  EXPECT_EQ(to_text(KeyKind::x448), "X448");
}

}  // namespace
}  // namespace signet::crypto
