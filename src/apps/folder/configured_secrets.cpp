#include "apps/folder/configured_secrets.h"

#include "apps/folder/folder_configuration.h"

namespace signet::tool {
namespace {

using server::SecretsFrom;

std::string place_of(const server::Configuration::Secrets& secrets) {
  if (secrets.source == SecretsFrom::file) return "the file " + secrets.file;
  if (secrets.source == SecretsFrom::ldap) return "the directory " + secrets.ldap.uri;
  return {};
}

/// What to do instead.
std::string way_out(const ConfiguredSecrets& secrets) {
  if (secrets.source == SecretsFrom::file) return "write it there, or set source = \"store\"";
  if (secrets.source == SecretsFrom::ldap) {
    return "make it with signet secret wrap and put it there, or set source = \"store\"";
  }
  return "set source = \"store\" and start signetd again";
}

}  // namespace

Result<ConfiguredSecrets> read_configured_secrets(const std::string& directory) {
  const auto configuration = TRY(read_folder_configuration(directory));
  if (!configuration) return ConfiguredSecrets{SecretsFrom::store, {}};
  const auto& secrets = configuration->secrets;
  return ConfiguredSecrets{secrets.source, place_of(secrets)};
}

Result<void> check_secrets_are_in_store(const std::string& directory) {
  const auto secrets = TRY(read_configured_secrets(directory));
  if (secrets.source == SecretsFrom::store) return {};
  const auto looks = secrets.place.empty() ? "accepts no shared secrets"
                                           : "looks for shared secrets in " + secrets.place;
  return Error{Fault::bad_configuration,
               "the server " + looks + " ([secrets] source = \"" +
                   std::string(word_of(secrets.source)) +
                   "\" in signetd.toml) and would not see this one: " + way_out(secrets)};
}

}  // namespace signet::tool
