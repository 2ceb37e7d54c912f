#include "apps/folder/furnish_authority.h"

#include <arpa/inet.h>

#include <algorithm>
#include <filesystem>

#include "adapters/files/file.h"
#include "adapters/files/journal_file.h"
#include "adapters/files/profile_folder.h"
#include "apps/folder/agent_pkcs12.h"
#include "apps/folder/authority_store.h"
#include "apps/folder/find_profiles.h"
#include "apps/tool/credentials.h"
#include "base/encoding.h"
#include "crypto/key_hash.h"
#include "issuance/authority_certificates.h"
#include "policy/name_rules.h"
#include "proof/identity/token_vault.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

Result<void> copy_profiles(const std::vector<fs::path>& from, const fs::path& to) {
  std::error_code error;
  fs::create_directories(to, error);
  for (const auto& file : from) {
    if (error) break;
    fs::copy_file(file, to / file.filename(), fs::copy_options::overwrite_existing, error);
  }
  if (!error) return {};
  return Error{Fault::storage_failed,
               "copying profiles to " + to.string() + ": " + error.message()};
}

/// Where "any address of this machine" is listened on: no name for a certificate.
bool is_unspecified(const std::string& address) {
  return address == "0.0.0.0" || address == "::";
}

std::vector<const Holder*> all_of(const FirstHolders& holders) {
  std::vector<const Holder*> all{&holders.tls, &holders.encryption, &holders.cmc};
  if (holders.agent) all.push_back(&*holders.agent);
  return all;
}

void add_certificate(store::Commit& commit, const pkix::Certificate& certificate,
                     const std::string& made_by, const Clock& clock) {
  auto record = store::record_of(
      certificate, crypto::key_hash(certificate->subject_public_key_info), clock.now());
  record.profile_id = made_by;
  record.requester = made_by;
  commit.certificates.push_back(std::move(record));
  commit.events.push_back({"CERT_REQUEST_PROCESSED",
                           clock.now_precise(),
                           audit::EventOutcome::success,
                           {{"SubjectID", made_by},
                            {"CertSubject", pkix::to_text(certificate->subject)},
                            {"CertSerialNum", "0x" + certificate->serial_number.to_hex()}}});
}

Result<void> record_certificates(const NewAuthority& wanted, const FirstHolders& holders,
                                 const Clock& clock) {
  const fs::path directory = wanted.directory;
  auto engine = TRY(make_authority_store(directory, wanted.store));
  auto journal = TRY(files::JournalFile::open(directory / "audit.jsonl"));
  store::Commit commit;
  for (const auto* holder : all_of(holders)) {
    if (holder->is_ours) add_certificate(commit, holder->certificate, wanted.made_by, clock);
  }
  const store::Commit* batch[] = {&commit};
  const auto outcome = engine->apply(batch, *journal).front();
  if (outcome.durable()) return {};
  return outcome.failed.value_or(Error{Fault::storage_failed, "the first certificates conflict"});
}

/// What a TLS server shows: its certificate and those between it and the root.
std::vector<pkix::Certificate> shown_chain(const pkix::Certificate& own,
                                           const std::vector<pkix::Certificate>& above) {
  std::vector<pkix::Certificate> shown{own};
  for (const auto& certificate : above) {
    if (!is_self_issued(certificate)) shown.push_back(certificate);
  }
  return shown;
}

Result<void> write_agent(const fs::path& directory, const Holder& agent,
                         const std::vector<pkix::Certificate>& chain) {
  TRY(write_key(directory / "agent.key", *agent.key, SecretBytes()));
  TRY(files::write_file(directory / "agent.pem", as_bytes(pkix::to_pem({agent.certificate}))));
  return write_agent_pkcs12(directory, *agent.key, agent.certificate, chain);
}

Result<void> write_holders(const fs::path& directory, const FirstHolders& holders,
                           const std::vector<pkix::Certificate>& chain) {
  const auto& [tls, agent, encryption, cmc] = holders;
  TRY(write_key(directory / "tls.key", *tls.key, SecretBytes()));
  TRY(write_key(directory / "encryption.key", *encryption.key, SecretBytes()));
  TRY(write_key(directory / "cmc.key", *cmc.key, SecretBytes()));
  TRY(files::write_file(directory / "encryption.pem",
                        as_bytes(pkix::to_pem({encryption.certificate}))));
  TRY(files::write_file(directory / "cmc.pem", as_bytes(pkix::to_pem({cmc.certificate}))));
  const auto& above_tls = tls.is_ours ? chain : tls.chain;
  TRY(files::write_file(directory / "tls.pem",
                        as_bytes(pkix::to_pem(shown_chain(tls.certificate, above_tls)))));
  return agent ? write_agent(directory, *agent, chain) : Result<void>();
}

/// What opens the things that lie sealed in the store.
Result<void> write_store_key(const fs::path& directory) {
  const SecretBytes key{TRY(crypto::system_random().octets(crypto::SealingKey::kOctets))};
  return files::write_secret_file(directory / "store.key", key.view());
}

}  // namespace

bool is_address(const std::string& host) {
  unsigned char octets[16];
  return inet_pton(AF_INET, host.c_str(), octets) == 1 ||
         inet_pton(AF_INET6, host.c_str(), octets) == 1;
}

Result<void> check_address(const std::string& address) {
  if (is_address(address)) return {};
  return Error{Fault::malformed, "--address \"" + address + "\" is no IP address"};
}

Result<void> check_host(const std::string& host) {
  const auto name = host.starts_with("*.") ? host.substr(2) : host;
  if (is_address(host) || policy::is_host_name(name)) return {};
  return Error{Fault::malformed, "--host \"" + host +
                                     "\" is neither a host name, as ca.example.org, nor an IP "
                                     "address"};
}

