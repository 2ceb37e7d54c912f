#include "apps/import/import_folder.h"

#include <filesystem>
#include <fstream>

#include "adapters/files/file.h"
#include "apps/folder/new_authority.h"
#include "apps/tool/read_json.h"
#include "crypto/digest.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPreparing = "preparing";
constexpr const char* kPrepared = "prepared";

fs::path note_in(const std::string& directory) {
  return fs::path{directory} / "import" / "source.json";
}

Error in_use(const std::string& directory, const std::string& why) {
  return {Fault::bad_configuration, directory + " " + why};
}

struct Note {
  std::string fingerprint;
  ImportStage stage = ImportStage::fresh;
};

Result<Note> read_note(const std::string& directory) {
  const auto octets = TRY(files::read_file(note_in(directory)));
  const auto read = read_json_object(as_text(octets));
  const auto json = read.ok() ? *read : Json::object();
  const auto stage = text_member_of(json, "stage");
  if (stage != kPreparing && stage != kPrepared) {
    return in_use(directory, "holds an import whose note (import/source.json) cannot be read");
  }
  return Note{text_member_of(json, "fingerprint"),
              stage == kPrepared ? ImportStage::prepared : ImportStage::fresh};
}

/// The folder was empty before, so that all of this is the import's own.
void remove_half_made(const std::string& directory) {
  std::error_code ignored;
  for (const auto* name : {"store.db", "store.db-wal", "store.db-shm", "audit.jsonl"}) {
    fs::remove(fs::path{directory} / name, ignored);
  }
}

/// Not there, empty, or with the beginning of a first note.
bool is_untouched(const std::string& directory) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    if (entry.path().filename() != "import") return false;
  }
  return !fs::exists(note_in(directory), error);
}

Result<ImportStage> stage_of(const std::string& directory, const std::string& fingerprint) {
  std::error_code error;
  if (fs::exists(fs::path{directory} / "signetd.toml", error)) {
    return in_use(directory, "holds an authority already: an import is finished once");
  }
  if (is_untouched(directory)) return ImportStage::fresh;
  if (!fs::exists(note_in(directory), error)) {
    return in_use(directory, "is not empty; name a new directory");
  }
  const auto note = TRY(read_note(directory));
  if (note.fingerprint != fingerprint) {
    return in_use(directory,
                  "holds an import of another export or authority: go on with that one, or name a "
                  "new directory");
  }
  if (note.stage == ImportStage::fresh) remove_half_made(directory);
  return note.stage;
}

/// Who asked for which certificate stands in it: its owner's alone from the first file on.
Result<void> prepare(const std::string& directory, const std::string& reports) {
  std::error_code error;
  if (!fs::exists(directory, error)) TRY(prepare_directory(directory));
  fs::create_directory(reports, error);
  if (!error) fs::permissions(reports, fs::perms::owner_all, error);
  if (error) return Error{Fault::storage_failed, reports + ": " + error.message()};
  return {};
}

}  // namespace

Result<void> ImportFolder::write_note() const {
  const Json note{{"fingerprint", fingerprint_},
                  {"stage", stage_ == ImportStage::prepared ? kPrepared : kPreparing}};
  return files::write_secret_file(note_in(directory_), as_bytes(note.dump(2) + "\n"));
}

Result<ImportFolder> ImportFolder::open(const std::string& directory, const Bytes& fingerprint) {
  const auto stage = TRY(stage_of(directory, to_hex(fingerprint)));
  ImportFolder folder{directory, to_hex(fingerprint), stage};
  TRY(prepare(directory, folder.report_folder()));
  TRY(folder.write_note());
  return folder;
}

Result<void> ImportFolder::set_prepared() {
  stage_ = ImportStage::prepared;
  return write_note();
}

std::string ImportFolder::report_folder() const {
  return (fs::path{directory_} / "import").string();
}

Result<Bytes> fingerprint_of_file(const std::string& path) {
  constexpr std::size_t kBlockOctets = 1024 * 1024;
  std::ifstream file(path, std::ios::binary);
  Bytes block(kBlockOctets);
  Bytes fingerprint;
  while (file) {
    file.read(reinterpret_cast<char*>(block.data()), static_cast<std::streamsize>(block.size()));
    append(fingerprint, ByteView{block}.first(static_cast<std::size_t>(file.gcount())));
    fingerprint = crypto::sha256(fingerprint);
  }
  if (file.eof()) return fingerprint;
  return Error{Fault::storage_failed, path + " cannot be read"};
}

}  // namespace signet::tool
