#include "apps/signetd/authority_keys.h"

#include <algorithm>

#include "apps/signetd/key_files.h"
#include "crypto/public_key.h"
#include "crypto/signature_scheme.h"
#include "issuance/authority_chain.h"

namespace signet::server {
namespace {

using Certificates = std::vector<pkix::Certificate>;

constexpr std::chrono::days kSoon{30};

/// Clients refuse what is signed after its end.
void warn_of_end(const pkix::Certificate& certificate, const std::string& file, Log& log) {
  const auto ends = certificate->validity.not_after;
  const auto now = SystemClock().now();
  if (now + kSoon < ends) return;
  log.write(ends < now ? Log::Level::error : Log::Level::warning, "cmc_certificate_ends",
            {{"file", file}, {"at", to_text(ends)}, {"what_to_do", "signet ca renew cmc"}});
}

void add_once(Certificates& all, const pkix::Certificate& certificate) {
  if (std::find(all.begin(), all.end(), certificate) == all.end()) all.push_back(certificate);
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

/// Where a key is, and what opens it.
struct KeyPlace {
  std::string key;
  std::string passphrase_file;
};

std::vector<KeyPlace> places_of(const Configuration& configuration) {
  std::vector<KeyPlace> places{
      {configuration.authority.key, configuration.authority.key_passphrase_file}};
  for (const auto& each : configuration.generations) {
    places.push_back({each.key, each.key_passphrase_file});
  }
  return places;
}

/// Clients look for a key's CRLs where its certificates say.
Result<void> check_crl_addresses(const Configuration& configuration) {
  const auto lacks_shard = [](const std::string& uri) {
    return !uri.empty() && uri.find("{shard}") == std::string::npos;
  };
  const auto& crl = configuration.crl;
  if (configuration.generations.empty() || (!lacks_shard(crl.uri) && !lacks_shard(crl.delta_uri))) {
    return {};
  }
  return Error{Fault::bad_configuration,
               "[crl] uri and delta_uri must hold {shard}: this authority has more than one key, "
               "each with CRLs of its own"};
}

}  // namespace

Certificates AuthorityCertificates::own() const {
  Certificates all;
  for (const auto& chain : chains) all.push_back(chain.front());
  return all;
}

Certificates AuthorityCertificates::anchors() const {
  Certificates all;
  for (auto chain = chains.rbegin(); chain != chains.rend(); ++chain) add_once(all, chain->back());
  return all;
}

Certificates AuthorityCertificates::without_cross() const {
  Certificates all;
  for (auto chain = chains.rbegin(); chain != chains.rend(); ++chain) {
    for (const auto& each : *chain) add_once(all, each);
  }
  return all;
}

Certificates AuthorityCertificates::shown() const {
  Certificates all;
  for (auto chain = chains.rbegin(); chain != chains.rend(); ++chain) {
    for (const auto& each : cross) {
      const bool vouches = each->subject_public_key_info == chain->front()->subject_public_key_info;
      if (vouches) add_once(all, each);
    }
    for (const auto& each : *chain) {
      const bool is_earlier_root = chain != chains.rbegin() && issuance::is_self_signed(each);
      if (!is_earlier_root) add_once(all, each);
    }
  }
  return all;
}

Result<AuthorityCertificates> read_authority_certificates(const Configuration& configuration) {
  TRY(check_crl_addresses(configuration));
  AuthorityCertificates read;
  read.chains.push_back(TRY(read_certificates(configuration.authority.certificate)));
  read.shards.emplace_back();
  for (const auto& generation : configuration.generations) {
    read.chains.push_back(TRY(read_certificates(generation.certificate)));
    read.shards.back().end = generation.first_crl_shard;
    read.shards.push_back({generation.first_crl_shard, std::nullopt});
    read.rolled_over = generation.since;
    if (generation.cross_certificates.empty()) continue;
    for (auto& each : TRY(read_certificates(generation.cross_certificates))) {
      read.cross.push_back(std::move(each));
    }
  }
  return read;
}

Result<std::vector<AuthorityKey>> read_authority_keys(const Configuration& configuration,
                                                      const AuthorityCertificates& certificates) {
  std::vector<AuthorityKey> keys;
  const auto places = places_of(configuration);
  for (std::size_t at = 0; at < places.size(); ++at) {
    auto key = TRY(read_key(places[at].key, places[at].passphrase_file));
    const bool issues = at + 1 == places.size();
    auto algorithm =
        TRY(signing_algorithm(issues ? configuration.authority.signing_algorithm : "", *key));
    auto issuer = TRY(issuance::Issuer::make(certificates.chains[at], std::move(key)));
    keys.push_back({std::move(issuer), certificates.shards[at], std::move(algorithm)});
  }
  return keys;
}

Result<std::shared_ptr<const authority::ResponseSigner>> read_response_signer(
    const Configuration& configuration, const Certificates& authority, Log& log) {
  const auto& settings = configuration.authority;
  if (settings.cmc_certificate.empty() || configuration.compatibility.authority_signs) {
    return std::shared_ptr<const authority::ResponseSigner>();
  }
  const auto certificates = TRY(read_certificates(settings.cmc_certificate));
  auto key = TRY(read_key(settings.cmc_key, settings.cmc_key_passphrase_file));
  auto signer =
      TRY(authority::make_response_signer(certificates.front(), std::move(key), authority));
  warn_of_end(certificates.front(), settings.cmc_certificate, log);
  return signer;
}

}  // namespace signet::server
