#include <benchmark/benchmark.h>

#include "adapters/files/journal_file.h"
#include "adapters/postgres/postgres_engine.h"
#include "adapters/sqlite/sqlite_engine.h"
#include "base/check.h"
#include "crypto/digest.h"
#include "support/postgres_server.h"
#include "support/store_records.h"
#include "support/temporary_folder.h"

namespace signet::bench {
namespace {

/// A grant of the size of a real one: random-looking keys of all indexes, a certificate of 1 kB,
/// and the whole messages in base64 in its event.
store::Commit grant(std::uint64_t number) {
  const auto hash_of = [number](std::string_view what) {
    return crypto::sha256(as_bytes(std::string(what) + std::to_string(number)));
  };
  auto commit = test::grant(0);
  auto& certificate = commit.certificates.front();
  certificate.serial_number = store::Integer::from_unsigned(hash_of("serial"));
  certificate.certificate_der = Bytes(1000, 0x55);
  certificate.subject_der = hash_of("subject");
  certificate.key_hash = hash_of("key");
  commit.keys.front().key_hash = certificate.key_hash;
  commit.answered->request_digest = hash_of("request");
  commit.answered->sender_nonce = hash_of("nonce");
  commit.events.front().fields.push_back({"CMCRequest", std::string(3000, 'A')});
  commit.events.front().fields.push_back({"CMCResponse", std::string(4000, 'B')});
  return commit;
}

/// Durable commits in batches of the given size; time is processor time and the disk's.
void commit_in_batches(benchmark::State& state, store::Engine& engine) {
  const test::TemporaryFolder folder;
  const auto journal = files::JournalFile::open(folder / "audit");
  const auto size = static_cast<std::size_t>(state.range(0));
  std::uint64_t number = 0;
  for (auto run : state) {
    state.PauseTiming();
    std::vector<store::Commit> commits;
    std::vector<const store::Commit*> batch;
    for (std::size_t at = 0; at < size; ++at) commits.push_back(grant(++number));
    for (const auto& commit : commits) batch.push_back(&commit);
    state.ResumeTiming();
    for (const auto& outcome : engine.apply(batch, **journal)) CHECK(outcome.durable());
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(number));
}

void commit_to_sqlite(benchmark::State& state) {
  const test::TemporaryFolder folder;
  const auto engine = sqlite::SqliteEngine::open(folder / "store");
  commit_in_batches(state, **engine);
}
BENCHMARK(commit_to_sqlite)->Arg(1)->Arg(4)->Arg(16)->Arg(64)->UseRealTime();

/// The server's processor time is its own: what shows is this process's share, and real time.
void commit_to_postgres(benchmark::State& state) {
  const auto engine =
      postgres::PostgresEngine::open(test::PostgresServer::instance().fresh_schema());
  commit_in_batches(state, **engine);
}
BENCHMARK(commit_to_postgres)->Arg(1)->Arg(4)->Arg(16)->Arg(64)->UseRealTime();

void seen_before(benchmark::State& state) {
  const test::TemporaryFolder folder;
  const auto engine = sqlite::SqliteEngine::open(folder / "store");
  audit::MemoryJournal journal;
  const auto commit = grant(1);
  const std::vector<const store::Commit*> batch{&commit};
  CHECK((*engine)->apply(batch, journal).front().durable());
  for (auto run : state) {
    benchmark::DoNotOptimize((*engine)->seen_before(*commit.answered));
  }
}
BENCHMARK(seen_before);

void write_audit_record(benchmark::State& state) {
  auto event = test::event("CMC_REQUEST_RECEIVED");
  event.fields.push_back({"CMCRequest", std::string(4000, 'A')});
  audit::ChainHead head;
  for (auto run : state) benchmark::DoNotOptimize(audit::write_record(event, head));
}
BENCHMARK(write_audit_record);

}  // namespace
}  // namespace signet::bench
