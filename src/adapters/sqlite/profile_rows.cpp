#include "adapters/sqlite/profile_rows.h"

#include "adapters/sqlite/queries.h"
#include "adapters/sqlite/rows.h"
#include "store/engine_rules.h"

namespace signet::sqlite {
namespace {

/// The newest edition behind `after`, without its files.
Result<std::optional<store::ProfileEdition>> find_newest(const Statement& newest,
                                                         std::uint64_t after) {
  Run run(newest);
  std::optional<store::ProfileEdition> found;
  if (!TRY(run.with(static_cast<std::int64_t>(after)).next_row())) return found;
  found.emplace();
  found->number = static_cast<std::uint64_t>(run.number(0));
  found->published_at = Time(std::chrono::seconds(run.number(1)));
  return found;
}

}  // namespace

Result<void> ProfileWriter::prepare(Connection& connection) {
  newest_ = TRY(connection.prepare(queries::kNewestEdition));
  add_edition_ = TRY(connection.prepare(queries::kAddEdition));
  add_file_ = TRY(connection.prepare(queries::kAddProfileFile));
  return {};
}

Result<std::uint64_t> ProfileWriter::publish(Connection& connection,
                                             const std::vector<store::ProfileFile>& files,
                                             std::uint64_t seen, Time at) {
  auto transaction = TRY(Transaction::begin(connection));
  const auto newest = TRY(find_newest(newest_, 0));
  if ((newest ? newest->number : 0) != seen) return store::edition_overtaken(seen);
  const auto number = static_cast<std::int64_t>(seen + 1);
  TRY(Run(add_edition_).with(number).with(to_number(at)).finish());
  for (const auto& file : files) {
    TRY(Run(add_file_)
            .with(number)
            .with(std::string_view(file.name))
            .with(as_bytes(file.text))
            .finish());
  }
  TRY(transaction.commit());
  return seen + 1;
}

Result<void> ProfileReader::prepare(Connection& connection) {
  newest_ = TRY(connection.prepare(queries::kNewestEdition));
  files_ = TRY(connection.prepare(queries::kProfileFiles));
  return {};
}

// An edition is never changed, and stands with all of its files or not at all: two reads are one.
Result<std::optional<store::ProfileEdition>> ProfileReader::find_profiles(std::uint64_t after) {
  auto found = TRY(find_newest(newest_, after));
  if (!found) return found;
  Run run(files_);
  run.with(static_cast<std::int64_t>(found->number));
  while (TRY(run.next_row())) {
    found->files.push_back({std::string(run.text(0)), std::string(run.text(1))});
  }
  return found;
}

}  // namespace signet::sqlite
