#include "apps/signetd/own_work.h"

#include <algorithm>

#include "adapters/sqlite/store_walk.h"
#include "apps/signetd/directory_settings.h"
#include "apps/signetd/key_files.h"
#include "apps/signetd/recording_probe.h"
#include "apps/signetd/room_settings.h"

namespace signet::server {
namespace {

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

/// Twice the steps that one certificate takes of a directory which answers each at the last moment:
/// nobody else tells of it meanwhile.
constexpr int kStepsOfPublishing = 16;

constexpr std::chrono::seconds kLook{30};
constexpr std::chrono::seconds kAfterFailure{5};

std::vector<authority::CrlMaker*> pointers_to(
    const std::vector<std::unique_ptr<authority::CrlMaker>>& makers) {
  std::vector<authority::CrlMaker*> pointers;
  for (const auto& maker : makers) pointers.push_back(maker.get());
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

std::optional<Time> first_end(const std::vector<pkix::Certificate>& certificates) {
  std::optional<Time> first;
  for (const auto& each : certificates) {
    if (!first || each->validity.not_after < *first) first = each->validity.not_after;
  }
  return first;
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

/// None where none signs.
std::optional<Time> first_end_of_ocsp(Assembly& assembly) {
  std::optional<Time> first;
  for (std::size_t at = 0; at < assembly.ocsp.size(); ++at) {
    const auto& authority = issuer_at(assembly, at).certificate();
    if (authority->validity.not_after < assembly.clock.now()) continue;
    const auto end = assembly.ocsp[at]->signs_until();
    if (end && (!first || *end < *first)) first = end;
  }
  return first;
}

/// Who asks a new authority finds a CRL.
Result<void> publish_first(Assembly& assembly) {
  for (const auto& maker : assembly.crl_makers) TRY(maker->make_due());
  return {};
}

}  // namespace

std::vector<KeyFacts> key_facts(const std::vector<AuthorityKey>& keys) {
  std::vector<KeyFacts> facts;
  for (const auto& key : keys) facts.push_back({key.shards, key.signature_algorithm});
  return facts;
}

void open_ocsp(Assembly& assembly, const std::vector<KeyFacts>& keys,
               const Configuration::Ocsp& settings, Log& log) {
  if (!settings.enabled) return;
  for (std::size_t at = 0; at < keys.size(); ++at) {
    assembly.ocsp.push_back(
        make_responder(assembly, issuer_at(assembly, at), keys[at], settings, log));
  }
  renew_ocsp_certificates(assembly, log);
  assembly.ocsp_renewal = std::make_unique<Chore>("OCSP certificates", log, [&assembly, &log] {
    return renew_ocsp_certificates(assembly, log);
  });
}

void open_crls(Assembly& assembly, const std::vector<KeyFacts>& keys,
               const Configuration::Crl& settings) {
  std::vector<Bytes> earlier_keys;
  for (std::size_t at = 0; at < keys.size(); ++at) {
    auto of_key = crl_settings(settings, keys[at].shards);
    of_key.earlier_keys = earlier_keys;
    const auto identifier = issuer_at(assembly, at).certificate().subject_key_identifier();
    if (identifier) earlier_keys.push_back(*identifier);
    assembly.crl_makers.push_back(std::make_unique<authority::CrlMaker>(
        authority::CrlMaker::Parts{.issuer = issuer_at(assembly, at),
                                   .signature_algorithm = keys[at].signature_algorithm,
                                   .store = *assembly.engine,
                                   .committer = *assembly.committer,
                                   .clock = assembly.clock,
                                   .settings = std::move(of_key)}));
  }
}

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
  assembly.crl_schedule =
      std::make_unique<CrlSchedule>(pointers_to(assembly.crl_makers), *assembly.turn, pace, log);
  assembly.recording_probe = std::make_unique<Chore>(
      "recording", log,
      [probe = RecordingProbe({.committer = *assembly.committer,
                               .leases = *assembly.leases,
                               .node = name_of_this_node(configuration.audit.journal),
                               .clock = assembly.clock,
                               .log = log})] { return probe.look(); });
  assembly.overdue_confirmations = std::make_unique<Chore>(
      "confirmations", log, [&assembly, &log] { return settle_overdue(assembly, log); });
  return {};
}

Result<void> start_publishing(Assembly& assembly, const Configuration& configuration,
                              const AuthorityCertificates& certificates, Log& log) {
  const auto& settings = configuration.publishing;
  if (settings.uri.empty()) return {};
  std::vector<AuthorityEntry::Key> keys;
  for (std::size_t at = 0; at < certificates.chains.size(); ++at) {
    keys.push_back({certificates.chains[at].front(), certificates.shards[at].first});
  }
  auto address = TRY(directory_address(settings));
  auto places = TRY(publishing_places(settings));
  auto turn = std::make_unique<Turn>(
      Turn::Parts{.leases = *assembly.leases,
                  .name = "publishing",
                  .holder = name_of_this_node(configuration.audit.journal),
                  .log = log,
                  .duration = kStepsOfPublishing * std::chrono::seconds{settings.timeout_seconds}});
  assembly.delivery = std::make_unique<OutboxDelivery>(OutboxDelivery::Parts{
      .directory = ldap::DirectoryPublisher(std::move(address), std::move(places)),
      .engine = *assembly.engine,
      .committer = *assembly.committer,
      .turn = std::move(turn),
      .profiles = settings_of(configuration).published,
      .keys = std::move(keys),
      .clock = assembly.clock,
      .log = log});
  assembly.delivery_looks = std::make_unique<Chore>(
      "publishing", log, [delivery = assembly.delivery.get()] { return delivery->look(); },
      [delivery = assembly.delivery.get()] { delivery->break_off(); });
  return {};
}

void watch_lifetimes(Assembly& assembly, const AuthorityCertificates& certificates, Log& log) {
  std::vector<Lifetimes::Key> keys;
  for (std::size_t at = 0; at < certificates.chains.size(); ++at) {
    const auto& own = certificates.chains[at].front();
    keys.push_back({certificates.shards[at], own->validity.not_after});
  }
  assembly.lifetimes = std::make_unique<Lifetimes>(
      Lifetimes::Parts{.crls = *assembly.engine,
                       .keys = std::move(keys),
                       .ocsp = [&assembly] { return first_end_of_ocsp(assembly); },
                       .clock = assembly.clock});
  const auto& issuing = certificates.chains.back();
  assembly.lifetimes->certificate(role::kAuthority, issuing.front()->validity.not_after);
  if (const auto above = first_end({issuing.begin() + 1, issuing.end()})) {
    assembly.lifetimes->certificate(role::kAboveAuthority, *above);
  }
  assembly.lifetime_looks = std::make_unique<Chore>(
      "lifetimes", log, [lifetimes = assembly.lifetimes.get()] { return lifetimes->look(); });
}

void watch_clock(Assembly& assembly, Log& log) {
  if (!assembly.database_time) return;
  assembly.clock_watch = std::make_unique<ClockWatch>(ClockWatch::Parts{
      .ask_database = assembly.database_time, .clock = assembly.clock, .log = log});
  assembly.clock_looks = std::make_unique<Chore>(
      "clocks", log, [watch = assembly.clock_watch.get()] { return watch->look(); });
}

void watch_store(Assembly& assembly, const Configuration::Store& settings, Log& log) {
  if (settings.engine != "sqlite") return;
  const auto walk = std::make_shared<sqlite::StoreWalk>(settings.path);
  const auto read_piece = [walk]() -> Result<bool> {
    return TRY(walk->step()) == sqlite::StoreWalk::Step::last;
  };
  assembly.store_watch = std::make_unique<StoreWatch>(
      StoreWatch::Parts{.read_piece = read_piece, .clock = assembly.clock, .log = log});
  assembly.store_looks = std::make_unique<Chore>(
      "reading the store", log, [watch = assembly.store_watch.get()] { return watch->look(); });
}

void note_replaceable(Lifetimes& lifetimes, const http::ServerSettings& http,
                      const authority::ResponseSigner* response_signer) {
  // Whether it can be used, the listener says.
  const auto tls = certificates_of(http.certificate_chain_pem, "");
  if (tls.ok()) lifetimes.certificate(role::kTls, tls->front()->validity.not_after);
  if (response_signer == nullptr) return;
  lifetimes.certificate(role::kResponseSigner, response_signer->certificate()->validity.not_after);
}

void watch_profiles(Assembly& assembly, BegunProfiles begun,
                    std::shared_ptr<policy::OfferedProfiles> offered, Log& log) {
  assembly.profile_watch =
      std::make_unique<ProfileWatch>(ProfileWatch::Parts{.begun = std::move(begun),
                                                         .offered = std::move(offered),
                                                         .committer = *assembly.committer,
                                                         .clock = assembly.clock,
                                                         .log = log});
  assembly.profile_looks = std::make_unique<Chore>(
      "profiles", log, [watch = assembly.profile_watch.get()] { return watch->look(); });
}

}  // namespace signet::server
