#include "crypto_limit.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "base/check.h"

namespace signet::bench {
namespace {

template <auto Free>
struct Freer {
  template <typename T>
  void operator()(T* owned) const {
    Free(owned);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freer<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freer<EVP_MD_CTX_free>>;

// As long as a TBSCertificate, a CertificationRequestInfo or signed attributes usually are.
const std::array<unsigned char, 400> kMessage{0x30};

double cpu_microseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

/// The median over rounds of one call's cost.
template <typename Step>
double cost(Step&& step) {
  constexpr int kRounds = 15;
  constexpr int kCalls = 60;
  std::vector<double> rounds;
  for (int round = 0; round < kRounds; ++round) {
    const auto before = cpu_microseconds();
    for (int call = 0; call < kCalls; ++call) step();
    rounds.push_back((cpu_microseconds() - before) / kCalls);
  }
  std::nth_element(rounds.begin(), rounds.begin() + kRounds / 2, rounds.end());
  return rounds[kRounds / 2];
}

std::vector<unsigned char> sign(EVP_PKEY* key) {
  const DigestContext context(EVP_MD_CTX_new());
  CHECK(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1);
  std::size_t size = 0;
  CHECK(EVP_DigestSign(context.get(), nullptr, &size, kMessage.data(), kMessage.size()) == 1);
  std::vector<unsigned char> signature(size);
  CHECK(EVP_DigestSign(context.get(), signature.data(), &size, kMessage.data(), kMessage.size()) ==
        1);
  signature.resize(size);
  return signature;
}

void verify(EVP_PKEY* key, const std::vector<unsigned char>& signature) {
  const DigestContext context(EVP_MD_CTX_new());
  CHECK(EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1);
  CHECK(EVP_DigestVerify(context.get(), signature.data(), signature.size(), kMessage.data(),
                         kMessage.size()) == 1);
}

/// The public half of `key` as parameters, to be made into a key again and again.
struct PublicParameters {
  const char* type;
  OSSL_PARAM* parameters = nullptr;

  explicit PublicParameters(EVP_PKEY* key) : type(EVP_PKEY_get0_type_name(key)) {
    CHECK(EVP_PKEY_todata(key, EVP_PKEY_PUBLIC_KEY, &parameters) == 1);
  }
  ~PublicParameters() { OSSL_PARAM_free(parameters); }
  PublicParameters(const PublicParameters&) = delete;
  PublicParameters& operator=(const PublicParameters&) = delete;

  [[nodiscard]] Key make() const {
    const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    EVP_PKEY* made = nullptr;
    CHECK(EVP_PKEY_fromdata_init(context.get()) == 1);
    CHECK(EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters) == 1);
    return Key(made);
  }
};

}  // namespace

CryptoLimit measure_crypto_limit(std::string_view kind) {
  const Key key(kind == "ec:p256" ? EVP_EC_gen("P-256") : EVP_RSA_gen(2048));
  CHECK(key != nullptr);
  const PublicParameters parameters(key.get());
  const auto public_key = parameters.make();
  const auto signature = sign(key.get());
  return {
      .make_public_key = cost([&] { CHECK(parameters.make() != nullptr); }),
      .verify = cost([&] { verify(public_key.get(), signature); }),
      .sign = cost([&] { CHECK(!sign(key.get()).empty()); }),
  };
}

}  // namespace signet::bench
