#include "apps/signetd/assembly.h"

#include <utility>
#include <vector>

#include "apps/signetd/listener_settings.h"
#include "apps/signetd/named_files.h"
#include "apps/signetd/proof_parts.h"
#include "apps/signetd/room_settings.h"
#include "apps/signetd/start_profiles.h"
#include "apps/signetd/start_record.h"
#include "policy/offered_profiles.h"
#include "store/memory_engine.h"

namespace signet::server {
namespace {

/// A tolerance is said where operators and auditors look, each time the server starts with it.
Result<void> record_start(const Configuration& configuration, const BegunProfiles& profiles,
                          std::vector<audit::Event> findings, const Ground& ground) {
  log_start(configuration, ground.log);
  store::Commit commit;
  commit.events = std::move(findings);
  commit.events.push_back(start_event(configuration, profiles, ground.clock));
  const auto outcome = ground.keeping.committer->commit(std::move(commit));
  if (outcome.durable()) return {};
  return outcome.failed.value_or(Error{Fault::storage_failed, "the start could not be recorded"});
}

std::unique_ptr<authority::Service> make_service(const Configuration& configuration,
                                                 Assembly& assembly, Log& log) {
  auto& own_work = *assembly.own_work;
  return std::make_unique<authority::Service>(
      *assembly.signing.authority, *assembly.keeping.committer, log,
      [&own_work] { own_work.status_changed(); }, [&own_work] { own_work.publication_due(); },
      long_answer_limits(configuration.limits));
}

/// `files` gives up its TLS settings.
Listening make_listening(const Configuration& configuration, NamedFiles& files,
                         const Ground& ground) {
  const auto& own = files.certificates.chains.back().front();
  return {.http = std::move(files.http),
          .plain_http = plain_http_settings(configuration),
          .tcp = tcp_settings(configuration),
          .limits = client_limits(configuration.limits),
          .client_standing = std::make_unique<ClientStanding>(
              ClientStanding::Parts{.store = *ground.keeping.engine,
                                    .clock = ground.clock,
                                    .authority = own->subject,
                                    .foreign_issuers = files.rules.foreign_issuers})};
}

}  // namespace

Result<std::unique_ptr<Assembly>> assemble(const Configuration& configuration, Log& log) {
  auto files = TRY(read_named_files(configuration, log));
  auto made = std::make_unique<Assembly>();
  const Ground ground{made->keeping, made->clock, log};
  made->keeping = TRY(open_store(configuration));
  auto profiles = files.profiles ? *std::move(files.profiles)
                                 : TRY(begin_in_store(configuration.authority, ground));
  warn_of_profiles(configuration, profiles.collection, log);
  const auto offered = std::make_shared<policy::OfferedProfiles>(profiles.collection.profiles);
  auto findings = TRY(open_journal(made->keeping, configuration.audit.journal, made->clock, log));
  made->signing = TRY(make_signing(configuration, files, offered, ground));
  TRY(record_start(configuration, profiles, std::move(findings), ground));
  auto& watches = made->watches;
  watches.profiles = watch_profiles(std::move(profiles), offered, ground);
  watches.lifetimes = TRY(watch_lifetimes(files, made->signing, ground));
  watches.clock = watch_clock(ground);
  watches.store = watch_store(configuration.store, ground);
  watches.delivery = TRY(deliver_outbox(configuration, files.certificates, ground));
  made->own_work.emplace(configuration, OwnWork::Parts{ground, made->signing, watches});
  TRY(made->own_work->start());
  made->service = make_service(configuration, *made, log);
  made->listening = make_listening(configuration, files, ground);
  made->shown = {pkix::to_pem(files.certificates.shown()), std::move(files.encryption_pem)};
  return made;
}

void end(Assembly& assembly) {
  assembly.own_work->end();
  assembly.service.reset();
  assembly.keeping.committer.reset();
}

Result<void> check(const Configuration& configuration, Log& log) {
  const auto files = TRY(read_named_files(configuration, log));
  TRY(check_store(configuration));
  TRY(check_profiles(configuration, files.profiles, log));
  const store::MemoryEngine in_place_of_the_store;
  TRY(open_proof_parts(configuration, in_place_of_the_store));
  return http::Server::check(files.http);
}

}  // namespace signet::server
