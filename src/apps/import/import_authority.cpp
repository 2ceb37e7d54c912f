#include "apps/import/import_authority.h"

#include <filesystem>
#include <fstream>

#include "adapters/files/file.h"
#include "adapters/files/journal_file.h"
#include "adapters/ldif/reader.h"
#include "adapters/sqlite/sqlite_engine.h"
#include "apps/configuration/configuration.h"
#include "apps/folder/authority_key.h"
#include "apps/folder/furnish_authority.h"
#include "apps/folder/operator_journal.h"
#include "apps/import/import_folder.h"
#include "apps/import/record_import.h"
#include "apps/import/taken_identity.h"
#include "apps/import/taken_profiles.h"
#include "apps/import/time_zone.h"
#include "apps/tool/credentials.h"
#include "base/encoding.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

/// Progress is told every so many entries.
constexpr std::uint64_t kTellEvery = 256;

/// One pass over the export.
template <typename Take>
Result<void> for_each_entry(const std::string& path, const std::string& what, Progress& progress,
                            Take take) {
  std::ifstream file(path, std::ios::binary);
  std::error_code error;
  const auto octets = fs::file_size(path, error);
  if (!file || error) return Error{Fault::storage_failed, path + " cannot be read"};
  progress.start(what, octets);
  ldif::Reader reader(file);
  std::uint64_t entries = 0;
  while (const auto entry = TRY(reader.next())) {
    TRY(take(*entry));
    if (++entries % kTellEvery == 0) {
      progress.advance(reader.octets_read(), std::to_string(entries) + " entries");
    }
  }
  progress.finish();
  return {};
}

std::string text_of_shift(std::chrono::seconds shift) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(shift).count();
  return std::to_string(minutes < 0 ? -minutes : minutes) + " minutes " +
         (minutes < 0 ? "behind" : "ahead of");
}

/// Times of another zone would give every revocation a wrong date. Single records may be wrong by
/// themselves: those of the hour that is there twice in autumn.
Result<void> check_dates(const takeover::Surveyed& surveyed) {
  constexpr std::uint64_t kOneIn = 20;
  if (surveyed.shifted_dates * kOneIn <= surveyed.certificates) return {};
  return Error{Fault::bad_configuration,
               "the export's times are not UTC: " + std::to_string(surveyed.shifted_dates) +
                   " of " + std::to_string(surveyed.certificates) +
                   " records have another notBefore than their certificates, the first one " +
                   text_of_shift(surveyed.shift) +
                   " UTC; name the zone of Dogtag's server, like --time-zone Europe/Berlin"};
}

/// That a server goes on from there. Of the two, what is given by hand is the user's to correct.
Result<void> check_crl_numbers(std::optional<std::uint64_t> given, std::uint64_t last) {
  constexpr auto kMost = static_cast<std::uint64_t>(server::kMostCrlNumber);
  const auto can_be = "the next CRL's number can be " + std::to_string(kMost) + " at most, and ";
  if (last >= kMost) {
    return Error{Fault::bad_configuration, can_be + "the export's last CRL has the number " +
                                               std::to_string(last) +
                                               ": correct its crlNumber if it is damaged"};
  }
  if (given.value_or(0) <= kMost) return {};
  return Error{Fault::bad_configuration, can_be + "--next-crl-number is " + std::to_string(*given)};
}

Result<std::uint64_t> next_crl_number(const Takeover& wanted, const takeover::Surveyed& surveyed) {
  const auto last = surveyed.last_crl_number.value_or(0);
  TRY(check_crl_numbers(wanted.next_crl_number, last));
  const auto least = last + 1;
  if (wanted.next_crl_number && *wanted.next_crl_number < least) {
    return Error{Fault::bad_configuration,
                 "--next-crl-number must be " + std::to_string(least) +
                     " at least: the export's last CRL has the number before"};
  }
  if (wanted.next_crl_number) return *wanted.next_crl_number;
  if (surveyed.last_crl_number) return least;
  return Error{Fault::bad_configuration,
               "no CRL issuing point with a crlNumber is in the export: export "
               "ou=crlIssuingPoints too, or give --next-crl-number, one more than the number of "
               "the last CRL (openssl crl -crlnumber)"};
}

