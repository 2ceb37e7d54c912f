#include "apps/upkeep/backup.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "adapters/files/file.h"
#include "adapters/files/replacement.h"
#include "adapters/sqlite/store_file.h"
#include "apps/tool/read_json.h"
#include "apps/upkeep/folder_contents.h"
#include "apps/upkeep/held_file.h"
#include "apps/upkeep/named_files.h"
#include "apps/upkeep/renewal_watch.h"
#include "apps/upkeep/restored_authority.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

constexpr int kFormat = 1;
constexpr std::size_t kReadOctets = 1024 * 1024;

// ------------------------------------------------------------ what belongs to it

Result<void> check_store_inside(const AuthorityFolder& folder) {
  if (folder.store.empty()) {
    return Error{Fault::bad_configuration,
                 "the store is no file: save a database that nodes share by its own means "
                 "(pg_basebackup), and " +
                     folder.directory +
                     " beside it; a server's memory ([store] engine = \"memory\") cannot be saved"};
  }
  for (const auto* path : {&folder.store, &folder.journal}) {
    if (is_below(*path, folder.directory)) continue;
    return Error{Fault::bad_configuration,
                 *path + " lies outside of " + folder.directory +
                     ": a backup holds one folder; move it there, or save it by other means"};
  }
  return {};
}

Result<void> check_output(const std::string& output) {
  if (!files::is_left_in_place(output)) return {};
  return Error{Fault::bad_configuration,
               output + " is no file: a backup takes its place whole or not at all; name a file"};
}

/// Of the authority's, and not in the folder.
std::vector<std::string> elsewhere(const AuthorityFolder& folder) {
  std::vector<std::string> outside;
  for (const auto& file : named_files(folder)) {
    if (!is_below(file.path, folder.directory)) outside.push_back(file.path);
  }
  return outside;
}

// ------------------------------------------------------------ writing

/// A backup on its way into its file.
struct Packing {
  SealedWriter& writer;
  BackupReport& report;
  Progress& progress;
};

/// As much of it as is there now: a journal grows meanwhile.
Result<void> write_octets(const Packing& packing, const files::Descriptor& file,
                          const std::string& path, std::uint64_t size) {
  Bytes room(kReadOctets);
  for (std::uint64_t left = size; left > 0;) {
    const auto wanted = std::min<std::uint64_t>(left, room.size());
    const auto got =
        files::uninterrupted([&] { return ::read(file.number(), room.data(), wanted); });
    if (got < 0) return files::system_error("read", path);
    if (got == 0) return Error{Fault::storage_failed, path + " became shorter: do it again"};
    TRY(packing.writer.write(ByteView(room).first(static_cast<std::size_t>(got))));
    left -= static_cast<std::uint64_t>(got);
    packing.report.octets += static_cast<std::uint64_t>(got);
    packing.progress.advance(packing.report.octets);
  }
  wipe(room);
  return {};
}

/// After the store: a journal that begins meanwhile is in it. What was named as left out is still
/// what is.
Result<FolderContents> contents_now_of(const AuthorityFolder& folder, const std::string& output,
                                       const FolderContents& before) {
  auto contents = TRY(contents_of(folder, output));
  TRY(check_holds_named(contents, folder));
  if (contents.left_out == before.left_out) return contents;
  return Error{Fault::busy, "links or the like came or went in " + folder.directory +
                                " while it was copied: do it again"};
}

/// A file, and the name that it has in the backup.
struct Source {
  std::string folder;
  std::string below;
  std::string name;
};

Result<void> write_entry(const Packing& packing, const Source& source) {
  const auto path = (fs::path(source.folder) / source.below).string();
  const auto& name = source.name;
  const auto file = files::open_below(source.folder, source.below);
  struct stat about {};
  if (!file.is_open() || ::fstat(file.number(), &about) != 0) {
    return files::system_error("read", path);
  }
  if (!S_ISREG(about.st_mode) || about.st_nlink > 1) {
    return Error{Fault::storage_failed,
                 path + " is no file any more, or has another name by now: do it again"};
  }
  const Json head{{"name", name}, {"size", about.st_size}, {"mode", about.st_mode & 0777U}};
  TRY(packing.writer.write_line(head.dump()));
  TRY(write_octets(packing, file, path, static_cast<std::uint64_t>(about.st_size)));
  packing.report.files.push_back(name);
  return {};
}

