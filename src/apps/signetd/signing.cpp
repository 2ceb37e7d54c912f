#include "apps/signetd/signing.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "apps/signetd/proof_parts.h"
#include "apps/signetd/room_settings.h"
#include "authority/anchor_announcement.h"
#include "crypto/digest.h"
#include "issuance/authority_chain.h"

namespace signet::server {
namespace {

/// Who has an earlier root learns of the last one.
Bytes announcement(const AuthorityCertificates& certificates) {
  const auto anchors = certificates.anchors();
  if (!certificates.rolled_over || anchors.size() < 2) return {};
  const auto since = certificates.rolled_over->time_since_epoch().count();
  return authority::announce_anchors(static_cast<std::uint64_t>(since), anchors);
}

/// Who has a secret and no root is told of all there are: an earlier key may still sign answers.
authority::AnchorSet anchors_by_secret(const AuthorityCertificates& certificates) {
  std::vector<pkix::Certificate> roots;
  Time since{};
  for (const auto& anchor : certificates.anchors()) {
    if (!issuance::is_self_signed(anchor)) continue;
    since = std::max(since, anchor->validity.not_before);
    roots.push_back(anchor);
  }
  since = certificates.rolled_over.value_or(since);
  return authority::anchor_set(static_cast<std::uint64_t>(since.time_since_epoch().count()), roots);
}

Result<authority::CertificateAuthority::Parts> authority_parts(
    const Configuration& configuration, NamedFiles& files,
    std::shared_ptr<const policy::OfferedProfiles> offered, const Ground& ground) {
  auto& engine = *ground.keeping.engine;
  auto proofs = TRY(open_proof_parts(configuration, engine));
  return authority::CertificateAuthority::Parts{
      .issuer = files.keys.back().issuer,
      .profiles = std::move(offered),
      .trust = std::move(files.trust),
      .identity_rules = files.rules,
      .possession_rules = std::move(proofs.possession_rules),
      .facts = facts_of(configuration.authority, files.keys.back()),
      .settings = settings_of(configuration),
      .secrets = std::move(proofs.secrets),
      .challenge_vault = std::move(proofs.challenge_vault),
      .revocation_protection = std::move(proofs.revocation_protection),
      .decryption = std::move(proofs.decryption),
      .store = engine,
      .tokens = engine,
      .challenges = engine,
      .crls = engine,
      .life = engine,
      .committer = *ground.keeping.committer,
      .clock = ground.clock,
      .random = crypto::system_random(),
      .log = ground.log,
      .crl_points = crl_points(configuration.crl, files.certificates),
      .response_signer = files.response_signer,
      .shown_certificates = files.certificates.shown(),
      .announcement = announcement(files.certificates),
      .anchors_by_secret = anchors_by_secret(files.certificates)};
}

void add_crl_makers(Signing& signing, const std::vector<AuthorityKey>& keys,
                    const Configuration::Crl& settings, const Ground& ground) {
  std::vector<Bytes> earlier_keys;
  for (std::size_t at = 0; at < keys.size(); ++at) {
    const auto& issuer = signing.issuer_at(at);
    auto of_key = crl_settings(settings, keys[at].shards);
    of_key.earlier_keys = earlier_keys;
    const auto identifier = issuer.certificate().subject_key_identifier();
    if (identifier) earlier_keys.push_back(*identifier);
    signing.crl_makers.push_back(std::make_unique<authority::CrlMaker>(
        authority::CrlMaker::Parts{.issuer = issuer,
                                   .signature_algorithm = keys[at].signature_algorithm,
                                   .store = *ground.keeping.engine,
                                   .committer = *ground.keeping.committer,
                                   .clock = ground.clock,
                                   .settings = std::move(of_key)}));
  }
}

authority::OcspSettings ocsp_settings(const Configuration::Ocsp& settings) {
  return {.validity = std::chrono::minutes{settings.validity_minutes},
          .certificate_validity = std::chrono::days{settings.certificate_days},
          .most_kept = static_cast<std::size_t>(settings.most_cached)};
}

void add_ocsp(Signing& signing, const std::vector<AuthorityKey>& keys,
              const Configuration::Ocsp& settings, const Ground& ground) {
  if (!settings.enabled) return;
  for (std::size_t at = 0; at < keys.size(); ++at) {
    signing.ocsp.push_back(std::make_unique<authority::OcspResponder>(
        authority::OcspResponder::Parts{.issuer = signing.issuer_at(at),
                                        .shards = keys[at].shards,
                                        .signature_algorithm = keys[at].signature_algorithm,
                                        .store = *ground.keeping.engine,
                                        .committer = *ground.keeping.committer,
                                        .clock = ground.clock,
                                        .random = crypto::system_random(),
                                        .log = ground.log,
                                        .settings = ocsp_settings(settings)}));
  }
}

}  // namespace

const issuance::Issuer& Signing::issuer_at(std::size_t at) const {
  return at < earlier_issuers.size() ? earlier_issuers[at] : authority->issuer();
}

Result<Signing> make_signing(const Configuration& configuration, NamedFiles& files,
                             std::shared_ptr<const policy::OfferedProfiles> offered,
                             const Ground& ground) {
  auto parts = TRY(authority_parts(configuration, files, std::move(offered), ground));
  Signing signing;
  for (std::size_t at = 0; at + 1 < files.keys.size(); ++at) {
    signing.earlier_issuers.push_back(files.keys[at].issuer);
  }
  signing.authority = std::make_unique<authority::CertificateAuthority>(std::move(parts));
  add_crl_makers(signing, files.keys, configuration.crl, ground);
  add_ocsp(signing, files.keys, configuration.ocsp, ground);
  return signing;
}

}  // namespace signet::server
