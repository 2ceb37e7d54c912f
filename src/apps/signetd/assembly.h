#pragma once

#include <memory>

#include "adapters/files/journal_file.h"
#include "adapters/http/server.h"
#include "adapters/tcp/server.h"
#include "apps/configuration/configuration.h"
#include "apps/signetd/chore.h"
#include "apps/signetd/client_limits.h"
#include "apps/signetd/client_standing.h"
#include "apps/signetd/clock_watch.h"
#include "apps/signetd/crl_schedule.h"
#include "apps/signetd/lifetimes.h"
#include "apps/signetd/outbox_delivery.h"
#include "apps/signetd/profile_watch.h"
#include "apps/signetd/store_watch.h"
#include "authority/certificate_authority.h"
#include "authority/ocsp_responder.h"
#include "authority/service.h"
#include "store/committer.h"

namespace signet::server {

/// The objects of one server, in the order in which they lean on each other.
struct Assembly {
  SystemClock clock;
  std::unique_ptr<store::Engine> engine;
  store::LeaseStore* leases = nullptr;  ///< the engine
  /// Where a journal stood, by what the store says; empty: it never does.
  std::function<Result<std::optional<audit::JournalMark>>(std::string_view journal)> journal_mark;
  std::unique_ptr<audit::Journal> journal;
  std::unique_ptr<store::Committer> committer;
  std::vector<issuance::Issuer> earlier_issuers;  ///< the authority's keys before the present one
  std::unique_ptr<authority::CertificateAuthority> authority;
  /// One for each key of the authority, the oldest first.
  std::vector<std::unique_ptr<authority::CrlMaker>> crl_makers;
  std::unique_ptr<Turn> turn;                                   ///< of what one node at a time does
  std::unique_ptr<CrlSchedule> crl_schedule;                    ///< ends before what it stands on
  std::vector<std::unique_ptr<authority::OcspResponder>> ocsp;  ///< likewise; empty: not offered
  std::unique_ptr<Chore> ocsp_renewal;                          ///< ends before what it stands on
  std::unique_ptr<Chore> overdue_confirmations;                 ///< likewise
  std::unique_ptr<Chore> recording_probe;                       ///< likewise
  std::unique_ptr<ProfileWatch> profile_watch;
  std::unique_ptr<Chore> profile_looks;  ///< ends before what it stands on
  std::unique_ptr<Lifetimes> lifetimes;
  std::unique_ptr<Chore> lifetime_looks;               ///< ends before what it stands on
  std::function<Result<PreciseTime>()> database_time;  ///< empty: no database tells it
  std::unique_ptr<ClockWatch> clock_watch;             ///< null likewise
  std::unique_ptr<Chore> clock_looks;                  ///< likewise; ends before what it stands on
  std::unique_ptr<StoreWatch> store_watch;             ///< null: the store is no file
  std::unique_ptr<Chore> store_looks;                  ///< likewise; ends before what it stands on
  std::unique_ptr<OutboxDelivery> delivery;            ///< null: nothing is published
  std::unique_ptr<Chore> delivery_looks;               ///< likewise; ends before what it stands on
  std::unique_ptr<authority::Service> service;
  std::string chain_pem;
  std::string encryption_pem;  ///< empty: messages may not be encrypted to us
  http::ServerSettings http;
  std::optional<http::ServerSettings> plain_http;  ///< none: no second listener
  std::optional<tcp::ServerSettings> tcp;          ///< none: nothing is taken over TCP alone
  ClientLimits::Settings limits;
  std::unique_ptr<ClientStanding> client_standing;  ///< to whom `limits` of a certificate apply
};

/// Configuration → objects. The start and the tolerances that it was made with go on record.
/// Faults: bad_configuration and those of the parts, each with its path and what to do; profile
/// faults all at once.
Result<std::unique_ptr<Assembly>> assemble(const Configuration& configuration, Log& log);

/// What may take another's place while the server runs: the certificate and key that TLS clients
/// are shown, and what signs responses.
struct Replaceable {
  http::ServerSettings http;
  std::shared_ptr<const authority::ResponseSigner> response_signer;
};
/// From the files that `configuration` names, as they are now. Faults: as assemble.
Result<Replaceable> read_replaceable(const Configuration& configuration, Log& log);

/// Reads all that `assemble` reads, reaches the database of a shared store, and leaves what is in
/// the store, journal and port alone: the server may be running. Faults: as assemble.
Result<void> check(const Configuration& configuration, Log& log);

}  // namespace signet::server
