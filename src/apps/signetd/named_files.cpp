#include "apps/signetd/named_files.h"

#include <utility>

#include "adapters/files/file.h"
#include "apps/signetd/directory_settings.h"
#include "apps/signetd/listener_settings.h"
#include "apps/signetd/proof_parts.h"
#include "apps/signetd/start_profiles.h"

namespace signet::server {
namespace {

Result<proof::Trust> make_trust(const AuthorityCertificates& certificates,
                                const proof::IdentityRules& rules) {
  auto anchors = certificates.anchors();
  anchors.insert(anchors.end(), rules.foreign_issuers.begin(), rules.foreign_issuers.end());
  return proof::Trust::make(std::move(anchors), certificates.without_cross());
}

/// TLS clients may show certificates of ours, and of those that we trust beside.
Result<http::ServerSettings> read_http(const Configuration& configuration,
                                       const AuthorityCertificates& certificates,
                                       const proof::IdentityRules& rules) {
  return http_settings(configuration, pkix::to_pem(certificates.without_cross()) +
                                          pkix::to_pem(rules.foreign_issuers));
}

Result<std::string> read_encryption_pem(const Configuration::Encryption& settings) {
  if (settings.certificate.empty()) return std::string();
  return std::string(as_text(TRY(files::read_file(settings.certificate))));
}

}  // namespace

Result<NamedFiles> read_named_files(const Configuration& configuration, Log& log) {
  auto certificates = TRY(read_authority_certificates(configuration));
  auto keys = TRY(read_authority_keys(configuration, certificates));
  auto response_signer = TRY(read_response_signer(configuration, certificates.own(), log));
  auto rules = TRY(identity_rules(configuration));
  auto trust = TRY(make_trust(certificates, rules));
  TRY(check_publishing(configuration.publishing));
  auto profiles = TRY(begin_in_folder(configuration.authority, log));
  auto http = TRY(read_http(configuration, certificates, rules));
  auto encryption_pem = TRY(read_encryption_pem(configuration.encryption));
  return NamedFiles{.keys = std::move(keys),
                    .certificates = std::move(certificates),
                    .response_signer = std::move(response_signer),
                    .rules = std::move(rules),
                    .trust = std::move(trust),
                    .profiles = std::move(profiles),
                    .http = std::move(http),
                    .encryption_pem = std::move(encryption_pem)};
}

Result<Replaceable> read_replaceable(const Configuration& configuration, Log& log) {
  const auto certificates = TRY(read_authority_certificates(configuration));
  const auto rules = TRY(identity_rules(configuration));
  auto signer = TRY(read_response_signer(configuration, certificates.own(), log));
  return Replaceable{TRY(read_http(configuration, certificates, rules)), std::move(signer)};
}

}  // namespace signet::server
