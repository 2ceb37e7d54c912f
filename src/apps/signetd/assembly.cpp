#include "apps/signetd/assembly.h"

#include <algorithm>
#include <filesystem>

#include "adapters/files/file.h"
#include "adapters/postgres/postgres_engine.h"
#include "adapters/sqlite/sqlite_engine.h"
#include "apps/signetd/authority_keys.h"
#include "apps/signetd/key_files.h"
#include "apps/signetd/proof_parts.h"
#include "authority/anchor_announcement.h"
#include "base/encoding.h"
#include "store/memory_engine.h"

namespace signet::server {
namespace {

/// What the files hold that a configuration names.
struct Parts {
  std::vector<AuthorityKey> keys;  ///< the oldest first; the last issues
  AuthorityCertificates certificates;
  std::shared_ptr<const authority::ResponseSigner> response_signer;
  policy::AuthorityFacts facts;
  proof::IdentityRules rules;
  proof::Trust trust;
  policy::ProfileSet profiles;
  std::string chain_pem;
  http::ServerSettings http;
};

Result<policy::ProfileSet> read_profiles(const std::string& folder, Log& log) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".cfg") names.push_back(entry.path());
  }
  if (error) return Error{Fault::bad_configuration, folder + ": " + error.message()};
  std::sort(names.begin(), names.end());
  policy::ProfileSet profiles;
  std::string errors;
  for (const auto& name : names) {
    const auto text = TRY(files::read_file(name));
    const auto parsed = policy::Profile::parse(name, as_text(text));
    for (const auto& fault : parsed.faults) {
      if (fault.severity == policy::ProfileFault::Severity::error) {
        errors += (errors.empty() ? "" : "\n") + to_text(fault);
      } else {
        log.write(Log::Level::warning, "profile", {{"fault", to_text(fault)}});
      }
    }
    if (parsed.profile != nullptr) profiles.add(parsed.profile);
  }
  if (!errors.empty()) return Error{Fault::bad_configuration, errors};
  if (!profiles.enabled_ids().empty()) return profiles;
  return Error{Fault::bad_configuration, folder + ": holds no enabled profile (*.cfg)"};
}

/// Puts an engine, which grants leases too, into its places.
template <typename Engine>
Result<void> take_in(Assembly& assembly, Result<std::unique_ptr<Engine>> opened) {
  auto engine = TRY(std::move(opened));
  assembly.leases = engine.get();
  assembly.engine = std::move(engine);
  return {};
}

Result<void> open_store(Assembly& assembly, const Configuration::Store& settings) {
  if (settings.engine == "memory") {
    return take_in<store::MemoryEngine>(assembly, std::make_unique<store::MemoryEngine>());
  }
  if (settings.engine == "postgres") {
    return take_in(assembly, postgres::PostgresEngine::open(settings.uri));
  }
  return take_in(assembly, sqlite::SqliteEngine::open(settings.path));
}

/// How often a node looks for what is to be done, and how long another one waits before it takes
/// over. Where there is no other, nobody waits: the one server has the same name each time.
struct Rhythm {
  std::chrono::seconds look{30};
  std::chrono::seconds lease{120};
};

Rhythm rhythm_of(const Configuration::Store& settings) {
  if (settings.engine != "postgres") return {};
  return {.look = std::chrono::seconds{1}, .lease = std::chrono::seconds{10}};
}

policy::AuthorityFacts facts_of(const Configuration::Authority& settings,
                                const AuthorityKey& issues) {
  policy::AuthorityFacts facts;
  facts.certificate = issues.issuer.certificate();
  facts.ocsp_uri = settings.ocsp_uri;
  facts.allow_past_ca_validity = settings.allow_past_ca_validity;
  facts.default_signature_algorithm = issues.signature_algorithm;
  return facts;
}

