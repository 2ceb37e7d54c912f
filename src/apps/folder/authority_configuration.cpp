#include "apps/folder/authority_configuration.h"

#include <array>
#include <cstdio>
#include <iomanip>
#include <sstream>

#include "apps/configuration/tolerances.h"

namespace signet::tool {

std::string toml_string(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      quoted += {'\\', c};
    } else if (octet < 0x20 || octet == 0x7F) {
      std::array<char, sizeof "\\u0000"> escape{};
      std::snprintf(escape.data(), escape.size(), "\\u%04X", static_cast<unsigned>(octet));
      quoted += escape.data();
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

namespace {

std::string agent_lines(const std::vector<std::string>& agents_sha256) {
  std::string lines;
  for (const auto& agent : agents_sha256) lines += "  " + toml_string(agent) + ",\n";
  return lines;
}

std::string crl_section(std::uint64_t first_number) {
  if (first_number == 1) return {};
  return "\n[crl]\nfirst_number = " + std::to_string(first_number) +
         "   # where the sequence of the authority before goes on\n";
}

std::string revocation_section(const std::string& protection_key) {
  if (protection_key.empty()) return {};
  return "\n[revocation]\nprotection_key = " + toml_string(protection_key) +
         "   # opens the wrapped secrets of imported records\n";
}

/// Each commented out.
std::string tolerance_lines() {
  std::ostringstream lines;
  for (const auto& tolerance : server::tolerances()) {
    const auto setting = "# " + std::string(tolerance.name) + " = false";
    lines << std::left << std::setw(35) << setting << "# " << tolerance.what << "\n";
  }
  return lines.str();
}

}  // namespace

std::string configuration_text(const AuthorityConfiguration& configuration) {
  const auto passphrase =
      configuration.passphrase_file.empty()
          ? "# key_passphrase_file = \"…\"      # where ca.key is encrypted\n"
          : "key_passphrase_file = " + toml_string(configuration.passphrase_file) + "\n";
  const auto store = configuration.store_uri.empty()
                         ? std::string("engine = \"sqlite\"\npath = \"store.db\"\n")
                         : "engine = \"postgres\"\nuri = " + toml_string(configuration.store_uri) +
                               "  # the password: in a passfile\n";
  return "# Made by `signet ca`. Paths are relative to this file. What each setting does:\n"
         "# operating.md, in share/doc/signet. Check a change with: signetd --config signetd.toml "
         "--check\n"
         "\n[authority]\n"
         "certificate = \"ca.pem\"             # this authority's certificate, then its chain\n"
         "key = " +
         toml_string(configuration.key) + "\n" + passphrase +
         "cmc_certificate = \"cmc.pem\"        # signs responses; without it, the key above does\n"
         "cmc_key = \"cmc.key\"\n"
         "profiles = \"profiles\"              # *.cfg, in Dogtag's form\n"
         "# profiles_from = \"folder\"         # \"store\": what `signet profile publish` gave to "
         "all\n"
         "# ocsp_uri = \"http://…\"            # goes into certificates when set\n"
         "record_intent = false              # true: a durable record before each use of the key\n"
         "\n[store]\n" +
         store +
         "key = \"store.key\"                  # opens what lies sealed in the store\n"
         "\n[audit]\njournal = \"audit.jsonl\"\n"
         "\n[http]\naddress = " +
         toml_string(configuration.address) + "\nport = " + std::to_string(configuration.port) +
         "\ncertificate = \"tls.pem\"\nkey = \"tls.key\"\n"
         "# plain_port = 8080                # OCSP, the CRL and the chain without TLS\n"
         "\n# [tcp]                            # CMC over TCP, without TLS: see operating.md\n"
         "# port = 5318\n"
         "\n[identity]\n"
         "tls_match = \"certificate\"          # \"subject\": Dogtag's looser rule\n"
         "agents = [                         # SHA-256 of the certificates that may ask for "
         "others\n" +
         agent_lines(configuration.agents_sha256) +
         "]\n"
         "\n[secrets]                          # for those who have no certificate yet\n"
         "source = \"store\"                   # `signet secret create`; \"none\": not accepted\n"
         "# link_required = false            # true: popLinkWitness in every request\n"
         "\n[encryption]                       # messages may be encrypted to this certificate\n"
         "certificate = \"encryption.pem\"     # GET /ca/encryption.pem\n"
         "key = \"encryption.key\"\n"
         "\n[possession]                       # for keys that cannot sign\n"
         "challenges = true                  # false: every key must sign\n"
         "# challenge_minutes = 60           # so long an answer is awaited\n"
         "# key_transport = \"oaep\"            # \"pkcs1\": for old clients\n" +
         crl_section(configuration.first_crl_number) +
         revocation_section(configuration.protection_key) +
         "\n# [publishing]                     # certificates and CRLs in a directory: see "
         "operating.md\n"
         "# uri = \"ldap://ldap.example.org\"\n"
         "# ca = \"ldap-ca.pem\"               # who vouches for its certificate\n"
         "# bind_dn = \"CN=signet,DC=example,DC=org\"\n"
         "# bind_password_file = \"ldap.password\"\n"
         "# user_dn = \"UID=$subj.UID,OU=people,DC=example,DC=org\"\n"
         "# ca_dn = \"CN=$subj.CN,DC=example,DC=org\"\n"
         "\n[compatibility]\n"
         "dogtag = " +
         (configuration.dogtag ? "true " : "false") +
         "                     # true: all tolerances below\n" + tolerance_lines() +
         "# header_lines = 4                 # Dogtag's HttpClient of 10.8 and later; 5: of 10.4 "
         "to "
         "10.7; as dogtag\n"
         "\n[log]\nlevel = \"info\"\nformat = \"text\"\n";
}

}  // namespace signet::tool
