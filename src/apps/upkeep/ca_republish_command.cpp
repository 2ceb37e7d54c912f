#include "apps/upkeep/ca_republish_command.h"

#include "apps/folder/authority_folder.h"
#include "apps/folder/certificate_pages.h"
#include "apps/folder/folder_configuration.h"
#include "apps/folder/operator_journal.h"
#include "apps/tool/credentials.h"
#include "apps/tool/report.h"
#include "apps/tool/usage.h"
#include "authority/published_profiles.h"

namespace signet::tool {
namespace {

struct PublishingWish {
  std::string directory;
  bool all = false;
  std::vector<std::string> certificates;
};

constexpr std::size_t kCertificatesAtOnce = 1000;

/// Whose certificates are published. Faults: bad_configuration: nobody's are.
Result<authority::PublishedProfiles> read_published_profiles(const std::string& directory) {
  const auto configuration = TRY(read_folder_configuration(directory));
  if (configuration && configuration->publishing.has_users()) {
    return authority::PublishedProfiles::named_or_all(configuration->publishing.profiles);
  }
  return Error{Fault::bad_configuration,
               directory +
                   "/signetd.toml has no [publishing] with user_dn or filter: it does not "
                   "say where certificates are published (operating.md)"};
}

class Republication {
 public:
  Republication(store::Engine& engine, authority::PublishedProfiles published, const Clock& clock)
      : engine_(engine), published_(std::move(published)), clock_(clock) {}

  /// All that have not expired, whatever became of them, behind what is due meanwhile.
  Result<void> add_all();
  /// What the certificate of a file is on record as. Faults: certificate_not_found, not_allowed
  /// (expired, or never published), those of files and the store.
  [[nodiscard]] Result<store::CertificateRecord> find(const std::string& file) const;
  Result<void> add(const std::vector<store::CertificateRecord>& records, store::OutboxLine line);
  /// How many are due now that were not.
  [[nodiscard]] std::size_t count() const { return count_; }

 private:
  store::Engine& engine_;
  const authority::PublishedProfiles published_;
  const Clock& clock_;
  std::size_t count_ = 0;
};

Result<void> Republication::add(const std::vector<store::CertificateRecord>& records,
                                store::OutboxLine line) {
  if (records.empty()) return {};
  store::Commit commit;
  for (const auto& record : records) {
    commit.outbox.push_back(
        {.serial_number = record.serial_number, .line = line, .at = clock_.now()});
  }
  audit::MemoryJournal nothing_to_record;
  const std::vector<const store::Commit*> batch{&commit};
  const auto outcome = engine_.apply(batch, nothing_to_record).front();
  if (outcome.failed) return *outcome.failed;
  count_ += records.size();
  return {};
}

Result<void> Republication::add_all() {
  CertificatePages pages(engine_, {.most = kCertificatesAtOnce});
  while (true) {
    auto page = TRY(pages.next());
    if (page.empty()) return {};
    std::erase_if(page, [&](const auto& record) {
      return record.not_after < clock_.now() || !published_.includes_unasked(record.profile_id);
    });
    TRY(add(page, store::OutboxLine::unhurried));
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
  if (authority::is_made_for_authority(record->profile_id)) {
    return Error{Fault::not_allowed,
                 file + ": it is the authority's own, which no holder's entry is for"};
  }
  if (!published_.includes(record->profile_id)) {
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
  auto published = TRY(read_published_profiles(wish.directory));
  const auto authority = TRY(read_authority_folder(wish.directory));
  const auto engine = TRY(open_store(authority));
  Republication republication(*engine, std::move(published), clock);
  std::vector<store::CertificateRecord> named;
  for (const auto& file : wish.certificates) named.push_back(TRY(republication.find(file)));

  const OperatorDeed deed{
      wish.directory, "CERT_PUBLICATION_REQUEST", {{"Info", what_is_wanted(wish)}}};
  TRY(record_by_operator(deed.directory, deed.event, deed.fields, clock));
  const auto done =
      wish.all ? republication.add_all() : republication.add(named, store::OutboxLine::pressing);
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
