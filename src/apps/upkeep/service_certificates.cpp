#include "apps/upkeep/service_certificates.h"

#include <algorithm>
#include <filesystem>

#include "adapters/files/file.h"
#include "adapters/pkcs11/token_name.h"
#include "apps/folder/agent_pkcs12.h"
#include "apps/folder/authority_key.h"
#include "apps/folder/authority_record.h"
#include "apps/folder/furnish_authority.h"
#include "apps/tool/file_pair.h"
#include "codec/pkix/oids.h"
#include "crypto/certification_path.h"
#include "issuance/authority_certificates.h"

namespace signet::tool {
namespace {

using issuance::ServiceKind;

ServiceKind holder_kind(Service service) {
  switch (service) {
    case Service::tls:
      return ServiceKind::tls_server;
    case Service::cmc:
      return ServiceKind::cmc_signer;
    case Service::encryption:
      return ServiceKind::encryption;
    case Service::agent:
      return ServiceKind::agent;
  }
  return ServiceKind::agent;
}

Result<void> check_named(const HolderFiles& files, Service service) {
  if (!files.certificate.empty()) return {};
  if (service == Service::agent) {
    return Error{Fault::bad_configuration,
                 "there is no agent.pem in the folder: --agent NAME makes another agent there"};
  }
  const std::string name(service_name(service));
  return Error{Fault::bad_configuration,
               service == Service::cmc
                   ? "no cmc_certificate is set, so the authority's own key signs responses: set "
                     "cmc_certificate = \"cmc.pem\" and cmc_key = \"cmc.key\" in [authority] first"
                   : "this authority has no certificate for " + name};
}

/// The name of one that is there comes out of its certificate.
Result<void> check_agent(const AuthorityFolder& folder, Service service,
                         const RenewalNames& names) {
  const auto& there = folder.agent.certificate;
  if (service != Service::agent || names.agent.empty() || there.empty()) return {};
  return Error{Fault::already_exists,
               there +
                   " is there, and is renewed under its own name: leave --agent out, or move "
                   "it and its key away first"};
}

/// What was bought elsewhere is renewed there.
Result<void> check_ours(const pkix::Certificate& certificate, const std::string& file,
                        const std::vector<pkix::Certificate>& own) {
  const bool ours = std::any_of(own.begin(), own.end(), [&](const pkix::Certificate& each) {
    return pkix::names_match(certificate->issuer, each->subject) &&
           crypto::verify_certificate_signature(certificate, each->subject_public_key_info).ok();
  });
  if (ours) return {};
  return Error{Fault::bad_configuration, file + " was issued by '" +
                                             pkix::to_text(certificate->issuer) +
                                             "', not by this authority: have it renewed there"};
}

/// Under what name, for which names, for a key of what kind.
struct Pattern {
  pkix::Name subject;
  pkix::GeneralNames names;
  std::string key_kind;
  std::vector<std::string> hosts = {};  ///< in place of names
};

Result<Pattern> pattern_of(const pkix::Certificate& old) {
  auto names = TRY(pkix::subject_alt_names(old->extensions));
  return Pattern{old->subject, std::move(names), kind_like(old->subject_public_key_info)};
}

/// One that signs responses has the authority's name, whatever the old one had.
Result<Pattern> find_pattern(const AuthorityFolder& folder, const HolderFiles& files,
                             Service service, const RenewalNames& names,
                             const IssuingKey& issuing) {
  const auto& authority = issuing.chain.front();
  if (service == Service::agent && !is_there(files.certificate)) {
    return Pattern{
        TRY(pkix::name_from_text(names.agent)), {}, kind_like(authority->subject_public_key_info)};
  }
  if (service == Service::cmc && !is_there(files.certificate)) {
    return Pattern{authority->subject, {}, kind_like(authority->subject_public_key_info)};
  }
  const auto old = TRY(read_certificates_file(files.certificate)).front();
  const auto own = TRY(own_certificates(folder));
  TRY(check_ours(old, files.certificate, own));
  const auto pattern = TRY(pattern_of(old));
  if (service != Service::tls || names.hosts.empty()) return pattern;
  return Pattern{
      TRY(pkix::name_from_text("CN=" + names.hosts.front())), {}, pattern.key_kind, names.hosts};
}

/// Where there is no agent's certificate any more, one that is asked for goes to its old place.
HolderFiles files_for(const AuthorityFolder& folder, Service service, const RenewalNames& names) {
  const auto& files = files_of(folder, service);
  if (service != Service::agent || !files.certificate.empty() || names.agent.empty()) return files;
  const std::filesystem::path directory(folder.directory);
  return {directory / "agent.pem", directory / "agent.key", ""};
}

using Key = std::unique_ptr<crypto::PrivateKey>;

Result<Key> key_for(const HolderFiles& files, const Pattern& pattern, RenewalKey use) {
  if (use == RenewalKey::same) return read_key_file(files.key, files.passphrase_file);
  if (!pkcs11::is_token_name(files.key)) return crypto::generate_private_key(pattern.key_kind);
  return Error{Fault::bad_configuration,
               files.key +
                   " is in a token: keep it with --same-key, or make another key there and "
                   "name it in signetd.toml first"};
}

Result<pkix::Certificate> certify(const IssuingKey& issuing, Service service,
                                  const Pattern& pattern, const crypto::PrivateKey& key, Time now) {
  std::vector<std::string> dns_names;
  std::vector<std::string> addresses;
  for (const auto& host : pattern.hosts) {
    (is_address(host) ? addresses : dns_names).push_back(host);
  }
  return issuance::make_service_certificate({.kind = holder_kind(service),
                                             .subject = pattern.subject,
                                             .key = key.public_key_info(),
                                             .dns_names = std::move(dns_names),
                                             .ip_addresses = std::move(addresses),
                                             .more_names = pattern.names,
                                             .now = now},
                                            issuing.chain, *issuing.key, crypto::system_random());
}

/// A TLS server shows those between it and a root besides.
Result<std::string> pem_of(const AuthorityFolder& folder, Service service,
                           const pkix::Certificate& certificate, const IssuingKey& issuing) {
  std::vector<pkix::Certificate> shown{certificate};
  if (service != Service::tls) return pkix::to_pem(shown);
  for (const auto& link : TRY(links_of(folder, issuing))) shown.push_back(link);
  return pkix::to_pem(shown);
}

}  // namespace

std::string_view service_name(Service service) {
  switch (service) {
    case Service::tls:
      return "tls";
    case Service::cmc:
      return "cmc";
    case Service::encryption:
      return "encryption";
    case Service::agent:
      return "agent";
  }
  return "";
}

Result<Service> service_from_text(std::string_view text) {
  for (const auto service : kServices) {
    if (service_name(service) == text) return service;
  }
  return Error{Fault::malformed,
               "\"" + std::string(text) + "\" is none of tls, cmc, encryption, agent"};
}

const HolderFiles& files_of(const AuthorityFolder& folder, Service service) {
  switch (service) {
    case Service::tls:
      return folder.tls;
    case Service::cmc:
      return folder.cmc;
    case Service::encryption:
      return folder.encryption;
    case Service::agent:
      return folder.agent;
  }
  return folder.agent;
}

Result<Renewal> renew_service(const AuthorityFolder& folder, Service service, RenewalKey use,
                              const Clock& clock, const RenewalNames& names) {
  const auto files = files_for(folder, service, names);
  TRY(check_named(files, service));
  TRY(check_agent(folder, service, names));
  const auto turn = TRY(wait_for_turn(files));
  TRY(finish_replacement(files));
  const auto issuing = TRY(open_issuing_key(folder));
  TRY(check_in_force(issuing.chain.front(), clock.now()));
  const auto pattern = TRY(find_pattern(folder, files, service, names, issuing));
  const auto key = TRY(key_for(files, pattern, use));
  const auto passphrase = TRY(read_passphrase(files.passphrase_file));
  const auto made = TRY(certify(issuing, service, pattern, *key, clock.now()));
  TRY(put_on_record(folder, {{made}, folder.first_crl_shard(), "signet ca renew"}, clock));
  const auto pem = TRY(pem_of(folder, service, made, issuing));
  const bool is_first = !is_there(files.certificate);
  auto set_aside =
      TRY(replace_pair(files, use == RenewalKey::same ? nullptr : key.get(), passphrase, pem));
  if (service == Service::agent)
    TRY(write_agent_pkcs12(folder.directory, *key, made, issuing.chain));
  return Renewal{service, made, files.certificate, is_first, std::move(set_aside)};
}

}  // namespace signet::tool
