#include "adapters/files/journal_file.h"

#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "adapters/files/descriptor.h"

namespace signet::files {
namespace {

// The operator writes, the auditors' group reads; requests are nobody else's business.
constexpr mode_t kJournalMode = 0640;
constexpr std::uint64_t kTailPieceOctets = 64 * 1024;
constexpr std::uint64_t kSearchedOctets = 1024 * 1024;  // of what is looked through as a whole
// A record has one message at most, of 16 MiB (maximum_body_octets), in Base64: a third more.
constexpr std::uint64_t kMostLineOctets = 64 * 1024 * 1024;
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

Error no_record(const std::string& path) {
  return {Fault::malformed, "the audit journal " + path + " has a line of more than " +
                                std::to_string(kMostLineOctets) +
                                " octets, which no record has: find out who wrote it, move the "
                                "journal away and keep it, start a new one"};
}

/// Where what holds the last whole line begins, looked for from the end on: at its line feed and
/// the one before.
Result<std::uint64_t> begin_of_tail(const Descriptor& file, const std::string& path,
                                    std::uint64_t length) {
  auto begin = length;
  auto line_end = length;
  for (std::ptrdiff_t feeds = 0; begin > 0 && feeds < 2;) {
    if (line_end - begin > kMostLineOctets) return no_record(path);
    const auto octets = std::min(kTailPieceOctets, begin);
    begin -= octets;
    const auto piece = TRY(read_at(file, path, begin, octets));
    const auto found = std::count(piece.begin(), piece.end(), '\n');
    if (found > 0) line_end = begin + piece.find('\n');
    feeds += found;
  }
  return begin;
}

Result<Tail> read_tail(const Descriptor& file, const std::string& path, std::uint64_t length) {
  const auto begin = TRY(begin_of_tail(file, path, length));
  auto text = TRY(read_at(file, path, begin, length - begin));
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

/// Whole lines of an open journal, one after the other.
class Lines {
 public:
  Lines(const Descriptor& file, const std::string& path, std::uint64_t begin, std::uint64_t end)
      : file_(file), path_(path), at_(begin), end_(end) {}

  /// Without its line feed; none behind the last one. In the place of one that is longer than any
  /// record stands an empty one, which is none either. Faults: storage_failed.
  Result<std::optional<std::string>> next() {
    auto feed = piece_.find('\n', used_);
    while (feed == std::string::npos) {
      if (at_ == end_) return std::optional<std::string>();
      piece_.erase(0, std::exchange(used_, 0));
      if (piece_.size() > kMostLineOctets) return std::optional(std::string());
      const auto seen = piece_.size();
      const auto octets = std::min(kSearchedOctets, end_ - at_);
      piece_ += TRY(read_at(file_, path_, at_, octets));
      at_ += octets;
      feed = piece_.find('\n', seen);
    }
    auto line = piece_.substr(used_, feed - used_);
    used_ = feed + 1;
    return std::optional(std::move(line));
  }

 private:
  const Descriptor& file_;
  const std::string& path_;
  std::uint64_t at_;
  std::uint64_t end_;
  std::string piece_;     ///< what was read of it
  std::size_t used_ = 0;  ///< and given
};

std::size_t longest_line(std::string_view lines) {
  std::size_t longest = 0;
  while (!lines.empty()) {
    const auto octets = std::min(lines.find('\n'), lines.size());
    longest = std::max(longest, octets);
    lines.remove_prefix(std::min(octets + 1, lines.size()));
  }
  return longest;
}

Result<void> cut(const Descriptor& file, const std::string& path, std::uint64_t length) {
  if (uninterrupted([&] { return ::ftruncate(file.number(), static_cast<off_t>(length)); }) != 0) {
    return system_error("cut", path);
  }
  if (::fdatasync(file.number()) != 0) return system_error("sync", path);
  return {};
}

Result<Descriptor> open_alone(const std::string& path, JournalFile::Links links) {
  const int follow = links == JournalFile::Links::followed ? 0 : O_NOFOLLOW;
  Descriptor file(uninterrupted([&] {
    return ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | follow, kJournalMode);
  }));
  if (!file.is_open() && errno == ELOOP) {
    return Error{Fault::storage_failed,
                 path +
                     " is a link, and this journal is written through none: find out who put it "
                     "there, and remove it"};
  }
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
  Result<std::optional<std::uint64_t>> begin_of(std::uint64_t sequence) const;
  Result<JournalVerdict> follow(const audit::JournalMark& mark, std::uint64_t begin,
                                const TakeRecord& take) const;

  std::string path;
  Descriptor file;
  std::uint64_t length = 0;  ///< octets of whole, durable records
  std::uint64_t cut_octets = 0;
  audit::ChainHead head;
  bool is_broken = false;  ///< half a batch could not be taken back: nothing may follow it
};

JournalFile::JournalFile(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
JournalFile::~JournalFile() = default;

Result<std::unique_ptr<JournalFile>> JournalFile::open(const std::string& path, Links links) {
  auto impl = std::make_unique<Impl>();
  impl->path = path;
  impl->file = TRY(open_alone(path, links));
  const auto length = TRY(length_of(impl->file, path));
  const auto tail = TRY(read_tail(impl->file, path, length));
  impl->head = TRY(head_after(tail, path));
  impl->cut_octets = tail.incomplete.size();
  impl->length = length - impl->cut_octets;
  if (impl->cut_octets > 0) TRY(cut(impl->file, path, impl->length));
  TRY(sync_directory_of(path));
  return std::unique_ptr<JournalFile>(new JournalFile(std::move(impl)));
}

Result<audit::ChainHead> JournalFile::head_of(const std::string& path) {
  const auto file = open_as_it_is(path);
  if (!file.is_open() && errno == ENOENT) return audit::ChainHead{};
  if (!file.is_open()) return system_error("read the audit journal", path);
  const auto length = TRY(length_of(file, path));
  return head_after(TRY(read_tail(file, path, length)), path);
}

std::uint64_t JournalFile::cut_octets() const {
  return impl_->cut_octets;
}

std::optional<audit::JournalMark> JournalFile::mark() const {
  return audit::JournalMark{std::filesystem::path(impl_->path).filename().string(),
                            impl_->head.sequence, impl_->head.hash};
}

Result<JournalVerdict> JournalFile::after(const audit::JournalMark& mark,
                                          const TakeRecord& take) const {
  using Verdict = JournalVerdict;
  const auto& head = impl_->head;
  if (head.sequence < mark.sequence) return Verdict::lost;
  if (head.sequence == mark.sequence) {
    return head.hash == mark.hash ? Verdict::holds : Verdict::replaced;
  }
  const auto begin = TRY(impl_->begin_of(mark.sequence));
  if (!begin) return Verdict::replaced;
  return impl_->follow(mark, *begin, take);
}

/// Where the record's line begins, looked for from the end on, where marks are; 0 for the record
/// before the first. A line feed stands between records alone, so that nothing within one looks
/// like a beginning.
Result<std::optional<std::uint64_t>> JournalFile::Impl::begin_of(std::uint64_t sequence) const {
  if (sequence == 0) return std::optional<std::uint64_t>(0);
  const auto beginning = R"({"sequence":)" + std::to_string(sequence) + ",";
  const auto behind_feed = "\n" + beginning;
  for (auto end = length; end > 0;) {
    const auto begin = end - std::min(kSearchedOctets, end);
    // What begins in this piece may end in the one behind it.
    const auto octets = std::min(length - begin, end - begin + behind_feed.size());
    const auto piece = TRY(read_at(file, path, begin, octets));
    const auto found = piece.rfind(behind_feed);
    if (found != std::string::npos) return std::optional(begin + found + 1);
    if (begin == 0 && piece.starts_with(beginning)) return std::optional<std::uint64_t>(0);
    end = begin;
  }
  return std::optional<std::uint64_t>();
}

/// Each record bound to the one before, from the marked one on.
Result<JournalVerdict> JournalFile::Impl::follow(const audit::JournalMark& mark,
                                                 std::uint64_t begin,
                                                 const TakeRecord& take) const {
  Lines lines(file, path, begin, length);
  audit::ChainHead before;
  if (mark.sequence > 0) {
    const auto line = TRY(lines.next());
    const auto marked = audit::read_record(line.value_or(""));
    if (!marked.ok() || marked->hash != mark.hash) return JournalVerdict::replaced;
    before = {marked->sequence, marked->hash};
  }
  while (const auto line = TRY(lines.next())) {
    const auto record = audit::read_record(*line);
    const bool is_next = record.ok() && record->sequence == before.sequence + 1;
    if (!is_next || record->previous != before.hash) return JournalVerdict::replaced;
    before = {record->sequence, record->hash};
    take(*record);
  }
  return JournalVerdict::holds;
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
  if (lines.size() > kMostLineOctets && longest_line(lines) > kMostLineOctets) {
    return Error{Fault::storage_failed, "a record of more than " + std::to_string(kMostLineOctets) +
                                            " octets is not written: it would not be read again"};
  }
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
