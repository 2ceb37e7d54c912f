#pragma once

#include <memory>

#include "apps/configuration/configuration.h"
#include "apps/signetd/clock_watch.h"
#include "apps/signetd/keeping.h"
#include "apps/signetd/lifetimes.h"
#include "apps/signetd/named_files.h"
#include "apps/signetd/outbox_delivery.h"
#include "apps/signetd/profile_watch.h"
#include "apps/signetd/signing.h"
#include "apps/signetd/store_watch.h"

namespace signet::server {

/// What looks around beside the requests, each when its chore has it look (OwnWork), and what it
/// found so far.
struct Watches {
  std::unique_ptr<ProfileWatch> profiles;
  std::unique_ptr<Lifetimes> lifetimes;
  std::unique_ptr<ClockWatch> clock;         ///< null: no database tells the time
  std::unique_ptr<StoreWatch> store;         ///< null: the store is no file
  std::unique_ptr<OutboxDelivery> delivery;  ///< null: nothing is published
};

/// `offered` follows what the profiles came from.
std::unique_ptr<ProfileWatch> watch_profiles(BegunProfiles begun,
                                             std::shared_ptr<policy::OfferedProfiles> offered,
                                             const Ground& ground);
/// Of what `files` and `signing` hold. Faults: malformed, for the certificate of encryption.
Result<std::unique_ptr<Lifetimes>> watch_lifetimes(const NamedFiles& files, const Signing& signing,
                                                   const Ground& ground);
/// Compares clocks, where there is a database that has one.
std::unique_ptr<ClockWatch> watch_clock(const Ground& ground);
/// Reads a store that is a file through, again and again.
std::unique_ptr<StoreWatch> watch_store(const Configuration::Store& settings, const Ground& ground);
/// Tells a directory of certificates and CRLs, where there is one. Faults: those of its settings.
Result<std::unique_ptr<OutboxDelivery>> deliver_outbox(const Configuration& configuration,
                                                       const AuthorityCertificates& certificates,
                                                       const Ground& ground);

/// Those that may be replaced while the server runs. `response_signer`: null when there is none.
void note_replaceable(Lifetimes& lifetimes, const http::ServerSettings& http,
                      const authority::ResponseSigner* response_signer);

}  // namespace signet::server
