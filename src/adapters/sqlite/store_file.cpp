#include "adapters/sqlite/store_file.h"

#include "adapters/sqlite/connection.h"

namespace signet::sqlite {
namespace {

/// As a string of SQL.
std::string quoted(const std::string& text) {
  std::string all = "'";
  for (const char letter : text) all += letter == '\'' ? "''" : std::string(1, letter);
  return all + "'";
}

}  // namespace

Result<void> copy_store(const std::string& from, const std::string& to) {
  auto connection = TRY(Connection::open(from, Connection::Use::read));
  return connection.execute("VACUUM INTO " + quoted(to));
}

Result<void> check_store(const std::string& path) {
  auto connection = TRY(Connection::open(path, Connection::Use::read));
  const auto statement = TRY(connection.prepare("PRAGMA integrity_check(1)"));
  Run run(statement);
  const bool answered = TRY(run.next_row());
  if (answered && run.text(0) == "ok") return {};
  return Error{Fault::storage_failed, "the store " + path + " is damaged: " +
                                          (answered ? std::string(run.text(0)) : "no answer") +
                                          "; take another backup"};
}

Result<void> continue_crl_numbers_after(const std::string& path, std::uint64_t last_number) {
  auto connection = TRY(Connection::open(path, Connection::Use::write));
  const auto number = std::to_string(last_number);
  auto transaction = TRY(Transaction::begin(connection));
  // The latest of each shard, of whichever kind, stands for those that were forgotten.
  TRY(connection.execute(
      "UPDATE crl SET number = " + number + " WHERE number < " + number +
      " AND number = (SELECT max(other.number) FROM crl AS other WHERE other.shard = crl.shard)"));
  TRY(connection.execute("UPDATE crl SET next_update = this_update"));
  return transaction.commit();
}

Result<std::uint64_t> highest_crl_number(const std::string& path) {
  auto connection = TRY(Connection::open(path, Connection::Use::read));
  return static_cast<std::uint64_t>(
      TRY(connection.number("SELECT coalesce(max(number), 0) FROM crl")));
}

}  // namespace signet::sqlite
