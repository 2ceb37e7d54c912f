#include "fresh_keys.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

#include <array>
#include <charconv>
#include <thread>

#include "base/check.h"
#include "freer.h"
#include "trial.h"

namespace signet::bench {
namespace {

using Number = std::unique_ptr<BIGNUM, Freer<BN_clear_free>>;
using Scratch = std::unique_ptr<BN_CTX, Freer<BN_CTX_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Freer<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Freer<OSSL_PARAM_free>>;

constexpr std::string_view kRsa = "rsa:";

Number number() {
  return Number(BN_new());
}

Number less_one(const Number& value) {
  Number less(BN_dup(value.get()));
  CHECK(BN_sub_word(less.get(), 1) == 1);
  return less;
}

/// Fit for the exponent 65537, its two highest bits set.
Number find_prime(int bits) {
  auto prime = number();
  do {
    CHECK(BN_generate_prime_ex(prime.get(), bits, 0, nullptr, nullptr, nullptr) == 1);
  } while (BN_mod_word(less_one(prime).get(), RSA_F4) == 0);
  return prime;
}

/// So many that their pairs suffice.
std::size_t primes_for(std::size_t keys) {
  std::size_t primes = 2;
  while (primes * (primes - 1) / 2 < keys) ++primes;
  return primes;
}

Key key_of(const Number& p, const Number& q) {
  const Scratch scratch(BN_CTX_new());
  auto* const context = scratch.get();
  const auto n = number();
  const auto e = number();
  const auto phi = number();
  const auto dp = number();
  const auto dq = number();
  const auto p_less = less_one(p);
  const auto q_less = less_one(q);
  CHECK(BN_mul(n.get(), p.get(), q.get(), context) == 1 && BN_set_word(e.get(), RSA_F4) == 1 &&
        BN_mul(phi.get(), p_less.get(), q_less.get(), context) == 1);
  const Number d(BN_mod_inverse(nullptr, e.get(), phi.get(), context));
  const Number coefficient(BN_mod_inverse(nullptr, q.get(), p.get(), context));
  CHECK(d != nullptr && coefficient != nullptr &&
        BN_mod(dp.get(), d.get(), p_less.get(), context) == 1 &&
        BN_mod(dq.get(), d.get(), q_less.get(), context) == 1);

  const Builder builder(OSSL_PARAM_BLD_new());
  const std::array<std::pair<const char*, const Number*>, 8> numbers{{
      {OSSL_PKEY_PARAM_RSA_N, &n},
      {OSSL_PKEY_PARAM_RSA_E, &e},
      {OSSL_PKEY_PARAM_RSA_D, &d},
      {OSSL_PKEY_PARAM_RSA_FACTOR1, &p},
      {OSSL_PKEY_PARAM_RSA_FACTOR2, &q},
      {OSSL_PKEY_PARAM_RSA_EXPONENT1, &dp},
      {OSSL_PKEY_PARAM_RSA_EXPONENT2, &dq},
      {OSSL_PKEY_PARAM_RSA_COEFFICIENT1, &coefficient},
  }};
  for (const auto& [name, value] : numbers) {
    CHECK(OSSL_PARAM_BLD_push_BN(builder.get(), name, value->get()) == 1);
  }
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const KeyContext maker(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  EVP_PKEY* made = nullptr;
  CHECK(EVP_PKEY_fromdata_init(maker.get()) == 1 &&
        EVP_PKEY_fromdata(maker.get(), &made, EVP_PKEY_KEYPAIR, parameters.get()) == 1);
  return Key(made);
}

Bytes written(const Key& key) {
  unsigned char* octets = nullptr;
  const auto size = i2d_PrivateKey(key.get(), &octets);
  CHECK(size > 0);
  Bytes der(octets, octets + size);
  OPENSSL_clear_free(octets, static_cast<std::size_t>(size));
  return der;
}

}  // namespace

struct FreshKeys::Primes {
  std::vector<Number> found;
};

FreshKeys::FreshKeys(std::string kind, std::size_t most) : kind_(std::move(kind)) {
  if (!kind_.starts_with(kRsa)) return;
  int bits = 0;
  std::from_chars(kind_.data() + kRsa.size(), kind_.data() + kind_.size(), bits);
  CHECK(bits >= 2048);
  auto primes = std::make_unique<Primes>();
  primes->found.resize(primes_for(most));
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (auto at = next++; at < primes->found.size(); at = next++) {
      primes->found[at] = find_prime(bits / 2);
    }
  };
  std::thread other(work);
  work();
  other.join();
  primes_ = std::move(primes);
}

FreshKeys::~FreshKeys() = default;

std::unique_ptr<crypto::PrivateKey> FreshKeys::make() {
  if (!primes_) return demand(crypto::generate_private_key(kind_), "key");
  // The pairs in order: 0 1, 0 2, 1 2, 0 3, …
  auto pair = made_++;
  std::size_t higher = 1;
  while (pair >= higher) pair -= higher++;
  CHECK(higher < primes_->found.size());
  const auto key = key_of(primes_->found[pair], primes_->found[higher]);
  return demand(crypto::read_private_key(written(key), SecretBytes()), "key");
}

}  // namespace signet::bench
