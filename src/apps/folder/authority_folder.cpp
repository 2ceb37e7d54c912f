#include "apps/folder/authority_folder.h"

#include <toml++/toml.h>

#include <filesystem>

#include "adapters/files/file.h"
#include "adapters/pkcs11/token_name.h"
#include "apps/folder/authority_store.h"
#include "apps/tool/credentials.h"
#include "issuance/authority_chain.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

/// Reads settings; remembers the first one that cannot be used.
class Settings {
 public:
  Settings(const toml::table& table, std::string file) : table_(table), file_(std::move(file)) {}

  std::string text(std::string_view setting) {
    const auto node = table_.at_path(setting);
    if (!node) return {};
    const auto value = node.value_exact<std::string>();
    if (!value) fault(std::string(setting) + " must be a string");
    return value.value_or("");
  }
  /// Relative to the configuration's folder; a token's key is no path.
  std::string path(std::string_view setting) {
    const auto value = text(setting);
    if (value.empty() || pkcs11::is_token_name(value)) return value;
    return (fs::path(file_).parent_path() / value).lexically_normal();
  }
  std::string needed(std::string_view setting) {
    auto value = path(setting);
    if (value.empty()) fault(std::string(setting) + " is missing");
    return value;
  }
  std::int64_t number(std::string_view setting, std::int64_t otherwise) {
    return table_.at_path(setting).value_or(otherwise);
  }
  HolderFiles holder(const std::string& section, const std::string& prefix = "") {
    return {path(section + "." + prefix + "certificate"), path(section + "." + prefix + "key"),
            path(section + "." + prefix + "key_passphrase_file")};
  }
  [[nodiscard]] Result<void> result() const {
    if (fault_.empty()) return {};
    return Error{Fault::bad_configuration, file_ + ": " + fault_};
  }

 private:
  void fault(std::string what) {
    if (fault_.empty()) fault_ = std::move(what);
  }
  const toml::table& table_;
  std::string file_;
  std::string fault_;
};

Result<toml::table> parse_configuration(const std::string& file) {
  const auto octets = files::read_file(file);
  if (!octets.ok()) {
    return Error{Fault::bad_configuration,
                 octets.error().detail +
                     "; --directory names the folder of an authority, with its "
                     "signetd.toml"};
  }
  try {
    return toml::parse(as_text(*octets), file);
  } catch (const toml::parse_error& error) {
    return Error{Fault::bad_configuration, file + ":" + std::to_string(error.source().begin.line) +
                                               ": " + std::string(error.description())};
  }
}

HolderFiles agent_in(const fs::path& directory) {
  std::error_code ignored;
  if (!fs::exists(directory / "agent.pem", ignored)) return {};
  return {directory / "agent.pem", directory / "agent.key", ""};
}

AuthorityFolder folder_of(Settings& settings) {
  AuthorityFolder folder;
  folder.first = settings.holder("authority");
  folder.first.certificate = settings.needed("authority.certificate");
  folder.first.key = settings.needed("authority.key");
  folder.profiles = settings.needed("authority.profiles");
  folder.profiles_from_store = settings.text("authority.profiles_from") == "store";
  folder.cmc = settings.holder("authority", "cmc_");
  folder.tls = settings.holder("http");
  folder.encryption = settings.holder("encryption");
  if (settings.text("store.engine") != "postgres") folder.store = settings.needed("store.path");
  folder.store_key = settings.path("store.key");
  folder.journal = settings.needed("audit.journal");
  folder.crl_shards = static_cast<std::uint32_t>(settings.number("crl.shards", 1));
  folder.crl_uri = settings.text("crl.uri");
  folder.delta_uri = settings.text("crl.delta_uri");
  folder.signing_algorithm = settings.text("authority.signing_algorithm");
  return folder;
}

Result<void> check_own_key(const IssuingKey& issuing, const HolderFiles& files) {
  if (issuing.chain.front()->subject_public_key_info == issuing.key->public_key_info()) return {};
  return Error{Fault::bad_configuration, files.key + " is not the key of " + files.certificate};
}

}  // namespace

HolderFiles AuthorityFolder::current() const {
  if (generations.empty()) return first;
  const auto& last = generations.back();
  return {last.certificate, last.key, last.key_passphrase_file};
}

std::uint32_t AuthorityFolder::first_crl_shard() const {
  return generations.empty() ? 0 : generations.back().first_crl_shard;
}

Result<AuthorityFolder> read_authority_folder(const std::string& directory) {
  const auto place = fs::absolute(directory).lexically_normal();
  const auto file = (place / "signetd.toml").string();
  const auto table = TRY(parse_configuration(file));
  Settings settings(table, file);
  auto folder = folder_of(settings);
  TRY(settings.result());
  folder.directory = place;
  folder.configuration = file;
  folder.agent = agent_in(place);
  folder.generations_file = place / "generations";
  folder.generations = TRY(files::read_generations(folder.generations_file));
  return folder;
}

Result<IssuingKey> open_issuing_key(const AuthorityFolder& folder) {
  const auto files = folder.current();
  IssuingKey issuing{TRY(read_certificates_file(files.certificate)),
                     TRY(read_key_file(files.key, files.passphrase_file))};
  TRY(check_own_key(issuing, files));
  return issuing;
}

Result<std::unique_ptr<store::Engine>> open_store(const AuthorityFolder& folder) {
  return open_authority_store(folder.directory);
}

Result<std::vector<pkix::Certificate>> links_of(const AuthorityFolder& folder,
                                                const IssuingKey& issuing) {
  std::vector<pkix::Certificate> links;
  for (const auto& generation : folder.generations) {
    if (generation.cross_certificates.empty()) continue;
    for (auto& cross : TRY(read_certificates_file(generation.cross_certificates))) {
      links.push_back(std::move(cross));
    }
  }
  for (const auto& certificate : issuing.chain) {
    if (!issuance::is_self_signed(certificate)) links.push_back(certificate);
  }
  return links;
}

Result<std::vector<pkix::Certificate>> own_certificates(const AuthorityFolder& folder) {
  std::vector<pkix::Certificate> own{TRY(read_certificates_file(folder.first.certificate)).front()};
  for (const auto& generation : folder.generations) {
    own.push_back(TRY(read_certificates_file(generation.certificate)).front());
  }
  return own;
}

}  // namespace signet::tool