authority::Settings settings_of(const Configuration& configuration) {
  authority::Settings settings;
  settings.replace_subject = configuration.compatibility.replace_subject;
  settings.shared_body_part_ids = configuration.compatibility.shared_body_part_ids;
  settings.dogtag_challenge = configuration.compatibility.dogtag_challenge;
  settings.bare_revocation = configuration.compatibility.bare_revocation;
  settings.bare_names = configuration.compatibility.bare_names;
  settings.raw_key_identifier = configuration.compatibility.raw_key_identifier;
  const auto& confirmation = configuration.confirmation;
  settings.confirmed_profiles = {confirmation.profiles.begin(), confirmation.profiles.end()};
  settings.confirmation_time = std::chrono::minutes{confirmation.within_minutes};
  if (confirmation.otherwise == "hold") settings.unconfirmed = authority::Unconfirmed::held;
  settings.approval_time = std::chrono::days{configuration.approval.days};
  settings.record_intent = configuration.authority.record_intent;
  settings.signing_time_window =
      std::chrono::seconds{configuration.authority.signing_time_window_seconds};
  settings.agent_profile = configuration.authority.agent_profile;
  settings.user_profile = configuration.authority.user_profile;
  settings.simple_profile = configuration.authority.simple_profile;
  settings.secret_profile = configuration.authority.secret_profile;
  return settings;
}

issuance::CrlPoints crl_points(const Configuration::Crl& given,
                               const issuance::ShardRange& of_key) {
  issuance::CrlPoints points;
  points.of_key = of_key;
  points.shards = static_cast<std::uint32_t>(given.shards);
  points.uri = given.uri;
  points.delta_uri = given.delta_uri;
  points.earlier_uris = given.earlier_uris;
  points.freshest_in_certificates = given.freshest_in_certificates;
  return points;
}

/// Of the key that issues now.
issuance::CrlPoints crl_points(const Configuration::Crl& given,
                               const AuthorityCertificates& certificates) {
  auto points = crl_points(given, certificates.shards.back());
  for (std::size_t at = certificates.shards.size() - 1; at > 0; --at) {
    points.of_earlier_keys.push_back(certificates.shards[at - 1].first);
  }
  return points;
}

authority::CrlSettings crl_settings(const Configuration::Crl& given,
                                    const issuance::ShardRange& of_key) {
  authority::CrlSettings settings;
  settings.validity = std::chrono::hours{given.validity_hours};
  settings.overlap = std::chrono::hours{given.overlap_hours};
  if (given.delta_minutes > 0) settings.delta_every = std::chrono::minutes{given.delta_minutes};
  settings.points = crl_points(given, of_key);
  settings.first_number = static_cast<std::uint64_t>(given.first_number);
  return settings;
}

http::RateLimiter::Settings rate(std::int64_t per_second, const Configuration::Limits& limits) {
  return {
      .per_second = static_cast<double>(per_second),
      .burst = static_cast<double>(std::max<std::int64_t>(1, per_second * limits.burst_seconds))};
}

ClientLimits::Settings client_limits(const Configuration::Limits& limits) {
  return {.of_address = rate(limits.address_requests_per_second, limits),
          .of_certificate = rate(limits.certificate_requests_per_second, limits)};
}

/// What the listeners with and without TLS have in common.
http::ServerSettings limits_of(const Configuration& configuration) {
  const auto& given = configuration.http;
  const auto& limits = configuration.limits;
  http::ServerSettings settings;
  settings.maximum_body_octets = static_cast<std::size_t>(given.maximum_body_octets);
  settings.read_timeout = std::chrono::seconds{given.read_timeout_seconds};
  settings.idle_timeout = std::chrono::seconds{given.idle_timeout_seconds};
  settings.maximum_connections = static_cast<std::size_t>(given.maximum_connections);
  settings.maximum_connections_of_one = limits.address_connections == 0
                                            ? settings.maximum_connections
                                            : static_cast<std::size_t>(limits.address_connections);
  settings.new_connections = rate(limits.address_connections_per_second, limits);
  settings.threads = static_cast<unsigned>(given.threads);
  return settings;
}

