#pragma once

#include <memory>
#include <string>

#include "adapters/sqlite/connection.h"
#include "adapters/sqlite/sqlite_engine.h"
#include "support/temporary_folder.h"

namespace signet::test {

/// A new store, opened.
struct Sqlite {
  store::Engine& engine() { return *opened; }
  store::LeaseStore& leases() { return *opened; }
  TemporaryFolder folder;
  std::string path = folder / "store";
  std::unique_ptr<sqlite::SqliteEngine> opened = *sqlite::SqliteEngine::open(path);
};

inline store::CommitOutcome apply(store::Engine& engine, const store::Commit& commit,
                                  audit::Journal& journal) {
  const std::vector<const store::Commit*> batch{&commit};
  return engine.apply(batch, journal).front();
}

inline store::CommitOutcome apply(store::Engine& engine, const store::Commit& commit) {
  audit::MemoryJournal journal;
  return apply(engine, commit, journal);
}

/// What SQLite says it will do for a statement.
inline std::string plan_of(sqlite::Connection& connection, std::string_view sql) {
  const auto statement = *connection.prepare("EXPLAIN QUERY PLAN " + std::string(sql));
  sqlite::Run run(statement);
  std::string plan;
  while (*run.next_row()) plan += std::string(run.text(3)) + "\n";
  return plan;
}

}  // namespace signet::test
