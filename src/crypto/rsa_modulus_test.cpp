#include "crypto/rsa_modulus.h"

#include <gtest/gtest.h>

#include "crypto/openssl.h"
#include "support/crypto_vectors.h"

namespace signet::crypto {
namespace {

/// An odd number of 2048 bits with chosen remainders, by the Chinese remainder theorem: it goes up
/// by twice the product of the primes that are already satisfied.
class NumberWithRemainders {
 public:
  NumberWithRemainders() {
    const Bytes start(256, 0xC5);
    number_.reset(BN_bin2bn(start.data(), 256, nullptr));
    step_.reset(BN_new());
    BN_set_word(step_.get(), 2);
  }

  void satisfy(unsigned prime, unsigned remainder) {
    while (BN_mod_word(number_.get(), prime) != remainder) advance();
    BN_mul_word(step_.get(), prime);
  }

  /// Goes on until no prime up to 751 divides it.
  void lose_small_factors() {
    while (has_small_factor()) advance();
  }

  Bytes octets() const {
    Bytes made(256);
    BN_bn2binpad(number_.get(), made.data(), 256);
    return made;
  }

 private:
  void advance() { BN_add(number_.get(), number_.get(), step_.get()); }
  bool has_small_factor() const {
    for (unsigned divisor = 3; divisor <= 751; divisor += 2) {
      if (BN_mod_word(number_.get(), divisor) == 0) return true;
    }
    return false;
  }

  openssl::BigNumber number_;
  openssl::BigNumber step_;
};

constexpr unsigned kRocaPrimes[] = {11, 13, 17,  19,  37,  53,  61,  71, 73,
                                    79, 97, 103, 107, 109, 127, 151, 157};

/// 65537^12345 modulo prime: as if the Infineon library had drawn that exponent.
unsigned power_of_65537(unsigned prime) {
  unsigned power = 1;
  for (int i = 0; i < 12345; ++i) power = power * (65537 % prime) % prime;
  return power;
}

Bytes modulus_of(const char* name) {
  const auto key = test::key_vector(name);
  asn1::Budget budget{asn1::Limits::der()};
  asn1::Reader outer{key->public_key_info().subject_public_key.octets, budget};
  auto sequence = test::unwrap(outer.enter(asn1::kSequence));
  return to_bytes(test::unwrap(sequence.read_integer()).magnitude());
}

void expect_weak(const Bytes& modulus, const std::string& word) {
  const auto checked = check_rsa_modulus(modulus);
  ASSERT_FALSE(checked.ok());
  EXPECT_EQ(checked.error().fault, Fault::weak_key);
  EXPECT_NE(checked.error().detail.find(word), std::string::npos) << checked.error().detail;
}

TEST(RsaModulus, TakesWhatOpenSslMakes) {
  EXPECT_TRUE(check_rsa_modulus(modulus_of("rsa2048")).ok());
}

TEST(RsaModulus, RefusesAnEvenOne) {
  /* matrix: D10, D11 */
  auto modulus = modulus_of("rsa2048");
  modulus.back() &= 0xFE;
  expect_weak(modulus, "even");
}

TEST(RsaModulus, RefusesSmallPrimeFactors) {
  /* matrix: D10, D11 */
  for (const unsigned prime : {3U, 5U, 7U, 347U, 743U, 751U}) {
    NumberWithRemainders number;
    for (const unsigned smaller : {3U, 5U, 7U}) number.satisfy(smaller, smaller == prime ? 0 : 1);
    if (prime > 7) number.satisfy(prime, 0);
    expect_weak(number.octets(), "divisible by ");
  }
}

TEST(RsaModulus, RefusesTheShapeOfRoca) {
  /* matrix: D10, D11 */
  NumberWithRemainders number;
  for (const auto prime : kRocaPrimes) number.satisfy(prime, power_of_65537(prime));
  number.lose_small_factors();
  expect_weak(number.octets(), "ROCA");
}

TEST(RsaModulus, TakesTheShapeOfRocaButForOnePrime) {
  NumberWithRemainders number;
  // 65537 generates 1 and 10 modulo 11; 2 is outside.
  for (const auto prime : kRocaPrimes)
    number.satisfy(prime, prime == 11 ? 2 : power_of_65537(prime));
  number.lose_small_factors();
  EXPECT_TRUE(check_rsa_modulus(number.octets()).ok());
}

}  // namespace
}  // namespace signet::crypto
