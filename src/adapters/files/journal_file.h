#pragma once

#include <functional>
#include <memory>
#include <string>

#include "audit/chain.h"

namespace signet::files {

/// Of a journal by a mark that somebody took of it. holds: the marked record is there, and those
/// behind it are bound to it. lost: it is not, nor any later one. replaced: another one stands in
/// its place, it is nowhere in front of later ones, or one behind it does not hold.
enum class JournalVerdict { holds, lost, replaced };
using TakeRecord = std::function<void(const audit::Record&)>;

/// The audit journal as a file of JSON lines, opened for appending, fdatasync before append
/// returns. On opening, the last record is read back and the chain goes on from it; a last line cut
/// short by a crash is cut off (it was never durable). The file is locked: one server a journal.
/// Faults of open: storage_failed; busy when another holds it; malformed when the last whole record
/// does not hold, or the file never was a journal.
class JournalFile final : public audit::Journal {
 public:
  /// A link at the path's end: refused (storage_failed) where others may write in the folder than
  /// who opens it, and could have him write elsewhere.
  enum class Links { followed, refused };
  static Result<std::unique_ptr<JournalFile>> open(const std::string& path,
                                                   Links links = Links::followed);
  /// Where a journal stands that others write, of which nothing is opened to be written: zeros
  /// where there is none. Links are not followed. Faults: storage_failed; malformed, as for open.
  static Result<audit::ChainHead> head_of(const std::string& path);
  ~JournalFile() override;
  /// A batch that fails leaves nothing behind; if it cannot be taken back, the journal takes no
  /// more. Faults: storage_failed.
  Result<void> append(const std::vector<const audit::Event*>& events) override;
  /// By the name of the file, wherever its folder is.
  [[nodiscard]] std::optional<audit::JournalMark> mark() const override;
  /// What the journal, as it was opened, holds behind a mark that somebody took of it earlier: all
  /// of it, one record in memory at a time, 64 KiB or a gigabyte. What was given to `take` counts
  /// where the verdict is `holds`. Faults: storage_failed.
  [[nodiscard]] Result<JournalVerdict> after(const audit::JournalMark& mark,
                                             const TakeRecord& take) const;
  /// Octets of the incomplete last line that opening cut off; 0 when the journal ended well.
  [[nodiscard]] std::uint64_t cut_octets() const;

 private:
  struct Impl;
  explicit JournalFile(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace signet::files
