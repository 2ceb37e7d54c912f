#include "apps/signet/new_authority.h"

#include <arpa/inet.h>

#include <filesystem>
#include <memory>

#include "adapters/files/file.h"
#include "adapters/files/journal_file.h"
#include "adapters/sqlite/sqlite_engine.h"
#include "base/encoding.h"
#include "issuance/authority_certificates.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

/// Keys and certificates of a new authority, before anything is on disk.
struct Made {
  std::unique_ptr<crypto::PrivateKey> key;
  std::unique_ptr<crypto::PrivateKey> tls_key;
  std::unique_ptr<crypto::PrivateKey> agent_key;
  std::vector<pkix::Certificate> chain;
  pkix::Certificate tls;
  pkix::Certificate agent;
};

Result<void> prepare_directory(const std::string& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) return Error{Fault::storage_failed, directory + ": " + error.message()};
  if (fs::is_empty(directory, error)) return {};
  return Error{Fault::bad_configuration,
               directory +
                   " is not empty; an authority is never made over another one: name a new "
                   "directory"};
}

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
      fs::copy_file(entry.path(), to / entry.path().filename(), error);
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

Result<pkix::Certificate> make_tls(const NewAuthority& wanted, const Made& made, Time now) {
  std::vector<std::string> names;
  std::vector<std::string> addresses;
  for (const auto& host : wanted.hosts) (is_address(host) ? addresses : names).push_back(host);
  if (!is_address(wanted.hosts.front())) addresses.push_back(wanted.address);
  pkix::Name subject = TRY(pkix::name_from_text("CN=" + wanted.hosts.front()));
  return issuance::make_service_certificate({.kind = issuance::ServiceKind::tls_server,
                                             .subject = std::move(subject),
                                             .key = made.tls_key->public_key_info(),
                                             .dns_names = std::move(names),
                                             .ip_addresses = std::move(addresses),
                                             .now = now},
                                            made.chain, *made.key, crypto::system_random());
}

