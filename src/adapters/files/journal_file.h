#pragma once

#include <memory>
#include <string>

#include "audit/chain.h"

namespace signet::files {

/// What a journal holds behind a mark.
struct JournalTail {
  /// holds: the marked record is there. lost: it is not, nor any later one. replaced: another one
  /// stands in its place, or one behind it does not hold. unknown: it is too far back to be looked
  /// for.
  enum class Verdict { holds, lost, replaced, unknown };
  Verdict verdict = Verdict::unknown;
  std::vector<audit::Record> records;  ///< where it holds
};

/// The audit journal as a file of JSON lines, opened for appending, fdatasync before append
/// returns. On opening, the last record is read back and the chain goes on from it; a last line cut
/// short by a crash is cut off (it was never durable). The file is locked: one server a journal.
/// Faults of open: storage_failed; busy when another holds it; malformed when the last whole record
/// does not hold, or the file never was a journal.
class JournalFile final : public audit::Journal {
 public:
  static Result<std::unique_ptr<JournalFile>> open(const std::string& path);
  ~JournalFile() override;
  /// A batch that fails leaves nothing behind; if it cannot be taken back, the journal takes no
  /// more. Faults: storage_failed.
  Result<void> append(const std::vector<const audit::Event*>& events) override;
  /// By the name of the file, wherever its folder is.
  [[nodiscard]] std::optional<audit::JournalMark> mark() const override;
  /// What the journal, as it was opened, holds behind a mark that somebody took of it earlier.
  /// Faults: storage_failed.
  [[nodiscard]] Result<JournalTail> after(const audit::JournalMark& mark) const;
  /// Octets of the incomplete last line that opening cut off; 0 when the journal ended well.
  [[nodiscard]] std::uint64_t cut_octets() const;

 private:
  struct Impl;
  explicit JournalFile(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace signet::files