std::optional<http::ServerSettings> plain_http_settings(const Configuration& configuration) {
  const auto& given = configuration.http;
  if (given.plain_port == 0) return std::nullopt;
  auto settings = limits_of(configuration);
  settings.protection = http::Protection::plain;
  settings.address = given.plain_address.empty() ? given.address : given.plain_address;
  settings.port = static_cast<std::uint16_t>(given.plain_port);
  return settings;
}

Result<http::ServerSettings> http_settings(const Configuration& configuration,
                                           const std::string& authorities_pem) {
  const auto& given = configuration.http;
  auto settings = limits_of(configuration);
  settings.address = given.address;
  settings.port = static_cast<std::uint16_t>(given.port);
  settings.certificate_chain_pem = std::string(as_text(TRY(files::read_file(given.certificate))));
  settings.private_key_pem = TRY(files::read_private_file(given.key));
  settings.private_key_passphrase = TRY(read_passphrase(given.key_passphrase_file));
  settings.client_authorities_pem = authorities_pem;
  return settings;
}

/// A message that names no profile would be refused: no fault, but seldom meant.
void warn_of_absent_profiles(const Configuration::Authority& settings,
                             const policy::ProfileSet& profiles, Log& log) {
  for (const auto* id :
       {&settings.agent_profile, &settings.user_profile, &settings.simple_profile}) {
    if (profiles.find(*id) != nullptr) continue;
    log.write(Log::Level::warning, "profile", {{"absent_or_not_enabled", *id}});
  }
}

Result<Parts> read_parts(const Configuration& configuration, Log& log) {
  const auto& settings = configuration.authority;
  auto certificates = TRY(read_authority_certificates(configuration));
  auto keys = TRY(read_authority_keys(configuration, certificates));
  auto response_signer = TRY(read_response_signer(settings, certificates.own(), log));
  auto facts = facts_of(settings, keys.back());
  auto rules = TRY(identity_rules(configuration));
  auto anchors = certificates.anchors();
  anchors.insert(anchors.end(), rules.foreign_issuers.begin(), rules.foreign_issuers.end());
  auto trust = TRY(proof::Trust::make(anchors, certificates.without_cross()));
  auto profiles = TRY(read_profiles(settings.profiles, log));
  warn_of_absent_profiles(settings, profiles, log);
  auto chain_pem = pkix::to_pem(certificates.shown());
  auto http = TRY(http_settings(configuration, pkix::to_pem(certificates.without_cross()) +
                                                   pkix::to_pem(rules.foreign_issuers)));
  return Parts{std::move(keys),     std::move(certificates), std::move(response_signer),
               std::move(facts),    std::move(rules),        std::move(trust),
               std::move(profiles), std::move(chain_pem),    std::move(http)};
}

/// A tail that a crash cut short was never durable, so nobody was told of it: no loss, but to know.
Result<std::unique_ptr<audit::Journal>> open_journal(const std::string& path, Log& log) {
  auto journal = TRY(files::JournalFile::open(path));
  if (journal->cut_octets() > 0) {
    log.write(Log::Level::warning, "journal_tail_cut_off",
              {{"path", path}, {"octets", std::to_string(journal->cut_octets())}});
  }
  return std::unique_ptr<audit::Journal>(std::move(journal));
}