Result<Made> make_certificates(const NewAuthority& wanted, Time now) {
  Made made;
  made.key = TRY(crypto::generate_private_key(wanted.key));
  made.tls_key = TRY(crypto::generate_private_key("ec:p256"));
  made.agent_key = TRY(crypto::generate_private_key("ec:p256"));
  const auto subject = TRY(pkix::name_from_text(wanted.subject));
  made.chain.push_back(TRY(issuance::make_root({.subject = subject, .key = *made.key, .now = now},
                                               crypto::system_random())));
  made.tls = TRY(make_tls(wanted, made, now));
  const auto agent = TRY(pkix::name_from_text(wanted.agent));
  made.agent =
      TRY(issuance::make_service_certificate({.kind = issuance::ServiceKind::agent,
                                              .subject = agent,
                                              .key = made.agent_key->public_key_info(),
                                              .now = now},
                                             made.chain, *made.key, crypto::system_random()));
  return made;
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

Result<void> record_certificates(const fs::path& directory, const Made& made, const Clock& clock) {
  auto engine = TRY(sqlite::SqliteEngine::open(directory / "store.db"));
  auto journal = TRY(files::JournalFile::open(directory / "audit.jsonl"));
  store::Commit commit;
  for (const auto* certificate : {&made.tls, &made.agent}) {
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

Result<void> write_key(const fs::path& file, const crypto::PrivateKey& key,
                       const SecretBytes& passphrase) {
  const auto pem = TRY(crypto::write_private_key(key, passphrase));
  return files::write_secret_file(file, pem.view());
}

Result<void> write_certificate(const fs::path& file, const pkix::Certificate& certificate) {
  return files::write_file(file, as_bytes(to_pem("CERTIFICATE", certificate.der)));
}

/// For browsers and NSS databases: key and certificate in one file, its passphrase beside it.
Result<void> write_agent_pkcs12(const fs::path& directory, const Made& made) {
  constexpr std::size_t kPassphraseOctets = 16;
  auto random = TRY(crypto::system_random().octets(kPassphraseOctets));
  const SecretBytes passphrase(std::string_view(to_hex(random)));
  const auto pkcs12 = TRY(
      crypto::write_pkcs12(*made.agent_key, {made.agent, made.chain.front()}, "agent", passphrase));
  TRY(files::write_secret_file(directory / "agent.p12", pkcs12.view()));
  return files::write_secret_file(directory / "agent.p12.passphrase", passphrase.view());
}

Result<void> write_files(const fs::path& directory, const NewAuthority& wanted, const Made& made) {
  auto passphrase = SecretBytes();
  if (!wanted.passphrase_file.empty()) {
    passphrase = TRY(files::read_passphrase_file(wanted.passphrase_file));
  }
  TRY(write_key(directory / "ca.key", *made.key, passphrase));
  TRY(write_key(directory / "tls.key", *made.tls_key, SecretBytes()));
  TRY(write_key(directory / "agent.key", *made.agent_key, SecretBytes()));
  TRY(write_certificate(directory / "ca.pem", made.chain.front()));
  TRY(write_certificate(directory / "tls.pem", made.tls));
  TRY(write_certificate(directory / "agent.pem", made.agent));
  return write_agent_pkcs12(directory, made);
}

std::string configuration_text(const NewAuthority& wanted, const Made& made) {
  std::string passphrase =
      wanted.passphrase_file.empty()
          ? "# key_passphrase_file = \"…\"      # where ca.key is encrypted\n"
          : "key_passphrase_file = \"" + fs::absolute(wanted.passphrase_file).string() + "\"\n";
  return "# Made by `signet ca init`. Paths are relative to this file. What each setting does:\n"
         "# docs/operating.md. Check a change with: signetd --config signetd.toml --check\n"
         "\n[authority]\n"
         "certificate = \"ca.pem\"             # this authority's certificate, then its chain\n"
         "key = \"ca.key\"\n" +
         passphrase +
         "profiles = \"profiles\"              # *.cfg, in Dogtag's form\n"
         "# ocsp_uri = \"http://…\"            # goes into certificates when set\n"
         "record_intent = false              # true: a durable record before each use of the key\n"
         "\n[store]\nengine = \"sqlite\"\npath = \"store.db\"\n"
         "\n[audit]\njournal = \"audit.jsonl\"\n"
         "\n[http]\naddress = \"" +
         wanted.address + "\"\nport = " + std::to_string(wanted.port) +
         "\ncertificate = \"tls.pem\"\nkey = \"tls.key\"\n"
         "\n[identity]\n"
         "tls_match = \"certificate\"          # \"subject\": Dogtag's looser rule\n"
         "agents = [                         # SHA-256 of the certificates that may ask for "
         "others\n"
         "  \"" +
         to_hex(crypto::sha256(made.agent.der)) +
         "\",\n]\n"
         "\n[compatibility]\n"
         "dogtag = false                     # true: all tolerances below\n"
         "# replace_subject = false          # a user's other subject is replaced, not refused\n"
         "\n[log]\nlevel = \"info\"\nformat = \"text\"\n";
}

}  // namespace

Result<MadeAuthority> make_authority(const NewAuthority& wanted, const Clock& clock) {
  if (wanted.hosts.empty()) return Error{Fault::malformed, "at least one --host is needed"};
  const auto profiles = TRY(find_profiles(wanted.profiles));
  TRY(prepare_directory(wanted.directory));
  const auto made = TRY(make_certificates(wanted, clock.now()));
  const fs::path directory = wanted.directory;
  TRY(write_files(directory, wanted, made));
  TRY(copy_profiles(profiles, directory / "profiles"));
  TRY(record_certificates(directory, made, clock));
  TRY(files::write_file(directory / "signetd.toml", as_bytes(configuration_text(wanted, made))));
  return MadeAuthority{directory / "signetd.toml", directory / "ca.pem",
                       directory / "agent.pem",    directory / "agent.key",
                       directory / "agent.p12",    directory / "agent.p12.passphrase"};
}

}  // namespace signet::tool
