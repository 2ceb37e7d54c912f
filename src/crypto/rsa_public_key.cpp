#include <openssl/core_names.h>
#include <openssl/params.h>

#include <bit>

#include "crypto/made_public_key.h"
#include "crypto/rsa_modulus.h"

namespace signet::crypto {
namespace {

constexpr int kMinimumBits = 2048;
constexpr int kMaximumBits = 8192;  ///< beyond it one verification costs milliseconds

struct RsaNumbers {
  Bytes modulus;          ///< big-endian, no leading zero
  Bytes public_exponent;  ///< the same
};

Result<Bytes> read_positive(asn1::Reader& reader, std::string_view name) {
  const auto number = TRY(reader.read_integer());
  if (number.is_negative() || number.magnitude().empty()) {
    return Error{Fault::malformed, "RSA " + std::string(name) + " is not positive"};
  }
  return to_bytes(number.magnitude());
}

/// RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER } (RFC 8017 §A.1.1)
Result<RsaNumbers> read_rsa_public_key(ByteView der) {
  asn1::Budget budget{asn1::Limits::der()};
  asn1::Reader outer{der, budget};
  auto sequence = TRY(outer.enter(asn1::kSequence));
  TRY(outer.finish());
  RsaNumbers numbers;
  numbers.modulus = TRY(read_positive(sequence, "modulus"));
  numbers.public_exponent = TRY(read_positive(sequence, "publicExponent"));
  TRY(sequence.finish());
  return numbers;
}

int bits_of(ByteView magnitude) {
  return static_cast<int>(magnitude.size() * 8) - std::countl_zero(magnitude.front());
}

/// NIST SP 800-89 §5.3.3: odd, above 2^16, below 2^256.
Result<void> check_exponent(ByteView exponent) {
  const bool odd = (exponent.back() & 1) != 0;
  const auto bits = bits_of(exponent);
  if (odd && bits > 16 && bits <= 256) return {};
  return Error{Fault::weak_key, "RSA exponent is even, below 65537 or above 2^256; use 65537"};
}

Result<void> check_strength(const RsaNumbers& numbers) {
  const auto bits = bits_of(numbers.modulus);
  if (bits < kMinimumBits || bits > kMaximumBits) {
    return Error{Fault::weak_key,
                 "RSA modulus of " + std::to_string(bits) + " bits; 2048 to 8192 are allowed"};
  }
  TRY(check_exponent(numbers.public_exponent));
  return check_rsa_modulus(numbers.modulus);
}

/// OSSL_PARAM holds numbers in the machine's own octet order.
Bytes native(ByteView big_endian) {
  if constexpr (std::endian::native == std::endian::little) {
    return {big_endian.rbegin(), big_endian.rend()};
  }
  return to_bytes(big_endian);
}

Result<openssl::Key> make_key(const RsaNumbers& numbers) {
  thread_local const auto context = fromdata_context("RSA");
  auto modulus = native(numbers.modulus);
  auto exponent = native(numbers.public_exponent);
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_N, modulus.data(), modulus.size()),
      OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_E, exponent.data(), exponent.size()),
      OSSL_PARAM_construct_end(),
  };
  EVP_PKEY* key = nullptr;
  if (EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters) == 1) {
    return openssl::Key(key);
  }
  return Error{Fault::weak_key, "OpenSSL refuses the RSA key: " + openssl::reason()};
}

}  // namespace

Result<MadePublicKey> make_rsa_public_key(const pkix::SubjectPublicKeyInfo& info) {
  if (info.algorithm.parameters != Bytes{0x05, 0x00}) {
    return Error{Fault::malformed, "rsaEncryption without NULL parameters (RFC 3279 §2.3.1)"};
  }
  const auto numbers = TRY(read_rsa_public_key(info.subject_public_key.octets));
  TRY(check_strength(numbers));
  auto key = TRY(make_key(numbers));
  return MadePublicKey{KeyKind::rsa, bits_of(numbers.modulus),
                       std::make_shared<LoadedKey>(std::move(key))};
}

}  // namespace signet::crypto
