#include "apps/signetd/assembly.h"

#include <algorithm>
#include <filesystem>

#include "adapters/files/file.h"
#include "adapters/postgres/postgres_engine.h"
#include "adapters/sqlite/sqlite_engine.h"
#include "apps/signetd/key_files.h"
#include "apps/signetd/proof_parts.h"
#include "base/encoding.h"
#include "crypto/public_key.h"
#include "crypto/signature_scheme.h"
#include "store/memory_engine.h"

namespace signet::server {
namespace {

/// What the files hold that a configuration names.
struct Parts {
  issuance::Issuer issuer;
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

/// By name, or the key's own. A name that the key cannot serve would refuse every request.
Result<pkix::AlgorithmIdentifier> signing_algorithm(const std::string& name,
                                                    const crypto::PrivateKey& key) {
  if (name.empty()) return crypto::default_signature_algorithm(key);
  const auto algorithm = crypto::signature_algorithm_by_name(name);
  if (!algorithm.ok()) {
    return Error{Fault::bad_configuration, "signing_algorithm: " + algorithm.error().detail};
  }
  const auto scheme = TRY(crypto::signature_scheme(*algorithm));
  const auto public_key = TRY(crypto::PublicKey::from(key.public_key_info()));
  if (crypto::check_fits(scheme, key.kind(), public_key.bits()).ok()) return *algorithm;
  return Error{Fault::bad_configuration, "signing_algorithm \"" + name + "\" does not fit the " +
                                             std::string(to_text(key.kind())) +
                                             " key of the authority"};
}

Result<policy::AuthorityFacts> facts_of(const Configuration::Authority& settings,
                                        const issuance::Issuer& issuer) {
  policy::AuthorityFacts facts;
  facts.certificate = issuer.certificate();
  facts.ocsp_uri = settings.ocsp_uri;
  facts.allow_past_ca_validity = settings.allow_past_ca_validity;
  facts.default_signature_algorithm =
      TRY(signing_algorithm(settings.signing_algorithm, issuer.key()));
  return facts;
}

authority::Settings settings_of(const Configuration& configuration) {
  authority::Settings settings;
  settings.replace_subject = configuration.compatibility.replace_subject;
  settings.shared_body_part_ids = configuration.compatibility.shared_body_part_ids;
  settings.dogtag_challenge = configuration.compatibility.dogtag_challenge;
  settings.bare_revocation = configuration.compatibility.bare_revocation;
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

issuance::CrlPoints crl_points(const Configuration::Crl& given) {
  issuance::CrlPoints points;
  points.shards = static_cast<std::uint32_t>(given.shards);
  points.uri = given.uri;
  points.delta_uri = given.delta_uri;
  points.earlier_uris = given.earlier_uris;
  points.freshest_in_certificates = given.freshest_in_certificates;
  return points;
}

authority::CrlSettings crl_settings(const Configuration::Crl& given) {
  authority::CrlSettings settings;
  settings.validity = std::chrono::hours{given.validity_hours};
  settings.overlap = std::chrono::hours{given.overlap_hours};
  if (given.delta_minutes > 0) settings.delta_every = std::chrono::minutes{given.delta_minutes};
  settings.points = crl_points(given);
  return settings;
}

/// What the listeners with and without TLS have in common.
http::ServerSettings limits_of(const Configuration::Http& given) {
  http::ServerSettings settings;
  settings.maximum_body_octets = static_cast<std::size_t>(given.maximum_body_octets);
  settings.read_timeout = std::chrono::seconds{given.read_timeout_seconds};
  settings.idle_timeout = std::chrono::seconds{given.idle_timeout_seconds};
  settings.maximum_connections = static_cast<std::size_t>(given.maximum_connections);
  settings.threads = static_cast<unsigned>(given.threads);
  return settings;
}

std::optional<http::ServerSettings> plain_http_settings(const Configuration::Http& given) {
  if (given.plain_port == 0) return std::nullopt;
  auto settings = limits_of(given);
  settings.protection = http::Protection::plain;
  settings.address = given.plain_address.empty() ? given.address : given.plain_address;
  settings.port = static_cast<std::uint16_t>(given.plain_port);
  return settings;
}

Result<http::ServerSettings> http_settings(const Configuration::Http& given,
                                           const std::string& authorities_pem) {
  auto settings = limits_of(given);
  settings.address = given.address;
  settings.port = static_cast<std::uint16_t>(given.port);
  settings.certificate_chain_pem = std::string(as_text(TRY(files::read_file(given.certificate))));
  settings.private_key_pem = SecretBytes(TRY(files::read_file(given.key)));
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
  const auto chain = TRY(read_certificates(settings.certificate));
  auto key = TRY(read_key(settings.key, settings.key_passphrase_file));
  auto issuer = TRY(issuance::Issuer::make(chain, std::move(key)));
  auto facts = TRY(facts_of(settings, issuer));
  auto rules = TRY(identity_rules(configuration));
  auto anchors = rules.foreign_issuers;
  anchors.insert(anchors.begin(), chain.back());
  auto trust = TRY(proof::Trust::make(anchors, chain));
  auto profiles = TRY(read_profiles(settings.profiles, log));
  warn_of_absent_profiles(settings, profiles, log);
  auto chain_pem = pkix::to_pem(chain);
  auto http =
      TRY(http_settings(configuration.http, chain_pem + pkix::to_pem(rules.foreign_issuers)));
  return Parts{std::move(issuer),   std::move(facts),     std::move(rules), std::move(trust),
               std::move(profiles), std::move(chain_pem), std::move(http)};
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
                         {"bare_revocation", bare},          {"header_lines", lines}};
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

/// The first certificate is made here, so that the first request finds it.
void open_ocsp(Assembly& assembly, const Configuration::Ocsp& settings,
               const pkix::AlgorithmIdentifier& signature_algorithm, Log& log) {
  if (!settings.enabled) return;
  assembly.ocsp = std::make_unique<authority::OcspResponder>(authority::OcspResponder::Parts{
      .issuer = assembly.authority->issuer(),
      .signature_algorithm = signature_algorithm,
      .store = *assembly.engine,
      .committer = *assembly.committer,
      .clock = assembly.clock,
      .random = crypto::system_random(),
      .log = log,
      .settings = {.validity = std::chrono::minutes{settings.validity_minutes},
                   .certificate_validity = std::chrono::days{settings.certificate_days},
                   .most_kept = static_cast<std::size_t>(settings.most_cached)}});
  renew_ocsp_certificate(*assembly.ocsp, log);
  assembly.ocsp_renewal = std::make_unique<Chore>(
      [&responder = *assembly.ocsp, &log] { return renew_ocsp_certificate(responder, log); });
}

/// What one node at a time does. Who asks a new authority finds a CRL.
Result<void> start_schedules(Assembly& assembly, const Configuration& configuration, Log& log) {
  const auto rhythm = rhythm_of(configuration.store);
  assembly.turn =
      std::make_unique<Turn>(Turn::Parts{.leases = *assembly.leases,
                                         .name = "schedules",
                                         .holder = name_of_this_node(configuration.audit.journal),
                                         .log = log,
                                         .duration = rhythm.lease});
  if (assembly.turn->is_ours()) TRY(assembly.crl_publisher->publish_due());
  const CrlSchedule::Pace pace{
      .after_revocation = std::chrono::seconds{configuration.crl.after_revocation_seconds},
      .look = rhythm.look};
  assembly.crl_schedule =
      std::make_unique<CrlSchedule>(*assembly.crl_publisher, *assembly.turn, pace, log);
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
  made->plain_http = plain_http_settings(configuration.http);
  TRY(open_store(*made, configuration.store));
  made->journal = TRY(open_journal(configuration.audit.journal, log));
  made->committer = std::make_unique<store::Committer>(*made->engine, *made->journal);
  auto proofs = TRY(open_proof_parts(configuration, *made->engine));
  const auto signing_algorithm = parts.facts.default_signature_algorithm;
  made->authority =
      std::make_unique<authority::CertificateAuthority>(authority::CertificateAuthority::Parts{
          .issuer = std::move(parts.issuer),
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
          .crl_points = crl_points(configuration.crl)});
  made->crl_publisher = std::make_unique<authority::CrlPublisher>(
      authority::CrlPublisher::Parts{.issuer = made->authority->issuer(),
                                     .signature_algorithm = signing_algorithm,
                                     .store = *made->engine,
                                     .committer = *made->committer,
                                     .clock = made->clock,
                                     .settings = crl_settings(configuration.crl)});
  TRY(record_start(*made, configuration, log));
  TRY(start_schedules(*made, configuration, log));
  open_ocsp(*made, configuration.ocsp, signing_algorithm, log);
  made->service = std::make_unique<authority::Service>(
      *made->authority, *made->committer,
      [schedule = made->crl_schedule.get()] { schedule->status_changed(); });
  return made;
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
