#include "apps/folder/configured_secrets.h"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "adapters/files/file.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 4> kSources{"none", "store", "file", "ldap"};

/// "none" where nothing is said. Faults: bad_configuration.
Result<std::string> source_of(const toml::table& table) {
  const auto said = table["secrets"]["source"];
  if (!said) return std::string("none");
  const auto source = said.value_or(std::string());
  if (std::find(kSources.begin(), kSources.end(), source) != kSources.end()) return source;
  return Error{Fault::bad_configuration,
               "[secrets] source: \"" + source + "\" is no source: none, store, file, ldap"};
}

Error not_set(const char* setting) {
  return {Fault::bad_configuration, std::string(setting) + " is not set"};
}

Result<std::string> place_of(const std::string& source, const toml::table& table,
                             const fs::path& directory) {
  const auto file = table["secrets"]["file"].value_or(std::string());
  const auto uri = table["ldap"]["uri"].value_or(std::string());
  if (source == "file") {
    if (file.empty()) return not_set("[secrets] file");
    return "the file " + (directory / file).string();
  }
  if (source == "ldap") {
    if (uri.empty()) return not_set("[ldap] uri");
    return "the directory " + uri;
  }
  return std::string();
}

Result<ConfiguredSecrets> secrets_from(const toml::table& table, const std::string& directory) {
  auto source = TRY(source_of(table));
  auto place = TRY(place_of(source, table, directory));
  return ConfiguredSecrets{std::move(source), std::move(place)};
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
    auto secrets = secrets_from(table, directory);
    if (secrets.ok()) return secrets;
    return Error{secrets.error().fault, file.string() + ": " + secrets.error().detail};
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
