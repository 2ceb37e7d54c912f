/// What the store costs as it grows: an enrollment's commit, look-ups, a revocation, a page of a
/// list, beside 10,000, 1,000,000 and 10,000,000 certificates on disk.
/// SIGNET_BENCH_CERTIFICATES: up to so many (1,000,000 when not set).
/// SIGNET_BENCH_STORE: a folder where the filled store is kept for the next run.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <optional>
#include <random>

#include "adapters/files/journal_file.h"
#include "adapters/sqlite/sqlite_engine.h"
#include "base/check.h"
#include "filled_store.h"
#include "support/temporary_folder.h"

namespace signet::bench {
namespace {

using store::CertificateStatus;

constexpr std::size_t kInOneBatch = 16;

/// One store that only grows, so that each size is filled on top of the one before.
class GrowingStore {
 public:
  static GrowingStore& of(std::uint64_t size) {
    static GrowingStore store;
    store.grow_to(size);
    return store;
  }

  [[nodiscard]] store::Engine& engine() { return *engine_; }
  [[nodiscard]] audit::Journal& journal() { return *journal_; }
  /// Numbers that nobody was given yet, above all sizes.
  std::uint64_t next() { return ++last_; }
  [[nodiscard]] store::CertificateRecord any() {
    std::uniform_int_distribution<std::uint64_t> number(1, size_);
    return made_up_certificate(number(random_), CertificateStatus::valid);
  }

 private:
  static constexpr std::uint64_t kAboveAllSizes = 1'000'000'000;

  GrowingStore() {
    const auto* kept = std::getenv("SIGNET_BENCH_STORE");
    const std::filesystem::path folder = kept == nullptr ? folder_.path() : kept;
    std::filesystem::create_directories(folder);
    engine_ = std::move(sqlite::SqliteEngine::open((folder / "store").string())).value();
    journal_ = std::move(files::JournalFile::open(folder_ / "audit")).value();
    while (size_ < kAboveAllSizes && has(size_ + kStep)) size_ += kStep;
    last_ = kAboveAllSizes + std::random_device{}();
  }

  static constexpr std::uint64_t kStep = 10'000;

  [[nodiscard]] bool has(std::uint64_t number) const {
    const auto wanted = made_up_certificate(number, CertificateStatus::valid).serial_number;
    return engine_->find_certificate(wanted).value().has_value();
  }

  void grow_to(std::uint64_t size) {
    if (size <= size_) return;
    fill(*engine_, size_ + 1, size - size_, CertificateStatus::valid, [size](std::uint64_t done) {
      std::cerr << "\rfilling: " << done << " of " << size << std::flush;
    });
    std::cerr << "\n";
    size_ = size;
  }

  test::TemporaryFolder folder_;
  std::unique_ptr<store::Engine> engine_;
  std::unique_ptr<audit::Journal> journal_;
  std::uint64_t size_ = 0;
  std::uint64_t last_ = 0;
  std::mt19937_64 random_{1};
};

GrowingStore& store_of(benchmark::State& state) {
  return GrowingStore::of(static_cast<std::uint64_t>(state.range(0)));
}

/// A batch of enrollments, made durable.
void growth_enrollment(benchmark::State& state) {
  auto& store = store_of(state);
  for (auto run : state) {
    state.PauseTiming();
    std::vector<store::Commit> commits;
    std::vector<const store::Commit*> batch;
    for (std::size_t at = 0; at < kInOneBatch; ++at) {
      commits.push_back(made_up_enrollment(store.next(), CertificateStatus::valid));
    }
    for (const auto& commit : commits) batch.push_back(&commit);
    state.ResumeTiming();
    for (const auto& outcome : store.engine().apply(batch, store.journal())) {
      CHECK(outcome.durable());
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kInOneBatch));
}

void growth_find_by_serial(benchmark::State& state) {
  auto& store = store_of(state);
  for (auto run : state) {
    state.PauseTiming();
    const auto wanted = store.any().serial_number;
    state.ResumeTiming();
    CHECK(store.engine().find_certificate(wanted).value().has_value());
  }
}

void growth_find_by_key(benchmark::State& state) {
  auto& store = store_of(state);
  for (auto run : state) {
    state.PauseTiming();
    const auto wanted = store.any().key_hash;
    state.ResumeTiming();
    CHECK(!store.engine().find_by_key(wanted).value().empty());
  }
}

/// A page of a hundred, somewhere in the middle.
void growth_list_page(benchmark::State& state) {
  auto& store = store_of(state);
  for (auto run : state) {
    state.PauseTiming();
    const auto until = store.any().issued_at;
    state.ResumeTiming();
    benchmark::DoNotOptimize(store.engine().find_certificates({.issued_to = until}).value());
  }
}

void growth_revocation(benchmark::State& state) {
  auto& store = store_of(state);
  for (auto run : state) {
    state.PauseTiming();
    const auto number = store.next();
    fill(store.engine(), number, 1, CertificateStatus::valid);
    store::Commit commit;
    commit.status_changes.push_back(
        {made_up_certificate(number, CertificateStatus::valid).serial_number,
         CertificateStatus::valid, CertificateStatus::revoked, Time{},
         pkix::CRLReason::keyCompromise});
    const std::array<const store::Commit*, 1> batch{&commit};
    state.ResumeTiming();
    CHECK(store.engine().apply(batch, store.journal()).front().durable());
  }
}

/// All benchmarks of one size before the next: the store grows in between.
[[maybe_unused]] const bool kRegistered = [] {
  const auto* most = std::getenv("SIGNET_BENCH_CERTIFICATES");
  const auto limit = most == nullptr ? 1'000'000 : std::atoll(most);
  for (const std::int64_t size : {10'000, 1'000'000, 10'000'000}) {
    if (size > limit) continue;
    const auto add = [size](const char* name, auto* function, int times) {
      benchmark::RegisterBenchmark(name, function)->Arg(size)->Iterations(times)->UseRealTime();
    };
    add("growth_enrollment", growth_enrollment, 200);
    add("growth_find_by_serial", growth_find_by_serial, 5000);
    add("growth_find_by_key", growth_find_by_key, 5000);
    add("growth_list_page", growth_list_page, 500);
    add("growth_revocation", growth_revocation, 200);
  }
  return true;
}();

}  // namespace
}  // namespace signet::bench