/// A tolerance is said where operators and auditors look, each time the server starts with it.
Result<void> record_start(Assembly& assembly, const Configuration& configuration, Log& log) {
  const auto text = [](bool on) { return std::string(on ? "on" : "off"); };
  const auto& match = configuration.identity.tls_match;
  const auto& secrets = configuration.secrets.source;
  const auto& tolerances = configuration.compatibility;
  const auto replace = text(tolerances.replace_subject);
  const auto share = text(tolerances.shared_body_part_ids);
  const auto legacy = text(tolerances.legacy_proofs);
  const auto link = text(tolerances.link_with_identification);
  const auto reference = text(tolerances.loose_pop_reference);
  const auto challenge = text(tolerances.dogtag_challenge);
  const auto sha1 = text(tolerances.sha1_challenge);
  const auto bare = text(tolerances.bare_revocation);
  const auto names = text(tolerances.bare_names);
  const auto identifier = text(tolerances.raw_key_identifier);
  const auto bodies = text(tolerances.text_bodies);
  const auto signers = text(tolerances.link_of_signers);
  const auto lines = std::to_string(tolerances.header_lines);
  const auto challenges = text(offers_challenges(configuration));
  const auto ra_witness = text(configuration.possession.ra_witness);
  const auto intent = text(configuration.authority.record_intent);
  const auto settings = {Log::Field{"tls_match", match},     {"secrets", secrets},
                         {"replace_subject", replace},       {"shared_body_part_ids", share},
                         {"legacy_proofs", legacy},          {"link_with_identification", link},
                         {"loose_pop_reference", reference}, {"dogtag_challenge", challenge},
                         {"sha1_challenge", sha1},           {"challenges", challenges},
                         {"ra_witness", ra_witness},         {"record_intent", intent},
                         {"bare_revocation", bare},          {"bare_names", names},
                         {"raw_key_identifier", identifier}, {"text_bodies", bodies},
                         {"link_of_signers", signers},       {"header_lines", lines}};
  log.write(Log::Level::info, "settings", settings);
  audit::Event start{
      "AUDIT_LOG_STARTUP", assembly.clock.now_precise(), audit::EventOutcome::success, {}};
  for (const auto& [name, value] : settings) {
    start.fields.push_back({std::string(name), std::string(value)});
  }
  store::Commit commit;
  commit.events.push_back(std::move(start));
  const auto outcome = assembly.committer->commit(std::move(commit));
  if (outcome.durable()) return {};
  return outcome.failed.value_or(Error{Fault::storage_failed, "the start could not be recorded"});
}

constexpr std::chrono::seconds kLook{30};
constexpr std::chrono::seconds kAfterFailure{5};

/// Of one key: what it issued, and how it signs.
struct KeyFacts {
  issuance::ShardRange shards;
  pkix::AlgorithmIdentifier signature_algorithm;
};

std::vector<KeyFacts> key_facts(const std::vector<AuthorityKey>& keys) {
  std::vector<KeyFacts> facts;
  for (const auto& key : keys) facts.push_back({key.shards, key.signature_algorithm});
  return facts;
}

std::vector<authority::CrlPublisher*> pointers_to(
    const std::vector<std::unique_ptr<authority::CrlPublisher>>& publishers) {
  std::vector<authority::CrlPublisher*> pointers;
  for (const auto& publisher : publishers) pointers.push_back(publisher.get());
  return pointers;
}

/// A failure is logged and tried again; meanwhile the old certificate signs.
std::chrono::seconds renew_ocsp_certificate(authority::OcspResponder& responder, Log& log) {
  const auto renewed = responder.renew_if_due();
  if (!renewed.ok()) {
    log.write(Log::Level::error, "ocsp_certificate_not_made", {{"why", renewed.error().detail}});
    return kAfterFailure;
  }
  if (*renewed) log.write(Log::Level::info, "ocsp_certificate_made", {});
  return kLook;
}

std::chrono::seconds settle_overdue(Assembly& assembly, Log& log) {
  if (!assembly.turn->is_ours()) return kLook;
  const auto settled = assembly.authority->settle_overdue();
  if (!settled.ok()) {
    log.write(Log::Level::error, "overdue_confirmations", {{"why", settled.error().detail}});
    return kAfterFailure;
  }
  if (*settled == 0) return kLook;
  assembly.crl_schedule->status_changed();
  return std::chrono::seconds{0};  // there may be more
}

/// What is so for the keys of an authority in their order, its issuing one last.
const issuance::Issuer& issuer_at(const Assembly& assembly, std::size_t at) {
  return at < assembly.earlier_issuers.size() ? assembly.earlier_issuers[at]
                                              : assembly.authority->issuer();
}

