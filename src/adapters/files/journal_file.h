#pragma once

#include <memory>
#include <string>

#include "audit/chain.h"

namespace signet::files {

/// The audit journal as a file of JSON lines, opened for appending, fdatasync before append returns.
/// On opening, the last record is read back and the chain goes on from it; a last line cut short by
/// a crash is cut off (it was never durable). Faults of open: storage_failed; malformed when the
/// last whole record does not hold.
class JournalFile final : public audit::Journal {
 public:
  static Result<std::unique_ptr<JournalFile>> open(const std::string& path);
  ~JournalFile() override;
  Result<void> append(const std::vector<const audit::Event*>& events) override;

 private:
  struct Impl;
  explicit JournalFile(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace signet::files
