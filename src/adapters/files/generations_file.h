#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace signet::files {

/// A key that an authority had after its first one, and what belongs to it. Paths are absolute.
struct Generation {
  std::string certificate;          ///< PEM: its certificate, then those above it
  std::string key;                  ///< PEM, or a token's key
  std::string key_passphrase_file;  ///< empty: none
  std::string cross_certificates;   ///< PEM: by the old key for it, by it for the old; empty: none
  std::uint32_t first_crl_shard = 0;  ///< it has the shards from here to the next one's first
  Time since;                         ///< when it took over
  bool operator==(const Generation&) const = default;
};

/// The keys of an authority after the first, which its configuration names; the oldest first. One a
/// line, fields between tabs in the order above, "-" for an empty one, the time in seconds of Unix;
/// paths are relative to the file's folder. Lines that begin with '#' are passed over.
/// None where nothing has that name, as a link to nowhere has. Faults: storage_failed;
/// bad_configuration, naming file and line.
Result<std::vector<Generation>> read_generations(const std::string& path);
/// At once or not at all. Faults: storage_failed.
Result<void> write_generations(const std::string& path, const std::vector<Generation>& generations);

}  // namespace signet::files
