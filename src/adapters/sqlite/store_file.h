#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace signet::sqlite {

/// What is done with a store as a file, beside the server. Faults of all: storage_failed, with the
/// path, SQLite's words and what to do.

/// A copy of what stood at one moment, while others read and write: `to` must not exist.
Result<void> copy_store(const std::string& from, const std::string& to);
/// Whether SQLite finds its structure and its indexes whole.
Result<void> check_store(const std::string& path);

/// A store that was brought back may have forgotten CRLs that were published: the next number of
/// each shard is over `last_number`, and full ones are due at once. Nobody may have it open.
Result<void> continue_crl_numbers_after(const std::string& path, std::uint64_t last_number);
/// The highest of all shards; 0 when there is none.
Result<std::uint64_t> highest_crl_number(const std::string& path);

}  // namespace signet::sqlite
