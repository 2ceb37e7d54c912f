#include "adapters/files/journal_file.h"

#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "adapters/files/descriptor.h"

namespace signet::files {
namespace {

// The operator writes, the auditors' group reads; requests are nobody else's business.
constexpr mode_t kJournalMode = 0640;
constexpr std::uint64_t kTailPieceOctets = 64 * 1024;
// Behind what a store knows stands what was recorded since its log was last carried over, and
// refusals in any number: so much is looked through, and no more is known.
constexpr std::uint64_t kMostComparedOctets = 64 * 1024 * 1024;
constexpr std::string_view kFirstRecordBegins = R"({"sequence":1,)";

Result<std::uint64_t> length_of(const Descriptor& file, const std::string& path) {
  struct stat state {};
  if (::fstat(file.number(), &state) != 0) return system_error("look at", path);
  if (!S_ISREG(state.st_mode)) {
    return Error{Fault::storage_failed, path + " is no regular file: it cannot keep a journal"};
  }
  if (state.st_nlink == 0) {
    return Error{Fault::storage_failed, path + " was deleted while it was written"};
  }
  return static_cast<std::uint64_t>(state.st_size);
}

Result<std::string> read_at(const Descriptor& file, const std::string& path, std::uint64_t offset,
                            std::uint64_t octets) {
  std::string text(octets, '\0');
  std::size_t filled = 0;
  while (filled < text.size()) {
    const auto got = uninterrupted([&] {
      return ::pread(file.number(), text.data() + filled, text.size() - filled,
                     static_cast<off_t>(offset + filled));
    });
    if (got < 0) return system_error("read", path);
    if (got == 0) return Error{Fault::storage_failed, path + " became shorter while it was read"};
    filled += static_cast<std::size_t>(got);
  }
  return text;
}

/// What stands at the end of a journal.
struct Tail {
  std::optional<std::string> last_line;  ///< the last whole one, without its line feed
  std::string incomplete;                ///< what follows the last line feed
};

/// Reads backwards until a whole line is in hand: lines are of any length.
Result<Tail> read_tail(const Descriptor& file, const std::string& path, std::uint64_t length) {
  std::string text;
  auto begin = length;
  while (begin > 0 && std::count(text.begin(), text.end(), '\n') < 2) {
    const auto octets = std::min(kTailPieceOctets, begin);
    begin -= octets;
    text.insert(0, TRY(read_at(file, path, begin, octets)));
  }
  const auto last_feed = text.rfind('\n');
  if (last_feed == std::string::npos)
    return Tail{.last_line = std::nullopt, .incomplete = std::move(text)};
  auto whole_lines = text.substr(0, last_feed);
  return Tail{.last_line = whole_lines.substr(whole_lines.rfind('\n') + 1),
              .incomplete = text.substr(last_feed + 1)};
}

/// A file that never was a journal must not lose its contents for having no line end.
bool began_as_record(std::string_view incomplete) {
  const auto octets = std::min(incomplete.size(), kFirstRecordBegins.size());
  return incomplete.substr(0, octets) == kFirstRecordBegins.substr(0, octets);
}

Error does_not_hold(const std::string& path, std::string_view why) {
  return {Fault::malformed, "the last record of the audit journal " + path +
                                " does not hold: " + std::string(why) +
                                ". Verify the journal, move it away and keep it, start a new one"};
}

/// The head to go on from.
Result<audit::ChainHead> head_after(const Tail& tail, const std::string& path) {
  if (!tail.last_line) {
    if (!began_as_record(tail.incomplete)) return does_not_hold(path, "this is no journal");
    return audit::ChainHead{};
  }
  const auto record = audit::read_record(*tail.last_line);
  if (!record) return does_not_hold(path, record.error().detail);
  return audit::ChainHead{record->sequence, record->hash};
}

/// Of a piece that begins at `begin` of the file, within a line unless that is 0.
std::string_view whole_lines(std::string_view piece, std::uint64_t begin) {
  if (begin == 0) return piece;
  return piece.substr(std::min(piece.find('\n'), piece.size() - 1) + 1);
}

/// `lines`: the last of the journal. Unknown: the mark is before them.
JournalTail tail_behind(std::string_view lines, const audit::JournalMark& mark) {
  using Verdict = JournalTail::Verdict;
  JournalTail tail;
  audit::ChainHead head{mark.sequence, mark.hash};
  while (!lines.empty()) {
    const auto line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(line.size() + 1, lines.size()));
    auto record = audit::read_record(line);
    const bool is_first = tail.verdict == Verdict::unknown;
    if (is_first && (!record || record->sequence < mark.sequence)) continue;
    if (!record) return {Verdict::replaced, {}};
    const bool is_marked = record->sequence == mark.sequence;
    if (is_first && !is_marked && record->sequence != mark.sequence + 1) return {};
    if (is_marked ? record->hash != mark.hash : record->previous != head.hash) {
      return {Verdict::replaced, {}};
    }
    tail.verdict = Verdict::holds;
    head = {record->sequence, record->hash};
    if (!is_marked) tail.records.push_back(*std::move(record));
  }
  return tail;
}

Result<void> cut(const Descriptor& file, const std::string& path, std::uint64_t length) {
  if (uninterrupted([&] { return ::ftruncate(file.number(), static_cast<off_t>(length)); }) != 0) {
    return system_error("cut", path);
  }
  if (::fdatasync(file.number()) != 0) return system_error("sync", path);
  return {};
}

Result<Descriptor> open_alone(const std::string& path) {
  Descriptor file(uninterrupted(
      [&] { return ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, kJournalMode); }));
  if (!file.is_open()) return system_error("open the audit journal", path);
  if (::flock(file.number(), LOCK_EX | LOCK_NB) == 0) return file;
  if (errno != EWOULDBLOCK) return system_error("lock the audit journal", path);
  return Error{Fault::busy, "the audit journal " + path +
                                " is in use by another server: stop that one, or give this one a "
                                "journal of its own"};
}

}  // namespace

