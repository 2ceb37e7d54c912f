#pragma once

#include <string>
#include <vector>

#include "adapters/files/generations_file.h"
#include "apps/configuration/words.h"
#include "base/result.h"

namespace signet::server {

/// signetd's settings, as its TOML file says (docs/operating.md). Paths are absolute once read.
struct Configuration {
  struct Authority {
    std::string certificate;
    std::string key;
    std::string key_passphrase_file;
    std::string cmc_certificate;  ///< signs responses; empty: the authority's own does
    std::string cmc_key;
    std::string cmc_key_passphrase_file;
    std::string profiles;
    ProfilesFrom profiles_from = ProfilesFrom::folder;
    std::string ocsp_uri;
    std::string signing_algorithm;
    bool allow_past_ca_validity = false;
    bool record_intent = false;
    std::string agent_profile = "caFullCMCUserCert";
    std::string user_profile = "caFullCMCUserSignedCert";
    std::string simple_profile = "caSimpleCMCUserCert";
    std::string secret_profile = "caFullCMCSharedTokenCert";
    std::int64_t signing_time_window_seconds = 86400;
  } authority;
  struct Store {
    StoreEngine engine = StoreEngine::sqlite;
    std::string path;  ///< of sqlite's file
    std::string uri;   ///< of postgres: postgresql://…, without a password
    std::string key;   ///< 32 octets: opens what lies sealed in the store; empty: nothing does
  } store;
  struct Audit {
    std::string journal;
    std::string operator_journal;  ///< what the tools record: beside the configuration, no setting
  } audit;
  struct Http {
    std::string address = "127.0.0.1";
    std::int64_t port = 8443;
    std::string plain_address;    ///< empty: as `address`
    std::int64_t plain_port = 0;  ///< without TLS, for OCSP, CRLs and the chain; 0: none
    std::string certificate;
    std::string key;
    std::string key_passphrase_file;
    std::int64_t maximum_body_octets = 262144;
    std::int64_t read_timeout_seconds = 15;
    std::int64_t idle_timeout_seconds = 60;
    std::int64_t maximum_connections = 1024;
    std::int64_t threads = 2;
  } http;
  struct Tcp {              ///< CMC without HTTP and TLS; the limits are those of `http`
    std::string address;    ///< empty: as that of `http`
    std::int64_t port = 0;  ///< 0: none; 5318 is the registered one
  } tcp;
  struct Server {
    bool seccomp = true;  ///< gives up the system calls that a server has no use for
  } server;
  struct Limits {  ///< of one client; 0: none
    std::int64_t address_connections = 256;
    std::int64_t address_connections_per_second = 200;
    std::int64_t address_requests_per_second = 200;
    std::int64_t certificate_requests_per_second = 0;
    std::int64_t burst_seconds = 10;        ///< so many seconds' worth may come at once
    std::int64_t requester_waiting = 1000;  ///< requests and challenges that wait
  } limits;
  struct Identity {
    TlsMatch tls_match = TlsMatch::certificate;
    std::vector<std::string> agents;
    bool cmc_ra_is_agent = true;
    std::vector<std::string> foreign_issuers;
  } identity;
  /// How a directory is reached, and as whom.
  struct Directory {
    std::string uri;
    std::string ca;
    bool plaintext = false;
    std::string bind_dn;
    std::string bind_password_file;
    std::int64_t timeout_seconds = 5;
  };
  struct Secrets {
    SecretsFrom source = SecretsFrom::none;
    std::string file;
    std::int64_t most_failures = 5;
    std::int64_t lock_minutes = 15;
    bool link_required = false;
    struct Ldap : Directory {
      std::string base;
      std::string uid_attribute = "uid";
      std::string secret_attribute = "shrTok";
      std::int64_t uses = 1;
      KeyTransport key_transport = KeyTransport::pkcs1;
      std::string protection_key;
      std::string protection_key_passphrase_file;
    } ldap;
  } secrets;
  struct Encryption {
    std::string certificate;  ///< messages may be encrypted to it; empty: they may not
    std::string key;
    std::string key_passphrase_file;
  } encryption;
  struct Possession {
    bool challenges = true;  ///< where the store has a key
    std::int64_t challenge_minutes = 60;
    std::int64_t most_wrong_answers = 3;
    ContentEncryption content_encryption = ContentEncryption::aes_256_gcm;
    std::int64_t icv_octets = 16;
    KeyTransport key_transport = KeyTransport::oaep;
    bool ra_witness = false;
  } possession;
  struct Crl {
    std::int64_t validity_hours = 24;
    std::int64_t overlap_hours = 12;
    std::int64_t after_revocation_seconds = 1;
    std::int64_t shards = 1;
    std::string uri;                        ///< "{shard}" stands for the number; empty: not named
    std::vector<std::string> earlier_uris;  ///< of shard 0
    std::int64_t delta_minutes = 0;         ///< 0: no deltas
    std::string delta_uri;
    bool freshest_in_certificates = false;
    std::int64_t first_number = 1;  ///< of the first CRL of each shard
  } crl;
  struct Ocsp {
    bool enabled = true;
    std::int64_t validity_minutes = 60;
    std::int64_t certificate_days = 7;
    std::int64_t most_cached = 10000;
  } ocsp;
  struct Revocation {
    std::string protection_key;  ///< opens revocation secrets from Dogtag's records; empty: none
    std::string protection_key_passphrase_file;
    KeyTransport key_transport = KeyTransport::pkcs1;
  } revocation;
  struct Approval {
    std::int64_t days = 7;  ///< so long a request waits for an agent
  } approval;
  struct Confirmation {
    std::vector<std::string> profiles;  ///< whose certificates must be confirmed
    std::int64_t within_minutes = 24 * 60;
    Unconfirmed otherwise = Unconfirmed::revoke;
  } confirmation;
  struct Publishing : Directory {       ///< `uri` empty: nothing is published in a directory
    std::string user_dn;                ///< with variables of the certificate
    std::string base;                   ///< of `filter`
    std::string filter;                 ///< likewise, in the place of `user_dn`
    std::vector<std::string> profiles;  ///< whose certificates are; empty: all
    std::string ca_dn;                  ///< empty: neither CA certificate nor CRLs
    bool create_ca_entry = false;
    std::string certificate_attribute = "userCertificate;binary";
    std::string ca_certificate_attribute = "cACertificate;binary";
    std::string crl_attribute = "certificateRevocationList;binary";

