#include "apps/signet/new_authority.h"

#include <filesystem>

#include "apps/signet/credentials.h"
#include "apps/signet/furnish_authority.h"
#include "apps/signet/token_credentials.h"
#include "issuance/authority_certificates.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

/// Before a key is made in a token, where it would stay behind.
Result<void> check_directory(const std::string& directory) {
  std::error_code error;
  if (!fs::exists(directory, error) || fs::is_empty(directory, error)) return {};
  return Error{Fault::bad_configuration,
               directory +
                   " is not empty; an authority is never made over another one: name a new "
                   "directory"};
}

Result<void> prepare_directory(const std::string& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) return Error{Fault::storage_failed, directory + ": " + error.message()};
  return check_directory(directory);
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

/// The authority's key; null token: it goes into ca.key.
struct AuthorityKey {
  std::unique_ptr<crypto::PrivateKey> key;
  NamedToken place;
};

Result<AuthorityKey> make_key(const NewAuthority& wanted) {
  if (wanted.token.empty()) return AuthorityKey{TRY(crypto::generate_private_key(wanted.key)), {}};
  auto place = TRY(open_named_token(wanted.token, wanted.passphrase_file));
  auto key = TRY(place.token->generate_key(wanted.key, place.key.label));
  return AuthorityKey{std::move(key), std::move(place)};
}

/// What can be wrong with the wish itself is found before a token is touched.
Result<void> check_token(const NewAuthority& wanted) {
  if (wanted.token.empty()) return {};
  TRY(check_directory(wanted.directory));
  const auto name = TRY(pkcs11::read_token_name(wanted.token));
  if (!name.key.label.empty() && name.key.id.empty()) return {};
  return Error{Fault::bad_configuration,
               "--pkcs11 " + wanted.token +
                   " must say what the new key is called, by object= (nss: by ?nickname=), and no "
                   "id, which comes from the key"};
}

Result<void> keep_key(const NewAuthority& wanted, const AuthorityKey& made,
                      const pkix::Certificate& certificate, const SecretBytes& passphrase) {
  if (made.place.token != nullptr) {
    return made.place.token->store_certificate(certificate, made.place.key.label);
  }
  return write_key(fs::path(wanted.directory) / "ca.key", *made.key, passphrase);
}

}  // namespace

Result<MadeAuthority> make_authority(const NewAuthority& wanted, const Clock& clock) {
  const auto profiles = TRY(check_wanted(wanted));
  const auto passphrase = TRY(passphrase_for(wanted));
  TRY(pkix::name_from_text(wanted.subject));
  TRY(check_token(wanted));
  const auto made = TRY(make_key(wanted));
  const std::vector<pkix::Certificate> chain{TRY(make_root(wanted, *made.key, clock.now()))};
  const auto holders = TRY(make_first_holders(wanted, {*made.key, chain}, clock.now()));
  TRY(prepare_directory(wanted.directory));
  TRY(keep_key(wanted, made, chain.front(), passphrase));
  const auto offered = TRY(profile_files(profiles));
  TRY(furnish(wanted, chain, holders, offered, clock));
  const auto& agent = holders.agent.value().certificate;
  return configure(wanted, {.agents_sha256 = {to_hex(crypto::sha256(agent.der))}});
}

}  // namespace signet::tool