Result<std::string> check_wanted(const NewAuthority& wanted) {
  if (wanted.hosts.empty()) return Error{Fault::malformed, "at least one --host is needed"};
  TRY(check_address(wanted.address));
  return find_profiles(wanted.profiles);
}

Result<Holder> make_tls(const NewAuthority& wanted, const AuthorityIdentity& authority, Time now) {
  std::vector<std::string> names;
  std::vector<std::string> addresses;
  for (const auto& host : wanted.hosts) (is_address(host) ? addresses : names).push_back(host);
  const bool is_named_by_address = is_address(wanted.hosts.front());
  if (!is_named_by_address && !is_unspecified(wanted.address)) {
    addresses.push_back(wanted.address);
  }
  Holder tls{TRY(crypto::generate_private_key("ec:p256")), {}};
  pkix::Name subject = TRY(pkix::name_from_text("CN=" + wanted.hosts.front()));
  tls.certificate = TRY(
      issuance::make_service_certificate({.kind = issuance::ServiceKind::tls_server,
                                          .subject = std::move(subject),
                                          .key = tls.key->public_key_info(),
                                          .dns_names = std::move(names),
                                          .ip_addresses = std::move(addresses),
                                          .now = now},
                                         authority.chain, authority.key, crypto::system_random()));
  return tls;
}

Result<Holder> make_agent(const NewAuthority& wanted, const AuthorityIdentity& authority,
                          Time now) {
  Holder agent{TRY(crypto::generate_private_key("ec:p256")), {}};
  pkix::Name subject = TRY(pkix::name_from_text(wanted.agent));
  agent.certificate = TRY(issuance::make_service_certificate({.kind = issuance::ServiceKind::agent,
                                                              .subject = std::move(subject),
                                                              .key = agent.key->public_key_info(),
                                                              .now = now},
                                                             authority.chain, authority.key,
                                                             crypto::system_random()));
  return agent;
}

/// RSA: the one kind of key that every client can encrypt to (RFC 10004 §5.1).
Result<Holder> make_encryption(const NewAuthority& wanted, const AuthorityIdentity& authority,
                               Time now) {
  Holder encryption{TRY(crypto::generate_private_key("rsa:2048")), {}};
  pkix::Name subject = TRY(pkix::name_from_text("CN=" + wanted.hosts.front() + " CMC encryption"));
  encryption.certificate = TRY(
      issuance::make_service_certificate({.kind = issuance::ServiceKind::encryption,
                                          .subject = std::move(subject),
                                          .key = encryption.key->public_key_info(),
                                          .now = now},
                                         authority.chain, authority.key, crypto::system_random()));
  return encryption;
}

//= E157 RFC 10002 §9.1: who signs responses for the authority bears its name
Result<Holder> make_cmc(const AuthorityIdentity& authority, Time now) {
  Holder cmc{TRY(crypto::generate_private_key(kind_like(authority.key.public_key_info()))), {}};
  cmc.certificate = TRY(
      issuance::make_service_certificate({.kind = issuance::ServiceKind::cmc_signer,
                                          .subject = authority.chain.front()->subject,
                                          .key = cmc.key->public_key_info(),
                                          .now = now},
                                         authority.chain, authority.key, crypto::system_random()));
  return cmc;
}

Result<FirstHolders> make_first_holders(const NewAuthority& wanted,
                                        const AuthorityIdentity& authority, Time now) {
  auto tls = TRY(make_tls(wanted, authority, now));
  auto agent = TRY(make_agent(wanted, authority, now));
  auto encryption = TRY(make_encryption(wanted, authority, now));
  auto cmc = TRY(make_cmc(authority, now));
  return FirstHolders{std::move(tls), std::move(agent), std::move(encryption), std::move(cmc)};
}

Result<void> furnish(const NewAuthority& wanted, const std::vector<pkix::Certificate>& chain,
                     const FirstHolders& holders, const std::vector<fs::path>& profiles,
                     const Clock& clock) {
  const fs::path directory = wanted.directory;
  TRY(files::write_file(directory / "ca.pem", as_bytes(pkix::to_pem(chain))));
  TRY(write_holders(directory, holders, chain));
  TRY(write_store_key(directory));
  TRY(copy_profiles(profiles, directory / "profiles"));
  return record_certificates(wanted, holders, clock);
}

Result<MadeAuthority> configure(const NewAuthority& wanted, AuthorityConfiguration configuration) {
  const fs::path directory = wanted.directory;
  configuration.address = wanted.address;
  configuration.port = wanted.port;
  configuration.store_uri = wanted.store;
  if (!wanted.token.empty()) configuration.key = wanted.token;
  if (!wanted.passphrase_file.empty()) {
    configuration.passphrase_file = fs::absolute(wanted.passphrase_file).string();
  }
  TRY(files::write_file(directory / "signetd.toml", as_bytes(configuration_text(configuration))));
  return MadeAuthority{directory / "signetd.toml", directory / "ca.pem",
                       directory / "agent.pem",    directory / "agent.key",
                       directory / "agent.p12",    directory / "agent.p12.passphrase"};
}

Result<MadeAuthority> establish(const NewAuthority& wanted,
                                const std::vector<pkix::Certificate>& chain,
                                const FirstHolders& holders, const std::string& profiles,
                                const Clock& clock) {
  const auto files = TRY(files::profile_files(profiles));
  TRY(furnish(wanted, chain, holders, files, clock));
  const auto& agent = holders.agent.value().certificate;
  return configure(wanted, {.agents_sha256 = {to_hex(crypto::sha256(agent.der))}});
}

}  // namespace signet::tool