/// What was left out may have names that are no UTF-8.
Result<void> write_head(SealedWriter& writer, const BackupReport& report) {
  const Json head{{"format", kFormat},
                  {"made_at", report.made_at.time_since_epoch().count()},
                  {"authority", report.authority},
                  {"directory", report.directory},
                  {"elsewhere", report.elsewhere}};
  const auto written = writer.write_line(head.dump(-1, ' ', false, Json::error_handler_t::replace));
  if (written.ok() || written.error().fault != Fault::too_large) return written;
  return Error{Fault::bad_configuration,
               "so many links or the like are in " + report.directory +
                   " that a backup cannot name all that it leaves out: find out who put them "
                   "there, and remove them"};
}

/// Beside the file that is being written, for as long as it is needed.
Result<files::Replacement> copy_of_store(const AuthorityFolder& folder,
                                         const files::Replacement& held) {
  auto copy = TRY(files::Replacement::beside(held.name() + kBelongsToHeld));
  TRY(sqlite::copy_store(folder.store, copy.name()));
  return copy;
}

// ------------------------------------------------------------ reading

struct Entry {
  std::string name;
  std::uint64_t size = 0;
  mode_t mode = 0600;
};

/// What came out of a sealed stream is our own writing; a name still must stay inside.
Result<Entry> read_entry(SealedReader& reader) {
  const auto line = TRY(reader.read_line());
  const auto read = read_json_object(line);
  const Error damaged{Fault::malformed, "an entry of the backup cannot be read"};
  if (!read.ok()) return damaged;
  const auto& json = *read;
  Entry entry{json.value("name", ""), json.value("size", std::uint64_t{0}),
              json.value("mode", mode_t{0600})};
  const fs::path name(entry.name);
  const bool is_inside = !name.empty() && name.is_relative() && name.lexically_normal() == name &&
                         *name.begin() != "..";
  return is_inside ? Result<Entry>(std::move(entry)) : Result<Entry>(damaged);
}

/// A backup on its way out of its file.
struct Unpacking {
  SealedReader& reader;
  BackupReport& report;
  Progress& progress;
};

Result<void> restore_entry(const Unpacking& unpacking, const fs::path& folder, const Entry& entry) {
  const auto path = (folder / entry.name).string();
  std::error_code error;
  fs::create_directories(fs::path(path).parent_path(), error);
  if (error) return Error{Fault::storage_failed, path + ": " + error.message()};
  const files::Descriptor file(files::uninterrupted(
      [&] { return ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, entry.mode); }));
  if (!file.is_open()) return files::system_error("make", path);
  if (::fchmod(file.number(), entry.mode) != 0) return files::system_error("protect", path);
  for (std::uint64_t left = entry.size; left > 0;) {
    auto octets = TRY(unpacking.reader.read(std::min<std::uint64_t>(left, kReadOctets)));
    TRY(files::write_all(file, path, octets));
    left -= octets.size();
    unpacking.report.octets += octets.size();
    unpacking.progress.advance(unpacking.report.octets);
    wipe(octets);
  }
  if (::fsync(file.number()) != 0) return files::system_error("sync", path);
  return {};
}

Result<BackupReport> read_head(SealedReader& reader) {
  const auto line = TRY(reader.read_line());
  const auto read = read_json_object(line);
  if (!read.ok() || read->value("format", 0) != kFormat) {
    return Error{Fault::malformed, "this backup was made by another version of Signet"};
  }
  const auto& json = *read;
  BackupReport report;
  report.made_at = Time{std::chrono::seconds{json.value("made_at", std::int64_t{0})}};
  report.authority = json.value("authority", "");
  report.directory = json.value("directory", "");
  report.elsewhere = json.value("elsewhere", std::vector<std::string>{});
  return report;
}

Result<BackupReport> unpack(const RestoreWish& wish, const SecretBytes& passphrase,
                            const fs::path& into, Progress& progress) {
  std::error_code unknown;
  const auto sealed_octets = fs::file_size(wish.input, unknown);
  progress.start("opening " + wish.input, unknown ? 0 : sealed_octets);
  const auto reader = TRY(SealedReader::open(wish.input, passphrase));
  auto report = TRY(read_head(*reader));
  const Unpacking unpacking{*reader, report, progress};
  while (!TRY(reader->at_end())) {
    const auto entry = TRY(read_entry(*reader));
    TRY(restore_entry(unpacking, into, entry));
    report.files.push_back(entry.name);
  }
  return report;
}

Result<void> check_target(const std::string& directory) {
  std::error_code error;
  if (!fs::exists(directory, error) || fs::is_empty(directory, error)) return {};
  return Error{Fault::bad_configuration,
               directory +
                   " is not empty; an authority is never restored over another one: name a "
                   "new directory"};
}

constexpr const char* kStaging = ".restoring";

/// A name without a slash at its end, from the root on.
std::string whole_name(const std::string& directory) {
  const auto name = fs::absolute(directory).lexically_normal();
  return (name.has_filename() ? name : name.parent_path()).string();
}

