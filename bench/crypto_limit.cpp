#include "crypto_limit.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <thread>
#include <vector>

#include "base/check.h"
#include "freer.h"

namespace signet::bench {
namespace {

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

/// The digest, fetched once, and a context of one key, set up once: nothing but the operation is
/// left to measure.
using Digest = std::unique_ptr<EVP_MD, Freer<EVP_MD_free>>;

class PreparedKey {
 public:
  enum class Use { sign, verify };

  PreparedKey(EVP_PKEY* key, Use use)
      : digest_(EVP_MD_fetch(nullptr, "SHA256", nullptr)),
        context_(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr)) {
    CHECK(use == Use::sign ? EVP_PKEY_sign_init(context_.get()) == 1
                           : EVP_PKEY_verify_init(context_.get()) == 1);
    CHECK(EVP_PKEY_CTX_set_signature_md(context_.get(), digest_.get()) == 1);
  }

  [[nodiscard]] std::vector<unsigned char> sign() const {
    const auto digest = message_digest();
    std::size_t size = 0;
    CHECK(EVP_PKEY_sign(context_.get(), nullptr, &size, digest.data(), digest.size()) == 1);
    std::vector<unsigned char> signature(size);
    CHECK(EVP_PKEY_sign(context_.get(), signature.data(), &size, digest.data(), digest.size()) ==
          1);
    signature.resize(size);
    return signature;
  }

  void verify(const std::vector<unsigned char>& signature) const {
    const auto digest = message_digest();
    CHECK(EVP_PKEY_verify(context_.get(), signature.data(), signature.size(), digest.data(),
                          digest.size()) == 1);
  }

 private:
  [[nodiscard]] std::array<unsigned char, 32> message_digest() const {
    std::array<unsigned char, 32> digest{};
    CHECK(EVP_Digest(kMessage.data(), kMessage.size(), digest.data(), nullptr, digest_.get(),
                     nullptr) == 1);
    return digest;
  }

  Digest digest_;
  KeyContext context_;
};

/// The public half of `key` as parameters, to be made into a key again and again.
struct PublicParameters {
  KeyContext context;
  OSSL_PARAM* parameters = nullptr;

  explicit PublicParameters(EVP_PKEY* key)
      : context(EVP_PKEY_CTX_new_from_name(nullptr, EVP_PKEY_get0_type_name(key), nullptr)) {
    CHECK(EVP_PKEY_fromdata_init(context.get()) == 1);
    CHECK(EVP_PKEY_todata(key, EVP_PKEY_PUBLIC_KEY, &parameters) == 1);
  }
  ~PublicParameters() { OSSL_PARAM_free(parameters); }
  PublicParameters(const PublicParameters&) = delete;
  PublicParameters& operator=(const PublicParameters&) = delete;

  [[nodiscard]] Key make() const {
    EVP_PKEY* made = nullptr;
    CHECK(EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters) == 1);
    return Key(made);
  }
};

void encrypt_by_transport(EVP_PKEY* key) {
  const KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  const std::array<unsigned char, 32> content_key{};
  std::array<unsigned char, 512> sealed{};
  std::size_t octets = sealed.size();
  CHECK(EVP_PKEY_encrypt_init(context.get()) == 1);
  CHECK(EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_OAEP_PADDING) == 1);
  CHECK(EVP_PKEY_encrypt(context.get(), sealed.data(), &octets, content_key.data(),
                         content_key.size()) == 1);
}

void encrypt_by_agreement(EVP_PKEY* key) {
  const Key ephemeral(EVP_EC_gen("P-256"));
  const KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, ephemeral.get(), nullptr));
  std::array<unsigned char, 66> shared{};
  std::size_t octets = shared.size();
  CHECK(EVP_PKEY_derive_init(context.get()) == 1);
  CHECK(EVP_PKEY_derive_set_peer(context.get(), key) == 1);
  CHECK(EVP_PKEY_derive(context.get(), shared.data(), &octets) == 1);
}

}  // namespace

CryptoLimit measure_crypto_limit(std::string_view kind) {
  const Key key(kind == "ec:p256" ? EVP_EC_gen("P-256") : EVP_RSA_gen(2048));
  CHECK(key != nullptr);
  const PublicParameters parameters(key.get());
  const auto public_key = parameters.make();
  const PreparedKey signer(key.get(), PreparedKey::Use::sign);
  const PreparedKey verifier(public_key.get(), PreparedKey::Use::verify);
  const auto signature = signer.sign();
  return {
      .make_public_key = cost([&] { CHECK(parameters.make() != nullptr); }),
      .verify = cost([&] { verifier.verify(signature); }),
      .sign = cost([&] { CHECK(!signer.sign().empty()); }),
      .encrypt = cost([&] {
        kind == "ec:p256" ? encrypt_by_agreement(public_key.get())
                          : encrypt_by_transport(public_key.get());
      }),
  };
}

CryptoLimit measure_crypto_limit_on_all_processors(std::string_view kind) {
  std::vector<CryptoLimit> limits(std::max(1U, std::thread::hardware_concurrency()));
  std::vector<std::thread> threads;
  threads.reserve(limits.size());
  for (auto& limit : limits) threads.emplace_back([&] { limit = measure_crypto_limit(kind); });
  for (auto& thread : threads) thread.join();
  const auto mean = [&](double CryptoLimit::*part) {
    double sum = 0;
    for (const auto& limit : limits) sum += limit.*part;
    return sum / static_cast<double>(limits.size());
  };
  return {.make_public_key = mean(&CryptoLimit::make_public_key),
          .verify = mean(&CryptoLimit::verify),
          .sign = mean(&CryptoLimit::sign),
          .encrypt = mean(&CryptoLimit::encrypt)};
}

}  // namespace signet::bench