Result<takeover::Surveyed> survey(const Takeover& wanted,
                                  const takeover::IssuingAuthority& authority,
                                  const takeover::ToUtc& to_utc, Progress& progress) {
  takeover::Survey looking(authority, to_utc);
  TRY(for_each_entry(wanted.ldif_file, "looking through", progress,
                     [&](const ldif::Entry& entry) { return looking.see(entry); }));
  auto surveyed = TRY(std::move(looking).finish());
  TRY(check_dates(surveyed));
  if (surveyed.certificates > 0) return surveyed;
  return Error{Fault::bad_configuration,
               wanted.ldif_file +
                   " holds no certificate of this authority; export the whole of "
                   "Dogtag's directory, or give the key that goes with it"};
}

Result<Bytes> fingerprint_of(const Takeover& wanted, const pkix::Certificate& authority) {
  auto fingerprint = TRY(fingerprint_of_file(wanted.ldif_file));
  append(fingerprint, authority.der);
  append(fingerprint, as_bytes(wanted.time_zone));
  return crypto::sha256(fingerprint);
}

Result<Holder> tls_holder(const Takeover& wanted, const AuthorityIdentity& identity, Time now) {
  if (wanted.tls_certificate_file.empty()) return make_tls(wanted.authority, identity, now);
  auto certificates = TRY(read_certificates_file(wanted.tls_certificate_file));
  auto key = TRY(read_key_file(wanted.tls_key_file, ""));
  return Holder{
      std::move(key), certificates.front(), {certificates.begin() + 1, certificates.end()}, false};
}

Result<FirstHolders> first_holders(const Takeover& wanted, const AuthorityIdentity& identity,
                                   Time now) {
  FirstHolders holders;
  holders.tls = TRY(tls_holder(wanted, identity, now));
  holders.encryption = TRY(make_encryption(wanted.authority, identity, now));
  holders.cmc = TRY(make_cmc(identity, now));
  if (wanted.agent_certificate_files.empty()) {
    holders.agent = TRY(make_agent(wanted.authority, identity, now));
  }
  return holders;
}

/// That what is needed at the end can be read, before anything is written.
Result<void> check_files(const Takeover& wanted) {
  for (const auto& file : wanted.agent_certificate_files) TRY(read_certificates_file(file));
  if (!wanted.protection_key_file.empty()) TRY(read_key_file(wanted.protection_key_file, ""));
  if (wanted.tls_certificate_file.empty() != wanted.tls_key_file.empty()) {
    return Error{Fault::bad_configuration, "--tls-certificate and --tls-key go together"};
  }
  return {};
}

/// Once: what is made here would be made anew, with other keys, each time.
Result<void> prepare(const Takeover& wanted, const TakenIdentity& identity,
                     const std::vector<std::filesystem::path>& profiles, const Clock& clock,
                     ImportFolder& folder) {
  if (folder.stage() == ImportStage::prepared) return {};
  const fs::path directory = wanted.authority.directory;
  const auto holders = TRY(first_holders(wanted, {*identity.key, identity.chain}, clock.now()));
  if (wanted.authority.token.empty()) {
    const auto passphrase = TRY(read_passphrase(wanted.authority.passphrase_file));
    TRY(write_key(directory / "ca.key", *identity.key, passphrase));
  }
  if (!wanted.protection_key_file.empty()) {
    const auto key = TRY(read_key_file(wanted.protection_key_file, ""));
    TRY(write_key(directory / "protection.key", *key, SecretBytes()));
  }
  TRY(furnish(wanted.authority, identity.chain, holders, profiles, clock));
  return folder.set_prepared();
}

Result<void> import_records(const Takeover& wanted, const takeover::IssuingAuthority& authority,
                            takeover::Surveyed& surveyed, const takeover::ToUtc& to_utc,
                            const Clock& clock, ImportReport& report, ImportFiles& files,
                            Progress& progress) {
  const fs::path directory = wanted.authority.directory;
  const auto engine = TRY(sqlite::SqliteEngine::open(directory / "store.db"));
  const auto journal = TRY(files::JournalFile::open(directory / "audit.jsonl"));
  RecordImport import({authority, surveyed, to_utc, *engine, *journal, clock, report, files});
  TRY(for_each_entry(wanted.ldif_file, "taking", progress,
                     [&](const ldif::Entry& entry) { return import.take(entry); }));
  return import.finish();
}