/// A new folder beside the target, its owner's alone; gone again unless it took the target's place.
class Staging {
 public:
  static Result<Staging> make(const std::string& target) {
    auto name = whole_name(target) + kStaging + ".XXXXXX";
    std::error_code error;
    fs::create_directories(fs::path(name).parent_path(), error);
    if (error) return Error{Fault::storage_failed, name + ": " + error.message()};
    if (::mkdtemp(name.data()) == nullptr) return files::system_error("make", name);
    return Staging(std::move(name));
  }
  ~Staging() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  Staging(Staging&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  Staging& operator=(Staging&&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  Result<void> take_place_of(const std::string& target) {
    std::error_code error;
    fs::remove(target, error);  // empty, or not there
    fs::rename(path_, target, error);
    if (error) return Error{Fault::storage_failed, target + ": " + error.message()};
    path_.clear();
    return files::sync_directory_of(fs::absolute(target).lexically_normal());
  }

 private:
  explicit Staging(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

}  // namespace

std::vector<std::string> left_by_restores(const std::string& directory) {
  const fs::path begin = whole_name(directory) + kStaging;
  std::vector<std::string> left;
  std::error_code error;
  for (fs::directory_iterator entry(begin.parent_path(), error), end; !error && entry != end;
       entry.increment(error)) {
    const auto name = entry->path().string();
    std::error_code ignored;
    const bool is_one = name == begin || name.starts_with(begin.string() + ".");
    if (is_one && entry->is_directory(ignored)) left.push_back(name);
  }
  std::sort(left.begin(), left.end());
  return left;
}

Result<BackupReport> make_backup(const AuthorityFolder& folder, const std::string& output,
                                 const SecretBytes& passphrase, BackupSurroundings surroundings) {
  auto& [clock, random, progress] = surroundings;
  TRY(check_store_inside(folder));
  TRY(check_output(output));
  const auto place = fs::absolute(output).lexically_normal().string();
  const auto contents = TRY(contents_of(folder, place));
  TRY(check_holds_named(contents, folder));
  const auto renewals = TRY(RenewalWatch::begin(folder));
  TRY(check_worth_keeping(folder));
  const auto authority = TRY(own_certificates(folder));
  BackupReport report{.made_at = clock.now(),
                      .authority = pkix::to_text(authority.back()->subject),
                      .directory = folder.directory,
                      .elsewhere = elsewhere(folder),
                      .removed = remove_abandoned(place),
                      .broken_journals = broken_journals(folder)};
  const auto& left_out = contents.left_out;
  report.elsewhere.insert(report.elsewhere.end(), left_out.begin(), left_out.end());
  auto held = TRY(held_beside(place));
  progress.start("copying " + folder.store);
  auto store = std::optional(TRY(copy_of_store(folder, held)));
  const auto writer = TRY(SealedWriter::create(std::move(held), place, passphrase, random));
  TRY(write_head(*writer, report));
  const auto store_name = fs::path(folder.store).lexically_relative(folder.directory).string();
  const Packing packing{*writer, report, progress};
  progress.start("sealing " + folder.directory, octets_of(store->name(), folder, contents));
  const fs::path copy = store->name();
  TRY(write_entry(packing, {copy.parent_path(), copy.filename(), store_name}));
  store.reset();  // by the name of the held file, which is about to change, it could be found
  const auto contents_now = TRY(contents_now_of(folder, place, contents));
  for (const auto& name : contents_now.files) {
    TRY(write_entry(packing, {folder.directory, name, name}));
  }
  TRY(renewals.end());
  TRY(writer->finish());
  return report;
}

Result<RestoreReport> restore_backup(const RestoreWish& wish, const SecretBytes& passphrase,
                                     const Clock& clock, Progress& progress) {
  TRY(check_target(wish.directory));
  RestoreReport report;
  report.left = left_by_restores(wish.directory);
  auto staging = TRY(Staging::make(wish.directory));
  report.backup = TRY(unpack(wish, passphrase, staging.path(), progress));
  progress.start("checking what came out");
  // Absolute paths below the target's name are right once it has it.
  const auto folder =
      moved(TRY(read_authority_folder(staging.path())), whole_name(wish.directory), staging.path());
  report.unchecked =
      TRY(check_restored(folder, {report.backup.directory, report.backup.elsewhere}));
  report.backup.broken_journals = broken_journals(folder);
  report.crl_number =
      TRY(continue_crl_numbers(folder, report.backup.made_at, wish.last_crl_number, clock));
  TRY(staging.take_place_of(wish.directory));
  return report;
}

}  // namespace signet::tool
