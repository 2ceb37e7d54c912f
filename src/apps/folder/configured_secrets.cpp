#include "apps/folder/configured_secrets.h"

#include <toml++/toml.h>

#include <filesystem>

#include "adapters/files/file.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

std::string place_of(const ConfiguredSecrets& secrets, const toml::table& table,
                     const fs::path& directory) {
  if (secrets.source == "file") {
    return "the file " + (directory / table["secrets"]["file"].value_or(std::string())).string();
  }
  if (secrets.source == "ldap") {
    return "the directory " + table["ldap"]["uri"].value_or(std::string());
  }
  return {};
}

/// What to do instead.
std::string way_out(const ConfiguredSecrets& secrets) {
  if (secrets.source == "file") return "write it there, or set source = \"store\"";
  if (secrets.source == "ldap") {
    return "make it with signet secret wrap and put it there, or set source = \"store\"";
  }
  return "set source = \"store\" and start signetd again";
}

}  // namespace

Result<ConfiguredSecrets> read_configured_secrets(const std::string& directory) {
  const auto file = fs::path{directory} / "signetd.toml";
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return ConfiguredSecrets{"store", {}};
  const auto text = TRY(files::read_file(file));
  try {
    const auto table = toml::parse(as_text(text), file.string());
    ConfiguredSecrets secrets{table["secrets"]["source"].value_or(std::string("none")), {}};
    secrets.place = place_of(secrets, table, directory);
    return secrets;
  } catch (const toml::parse_error& error) {
    return Error{Fault::bad_configuration, file.string() + ":" +
                                               std::to_string(error.source().begin.line) + ": " +
                                               std::string(error.description())};
  }
}

Result<void> check_secrets_are_in_store(const std::string& directory) {
  const auto secrets = TRY(read_configured_secrets(directory));
  if (secrets.source == "store") return {};
  const auto looks = secrets.place.empty() ? "accepts no shared secrets"
                                           : "looks for shared secrets in " + secrets.place;
  return Error{Fault::bad_configuration,
               "the server " + looks + " ([secrets] source = \"" + secrets.source +
                   "\" in signetd.toml) and would not see this one: " + way_out(secrets)};
}

}  // namespace signet::tool
