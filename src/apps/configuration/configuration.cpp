#include "apps/configuration/configuration.h"

#include <toml++/toml.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "apps/configuration/configuration_section.h"
#include "apps/configuration/listening_places.h"
#include "apps/configuration/tolerances.h"

namespace signet::server {
namespace {

constexpr std::int64_t kDay = 86400;
constexpr std::int64_t kMostShards = 1024;

std::filesystem::path folder_of(const std::string& file) {
  return std::filesystem::absolute(file).parent_path();
}

void read_authority(Section&& section, Configuration::Authority& authority) {
  section.path("certificate", authority.certificate);
  section.key("key", authority.key);
  section.path("key_passphrase_file", authority.key_passphrase_file);
  section.path("cmc_certificate", authority.cmc_certificate);
  section.key("cmc_key", authority.cmc_key);
  section.path("cmc_key_passphrase_file", authority.cmc_key_passphrase_file);
  section.path("profiles", authority.profiles);
  section.word("profiles_from", authority.profiles_from);
  section.text("ocsp_uri", authority.ocsp_uri);
  section.text("signing_algorithm", authority.signing_algorithm);
  section.flag("allow_past_ca_validity", authority.allow_past_ca_validity);
  section.flag("record_intent", authority.record_intent);
  section.text("agent_profile", authority.agent_profile);
  section.text("user_profile", authority.user_profile);
  section.text("simple_profile", authority.simple_profile);
  section.text("secret_profile", authority.secret_profile);
  section.number("signing_time_window_seconds", authority.signing_time_window_seconds, 1,
                 365 * kDay);
  section.demand("certificate", authority.certificate);
  section.demand("key", authority.key);
  section.demand("profiles", authority.profiles);
  if (!authority.cmc_certificate.empty()) section.demand("cmc_key", authority.cmc_key);
  if (!authority.cmc_key.empty()) section.demand("cmc_certificate", authority.cmc_certificate);
}

void read_store(Section&& section, Configuration::Store& store) {
  section.word("engine", store.engine);
  section.path("path", store.path);
  section.text("uri", store.uri);
  section.path("key", store.key);
  if (store.engine == StoreEngine::sqlite) section.demand("path", store.path);
  if (store.engine == StoreEngine::postgres) section.demand("uri", store.uri);
}

void read_http(Section&& section, Configuration::Http& http) {
  section.text("address", http.address);
  section.number("port", http.port, 0, 65535);
  section.text("plain_address", http.plain_address);
  section.number("plain_port", http.plain_port, 0, 65535);
  section.path("certificate", http.certificate);
  section.path("key", http.key);
  section.path("key_passphrase_file", http.key_passphrase_file);
  section.number("maximum_body_octets", http.maximum_body_octets, 1024, 16 * 1024 * 1024);
  section.number("read_timeout_seconds", http.read_timeout_seconds, 1, 3600);
  section.number("idle_timeout_seconds", http.idle_timeout_seconds, 1, 3600);
  section.number("maximum_connections", http.maximum_connections, 1, 1000000);
  section.number("threads", http.threads, 1, 256);
  section.demand("certificate", http.certificate);
  section.demand("key", http.key);
}

void read_tcp(Section&& section, Configuration::Tcp& tcp) {
  section.text("address", tcp.address);
  section.number("port", tcp.port, 0, 65535);
}

void read_limits(Section&& section, Configuration::Limits& limits) {
  constexpr std::int64_t kMost = 1000000;
  section.number("address_connections", limits.address_connections, 0, kMost);
  section.number("address_connections_per_second", limits.address_connections_per_second, 0, kMost);
  section.number("address_requests_per_second", limits.address_requests_per_second, 0, kMost);
  section.number("certificate_requests_per_second", limits.certificate_requests_per_second, 0,
                 kMost);
  section.number("burst_seconds", limits.burst_seconds, 1, 3600);
  section.number("requester_waiting", limits.requester_waiting, 0, kMost);
}

void read_identity(Section&& section, Configuration::Identity& identity) {
  section.word("tls_match", identity.tls_match);
  section.texts("agents", identity.agents, false);
  section.flag("cmc_ra_is_agent", identity.cmc_ra_is_agent);
  section.texts("foreign_issuers", identity.foreign_issuers, true);
}

void read_secrets(Section&& section, Configuration::Secrets& secrets) {
  section.word("source", secrets.source);
  section.path("file", secrets.file);
  section.number("most_failures", secrets.most_failures, 0, 1000000);
  section.number("lock_minutes", secrets.lock_minutes, 1, 365 * kDay / 60);
  section.flag("link_required", secrets.link_required);
  if (secrets.source == SecretsFrom::file) section.demand("file", secrets.file);
}

void read_encryption(Section&& section, Configuration::Encryption& encryption) {
  section.path("certificate", encryption.certificate);
  section.key("key", encryption.key);
  section.path("key_passphrase_file", encryption.key_passphrase_file);
  if (!encryption.certificate.empty()) section.demand("key", encryption.key);
  if (!encryption.key.empty()) section.demand("certificate", encryption.certificate);
}

void read_possession(Section&& section, Configuration::Possession& possession) {
  section.flag("challenges", possession.challenges);
  section.number("challenge_minutes", possession.challenge_minutes, 1, 30 * kDay / 60);
  section.number("most_wrong_answers", possession.most_wrong_answers, 1, 1000);
  section.word("content_encryption", possession.content_encryption);
  section.number("icv_octets", possession.icv_octets, 12, 16);
  section.word("key_transport", possession.key_transport);
  section.flag("ra_witness", possession.ra_witness);
}

void read_crl(Section&& section, Configuration::Crl& crl) {
  section.number("validity_hours", crl.validity_hours, 1, 24 * 365);
  section.number("overlap_hours", crl.overlap_hours, 0, 24 * 365);
  section.number("after_revocation_seconds", crl.after_revocation_seconds, 0, kDay);
  section.number("shards", crl.shards, 1, kMostShards);
  section.text("uri", crl.uri);
  section.texts("earlier_uris", crl.earlier_uris, false);
  section.number("delta_minutes", crl.delta_minutes, 0, kDay / 60);
  section.text("delta_uri", crl.delta_uri);
  section.flag("freshest_in_certificates", crl.freshest_in_certificates);
  section.number("first_number", crl.first_number, 1, kMostCrlNumber);
  if (crl.shards > 1) section.demand("uri", crl.uri);
  if (crl.delta_minutes > 0) section.demand("delta_uri", crl.delta_uri);
}

/// What the settings of CRLs must have in common.
std::vector<std::string> faults_of(const Configuration::Crl& crl) {
  const auto lacks_shard = [&](const std::string& uri) {
    return crl.shards > 1 && !uri.empty() && uri.find("{shard}") == std::string::npos;
  };
  std::vector<std::string> faults;
  if (crl.overlap_hours >= crl.validity_hours) {
    faults.emplace_back("overlap_hours must be less than validity_hours");
  }
  if (crl.delta_minutes >= (crl.validity_hours - crl.overlap_hours) * 60) {
    faults.emplace_back("delta_minutes must be less than the time between full CRLs");
  }
  if (lacks_shard(crl.uri)) faults.emplace_back("uri must hold {shard}");
  if (lacks_shard(crl.delta_uri)) faults.emplace_back("delta_uri must hold {shard}");
  if (!crl.uri.empty() && crl.uri == crl.delta_uri) {
    faults.emplace_back("uri and delta_uri must differ");
  }
  if (crl.freshest_in_certificates && (crl.uri.empty() || crl.delta_uri.empty())) {
    faults.emplace_back("freshest_in_certificates needs uri and delta_uri");
  }
  return faults;
}

void read_revocation(Section&& section, Configuration::Revocation& revocation) {
  section.key("protection_key", revocation.protection_key);
  section.path("protection_key_passphrase_file", revocation.protection_key_passphrase_file);
  section.word("key_transport", revocation.key_transport);
}

void read_confirmation(Section&& section, Configuration::Confirmation& confirmation) {
  section.texts("profiles", confirmation.profiles, false);
  section.number("within_minutes", confirmation.within_minutes, 1, 365 * kDay / 60);
  section.word("otherwise", confirmation.otherwise);
}

void read_ocsp(Section&& section, Configuration::Ocsp& ocsp) {
  section.flag("enabled", ocsp.enabled);
  section.number("validity_minutes", ocsp.validity_minutes, 1, 30 * kDay / 60);
  section.number("certificate_days", ocsp.certificate_days, 1, 365);
  section.number("most_cached", ocsp.most_cached, 0, 10000000);
}

void read_directory(Section& section, Configuration::Directory& directory) {
  section.text("uri", directory.uri);
  section.path("ca", directory.ca);
  section.flag("plaintext", directory.plaintext);
  section.text("bind_dn", directory.bind_dn);
  section.path("bind_password_file", directory.bind_password_file);
  section.number("timeout_seconds", directory.timeout_seconds, 1, 60);
  section.demand("uri", directory.uri);
  if (!directory.plaintext) section.demand("ca", directory.ca);
}

/// [ldap], for source = "ldap".
void read_ldap(Section&& section, Configuration::Secrets::Ldap& ldap) {
  read_directory(section, ldap);
  section.text("base", ldap.base);
  section.text("uid_attribute", ldap.uid_attribute);
  section.word("key_transport", ldap.key_transport);
  section.text("secret_attribute", ldap.secret_attribute);
  section.number("uses", ldap.uses, 0, 1000000);
  section.key("protection_key", ldap.protection_key);
  section.path("protection_key_passphrase_file", ldap.protection_key_passphrase_file);
  section.demand("base", ldap.base);
  section.demand("protection_key", ldap.protection_key);
}

/// [publishing], where there is such a section.
void read_publishing(Section&& section, Configuration::Publishing& publishing) {
  read_directory(section, publishing);
  section.text("user_dn", publishing.user_dn);
  section.text("base", publishing.base);
  section.text("filter", publishing.filter);
  section.texts("profiles", publishing.profiles, false);
  section.text("ca_dn", publishing.ca_dn);
  section.flag("create_ca_entry", publishing.create_ca_entry);
  section.text("certificate_attribute", publishing.certificate_attribute);
  section.text("ca_certificate_attribute", publishing.ca_certificate_attribute);
  section.text("crl_attribute", publishing.crl_attribute);
  section.demand("bind_dn", publishing.bind_dn);
  section.demand("bind_password_file", publishing.bind_password_file);
  section.demand("certificate_attribute", publishing.certificate_attribute);
  section.demand("ca_certificate_attribute", publishing.ca_certificate_attribute);
  section.demand("crl_attribute", publishing.crl_attribute);
}

/// What the settings of publishing must have in common.
std::vector<std::string> faults_of(const Configuration::Publishing& publishing) {
  std::vector<std::string> faults;
  const bool searches = !publishing.filter.empty();
  const bool has_users = searches || !publishing.user_dn.empty();
  if (searches && !publishing.user_dn.empty()) {
    faults.emplace_back("user_dn and filter exclude each other: one of them tells the entry");
  }
  if (searches == publishing.base.empty()) {
    faults.emplace_back("base and filter go together: where, and what is looked for");
  }
  if (!has_users && publishing.ca_dn.empty()) {
    faults.emplace_back("user_dn, filter or ca_dn is missing: nothing would be published");
  }
  if (!has_users && !publishing.profiles.empty()) {
    faults.emplace_back("profiles needs user_dn or filter: where their certificates belong");
  }
  if (publishing.create_ca_entry && publishing.ca_dn.empty()) {
    faults.emplace_back("create_ca_entry needs ca_dn");
  }
  return faults;
}

/// Each tolerance that follows `dogtag` does so unless it is set by itself.
void read_compatibility(Section&& section, Configuration::Compatibility& compatibility) {
  section.flag("dogtag", compatibility.dogtag);
  for (const auto& tolerance : tolerances()) {
    auto& value = compatibility.*tolerance.value;
    value = compatibility.dogtag && tolerance.follows_dogtag;
    section.flag(tolerance.name, value);
  }
  constexpr std::int64_t kOfTodaysTools = 4;
  compatibility.header_lines = compatibility.dogtag ? kOfTodaysTools : 0;
  section.number("header_lines", compatibility.header_lines, 0, 5);
}

void read_others(const toml::table& table, const std::string& file, Configuration& configuration,
                 std::vector<std::string>& faults) {
  {
    Section audit(table, "audit", file, faults);
    audit.path("journal", configuration.audit.journal);
    audit.demand("journal", configuration.audit.journal);
    configuration.audit.operator_journal = folder_of(file) / "operator.jsonl";
  }
  read_secrets({table, "secrets", file, faults}, configuration.secrets);
  if (configuration.secrets.source == SecretsFrom::store && configuration.store.key.empty()) {
    faults.push_back(file + ": [store] key is missing: it opens the secrets of source \"store\"");
  }
  if (configuration.secrets.source == SecretsFrom::ldap) {
    read_ldap({table, "ldap", file, faults}, configuration.secrets.ldap);
  }
  read_encryption({table, "encryption", file, faults}, configuration.encryption);
  read_crl({table, "crl", file, faults}, configuration.crl);
  for (const auto& fault : faults_of(configuration.crl)) {
    faults.push_back(file + ": [crl] " + fault);
  }
  read_ocsp({table, "ocsp", file, faults}, configuration.ocsp);
  if (configuration.ocsp.validity_minutes * 60 * 2 > configuration.ocsp.certificate_days * kDay) {
    faults.push_back(file + ": [ocsp] validity_minutes must be at most half of certificate_days");
  }
  read_possession({table, "possession", file, faults}, configuration.possession);
  read_revocation({table, "revocation", file, faults}, configuration.revocation);
  read_confirmation({table, "confirmation", file, faults}, configuration.confirmation);
  if (table.contains("publishing")) {
    read_publishing({table, "publishing", file, faults}, configuration.publishing);
    const auto* profiles = table["publishing"]["profiles"].as_array();
    if (profiles != nullptr && profiles->empty()) {
      faults.push_back(file + ": [publishing] profiles is empty: leave it out for all of them");
    }
    for (const auto& fault : faults_of(configuration.publishing)) {
      faults.push_back(file + ": [publishing] " + fault);
    }
  }
  Section(table, "server", file, faults).flag("seccomp", configuration.server.seccomp);
  Section(table, "approval", file, faults).number("days", configuration.approval.days, 1, 365);
  read_compatibility({table, "compatibility", file, faults}, configuration.compatibility);
  Section log(table, "log", file, faults);
  log.word("level", configuration.log.level);
  log.word("format", configuration.log.format);
}

void check_sections(const toml::table& table, const std::string& file,
                    std::vector<std::string>& faults) {
  const std::set<std::string_view> known = {
      "authority", "store",      "audit",      "http",       "identity",
      "secrets",   "ldap",       "possession", "crl",        "compatibility",
      "log",       "encryption", "ocsp",       "revocation", "confirmation",
      "approval",  "limits",     "server",     "tcp",        "publishing"};
  for (const auto& [key, node] : table) {
    if (known.count(key.str()) != 0) continue;
    faults.push_back(file + ":" + std::to_string(node.source().begin.line) +
                     ": unknown section or setting \"" + std::string(key.str()) + "\"");
  }
}

/// Of them, TOML has tabs and line ends only; toml++ asserts so in some places.
Result<void> check_characters(const std::string& file, std::string_view text) {
  constexpr char kDelete = 0x7F;
  const auto found = std::find_if(text.begin(), text.end(), [](char each) {
    const bool is_control = (each >= 0 && each < ' ') || each == kDelete;
    return is_control && each != '\t' && each != '\n' && each != '\r';
  });
  if (found == text.end()) return {};
  const auto line = 1 + std::count(text.begin(), found, '\n');
  return Error{Fault::bad_configuration,
               file + ":" + std::to_string(line) + ": a control character; is this a text file?"};
}

}  // namespace

Result<Configuration> read_configuration(const std::string& file, std::string_view text) {
  TRY(check_characters(file, text));
  toml::table table;
  try {
    table = toml::parse(text, file);
  } catch (const toml::parse_error& error) {
    return Error{Fault::bad_configuration, file + ":" + std::to_string(error.source().begin.line) +
                                               ": " + std::string(error.description())};
  }
  Configuration configuration;
  std::vector<std::string> faults;
  check_sections(table, file, faults);
  read_authority({table, "authority", file, faults}, configuration.authority);
  read_store({table, "store", file, faults}, configuration.store);
  read_http({table, "http", file, faults}, configuration.http);
  read_tcp({table, "tcp", file, faults}, configuration.tcp);
  for (const auto& fault : faults_of_listeners(configuration))
    faults.push_back(file + ": " + fault);
  read_limits({table, "limits", file, faults}, configuration.limits);
  read_identity({table, "identity", file, faults}, configuration.identity);
  read_others(table, file, configuration, faults);
  if (faults.empty()) return configuration;
  std::string all;
  for (const auto& fault : faults) all += (all.empty() ? "" : "\n") + fault;
  return Error{Fault::bad_configuration, all};
}

Result<void> add_generations(const std::string& file, Configuration& configuration) {
  configuration.generations = TRY(files::read_generations(folder_of(file) / "generations"));
  return {};
}

}  // namespace signet::server