struct JournalFile::Impl {
  Result<void> write_durably(std::string_view lines);
  Result<void> roll_back(Error failure);

  std::string path;
  Descriptor file;
  std::uint64_t length = 0;  ///< octets of whole, durable records
  std::uint64_t cut_octets = 0;
  audit::ChainHead head;
  bool is_broken = false;  ///< half a batch could not be taken back: nothing may follow it
};

JournalFile::JournalFile(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
JournalFile::~JournalFile() = default;

Result<std::unique_ptr<JournalFile>> JournalFile::open(const std::string& path) {
  auto impl = std::make_unique<Impl>();
  impl->path = path;
  impl->file = TRY(open_alone(path));
  const auto length = TRY(length_of(impl->file, path));
  const auto tail = TRY(read_tail(impl->file, path, length));
  impl->head = TRY(head_after(tail, path));
  impl->cut_octets = tail.incomplete.size();
  impl->length = length - impl->cut_octets;
  if (impl->cut_octets > 0) TRY(cut(impl->file, path, impl->length));
  TRY(sync_directory_of(path));
  return std::unique_ptr<JournalFile>(new JournalFile(std::move(impl)));
}

std::uint64_t JournalFile::cut_octets() const {
  return impl_->cut_octets;
}

std::optional<audit::JournalMark> JournalFile::mark() const {
  return audit::JournalMark{std::filesystem::path(impl_->path).filename().string(),
                            impl_->head.sequence, impl_->head.hash};
}

Result<JournalTail> JournalFile::after(const audit::JournalMark& mark) const {
  using Verdict = JournalTail::Verdict;
  const auto& head = impl_->head;
  if (head.sequence < mark.sequence) return JournalTail{Verdict::lost, {}};
  if (head.sequence == mark.sequence) {
    return JournalTail{head.hash == mark.hash ? Verdict::holds : Verdict::replaced, {}};
  }
  std::string text;
  auto begin = impl_->length;
  while (begin > 0 && impl_->length - begin < kMostComparedOctets) {
    // Twice as much each time, since all of it is put together and read anew.
    const auto octets = std::min(std::max<std::uint64_t>(kTailPieceOctets, text.size()), begin);
    begin -= octets;
    text.insert(0, TRY(read_at(impl_->file, impl_->path, begin, octets)));
    auto tail = tail_behind(whole_lines(text, begin), mark);
    if (tail.verdict != Verdict::unknown) return tail;
  }
  return JournalTail{begin == 0 ? Verdict::replaced : Verdict::unknown, {}};
}

Result<void> JournalFile::append(const std::vector<const audit::Event*>& events) {
  if (impl_->is_broken) {
    return Error{Fault::storage_failed, "the audit journal " + impl_->path +
                                            " is closed since half a batch could not be taken "
                                            "back: mend the disk and start the server again"};
  }
  auto head = impl_->head;
  TRY(impl_->write_durably(audit::write_records(events, head)));
  impl_->head = std::move(head);
  return {};
}

Result<void> JournalFile::Impl::write_durably(std::string_view lines) {
  const auto found = TRY(length_of(file, path));
  if (found != length) {
    return Error{Fault::storage_failed,
                 "the audit journal " + path + " was changed by somebody else: it has " +
                     std::to_string(found) + " octets, not " + std::to_string(length)};
  }
  const auto written = write_all(file, path, as_bytes(lines));
  if (!written) return roll_back(written.error());
  if (::fdatasync(file.number()) != 0) return roll_back(system_error("sync", path));
  length += lines.size();
  return {};
}

Result<void> JournalFile::Impl::roll_back(Error failure) {
  is_broken = !cut(file, path, length).ok();
  return failure;
}

}  // namespace signet::files
