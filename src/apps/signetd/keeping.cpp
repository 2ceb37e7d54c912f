#include "apps/signetd/keeping.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "adapters/files/file.h"
#include "adapters/files/journal_file.h"
#include "adapters/postgres/postgres_engine.h"
#include "adapters/sqlite/sqlite_engine.h"
#include "apps/signetd/journal_check.h"
#include "apps/signetd/turn.h"
#include "store/memory_engine.h"

namespace signet::server {
namespace {

/// Of an engine, which grants leases too.
template <typename Engine>
Keeping kept_by(std::unique_ptr<Engine> engine) {
  Keeping keeping;
  keeping.leases = engine.get();
  keeping.engine = std::move(engine);
  return keeping;
}

/// The same of one that marks where its journal stands.
template <typename Engine>
Keeping kept_with_mark(std::unique_ptr<Engine> engine) {
  const auto* marks = engine.get();
  auto keeping = kept_by(std::move(engine));
  keeping.journal_mark = [marks](std::string_view journal) {
    return marks->find_journal_mark(journal);
  };
  return keeping;
}

Result<Keeping> open_database(const Configuration& configuration) {
  auto engine = TRY(postgres::PostgresEngine::open(configuration.store.uri, {},
                                                   name_of_this_node(configuration.audit.journal)));
  auto* database = engine.get();
  auto keeping = kept_with_mark(std::move(engine));
  keeping.database_time = [database] { return database->tell_time(); };
  return keeping;
}

/// As a key: what others may read of it, sealed secrets and who asked for what, they may try to
/// open elsewhere; what they may write decides. One that is not there yet will be private.
Result<void> check_store_is_private(const std::string& path) {
  for (const auto* end : {"", "-wal", "-shm"}) {
    std::error_code ignored;
    if (std::filesystem::exists(path + end, ignored)) TRY(files::check_is_private(path + end));
  }
  return {};
}

bool holds_something(const std::string& path) {
  std::error_code absent;
  const auto octets = std::filesystem::file_size(path, absent);
  return !absent && octets > 0;
}

/// Who has a journal had a store. An empty one in its place would know nothing of what was issued
/// and revoked, and its CRLs would say so under numbers that were used.
Result<void> check_store_is_there(const std::string& path, const std::string& journal) {
  if (holds_something(path) || !holds_something(journal)) return {};
  return Error{Fault::bad_configuration,
               "the store " + path + " is not there, or empty, and the journal " + journal +
                   " tells that there was one: bring it back (a backup: signet ca restore); to "
                   "begin with an empty store, which forgets what was issued and revoked, move the "
                   "journal away as well"};
}

Result<void> check_file_of_store(const Configuration& configuration) {
  TRY(check_store_is_private(configuration.store.path));
  return check_store_is_there(configuration.store.path, configuration.audit.journal);
}

/// A tail that a crash cut short was never durable, so nobody was told of it: no loss, but to know.
Result<std::unique_ptr<files::JournalFile>> open_journal_file(const std::string& path, Log& log) {
  auto journal = TRY(files::JournalFile::open(path));
  if (journal->cut_octets() > 0) {
    log.write(Log::Level::warning, "journal_tail_cut_off",
              {{"path", path}, {"octets", std::to_string(journal->cut_octets())}});
  }
  return journal;
}

Result<std::vector<audit::Event>> compare(const Keeping& keeping, const files::JournalFile& journal,
                                          const Clock& clock, Log& log) {
  if (!keeping.journal_mark) return std::vector<audit::Event>();
  const auto mark = TRY(keeping.journal_mark(journal.mark()->journal));
  return JournalCheck{journal, *keeping.engine, clock, log}.compare(mark);
}

}  // namespace

Result<Keeping> open_store(const Configuration& configuration) {
  switch (configuration.store.engine) {
    case StoreEngine::memory:
      return kept_by(std::make_unique<store::MemoryEngine>());
    case StoreEngine::postgres:
      return open_database(configuration);
    case StoreEngine::sqlite:
      break;
  }
  TRY(check_file_of_store(configuration));
  return kept_with_mark(TRY(sqlite::SqliteEngine::open(configuration.store.path)));
}

Result<void> check_store(const Configuration& configuration) {
  switch (configuration.store.engine) {
    case StoreEngine::memory:
      return {};
    case StoreEngine::postgres:
      return postgres::PostgresEngine::check(configuration.store.uri);
    case StoreEngine::sqlite:
      break;
  }
  return check_file_of_store(configuration);
}

Result<std::vector<audit::Event>> open_journal(Keeping& keeping, const std::string& path,
                                               const Clock& clock, Log& log) {
  auto journal = TRY(open_journal_file(path, log));
  auto findings = TRY(compare(keeping, *journal, clock, log));
  keeping.journal = std::move(journal);
  keeping.committer = std::make_unique<store::Committer>(*keeping.engine, *keeping.journal);
  return findings;
}

}  // namespace signet::server
