#include "apps/signet/furnish_authority.h"

#include <arpa/inet.h>

#include <filesystem>

#include "adapters/files/file.h"
#include "adapters/files/journal_file.h"
#include "apps/signet/authority_configuration.h"
#include "apps/signet/authority_store.h"
#include "base/encoding.h"
#include "issuance/authority_certificates.h"
#include "proof/identity/token_vault.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

/// Beside the sources or where an installation puts them.
Result<std::string> find_profiles(const std::string& given) {
  const auto program = fs::read_symlink("/proc/self/exe").parent_path();
  const std::vector<fs::path> places =
      given.empty() ? std::vector<fs::path>{program / "../share/signet/profiles",
                                            program / "../../../profiles", "profiles"}
                    : std::vector<fs::path>{given};
  std::error_code ignored;
  for (const auto& place : places) {
    if (fs::is_directory(place, ignored)) return place.string();
  }
  return Error{Fault::bad_configuration,
               (given.empty() ? std::string("the shipped profiles") : given) +
                   " cannot be found; name their folder with --profiles"};
}

Result<void> copy_profiles(const std::string& from, const fs::path& to) {
  std::error_code error;
  fs::create_directories(to, error);
  for (const auto& entry : fs::directory_iterator(from, error)) {
    if (entry.path().extension() == ".cfg")
      fs::copy_file(entry.path(), to / entry.path().filename(),
                    fs::copy_options::overwrite_existing, error);
    if (error) break;
  }
  if (!error) return {};
  return Error{Fault::storage_failed, "copying profiles from " + from + ": " + error.message()};
}

bool is_address(const std::string& host) {
  unsigned char octets[16];
  return inet_pton(AF_INET, host.c_str(), octets) == 1 ||
         inet_pton(AF_INET6, host.c_str(), octets) == 1;
}

