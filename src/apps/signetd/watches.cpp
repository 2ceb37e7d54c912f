#include "apps/signetd/watches.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/ldap/directory_publisher.h"
#include "adapters/sqlite/store_walk.h"
#include "apps/signetd/directory_settings.h"
#include "apps/signetd/key_files.h"
#include "apps/signetd/room_settings.h"
#include "apps/signetd/turn.h"

namespace signet::server {
namespace {

/// Twice the steps that one certificate takes of a directory which answers each at the last moment:
/// nobody else tells of it meanwhile.
constexpr int kStepsOfPublishing = 16;

std::optional<Time> first_end(const std::vector<pkix::Certificate>& certificates) {
  std::optional<Time> first;
  for (const auto& each : certificates) {
    if (!first || each->validity.not_after < *first) first = each->validity.not_after;
  }
  return first;
}

/// None where none signs.
std::optional<Time> first_end_of_ocsp(const Signing& signing, Time now) {
  std::optional<Time> first;
  for (std::size_t at = 0; at < signing.ocsp.size(); ++at) {
    if (signing.issuer_at(at).certificate()->validity.not_after < now) continue;
    const auto end = signing.ocsp[at]->signs_until();
    if (end && (!first || *end < *first)) first = end;
  }
  return first;
}

std::vector<Lifetimes::Key> lifetimes_of_keys(const AuthorityCertificates& certificates) {
  std::vector<Lifetimes::Key> keys;
  for (std::size_t at = 0; at < certificates.chains.size(); ++at) {
    const auto& own = certificates.chains[at].front();
    keys.push_back({certificates.shards[at], own->validity.not_after});
  }
  return keys;
}

std::vector<AuthorityEntry::Key> published_keys(const AuthorityCertificates& certificates) {
  std::vector<AuthorityEntry::Key> keys;
  for (std::size_t at = 0; at < certificates.chains.size(); ++at) {
    keys.push_back({certificates.chains[at].front(), certificates.shards[at].first});
  }
  return keys;
}

void note_authority(Lifetimes& lifetimes, const std::vector<pkix::Certificate>& chain) {
  lifetimes.certificate(role::kAuthority, chain.front()->validity.not_after);
  if (const auto above = first_end({chain.begin() + 1, chain.end()})) {
    lifetimes.certificate(role::kAboveAuthority, *above);
  }
}

/// Empty: there is none.
Result<void> note_encryption(Lifetimes& lifetimes, const std::string& pem) {
  if (pem.empty()) return {};
  const auto certificates = TRY(certificates_of(pem, "[encryption] certificate"));
  lifetimes.certificate(role::kEncryption, certificates.front()->validity.not_after);
  return {};
}

/// Of nodes that share a store, one tells the directory.
std::unique_ptr<Turn> turn_to_publish(const Configuration& configuration, const Ground& ground) {
  const std::chrono::seconds one_step{configuration.publishing.timeout_seconds};
  return std::make_unique<Turn>(
      Turn::Parts{.leases = *ground.keeping.leases,
                  .name = "publishing",
                  .holder = name_of_this_node(configuration.audit.journal),
                  .log = ground.log,
                  .duration = kStepsOfPublishing * one_step});
}

}  // namespace

std::unique_ptr<ProfileWatch> watch_profiles(BegunProfiles begun,
                                             std::shared_ptr<policy::OfferedProfiles> offered,
                                             const Ground& ground) {
  return std::make_unique<ProfileWatch>(ProfileWatch::Parts{.begun = std::move(begun),
                                                            .offered = std::move(offered),
                                                            .committer = *ground.keeping.committer,
                                                            .clock = ground.clock,
                                                            .log = ground.log});
}

Result<std::unique_ptr<Lifetimes>> watch_lifetimes(const NamedFiles& files, const Signing& signing,
                                                   const Ground& ground) {
  auto lifetimes = std::make_unique<Lifetimes>(Lifetimes::Parts{
      .crls = *ground.keeping.engine,
      .keys = lifetimes_of_keys(files.certificates),
      .ocsp = [&signing, &clock = ground.clock] { return first_end_of_ocsp(signing, clock.now()); },
      .clock = ground.clock});
  note_authority(*lifetimes, files.certificates.chains.back());
  note_replaceable(*lifetimes, files.http, files.response_signer.get());
  TRY(note_encryption(*lifetimes, files.encryption_pem));
  return lifetimes;
}

std::unique_ptr<ClockWatch> watch_clock(const Ground& ground) {
  if (!ground.keeping.database_time) return nullptr;
  return std::make_unique<ClockWatch>(ClockWatch::Parts{
      .ask_database = ground.keeping.database_time, .clock = ground.clock, .log = ground.log});
}

std::unique_ptr<StoreWatch> watch_store(const Configuration::Store& settings,
                                        const Ground& ground) {
  if (settings.engine != StoreEngine::sqlite) return nullptr;
  const auto walk = std::make_shared<sqlite::StoreWalk>(settings.path);
  const auto read_piece = [walk]() -> Result<bool> {
    return TRY(walk->step()) == sqlite::StoreWalk::Step::last;
  };
  return std::make_unique<StoreWatch>(
      StoreWatch::Parts{.read_piece = read_piece, .clock = ground.clock, .log = ground.log});
}

Result<std::unique_ptr<OutboxDelivery>> deliver_outbox(const Configuration& configuration,
                                                       const AuthorityCertificates& certificates,
                                                       const Ground& ground) {
  const auto& settings = configuration.publishing;
  if (settings.uri.empty()) return std::unique_ptr<OutboxDelivery>();
  auto address = TRY(directory_address(settings));
  auto places = TRY(publishing_places(settings));
  return std::make_unique<OutboxDelivery>(OutboxDelivery::Parts{
      .directory = ldap::DirectoryPublisher(std::move(address), std::move(places)),
      .engine = *ground.keeping.engine,
      .committer = *ground.keeping.committer,
      .turn = turn_to_publish(configuration, ground),
      .profiles = settings_of(configuration).published,
      .keys = published_keys(certificates),
      .clock = ground.clock,
      .log = ground.log});
}

void note_replaceable(Lifetimes& lifetimes, const http::ServerSettings& http,
                      const authority::ResponseSigner* response_signer) {
  // Whether it can be used, the listener says.
  const auto tls = certificates_of(http.certificate_chain_pem, "");
  if (tls.ok()) lifetimes.certificate(role::kTls, tls->front()->validity.not_after);
  if (response_signer == nullptr) return;
  lifetimes.certificate(role::kResponseSigner, response_signer->certificate()->validity.not_after);
}

}  // namespace signet::server
