#pragma once

#include <string>
#include <vector>

#include "apps/folder/authority_key.h"
#include "base/clock.h"
#include "base/result.h"

namespace signet::tool {

/// What `signet ca init` is asked for.
struct NewAuthority {
  std::string directory;
  std::string subject = "CN=Signet CA";
  std::string key = "ec:p256";
  std::vector<std::string> hosts = {"localhost"};
  std::string address = "127.0.0.1";
  int port = 8443;
  std::string agent = "CN=First Agent";
  std::string store;            ///< URI of a database that nodes share; empty: a file
  std::string profiles;         ///< folder of *.cfg to copy; empty: where this program's own lie
  std::string passphrase_file;  ///< encrypts the CA key; empty: mode 0600 alone protects it
  /// Where the CA key is made and stays (pkcs11::TokenName, with its label); empty: in ca.key. Its
  /// PIN is in passphrase_file.
  std::string token;
  std::string made_by = "signet ca init";  ///< who asked for its first certificates, in its records
  bool operator==(const NewAuthority&) const = default;
};

/// Where everything was put: names inside the directory.
struct MadeAuthority {
  std::string configuration;
  std::string certificate;
  std::string agent_certificate;
  std::string agent_key;
  std::string agent_pkcs12;
  std::string agent_pkcs12_passphrase_file;
};

/// Makes keys, certificates, store, journal and configuration in a directory that is new or empty.
/// The TLS and the agent certificate go on record first: only what the store holds counts as ours.
/// Where it fails the directory is again as it was; a key that was made in a token stays there.
/// Faults: bad_configuration (the directory is in use, no profiles), malformed (a name), those of
/// the files and the store.
Result<MadeAuthority> make_authority(const NewAuthority& wanted, const Clock& clock);

/// What make_authority checks before it makes anything: name, directory, key. Faults: as there.
Result<void> check_new(const NewAuthority& wanted);
/// Made where it is not there, and then its owner's alone, whatever the umask. Faults:
/// storage_failed; bad_configuration when it is not empty.
Result<void> prepare_directory(const std::string& directory);
[[nodiscard]] WantedKey key_of(const NewAuthority& wanted);

}  // namespace signet::tool