std::unique_ptr<authority::OcspResponder> make_responder(Assembly& assembly,
                                                         const issuance::Issuer& issuer,
                                                         const KeyFacts& key,
                                                         const Configuration::Ocsp& settings,
                                                         Log& log) {
  return std::make_unique<authority::OcspResponder>(authority::OcspResponder::Parts{
      .issuer = issuer,
      .shards = key.shards,
      .signature_algorithm = key.signature_algorithm,
      .store = *assembly.engine,
      .committer = *assembly.committer,
      .clock = assembly.clock,
      .random = crypto::system_random(),
      .log = log,
      .settings = {.validity = std::chrono::minutes{settings.validity_minutes},
                   .certificate_validity = std::chrono::days{settings.certificate_days},
                   .most_kept = static_cast<std::size_t>(settings.most_cached)}});
}

/// Those of a key whose certificate has ended have nothing to sign.
std::chrono::seconds renew_ocsp_certificates(Assembly& assembly, Log& log) {
  auto pause = kLook;
  for (std::size_t at = 0; at < assembly.ocsp.size(); ++at) {
    const auto& authority = issuer_at(assembly, at).certificate();
    const bool is_earlier = at + 1 < assembly.ocsp.size();
    if (is_earlier && authority->validity.not_after < assembly.clock.now()) continue;
    pause = std::min(pause, renew_ocsp_certificate(*assembly.ocsp[at], log));
  }
  return pause;
}

/// The first certificates are made here, so that the first request finds them.
void open_ocsp(Assembly& assembly, const std::vector<KeyFacts>& keys,
               const Configuration::Ocsp& settings, Log& log) {
  if (!settings.enabled) return;
  for (std::size_t at = 0; at < keys.size(); ++at) {
    assembly.ocsp.push_back(
        make_responder(assembly, issuer_at(assembly, at), keys[at], settings, log));
  }
  renew_ocsp_certificates(assembly, log);
  assembly.ocsp_renewal =
      std::make_unique<Chore>([&assembly, &log] { return renew_ocsp_certificates(assembly, log); });
}

void open_crls(Assembly& assembly, const std::vector<KeyFacts>& keys,
               const Configuration::Crl& settings) {
  for (std::size_t at = 0; at < keys.size(); ++at) {
    assembly.crl_publishers.push_back(std::make_unique<authority::CrlPublisher>(
        authority::CrlPublisher::Parts{.issuer = issuer_at(assembly, at),
                                       .signature_algorithm = keys[at].signature_algorithm,
                                       .store = *assembly.engine,
                                       .committer = *assembly.committer,
                                       .clock = assembly.clock,
                                       .settings = crl_settings(settings, keys[at].shards)}));
  }
}

/// Who has an earlier root learns of the last one.
Bytes announcement(const AuthorityCertificates& certificates) {
  const auto anchors = certificates.anchors();
  if (!certificates.rolled_over || anchors.size() < 2) return {};
  const auto since = certificates.rolled_over->time_since_epoch().count();
  return authority::announce_anchors(static_cast<std::uint64_t>(since), anchors);
}

/// Who asks a new authority finds a CRL.
Result<void> publish_first(Assembly& assembly) {
  for (const auto& publisher : assembly.crl_publishers) TRY(publisher->publish_due());
  return {};
}

/// What one node at a time does.
Result<void> start_schedules(Assembly& assembly, const Configuration& configuration, Log& log) {
  const auto rhythm = rhythm_of(configuration.store);
  assembly.turn =
      std::make_unique<Turn>(Turn::Parts{.leases = *assembly.leases,
                                         .name = "schedules",
                                         .holder = name_of_this_node(configuration.audit.journal),
                                         .log = log,
                                         .duration = rhythm.lease});
  if (assembly.turn->is_ours()) TRY(publish_first(assembly));
  const CrlSchedule::Pace pace{
      .after_revocation = std::chrono::seconds{configuration.crl.after_revocation_seconds},
      .look = rhythm.look};
  assembly.crl_schedule = std::make_unique<CrlSchedule>(pointers_to(assembly.crl_publishers),
                                                        *assembly.turn, pace, log);
  assembly.overdue_confirmations =
      std::make_unique<Chore>([&assembly, &log] { return settle_overdue(assembly, log); });
  return {};
}

}  // namespace