/// Where "any address of this machine" is listened on: no name for a certificate.
bool is_unspecified(const std::string& address) {
  return address == "0.0.0.0" || address == "::";
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

store::CertificateRecord record_of(const pkix::Certificate& certificate, Time now) {
  const auto& tbs = certificate.tbs.value;
  store::CertificateRecord record;
  record.serial_number = tbs.serial_number;
  record.certificate_der = certificate.der;
  record.subject_der = tbs.subject.der;
  record.key_hash = crypto::sha256(tbs.subject_public_key_info.der);
  record.not_before = tbs.validity.not_before;
  record.not_after = tbs.validity.not_after;
  record.profile_id = "signet ca init";
  record.requester = "signet ca init";
  record.issued_at = now;
  return record;
}

Result<void> record_certificates(const fs::path& directory, const std::string& store_uri,
                                 const FirstHolders& holders, const Clock& clock) {
  auto engine = TRY(make_authority_store(directory, store_uri));
  auto journal = TRY(files::JournalFile::open(directory / "audit.jsonl"));
  store::Commit commit;
  for (const auto* certificate :
       {&holders.tls.certificate, &holders.agent.certificate, &holders.encryption.certificate}) {
    commit.certificates.push_back(record_of(*certificate, clock.now()));
    commit.events.push_back({"CERT_REQUEST_PROCESSED",
                             clock.now_precise(),
                             audit::EventOutcome::success,
                             {{"SubjectID", "signet ca init"},
                              {"CertSubject", pkix::to_text((*certificate)->subject)},
                              {"CertSerialNum", "0x" + (*certificate)->serial_number.to_hex()}}});
  }
  const store::Commit* batch[] = {&commit};
  const auto outcome = engine->apply(batch, *journal).front();
  if (outcome.durable()) return {};
  return outcome.failed.value_or(Error{Fault::storage_failed, "the first certificates conflict"});
}

bool is_self_issued(const pkix::Certificate& certificate) {
  return pkix::names_match(certificate->issuer, certificate->subject);
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

/// For browsers and NSS databases: key and certificates in one file, its passphrase beside it.
Result<void> write_agent_pkcs12(const fs::path& directory, const Holder& agent,
                                const std::vector<pkix::Certificate>& chain) {
  constexpr std::size_t kPassphraseOctets = 16;
  auto random = TRY(crypto::system_random().octets(kPassphraseOctets));
  const SecretBytes passphrase(std::string_view(to_hex(random)));
  auto certificates = chain;
  certificates.insert(certificates.begin(), agent.certificate);
  const auto pkcs12 = TRY(crypto::write_pkcs12(*agent.key, certificates, "agent", passphrase));
  TRY(files::write_secret_file(directory / "agent.p12", pkcs12.view()));
  return files::write_secret_file(directory / "agent.p12.passphrase", passphrase.view());
}

Result<void> write_holders(const fs::path& directory, const FirstHolders& holders,
                           const std::vector<pkix::Certificate>& chain) {
  const auto& [tls, agent, encryption] = holders;
  TRY(write_key(directory / "tls.key", *tls.key, SecretBytes()));
  TRY(write_key(directory / "agent.key", *agent.key, SecretBytes()));
  TRY(write_key(directory / "encryption.key", *encryption.key, SecretBytes()));
  TRY(files::write_file(directory / "encryption.pem",
                        as_bytes(pkix::to_pem({encryption.certificate}))));
  TRY(files::write_file(directory / "tls.pem",
                        as_bytes(pkix::to_pem(shown_chain(tls.certificate, chain)))));
  TRY(files::write_file(directory / "agent.pem", as_bytes(pkix::to_pem({agent.certificate}))));
  return write_agent_pkcs12(directory, agent, chain);
}

/// What opens the things that lie sealed in the store.
Result<void> write_store_key(const fs::path& directory) {
  const SecretBytes key{TRY(crypto::system_random().octets(crypto::SealingKey::kOctets))};
  return files::write_secret_file(directory / "store.key", key.view());
}

Result<void> write_configuration(const fs::path& directory, const NewAuthority& wanted,
                                 const pkix::Certificate& agent) {
  const auto passphrase_file = wanted.passphrase_file.empty()
                                   ? std::string()
                                   : fs::absolute(wanted.passphrase_file).string();
  const auto text = configuration_text({.address = wanted.address,
                                        .port = wanted.port,
                                        .key = wanted.token.empty() ? "ca.key" : wanted.token,
                                        .passphrase_file = passphrase_file,
                                        .store_uri = wanted.store,
                                        .agent_sha256 = to_hex(crypto::sha256(agent.der))});
  return files::write_file(directory / "signetd.toml", as_bytes(text));
}

}  // namespace

Result<std::string> check_wanted(const NewAuthority& wanted) {
  if (wanted.hosts.empty()) return Error{Fault::malformed, "at least one --host is needed"};
  if (!is_address(wanted.address)) {
    return Error{Fault::malformed, "--address \"" + wanted.address + "\" is no IP address"};
  }
  return find_profiles(wanted.profiles);
}

Result<void> write_key(const std::string& file, const crypto::PrivateKey& key,
                       const SecretBytes& passphrase) {
  const auto pem = TRY(crypto::write_private_key(key, passphrase));
  return files::write_secret_file(file, pem.view());
}

Result<FirstHolders> make_first_holders(const NewAuthority& wanted,
                                        const AuthorityIdentity& authority, Time now) {
  auto tls = TRY(make_tls(wanted, authority, now));
  auto agent = TRY(make_agent(wanted, authority, now));
  auto encryption = TRY(make_encryption(wanted, authority, now));
  return FirstHolders{std::move(tls), std::move(agent), std::move(encryption)};
}

Result<MadeAuthority> furnish(const NewAuthority& wanted,
                              const std::vector<pkix::Certificate>& chain,
                              const FirstHolders& holders, const std::string& profiles,
                              const Clock& clock) {
  const fs::path directory = wanted.directory;
  TRY(files::write_file(directory / "ca.pem", as_bytes(pkix::to_pem(chain))));
  TRY(write_holders(directory, holders, chain));
  TRY(write_store_key(directory));
  TRY(copy_profiles(profiles, directory / "profiles"));
  TRY(record_certificates(directory, wanted.store, holders, clock));
  TRY(write_configuration(directory, wanted, holders.agent.certificate));
  return MadeAuthority{directory / "signetd.toml", directory / "ca.pem",
                       directory / "agent.pem",    directory / "agent.key",
                       directory / "agent.p12",    directory / "agent.p12.passphrase"};
}

}  // namespace signet::tool
