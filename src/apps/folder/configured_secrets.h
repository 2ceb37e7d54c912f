#pragma once

#include <string>

#include "apps/configuration/words.h"
#include "base/result.h"

namespace signet::tool {

/// Where the server of this folder looks for shared secrets.
struct ConfiguredSecrets {
  server::SecretsFrom source;  ///< the store where there is no signetd.toml
  std::string place;  ///< "the file /srv/signet/secrets", "the directory ldap://…"; empty of others
};

/// What [secrets] of its signetd.toml names. Faults: as read_folder_configuration.
Result<ConfiguredSecrets> read_configured_secrets(const std::string& directory);

/// That the server reads the secrets of its store. Faults: bad_configuration, naming the place
/// where it looks instead.
Result<void> check_secrets_are_in_store(const std::string& directory);

}  // namespace signet::tool
