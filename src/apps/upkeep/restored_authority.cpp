#include "apps/upkeep/restored_authority.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "adapters/files/journal_file.h"
#include "adapters/pkcs11/token_name.h"
#include "adapters/sqlite/store_file.h"
#include "apps/tool/credentials.h"
#include "apps/tool/file_pair.h"
#include "apps/upkeep/named_files.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

/// The last line may have been half written when it was saved: it was durable for nobody.
Result<void> check_journal(const std::string& path) {
  if (is_there(path)) TRY(files::JournalFile::open(path));
  return {};
}

bool is_other_key(const HolderFiles& files) {
  if (pkcs11::is_token_name(files.key) || !is_there(files.key)) return false;
  const auto certificates = read_certificates_file(files.certificate);
  const auto key = read_key_file(files.key, files.passphrase_file);
  return certificates.ok() && key.ok() &&
         (*key)->public_key_info() != certificates->front()->subject_public_key_info;
}

/// Whether it could be looked at.
Result<bool> check_belongs(const HolderFiles& files) {
  const bool closed = pkcs11::is_token_name(files.key) || !is_there(files.key) ||
                      (!files.passphrase_file.empty() && !is_there(files.passphrase_file));
  if (closed) return false;
  const auto certificate = TRY(read_certificates_file(files.certificate)).front();
  const auto key = TRY(read_key_file(files.key, files.passphrase_file));
  if (key->public_key_info() == certificate->subject_public_key_info) return true;
  return Error{Fault::bad_configuration, files.key + " is not the key of " + files.certificate};
}

/// Settings that name their files by absolute paths would lead out of what was restored, to the
/// files of the authority that was saved. What lay outside of its folder is not in the backup, and
/// has stayed where it is or was brought there.
Result<void> check_is_no_others(const std::string& path, const NotInBackup& not_in_it) {
  const auto& outside = not_in_it.paths;
  if (std::find(outside.begin(), outside.end(), path) != outside.end()) return {};
  return Error{Fault::bad_configuration,
               "signetd.toml of the backup names " + path +
                   " by its absolute path: restore it to the folder that had it, or make the "
                   "paths in it relative before the next backup"};
}

/// `name` below the folder, or a folder that it lies in.
bool was_left_out(const fs::path& name, const NotInBackup& not_in_it) {
  for (auto part = name; !part.empty(); part = part.parent_path()) {
    const auto whole = (fs::path(not_in_it.directory) / part).string();
    for (const auto& path : not_in_it.paths) {
      const bool is_it = not_in_it.directory.empty() ? path.ends_with("/" + whole) : path == whole;
      if (is_it) return true;
    }
  }
  return false;
}

/// A backup that is made now holds it, or is not made (check_holds_named); an earlier version's may
/// not.
Result<void> check_came_back(const NamedFile& file, const AuthorityFolder& folder,
                             const NotInBackup& not_in_it) {
  if (file.need == Need::may_follow || is_there(file.path)) return {};
  const auto name = fs::path(file.path).lexically_relative(folder.directory);
  if (file.need == Need::where_it_was && !was_left_out(name, not_in_it)) return {};
  return Error{Fault::bad_configuration,
               name.string() +
                   " is not in the backup, and without it another authority than the one that was "
                   "saved would come back, or none: restore another backup; where the authority "
                   "still is, put the file itself there if it is a link, and save it anew (signet "
                   "ca backup)"};
}

Result<void> check_all_came_back(const AuthorityFolder& folder, const NotInBackup& not_in_it) {
  for (const auto& file : named_files(folder)) {
    if (pkcs11::is_token_name(file.path)) continue;
    TRY(is_below(file.path, folder.directory) ? check_came_back(file, folder, not_in_it)
                                              : check_is_no_others(file.path, not_in_it));
  }
  return {};
}

}  // namespace

AuthorityFolder moved(AuthorityFolder folder, const std::string& from, const std::string& to) {
  std::vector<std::string*> names{&folder.store, &folder.store_key, &folder.journal,
                                  &folder.profiles};
  for (auto* files : {&folder.first, &folder.tls, &folder.cmc, &folder.encryption, &folder.agent}) {
    names.insert(names.end(), {&files->certificate, &files->key, &files->passphrase_file});
  }
  for (auto& each : folder.generations) {
    names.insert(names.end(), {&each.certificate, &each.key, &each.key_passphrase_file,
                               &each.cross_certificates});
  }
  for (auto* name : names) {
    if (name->starts_with(from + "/")) *name = to + name->substr(from.size());
  }
  return folder;
}

Result<std::vector<std::string>> check_restored(const AuthorityFolder& folder,
                                                const NotInBackup& not_in_it) {
  TRY(check_all_came_back(folder, not_in_it));
  TRY(sqlite::check_store(folder.store));
  for (const auto& journal : journals_of(folder)) TRY(check_journal(journal));
  std::vector<std::string> unchecked;
  for (const auto& files : holders_of(folder)) {
    if (!TRY(check_belongs(files))) unchecked.push_back(files.key);
  }
  if (!folder.store_key.empty() && !is_there(folder.store_key)) {
    unchecked.push_back(folder.store_key);
  }
  return unchecked;
}

Result<void> check_worth_keeping(const AuthorityFolder& folder) {
  for (const auto& key : {folder.current().key, folder.store_key}) {
    if (key.empty() || pkcs11::is_token_name(key) || is_there(key)) continue;
    return Error{Fault::bad_configuration,
                 key +
                     " is not there, and a backup without it would take the place of one that may "
                     "have it: bring it back first (signet ca restore, into another folder)"};
  }
  for (const auto& files : holders_of(folder)) {
    if (!is_other_key(files)) continue;
    return Error{Fault::bad_configuration,
                 files.key + " is not the key of " + files.certificate +
                     ", and such a backup is not restored: bring the right one back (signet ca "
                     "restore, into another folder), or have the certificate renewed"};
  }
  return {};
}

std::vector<std::string> broken_journals(const AuthorityFolder& folder) {
  std::vector<std::string> broken;
  for (const auto& path : journals_of(folder)) {
    std::ifstream file(path, std::ios::binary);
    if (!file) continue;
    const auto report = audit::verify_chain(file);
    // What follows the last line feed is being written, or was durable for nobody.
    if (!report.first_break || file.eof()) continue;
    broken.push_back(fs::path(path).lexically_relative(folder.directory).string() +
                     " does not hold from line " + std::to_string(report.first_break->line) +
                     " on: " + report.first_break->reason);
  }
  return broken;
}

Result<std::uint64_t> continue_crl_numbers(const AuthorityFolder& folder, Time saved_at,
                                           std::optional<std::uint64_t> last_known,
                                           const Clock& clock) {
  const auto saved = TRY(sqlite::highest_crl_number(folder.store));
  if (last_known && *last_known < saved) {
    return Error{Fault::bad_configuration,
                 "--last-crl-number " + std::to_string(*last_known) +
                     " is less than the backup knows of: " + std::to_string(saved)};
  }
  constexpr std::uint64_t kMostPerSecond = 1000;
  const auto passed = std::max<std::int64_t>(1, (clock.now() - saved_at).count());
  const auto last =
      last_known.value_or(saved + kMostPerSecond * static_cast<std::uint64_t>(passed));
  TRY(sqlite::continue_crl_numbers_after(folder.store, last));
  return last;
}

}  // namespace signet::tool