    [[nodiscard]] bool has_users() const { return !user_dn.empty() || !filter.empty(); }
  } publishing;
  struct Compatibility {
    bool dogtag = false;
    bool replace_subject = false;
    bool shared_body_part_ids = false;
    bool legacy_proofs = false;
    bool link_with_identification = false;
    bool loose_pop_reference = false;
    bool dogtag_challenge = false;
    bool bare_revocation = false;
    bool bare_names = false;
    bool raw_key_identifier = false;
    bool text_bodies = false;
    bool link_of_signers = false;
    bool authority_signs = false;   ///< responses, in the place of [authority] cmc_key
    std::int64_t header_lines = 0;  ///< 4 or 5 for Dogtag's HttpClient; 0: as they come
    bool sha1_challenge = false;    ///< not of Dogtag's making: does not follow `dogtag`
  } compatibility;
  /// The authority's keys after the first, from the file `generations` beside the configuration.
  std::vector<files::Generation> generations;
  struct Logging {
    Log::Level level = Log::Level::info;
    LogFormat format = LogFormat::text;
  } log;
};

/// Of a first one ([crl] first_number); as many may follow.
inline constexpr std::int64_t kMostCrlNumber = std::int64_t{1} << 62;

/// Reads `text` of the file `file`. Faults: bad_configuration; the detail lists every fault as
/// "file:line: what is wrong and what is allowed", one a line. `generations` stays empty: see
/// add_generations.
Result<Configuration> read_configuration(const std::string& file, std::string_view text);
/// Reads the file `generations` beside the configuration's `file`, where there is one. Faults: as
/// files::read_generations.
Result<void> add_generations(const std::string& file, Configuration& configuration);

}  // namespace signet::server
