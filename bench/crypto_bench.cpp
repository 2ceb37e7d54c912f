/// What a signature, a verification and a key cost through crypto/, and through OpenSSL's EVP
/// interface with the same keys, set up anew each time as its manual shows.
#include <benchmark/benchmark.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <array>
#include <memory>

#include "crypto/private_key.h"

namespace signet {
namespace {

/// The size of a TBSCertificate or of signed attributes with a PKIData's digest.
constexpr std::size_t kMessageOctets = 600;

/// A key of ours and the same key as OpenSSL reads it, with a signature over one message.
struct Subject {
  explicit Subject(const char* kind)
      : key(crypto::generate_private_key(kind).value()),
        algorithm(crypto::default_signature_algorithm(*key).value()),
        signature(key->sign(algorithm, message).value()),
        public_key(crypto::PublicKey::from(key->public_key_info()).value()) {
    const auto pem = crypto::write_private_key(*key, SecretBytes()).value();
    const std::unique_ptr<BIO, decltype(&BIO_free)> file(
        BIO_new_mem_buf(pem.view().data(), static_cast<int>(pem.size())), BIO_free);
    raw.reset(PEM_read_bio_PrivateKey(file.get(), nullptr, nullptr, nullptr));
  }

  [[nodiscard]] bool is_edwards() const { return key->kind() == crypto::KeyKind::ed25519; }

  std::unique_ptr<crypto::PrivateKey> key;
  crypto::AlgorithmIdentifier algorithm;
  Bytes message = Bytes(kMessageOctets, 0x5A);
  Bytes signature;
  crypto::PublicKey public_key;
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> raw{nullptr, EVP_PKEY_free};
};

constexpr const char* kKinds[] = {"ec:p256", "rsa:2048", "rsa:3072", "ec:p384", "ed25519"};

const Subject& subject(const benchmark::State& state) {
  static const std::array<Subject, 5> subjects{Subject(kKinds[0]), Subject(kKinds[1]),
                                               Subject(kKinds[2]), Subject(kKinds[3]),
                                               Subject(kKinds[4])};
  return subjects.at(static_cast<std::size_t>(state.range(0)));
}

void name(benchmark::State& state) {
  state.SetLabel(kKinds[state.range(0)]);
}

void sign(benchmark::State& state) {
  const auto& with = subject(state);
  name(state);
  for (auto _ : state) benchmark::DoNotOptimize(with.key->sign(with.algorithm, with.message).ok());
}

void sign_raw(benchmark::State& state) {
  const auto& with = subject(state);
  name(state);
  const auto* digest = with.is_edwards() ? nullptr : EVP_sha256();
  Bytes signature(1024);
  for (auto _ : state) {
    auto octets = signature.size();
    auto* context = EVP_MD_CTX_new();
    EVP_DigestSignInit(context, nullptr, digest, nullptr, with.raw.get());
    EVP_DigestSign(context, signature.data(), &octets, with.message.data(), with.message.size());
    EVP_MD_CTX_free(context);
  }
}

void verify(benchmark::State& state) {
  const auto& with = subject(state);
  name(state);
  for (auto _ : state) {
    if (!with.public_key.verify(with.algorithm, with.message, with.signature)) {
      state.SkipWithError("does not verify");
    }
  }
}

void verify_raw(benchmark::State& state) {
  const auto& with = subject(state);
  name(state);
  const auto* digest = with.is_edwards() ? nullptr : EVP_sha256();
  for (auto _ : state) {
    auto* context = EVP_MD_CTX_new();
    EVP_DigestVerifyInit(context, nullptr, digest, nullptr, with.raw.get());
    benchmark::DoNotOptimize(EVP_DigestVerify(context, with.signature.data(), with.signature.size(),
                                              with.message.data(), with.message.size()));
    EVP_MD_CTX_free(context);
  }
}

void make_key(benchmark::State& state) {
  const auto& with = subject(state);
  name(state);
  for (auto _ : state) {
    benchmark::DoNotOptimize(crypto::PublicKey::from(with.key->public_key_info()).ok());
  }
}

void make_key_raw(benchmark::State& state) {
  const auto& der = subject(state).key->public_key_info().der;
  name(state);
  for (auto _ : state) {
    const auto* at = der.data();
    EVP_PKEY_free(d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
  }
}

/// One requester's key, used for the first time: the proof of possession of an enrollment.
void make_key_and_verify(benchmark::State& state) {
  const auto& with = subject(state);
  name(state);
  for (auto _ : state) {
    const auto made = crypto::PublicKey::from(with.key->public_key_info());
    if (!made.ok() || !made->verify(with.algorithm, with.message, with.signature)) {
      state.SkipWithError("does not verify");
    }
  }
}

void sha256(benchmark::State& state) {
  const Bytes message(static_cast<std::size_t>(state.range(0)), 0x5A);
  for (auto _ : state) benchmark::DoNotOptimize(crypto::sha256(message));
}

void hmac_sha256(benchmark::State& state) {
  const Bytes message(static_cast<std::size_t>(state.range(0)), 0x5A);
  const Bytes key(32, 0x33);
  for (auto _ : state) {
    benchmark::DoNotOptimize(crypto::mac(crypto::MacAlgorithm::hmac_sha256, key, message));
  }
}

BENCHMARK(sign)->DenseRange(0, 4);
BENCHMARK(sign_raw)->DenseRange(0, 4);
BENCHMARK(sign)->Arg(0)->Threads(2)->Name("sign by two threads");
BENCHMARK(verify)->DenseRange(0, 4);
BENCHMARK(verify_raw)->DenseRange(0, 4);
BENCHMARK(make_key)->DenseRange(0, 4);
BENCHMARK(make_key_raw)->DenseRange(0, 4);
BENCHMARK(make_key_and_verify)->DenseRange(0, 4);
BENCHMARK(sha256)->Arg(64)->Arg(4096);
BENCHMARK(hmac_sha256)->Arg(64)->Arg(4096);

}  // namespace
}  // namespace signet
