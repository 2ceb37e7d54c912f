#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "adapters/postgres/batch.h"
#include "adapters/postgres/journal_marks.h"
#include "adapters/postgres/postgres_engine.h"
#include "adapters/postgres/reader.h"
#include "adapters/postgres/writer.h"

namespace signet::postgres {

struct PostgresEngine::Impl {
  Impl(const std::string& uri, Patience patience, std::unique_ptr<Writer> with_writer,
       std::string node = {})
      : writer(std::move(with_writer)), readers(uri, patience), marks(std::move(node)) {}

  /// One statement by itself, durable when this returns. Gives its rows and how many it touched.
  Result<Rows> write(const Statement& statement, const Parameters& parameters);
  Result<void> keep(BatchWork& work, const audit::Journal& journal);
  Result<void> keep_last_mark();

  std::mutex applying;  ///< taken before `writing`
  std::mutex writing;
  std::unique_ptr<Writer> writer;  ///< none in an engine that only reads: it is const
  ReaderPool readers;
  JournalMarks marks;  ///< under `applying`
};

}  // namespace signet::postgres
