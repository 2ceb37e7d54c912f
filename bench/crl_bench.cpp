/// A full CRL of many entries, and what a revocation costs beside so many: on disk, by a P-256 key.
/// SIGNET_BENCH_REVOKED: up to so many (1,000,000 when not set).
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>

#include "adapters/files/journal_file.h"
#include "adapters/sqlite/sqlite_engine.h"
#include "authority/crl_maker.h"
#include "base/check.h"
#include "filled_store.h"
#include "issuance/authority_certificates.h"
#include "support/temporary_folder.h"

namespace signet::bench {
namespace {

template <typename T>
T demand(Result<T> result) {
  if (result.ok()) return std::move(result).value();
  std::cerr << result.error().detail << "\n";
  std::exit(1);
}

/// Resident memory, in MB, by its name in /proc/self/status.
double memory(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    double kilobytes = 0;
    if (word == name + ":" && status >> kilobytes) return kilobytes / 1024;
  }
  return 0;
}

/// The greatest amount is counted from here.
void forget_peak() {
  std::ofstream("/proc/self/clear_refs") << "5";
}

/// A store with so many revoked certificates, filled by large batches.
class Scene {
 public:
  explicit Scene(std::uint64_t revoked)
      : key_(demand(crypto::generate_private_key("ec:p256"))),
        engine_(demand(sqlite::SqliteEngine::open(folder_ / "store"))),
        journal_(demand(files::JournalFile::open(folder_ / "audit"))),
        committer_(*engine_, *journal_),
        issuer_(demand(issuance::Issuer::make(
            {demand(issuance::make_root({.subject = demand(pkix::name_from_text("CN=Bench")),
                                         .key = *key_,
                                         .now = clock_.now()},
                                        crypto::system_random()))},
            key_))) {
    const auto begin = std::chrono::steady_clock::now();
    fill(revoked, store::CertificateStatus::revoked);
    const auto took = std::chrono::steady_clock::now() - begin;
    seconds_to_fill_ = std::chrono::duration<double>(took).count();
  }

  void fill(std::uint64_t more, store::CertificateStatus status) {
    bench::fill(*engine_, count_ + 1, more, status);
    count_ += more;
  }
  store::Integer last_serial() const {
    return made_up_certificate(count_, store::CertificateStatus::valid).serial_number;
  }
  store::Engine& engine() { return *engine_; }
  store::Committer& committer() { return committer_; }
  double seconds_to_fill() const { return seconds_to_fill_; }
  authority::CrlMaker maker() {
    return authority::CrlMaker{
        {.issuer = issuer_,
         .signature_algorithm = demand(crypto::default_signature_algorithm(*key_)),
         .store = *engine_,
         .committer = committer_,
         .clock = clock_,
         .settings = {}}};
  }

 private:
  test::TemporaryFolder folder_;
  SystemClock clock_;
  std::shared_ptr<const crypto::PrivateKey> key_;
  std::unique_ptr<store::Engine> engine_;
  std::unique_ptr<audit::Journal> journal_;
  store::Committer committer_;
  issuance::Issuer issuer_;
  std::uint64_t count_ = 0;
  double seconds_to_fill_ = 0;
};

/// One at a time on disk: large.
Scene& scene_of(std::uint64_t revoked) {
  static std::pair<std::uint64_t, std::unique_ptr<Scene>> scene;
  if (scene.second == nullptr || scene.first != revoked) {
    scene.second.reset();
    scene = {revoked, std::make_unique<Scene>(revoked)};
  }
  return *scene.second;
}

void crl_full(benchmark::State& state) {
  auto& scene = scene_of(static_cast<std::uint64_t>(state.range(0)));
  auto maker = scene.maker();
  std::size_t octets = 0;
  forget_peak();
  for (auto run : state) octets = demand(maker.make()).der.size();
  state.counters["MB_of_the_CRL"] = static_cast<double>(octets) / 1e6;
  state.counters["MB_resident_at_most"] = memory("VmHWM");
  state.counters["seconds_to_fill"] = scene.seconds_to_fill();
}

/// Durable, alone in its batch: the disk's time with it.
void crl_revocation(benchmark::State& state) {
  auto& scene = scene_of(static_cast<std::uint64_t>(state.range(0)));
  for (auto run : state) {
    state.PauseTiming();
    scene.fill(1, store::CertificateStatus::valid);
    store::Commit commit;
    commit.status_changes.push_back({scene.last_serial(), store::CertificateStatus::valid,
                                     store::CertificateStatus::revoked, Time{},
                                     pkix::CRLReason::keyCompromise});
    state.ResumeTiming();
    CHECK(scene.committer().commit(std::move(commit)).durable());
  }
}

void sizes(benchmark::internal::Benchmark* bench) {
  const auto* most = std::getenv("SIGNET_BENCH_REVOKED");
  bench->Arg(most == nullptr ? 1'000'000 : std::atoll(most));
}
BENCHMARK(crl_revocation)->Arg(10)->Iterations(300)->UseRealTime();
BENCHMARK(crl_revocation)->Arg(10'000)->Iterations(300)->UseRealTime();
BENCHMARK(crl_full)->Apply(sizes)->Iterations(3)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(crl_revocation)->Apply(sizes)->Iterations(300)->UseRealTime();

}  // namespace
}  // namespace signet::bench
