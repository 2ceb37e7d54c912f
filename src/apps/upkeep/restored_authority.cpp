#include "apps/upkeep/restored_authority.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "adapters/files/journal_file.h"
#include "adapters/pkcs11/token_name.h"
#include "adapters/sqlite/store_file.h"
#include "apps/tool/credentials.h"
#include "apps/tool/file_pair.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

/// The last line may have been half written when it was saved: it was durable for nobody.
Result<void> check_journal(const std::string& path) {
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return {};
  TRY(files::JournalFile::open(path));
  std::ifstream file(path, std::ios::binary);
  const auto report = audit::verify_chain(file);
  if (!report.first_break) return {};
  return Error{Fault::bad_configuration, path + " does not hold from line " +
                                             std::to_string(report.first_break->line) +
                                             " on: " + report.first_break->reason};
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

std::vector<HolderFiles> holders_of(const AuthorityFolder& folder) {
  std::vector<HolderFiles> all{folder.first};
  for (const auto& each : folder.generations) {
    all.push_back({each.certificate, each.key, each.key_passphrase_file});
  }
  for (const auto* files : {&folder.tls, &folder.cmc, &folder.encryption, &folder.agent}) {
    if (!files->certificate.empty()) all.push_back(*files);
  }
  return all;
}

/// Settings that name their files by absolute paths would lead out of what was restored, to the
/// files of the authority that was saved.
Result<void> check_all_inside(const AuthorityFolder& folder) {
  std::vector<std::string> names{folder.store, folder.store_key, folder.journal, folder.profiles};
  for (const auto& files : holders_of(folder)) {
    if (!pkcs11::is_token_name(files.key)) names.push_back(files.key);
    names.push_back(files.certificate);
  }
  for (const auto& name : names) {
    const auto relative = fs::path(name).lexically_relative(folder.directory);
    if (name.empty() || (!relative.empty() && *relative.begin() != "..")) continue;
    return Error{Fault::bad_configuration,
                 "signetd.toml of the backup names " + name +
                     " by its absolute path: make the paths in it relative before the next backup; "
                     "to restore this one, put the file there by hand"};
  }
  return {};
}

}  // namespace

Result<std::vector<std::string>> check_restored(const AuthorityFolder& folder) {
  TRY(check_all_inside(folder));
  TRY(sqlite::check_store(folder.store));
  TRY(check_journal(folder.journal));
  TRY(check_journal((fs::path(folder.directory) / "operator.jsonl").string()));
  std::vector<std::string> unchecked;
  for (const auto& files : holders_of(folder)) {
    if (!TRY(check_belongs(files))) unchecked.push_back(files.key);
  }
  return unchecked;
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
