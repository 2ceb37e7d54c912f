#include "apps/upkeep/ca_republish_command.h"

#include <set>

#include "apps/folder/authority_folder.h"
#include "apps/folder/folder_configuration.h"
#include "apps/folder/operator_journal.h"
#include "apps/tool/credentials.h"
#include "apps/tool/report.h"
#include "apps/tool/usage.h"

namespace signet::tool {
namespace {

struct PublishingWish {
  std::string directory;
  bool all = false;
  std::vector<std::string> certificates;
};

constexpr std::size_t kCertificatesAtOnce = 1000;

/// Whose certificates are published. Faults: bad_configuration: nobody's are.
Result<std::set<std::string>> read_published_profiles(const std::string& directory) {
  const auto configuration = TRY(read_folder_configuration(directory));
  if (configuration) {
    const auto& publishing = configuration->publishing;
    if (!publishing.user_dn.empty() || !publishing.filter.empty()) {
      return std::set<std::string>(publishing.profiles.begin(), publishing.profiles.end());
    }
  }
  return Error{Fault::bad_configuration,
               directory +
                   "/signetd.toml has no [publishing] with user_dn or filter: it does not "
                   "say where certificates are published (operating.md)"};
}

/// What the authority has for itself, by tools and by its OCSP responder: no profile made it.
bool is_its_own(const store::CertificateRecord& record) {
  return record.profile_id.starts_with("signet ") || record.profile_id == "ocspResponder";
}

class Republication {
 public:
  Republication(store::Engine& engine, std::set<std::string> profiles, const Clock& clock)
      : engine_(engine), profiles_(std::move(profiles)), clock_(clock) {}

  /// All that have not expired, whatever became of them.
  Result<void> add_all();
  /// What the certificate of a file is on record as. Faults: certificate_not_found, not_allowed
  /// (expired, or never published), those of files and the store.
  [[nodiscard]] Result<store::CertificateRecord> find(const std::string& file) const;
  Result<void> add(const std::vector<store::CertificateRecord>& records);
  /// How many are due now that were not.
  [[nodiscard]] std::size_t count() const { return count_; }

 private:
  [[nodiscard]] bool is_published(const store::CertificateRecord& record) const {
    return !is_its_own(record) && (profiles_.empty() || profiles_.contains(record.profile_id));
  }

  store::Engine& engine_;
  const std::set<std::string> profiles_;  ///< empty: all
  const Clock& clock_;
  std::size_t count_ = 0;
};

Result<void> Republication::add(const std::vector<store::CertificateRecord>& records) {
  if (records.empty()) return {};
  store::Commit commit;
  for (const auto& record : records) {
    const bool is_valid = record.status == store::CertificateStatus::valid;
    commit.publications.push_back(
        {.serial_number = record.serial_number,
         .wish = is_valid ? store::PublicationWish::publish : store::PublicationWish::withdraw,
         .at = clock_.now()});
  }
  audit::MemoryJournal nothing_to_record;
  const std::vector<const store::Commit*> batch{&commit};
  const auto outcome = engine_.apply(batch, nothing_to_record).front();
  if (outcome.failed) return *outcome.failed;
  count_ += records.size();
  return {};
}

/// Page by page, newest first. Those of the last second of a page may go on in the next one.
Result<void> Republication::add_all() {
  store::CertificateStore::Query query;
  query.most = kCertificatesAtOnce;
  std::set<store::Integer> of_last_second;
  while (true) {
    const auto page = TRY(engine_.find_certificates(query));
    std::vector<store::CertificateRecord> wanted;
    for (const auto& record : page) {
      const bool is_new = !of_last_second.contains(record.serial_number);
      const bool is_over = record.not_after < clock_.now();
      if (is_new && !is_over && is_published(record)) wanted.push_back(record);
    }
    TRY(add(wanted));
    if (page.size() < query.most) return {};
    const auto last_second = page.back().issued_at;
    if (page.front().issued_at == last_second) query.most *= 2;
    of_last_second.clear();
    for (const auto& record : page) {
      if (record.issued_at == last_second) of_last_second.insert(record.serial_number);
    }
    query.issued_to = last_second + std::chrono::seconds{1};
  }
}

Result<store::CertificateRecord> Republication::find(const std::string& file) const {
  const auto certificates = TRY(read_certificates_file(file));
  const auto& serial = certificates.front()->serial_number;
  auto record = TRY(engine_.find_certificate(serial));
  if (!record || record->certificate_der != certificates.front().der) {
    return Error{Fault::certificate_not_found,
                 file + ": this authority has not issued it: its store knows no such certificate"};
  }
  if (is_its_own(*record)) {
    return Error{Fault::not_allowed,
                 file + ": it is the authority's own, which no holder's entry is for"};
  }
  if (!is_published(*record)) {
    return Error{Fault::not_allowed, file + ": it was issued by the profile " + record->profile_id +
                                         ", which [publishing] profiles does not name"};
  }
  if (record->not_after < clock_.now()) {
    return Error{Fault::not_allowed, file + ": it expired at " + to_text(record->not_after) +
                                         ", and stays in the directory or out of it"};
  }
  return *std::move(record);
}

std::string what_is_wanted(const PublishingWish& wish) {
  if (wish.all) return "all certificates that have not expired";
  std::string files;
  for (const auto& file : wish.certificates) files += (files.empty() ? "" : ", ") + file;
  return files;
}

Result<void> check_wish(const PublishingWish& wish) {
  if (wish.all == wish.certificates.empty()) return {};
  return Error{Fault::bad_configuration, "give --all or --certificate: one of them"};
}

Result<void> republish(const PublishingWish& wish, Context& context, const Clock& clock) {
  auto profiles = TRY(read_published_profiles(wish.directory));
  const auto authority = TRY(read_authority_folder(wish.directory));
  const auto engine = TRY(open_store(authority));
  Republication republication(*engine, std::move(profiles), clock);
  std::vector<store::CertificateRecord> named;
  for (const auto& file : wish.certificates) named.push_back(TRY(republication.find(file)));

  const OperatorDeed deed{
      wish.directory, "CERT_PUBLICATION_REQUEST", {{"Info", what_is_wanted(wish)}}};
  TRY(record_by_operator(deed.directory, deed.event, deed.fields, clock));
  const auto done = wish.all ? republication.add_all() : republication.add(named);
  if (!done.ok()) return undone(deed, done.error(), clock);
  if (context.json) {
    write_json(context.out, {{"ok", true}, {"certificates", republication.count()}});
  } else {
    context.out << "to be told again " << republication.count()
                << "; the server tells its directory, and its log what has no place there\n";
  }
  return {};
}

}  // namespace

void add_ca_republish_command(CLI::App& ca, Context& context, const Surroundings& surroundings) {
  auto wish = std::make_shared<PublishingWish>();
  auto* command = ca.add_subcommand("republish",
                                    "Have the server tell its directory of certificates once more");
  command->add_option("--directory", wish->directory, "The authority's folder")
      ->required()
      ->type_name("DIR");
  command->add_flag("--all", wish->all, "Of all that have not expired, what became of them too");
  command->add_option("--certificate", wish->certificates, "Of this one: PEM or DER; several times")
      ->type_name("FILE");
  command->footer("Example:\n  signet ca republish --all --directory /srv/signet");
  command->callback([wish, &context, &surroundings] {
    check_usage(check_wish(*wish));
    report(context, republish(*wish, context, surroundings.clock));
  });
}

}  // namespace signet::tool
