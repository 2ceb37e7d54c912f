#pragma once

#include "adapters/sqlite/connection.h"
#include "store/certificate_store.h"

namespace signet::sqlite {

/// What is still to be told to a directory: what the writing connection does with it.
class OutboxWriter {
 public:
  Result<void> prepare(Connection& connection);

  /// Inside the commit's transaction.
  Result<void> add(const store::Commit& commit);
  /// As store::Engine::take_from_outbox; a transaction of its own.
  Result<void> take(Connection& connection, std::span<const std::uint64_t> numbers);

 private:
  Statement add_;
  Statement take_of_;
  Statement put_back_;
  Statement choose_;
  Statement take_;
};

/// The same for a reading connection; the questions of store::OutboxStore.
class OutboxReader {
 public:
  Result<void> prepare(Connection& connection);

  Result<std::vector<store::OutboxEntry>> first(store::OutboxLine line, std::size_t most);
  Result<std::optional<store::PublicationChoice>> find_choice(const store::Integer& serial);

 private:
  Statement pressing_;
  Statement unhurried_;
  Statement choice_;
};

}  // namespace signet::sqlite
