#include <openssl/core_names.h>
#include <openssl/params.h>

#include <array>

#include "codec/pkix/oids.h"
#include "crypto/made_public_key.h"

namespace signet::crypto {
namespace {

/// One curve of RFC 7748 in the form in which RFC 8410 uses it. Numbers are hexadecimal.
/// The coordinate is y of the Edwards form (RFC 8032 §5.1.2, §5.2.2: the top bit of the last octet
/// is the sign of x) or u of the Montgomery form (RFC 7748 §5).
struct EdwardsCurve {
  asn1::Oid oid;
  KeyKind kind;
  const char* name;  ///< OpenSSL's and ours
  int bits;
  std::size_t octets;
  const char* prime;
  /// y or u of the points whose order divides the cofactor; 0, 1 and p - 1 belong to each curve.
  std::array<const char*, 2> further_small_orders;
};

constexpr auto kPrime25519 = "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed";
constexpr auto kPrime448 =
    "fffffffffffffffffffffffffffffffffffffffffffffffffffffffe"
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffff";
/// d of edwards25519 and -d of edwards448 (RFC 8032 §5.1, §5.2).
constexpr auto kD25519 = "52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3";
constexpr auto kMinusD448 = "98a9";

constexpr std::array kEdwardsCurves{
    EdwardsCurve{pkix::oid::kEd25519,
                 KeyKind::ed25519,
                 "ED25519",
                 256,
                 32,
                 kPrime25519,
                 {"05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826",
                  "7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7"}},
    EdwardsCurve{pkix::oid::kEd448, KeyKind::ed448, "ED448", 456, 57, kPrime448, {}},
    EdwardsCurve{pkix::oid::kX25519,
                 KeyKind::x25519,
                 "X25519",
                 256,
                 32,
                 kPrime25519,
                 {"00b8495f16056286fdb1329ceb8d09da6ac49ff1fae35616aeb8413b7c7aebe0",
                  "57119fd0dd4e22d8868e1c58c45c44045bef839c55b1d0b1248c50a3bc959c5f"}},
    EdwardsCurve{pkix::oid::kX448, KeyKind::x448, "X448", 448, 56, kPrime448, {}},
};

bool is_edwards(const EdwardsCurve& curve) {
  return curve.kind == KeyKind::ed25519 || curve.kind == KeyKind::ed448;
}

openssl::BigNumber number(const char* hexadecimal) {
  BIGNUM* made = nullptr;
  CHECK(BN_hex2bn(&made, hexadecimal) != 0);
  return openssl::BigNumber(made);
}

/// The y or u coordinate: little-endian, without the sign of x.
openssl::BigNumber coordinate(const EdwardsCurve& curve, Bytes key) {
  if (is_edwards(curve)) key.back() &= 0x7F;
  openssl::BigNumber made(BN_lebin2bn(key.data(), static_cast<int>(key.size()), nullptr));
  CHECK(made != nullptr);
  return made;
}

bool has_small_order(const EdwardsCurve& curve, const BIGNUM* coordinate, const BIGNUM* prime) {
  const openssl::BigNumber last(BN_dup(prime));
  CHECK(last != nullptr && BN_sub_word(last.get(), 1) == 1);
  if (BN_is_zero(coordinate) || BN_is_one(coordinate) || BN_cmp(coordinate, last.get()) == 0) {
    return true;
  }
  for (const char* small : curve.further_small_orders) {
    if (small != nullptr && BN_cmp(coordinate, number(small).get()) == 0) return true;
  }
  return false;
}

using NumberContext = std::unique_ptr<BN_CTX, openssl::Release<BN_CTX_free>>;

/// Whether an x belongs to this y:
///   edwards25519  -x^2 + y^2 = 1 + d x^2 y^2   x^2 = (y^2 - 1) / ( d y^2 + 1)
///   edwards448     x^2 + y^2 = 1 + d x^2 y^2   x^2 = (1 - y^2) / (-d y^2 + 1)
/// A quotient is a square exactly when the product of its two numbers is.
bool is_on_curve(const EdwardsCurve& curve, const BIGNUM* y, const BIGNUM* prime) {
  const bool small = curve.kind == KeyKind::ed25519;
  const NumberContext context(BN_CTX_new());
  const openssl::BigNumber square(BN_new());
  const openssl::BigNumber numerator(BN_new());
  const auto denominator = number(small ? kD25519 : kMinusD448);
  const openssl::BigNumber product(BN_new());
  CHECK(context && square && numerator && product);
  auto* work = context.get();
  CHECK(BN_mod_sqr(square.get(), y, prime, work) == 1);
  CHECK(BN_mod_mul(denominator.get(), denominator.get(), square.get(), prime, work) == 1);
  CHECK(BN_add_word(denominator.get(), 1) == 1);
  CHECK((small ? BN_mod_sub(numerator.get(), square.get(), BN_value_one(), prime, work)
               : BN_mod_sub(numerator.get(), BN_value_one(), square.get(), prime, work)) == 1);
  CHECK(BN_mod_mul(product.get(), numerator.get(), denominator.get(), prime, work) == 1);
  return BN_kronecker(product.get(), prime, work) != -1;
}

Result<void> check_point(const EdwardsCurve& curve, const Bytes& key) {
  const auto prime = number(curve.prime);
  const auto place = coordinate(curve, key);
  const std::string name(to_text(curve.kind));
  if (BN_cmp(place.get(), prime.get()) >= 0) {
    return Error{Fault::weak_key, name + " key is not below the field's prime"};
  }
  if (has_small_order(curve, place.get(), prime.get())) {
    return Error{Fault::weak_key, name + " key has small order"};
  }
  // Every u belongs to the Montgomery curve or its twist, and both serve (RFC 7748 §5).
  if (is_edwards(curve) && !is_on_curve(curve, place.get(), prime.get())) {
    return Error{Fault::weak_key, name + " key is not on the curve"};
  }
  return {};
}

EVP_PKEY_CTX* context_for(const EdwardsCurve& curve) {
  thread_local const std::array contexts{
      fromdata_context(kEdwardsCurves[0].name), fromdata_context(kEdwardsCurves[1].name),
      fromdata_context(kEdwardsCurves[2].name), fromdata_context(kEdwardsCurves[3].name)};
  return contexts.at(static_cast<std::size_t>(&curve - kEdwardsCurves.data())).get();
}

Result<openssl::Key> make_key(const EdwardsCurve& curve, Bytes octets) {
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, octets.data(), octets.size()),
      OSSL_PARAM_construct_end(),
  };
  EVP_PKEY* key = nullptr;
  if (EVP_PKEY_fromdata(context_for(curve), &key, EVP_PKEY_PUBLIC_KEY,
                        const_cast<OSSL_PARAM*>(parameters)) == 1) {
    return openssl::Key(key);
  }
  return Error{Fault::weak_key, "OpenSSL refuses the key: " + openssl::reason()};
}

const EdwardsCurve& curve_of(const asn1::Oid& algorithm) {
  std::size_t index = 0;
  while (kEdwardsCurves.at(index).oid != algorithm) ++index;
  return kEdwardsCurves.at(index);
}

}  // namespace

Result<MadePublicKey> make_edwards_public_key(const pkix::SubjectPublicKeyInfo& info) {
  const EdwardsCurve& curve = curve_of(info.algorithm.algorithm);
  const auto& octets = info.subject_public_key.octets;
  const std::string name(to_text(curve.kind));
  if (info.algorithm.parameters) {
    return Error{Fault::malformed, name + " key with parameters (RFC 8410 §3)"};
  }
  if (octets.size() != curve.octets) {
    return Error{Fault::malformed, name + " key of " + std::to_string(octets.size()) +
                                       " octets, not " + std::to_string(curve.octets)};
  }
  TRY(check_point(curve, octets));
  auto key = TRY(make_key(curve, octets));
  return MadePublicKey{curve.kind, curve.bits, std::make_shared<LoadedKey>(std::move(key))};
}

}  // namespace signet::crypto
