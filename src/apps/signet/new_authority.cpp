#include "apps/signet/new_authority.h"

#include <filesystem>

#include "apps/signet/credentials.h"
#include "apps/signet/furnish_authority.h"
#include "issuance/authority_certificates.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

Result<void> prepare_directory(const std::string& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) return Error{Fault::storage_failed, directory + ": " + error.message()};
  if (fs::is_empty(directory, error)) return {};
  return Error{Fault::bad_configuration,
               directory +
                   " is not empty; an authority is never made over another one: name a new "
                   "directory"};
}

Result<pkix::Certificate> make_root(const NewAuthority& wanted, const crypto::PrivateKey& key,
                                    Time now) {
  auto subject = TRY(pkix::name_from_text(wanted.subject));
  return issuance::make_root({.subject = std::move(subject), .key = key, .now = now},
                             crypto::system_random());
}

/// To protect a key by nothing at all is not what naming a file asks for.
Result<SecretBytes> passphrase_for(const NewAuthority& wanted) {
  auto passphrase = TRY(read_passphrase(wanted.passphrase_file));
  if (!passphrase.empty() || wanted.passphrase_file.empty()) return passphrase;
  return Error{Fault::bad_configuration,
               wanted.passphrase_file + ": its first line, the passphrase, is empty"};
}

}  // namespace

Result<MadeAuthority> make_authority(const NewAuthority& wanted, const Clock& clock) {
  const auto profiles = TRY(check_wanted(wanted));
  const auto passphrase = TRY(passphrase_for(wanted));
  const auto key = TRY(crypto::generate_private_key(wanted.key));
  const std::vector<pkix::Certificate> chain{TRY(make_root(wanted, *key, clock.now()))};
  const auto holders = TRY(make_first_holders(wanted, {*key, chain}, clock.now()));
  TRY(prepare_directory(wanted.directory));
  TRY(write_key(fs::path(wanted.directory) / "ca.key", *key, passphrase));
  return furnish(wanted, chain, holders, profiles, clock);
}

}  // namespace signet::tool
