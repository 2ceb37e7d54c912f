#pragma once

#include "adapters/sqlite/connection.h"
#include "store/certificate_store.h"

namespace signet::sqlite {

/// What is still to be told to a directory: what the writing connection does with it.
class PublicationWriter {
 public:
  Result<void> prepare(Connection& connection);

  /// Inside the commit's transaction.
  Result<void> add(const store::Commit& commit);
  /// As store::Engine::settle_publications; a transaction of its own.
  Result<void> settle(Connection& connection, std::span<const std::uint64_t> numbers);

 private:
  Statement add_;
  Statement choose_;
  Statement settle_;
};

/// The same for a reading connection; the questions of store::PublicationStore.
class PublicationReader {
 public:
  Result<void> prepare(Connection& connection);

  Result<std::vector<store::Publication>> due(std::size_t most);
  Result<bool> is_withheld(const store::Integer& serial);

 private:
  Statement due_;
  Statement choice_;
};

}  // namespace signet::sqlite
