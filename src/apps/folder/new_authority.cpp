#include "apps/folder/new_authority.h"

#include <sys/stat.h>

#include <cerrno>
#include <filesystem>

#include "adapters/files/descriptor.h"
#include "apps/folder/authority_key.h"
#include "apps/folder/authority_store.h"
#include "apps/folder/folder_in_the_making.h"
#include "apps/folder/furnish_authority.h"
#include "issuance/authority_certificates.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

/// What an init that was killed has left is no authority: its key has signed nothing that anybody
/// knows. An authority whose configuration stands elsewhere looks like it, but for what an operator
/// did there.
bool is_half_made(const fs::path& directory) {
  std::error_code ignored;
  const auto has = [&](const char* name) { return fs::exists(directory / name, ignored); };
  return has("ca.key") && !has("signetd.toml") && !has("awaited.json") && !has("import") &&
         !has("operator.jsonl");
}

/// Before a key is made in a token, where it would stay behind.
Result<void> check_directory(const std::string& directory) {
  std::error_code error;
  if (!fs::exists(directory, error) || fs::is_empty(directory, error)) return {};
  const bool half = is_half_made(directory);
  return Error{Fault::bad_configuration,
               directory + " is not empty; an authority is never made over another one: " +
                   (half ? "without signetd.toml it may be what a signet ca init that was killed "
                           "has left: if no signetd was ever started with it, remove it and run "
                           "this again; else name a new directory"
                         : "name a new directory")};
}

Result<pkix::Certificate> make_root(const NewAuthority& wanted, const crypto::PrivateKey& key,
                                    Time now) {
  auto subject = TRY(pkix::name_from_text(wanted.subject));
  return issuance::make_root({.subject = std::move(subject), .key = key, .now = now},
                             crypto::system_random());
}

}  // namespace

Result<void> check_new(const NewAuthority& wanted) {
  TRY(pkix::name_from_text(wanted.subject));
  TRY(check_directory(wanted.directory));
  return check_key(key_of(wanted));
}

Result<void> prepare_directory(const std::string& directory) {
  const auto place = fs::absolute(fs::path(directory) / "").lexically_normal().parent_path();
  std::error_code error;
  fs::create_directories(place.parent_path(), error);
  if (error) return Error{Fault::storage_failed, directory + ": " + error.message()};
  const bool made = ::mkdir(place.c_str(), 0700) == 0;
  if (!made && (errno != EEXIST || !fs::is_directory(place, error))) {
    return files::system_error("make", directory);
  }
  return check_directory(directory);
}

WantedKey key_of(const NewAuthority& wanted) {
  return {wanted.key, wanted.passphrase_file, wanted.token};
}

Result<MadeAuthority> make_authority(const NewAuthority& wanted, const Clock& clock) {
  const auto profiles = TRY(check_wanted(wanted));
  TRY(check_new(wanted));
  TRY(check_reachable(wanted.store));
  const auto made = TRY(make_key(key_of(wanted)));
  const std::vector<pkix::Certificate> chain{TRY(make_root(wanted, *made.key, clock.now()))};
  const auto holders = TRY(make_first_holders(wanted, {*made.key, chain}, clock.now()));
  auto folder = TRY(FolderInTheMaking::begin(wanted.directory));
  TRY(keep_key(key_of(wanted), made, fs::path(wanted.directory) / "ca.key"));
  TRY(keep_certificate(made, chain.front()));
  auto whole = TRY(establish(wanted, chain, holders, profiles, clock));
  folder.keep();
  return whole;
}

}  // namespace signet::tool