Result<std::unique_ptr<Assembly>> assemble(const Configuration& configuration, Log& log) {
  auto parts = TRY(read_parts(configuration, log));
  auto made = std::make_unique<Assembly>();
  made->chain_pem = std::move(parts.chain_pem);
  if (!configuration.encryption.certificate.empty()) {
    made->encryption_pem =
        std::string(as_text(TRY(files::read_file(configuration.encryption.certificate))));
  }
  made->http = std::move(parts.http);
  made->plain_http = plain_http_settings(configuration);
  made->limits = client_limits(configuration.limits);
  TRY(open_store(*made, configuration.store));
  made->journal = TRY(open_journal(configuration.audit.journal, log));
  made->committer = std::make_unique<store::Committer>(*made->engine, *made->journal);
  auto proofs = TRY(open_proof_parts(configuration, *made->engine));
  const auto keys = key_facts(parts.keys);
  for (std::size_t at = 0; at + 1 < parts.keys.size(); ++at) {
    made->earlier_issuers.push_back(parts.keys[at].issuer);
  }
  made->authority =
      std::make_unique<authority::CertificateAuthority>(authority::CertificateAuthority::Parts{
          .issuer = parts.keys.back().issuer,
          .profiles = std::move(parts.profiles),
          .trust = std::move(parts.trust),
          .identity_rules = std::move(parts.rules),
          .possession_rules = std::move(proofs.possession_rules),
          .facts = std::move(parts.facts),
          .settings = settings_of(configuration),
          .secrets = std::move(proofs.secrets),
          .challenge_vault = std::move(proofs.challenge_vault),
          .revocation_protection = std::move(proofs.revocation_protection),
          .decryption = std::move(proofs.decryption),
          .store = *made->engine,
          .tokens = *made->engine,
          .challenges = *made->engine,
          .crls = *made->engine,
          .life = *made->engine,
          .committer = *made->committer,
          .clock = made->clock,
          .random = crypto::system_random(),
          .log = log,
          .crl_points = crl_points(configuration.crl, parts.certificates),
          .response_signer = std::move(parts.response_signer),
          .shown_certificates = parts.certificates.shown(),
          .announcement = announcement(parts.certificates)});
  open_crls(*made, keys, configuration.crl);
  TRY(record_start(*made, configuration, log));
  TRY(start_schedules(*made, configuration, log));
  open_ocsp(*made, keys, configuration.ocsp, log);
  made->service = std::make_unique<authority::Service>(
      *made->authority, *made->committer,
      [schedule = made->crl_schedule.get()] { schedule->status_changed(); });
  return made;
}

Result<Replaceable> read_replaceable(const Configuration& configuration, Log& log) {
  const auto certificates = TRY(read_authority_certificates(configuration));
  const auto rules = TRY(identity_rules(configuration));
  const auto authorities_pem =
      pkix::to_pem(certificates.without_cross()) + pkix::to_pem(rules.foreign_issuers);
  auto signer = TRY(read_response_signer(configuration.authority, certificates.own(), log));
  return Replaceable{TRY(http_settings(configuration, authorities_pem)), std::move(signer)};
}

Result<void> check(const Configuration& configuration, Log& log) {
  const auto parts = TRY(read_parts(configuration, log));
  if (configuration.store.engine == "postgres") {
    TRY(postgres::PostgresEngine::check(configuration.store.uri));
  }
  const store::MemoryEngine in_place_of_the_store;
  TRY(open_proof_parts(configuration, in_place_of_the_store));
  return http::Server::check(parts.http);
}

}  // namespace signet::server