Result<void> record_start(const Takeover& wanted, const ImportReport& report,
                          const ImportFolder& folder, const Bytes& fingerprint,
                          const Clock& clock) {
  const bool goes_on = folder.stage() == ImportStage::prepared;
  return record_by_operator(wanted.authority.directory, "IMPORT_STARTED",
                            {{"Source", fs::path{wanted.ldif_file}.filename()},
                             {"Fingerprint", to_hex(fingerprint)},
                             {"CertSubject", report.subject},
                             {"GoesOn", goes_on ? "yes" : "no"}},
                            clock);
}

Result<void> record_end(const Takeover& wanted, const ImportReport& report, const Clock& clock) {
  return record_by_operator(wanted.authority.directory, "IMPORT_COMPLETED",
                            {{"CertSubject", report.subject},
                             {"Certificates", std::to_string(report.certificates())},
                             {"Revoked", std::to_string(report.revoked)},
                             {"OnHold", std::to_string(report.on_hold)},
                             {"RevocationSecrets", std::to_string(report.revocation_secrets)},
                             {"Remarks", std::to_string(report.remarks.total())},
                             {"LeftOut", std::to_string(report.left_out.total())},
                             {"NextCRLNum", std::to_string(report.first_crl_number)}},
                            clock);
}

Result<std::vector<std::string>> agents_of(const Takeover& wanted) {
  auto files = wanted.agent_certificate_files;
  if (files.empty()) files.push_back(fs::path{wanted.authority.directory} / "agent.pem");
  std::vector<std::string> agents;
  for (const auto& file : files) {
    const auto certificates = TRY(read_certificates_file(file));
    agents.push_back(to_hex(crypto::sha256(certificates.front().der)));
  }
  return agents;
}

Result<MadeAuthority> finish(const Takeover& wanted, const ImportReport& report,
                             const ImportFolder& folder, const Clock& clock) {
  const auto text = to_json(report).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  TRY(files::write_secret_file(fs::path{folder.report_folder()} / "report.json", as_bytes(text)));
  AuthorityConfiguration configuration{.agents_sha256 = TRY(agents_of(wanted)),
                                       .dogtag = true,
                                       .first_crl_number = report.first_crl_number};
  if (!wanted.protection_key_file.empty()) configuration.protection_key = "protection.key";
  TRY(record_end(wanted, report, clock));
  return configure(wanted.authority, std::move(configuration));
}

}  // namespace

Result<TakenOver> import_authority(const Takeover& wanted, const Surroundings& surroundings,
                                   Progress& progress) {
  const auto& clock = surroundings.clock;
  const auto to_utc = TRY(times_of_zone(wanted.time_zone));
  const auto shipped = TRY(check_wanted(wanted.authority));
  const auto identity = TRY(read_identity(wanted, clock.now()));
  const auto authority = TRY(takeover::IssuingAuthority::of(identity.chain.front()));
  ImportReport report;
  report.subject = pkix::to_text(identity.chain.front()->subject);
  const auto profiles = TRY(choose_profiles(wanted.profiles, shipped, report));
  TRY(check_files(wanted));
  auto surveyed = TRY(survey(wanted, authority, to_utc, progress));
  report.first_crl_number = TRY(next_crl_number(wanted, surveyed));

  const auto fingerprint = TRY(fingerprint_of(wanted, identity.chain.front()));
  auto folder = TRY(ImportFolder::open(wanted.authority.directory, fingerprint));
  TRY(record_start(wanted, report, folder, fingerprint, clock));
  TRY(prepare(wanted, identity, profiles, clock, folder));
  auto files = TRY(ImportFiles::create(folder.report_folder()));
  TRY(import_records(wanted, authority, surveyed, to_utc, clock, report, files, progress));
  report.secrets_closed = report.revocation_secrets > 0 && wanted.protection_key_file.empty();
  TRY(files.close());
  auto made = TRY(finish(wanted, report, folder, clock));
  return TakenOver{std::move(made), std::move(report)};
}

}  // namespace signet::tool
