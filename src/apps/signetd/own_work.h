#pragma once

#include "apps/signetd/assembly.h"
#include "apps/signetd/authority_keys.h"

/// What the server does unasked: CRLs, OCSP certificates, confirmations that are overdue, profiles
/// that changed.
namespace signet::server {

/// Of one key: what it issued, and how it signs.
struct KeyFacts {
  issuance::ShardRange shards;
  pkix::AlgorithmIdentifier signature_algorithm;
};
std::vector<KeyFacts> key_facts(const std::vector<AuthorityKey>& keys);

// `assembly` has its authority and earlier issuers by then, and outlives what is made here. `keys`:
// the oldest first.
void open_crls(Assembly& assembly, const std::vector<KeyFacts>& keys,
               const Configuration::Crl& settings);
/// The first certificates are made here, so that the first request finds them.
void open_ocsp(Assembly& assembly, const std::vector<KeyFacts>& keys,
               const Configuration::Ocsp& settings, Log& log);
/// What one node at a time does. Who asks a new authority finds a CRL. Faults: those of publishing.
Result<void> start_schedules(Assembly& assembly, const Configuration& configuration, Log& log);

/// What one node at a time does: tells a directory of certificates and CRLs, where there is one.
/// Faults: those of its settings.
Result<void> start_publishing(Assembly& assembly, const Configuration& configuration,
                              const AuthorityCertificates& certificates, Log& log);

/// What every node does: tells in time what ends. Once there is OCSP.
void watch_lifetimes(Assembly& assembly, const AuthorityCertificates& certificates, Log& log);
/// Compares clocks, where there is a database that has one.
void watch_clock(Assembly& assembly, Log& log);
/// Reads a store that is a file through, again and again.
void watch_store(Assembly& assembly, const Configuration::Store& settings, Log& log);
/// Those that may be replaced while the server runs. `response_signer`: null when there is none.
void note_replaceable(Lifetimes& lifetimes, const http::ServerSettings& http,
                      const authority::ResponseSigner* response_signer);

/// What every node does: `offered` follows what the profiles came from.
void watch_profiles(Assembly& assembly, BegunProfiles begun,
                    std::shared_ptr<policy::OfferedProfiles> offered, Log& log);

}  // namespace signet::server
