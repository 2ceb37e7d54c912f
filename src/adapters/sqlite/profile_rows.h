#pragma once

#include "adapters/sqlite/connection.h"
#include "store/certificate_store.h"

namespace signet::sqlite {

/// Editions of the profiles: what the writing connection does with them.
class ProfileWriter {
 public:
  Result<void> prepare(Connection& connection);

  /// As store::Engine::publish_profiles; a transaction of its own.
  Result<std::uint64_t> publish(Connection& connection,
                                const std::vector<store::ProfileFile>& files, std::uint64_t seen,
                                Time at);

 private:
  Statement newest_;
  Statement add_edition_;
  Statement add_file_;
};

/// The same for a reading connection; the question of store::ProfileStore.
class ProfileReader {
 public:
  Result<void> prepare(Connection& connection);

  Result<std::optional<store::ProfileEdition>> find_profiles(std::uint64_t after);

 private:
  Statement newest_;
  Statement files_;
};

}  // namespace signet::sqlite
