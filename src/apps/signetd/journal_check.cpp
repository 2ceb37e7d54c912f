#include "apps/signetd/journal_check.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/encoding.h"

namespace signet::server {
namespace {

using Verdict = files::JournalVerdict;

constexpr std::size_t kMostNamed = 8;

const std::string* find_field(const audit::Event& event, std::string_view name) {
  const auto found = std::find_if(event.fields.begin(), event.fields.end(),
                                  [&](const audit::Field& field) { return field.name == name; });
  return found == event.fields.end() ? nullptr : &found->value;
}

/// How many of those before it a record takes back.
std::size_t taken_back(const audit::Event& event) {
  if (event.name != "AUDIT_BATCH_ABANDONED") return 0;
  const auto* records = find_field(event, "Records");
  std::size_t count = 0;
  if (records != nullptr) {
    std::from_chars(records->data(), records->data() + records->size(), count);
  }
  return count;
}

/// "0x4a01" of a certificate that was issued or taken over.
const std::string* new_serial(const audit::Event& event) {
  const bool tells = event.name == "CERT_REQUEST_PROCESSED" || event.name == "CERT_IMPORTED";
  if (!tells || event.outcome != audit::EventOutcome::success) return nullptr;
  return find_field(event, "CertSerialNum");
}

/// The certificates that records tell of, of which any number may stand between.
class NewSerials {
 public:
  void see(const audit::Event& event) {
    standing_ -= std::min(standing_, taken_back(event));
    while (!found_.empty() && found_.back().first >= standing_) found_.pop_back();
    if (const auto* serial = new_serial(event)) found_.emplace_back(standing_, *serial);
    ++standing_;
  }
  [[nodiscard]] std::vector<std::string> all() const {
    std::vector<std::string> serials;
    for (const auto& each : found_) serials.push_back(each.second);
    return serials;
  }

 private:
  std::size_t standing_ = 0;  ///< records that none behind them takes back
  std::vector<std::pair<std::size_t, std::string>> found_;  ///< at their places among those
};

Result<bool> knows(const store::CertificateStore& store, const std::string& serial) {
  constexpr std::string_view kPrefix = "0x";
  const auto digits = serial.starts_with(kPrefix) ? serial.substr(kPrefix.size()) : serial;
  const auto octets = from_hex(digits);
  if (!octets.ok()) return true;  // nothing that could be asked for
  return TRY(store.find_certificate({.octets = *octets})).has_value();
}

std::string list_of(const std::vector<std::string>& all) {
  std::string list;
  for (std::size_t at = 0; at < std::min(all.size(), kMostNamed); ++at) {
    list += (at == 0 ? "" : ", ") + all[at];
  }
  return list + (all.size() > kMostNamed ? ", …" : "");
}

}  // namespace

Result<std::vector<audit::Event>> JournalCheck::compare(
    const std::optional<audit::JournalMark>& mark) const {
  if (!mark) return std::vector<audit::Event>();
  NewSerials serials;
  const auto verdict =
      TRY(journal.after(*mark, [&](const audit::Record& record) { serials.see(record.event); }));
  switch (verdict) {
    case Verdict::holds:
      return compare_certificates(serials.all());
    case Verdict::lost:
      return std::vector{tell_incomplete_journal(*mark,
                                                 "it ends before the last record that the "
                                                 "store knows of, or was begun anew")};
    case Verdict::replaced:
      return std::vector{tell_incomplete_journal(
          *mark,
          "the last record that the store knows of is not in it, or another stands in its place, "
          "or one behind it does not hold")};
  }
  return std::vector<audit::Event>();
}

audit::Event JournalCheck::tell_incomplete_journal(const audit::JournalMark& mark,
                                                   std::string_view what) const {
  const auto expected = std::to_string(mark.sequence);
  const auto found = std::to_string(journal.mark()->sequence);
  log.write(Log::Level::error, "journal_incomplete",
            {{"journal", mark.journal},
             {"store_knows_up_to", expected},
             {"journal_ends_at", found},
             {"why", what},
             {"what_to_do",
              "find the journal's other copies and keep them beside it; find out who "
              "could write to it"}});
  return {"AUDIT_JOURNAL_INCOMPLETE",
          clock.now_precise(),
          audit::EventOutcome::failure,
          {{"SubjectID", "$System$"},
           {"ExpectedSequence", expected},
           {"ExpectedHash", to_hex(mark.hash)},
           {"FoundSequence", found},
           {"Info", std::string(what)}}};
}

Result<std::vector<audit::Event>> JournalCheck::compare_certificates(
    const std::vector<std::string>& serials) const {
  std::vector<std::string> unknown;
  for (const auto& serial : serials) {
    if (!TRY(knows(store, serial))) unknown.push_back(serial);
  }
  if (unknown.empty()) return std::vector<audit::Event>();
  const auto count = std::to_string(unknown.size());
  log.write(
      Log::Level::error, "store_incomplete",
      {{"certificates", count},
       {"serial_numbers", list_of(unknown)},
       {"why",
        "the journal tells of them and the store does not know them: a crash broke "
        "their batch off, and nobody was told of them; or the store lost its last "
        "commits (was store.db-wal removed, or a database restored or a standby promoted that "
        "lacked them?), and they are abroad"}});
  return std::vector{audit::Event{
      "AUDIT_STORE_INCOMPLETE",
      clock.now_precise(),
      audit::EventOutcome::failure,
      {{"SubjectID", "$System$"}, {"Certificates", count}, {"CertSerialNums", list_of(unknown)}}}};
}

}  // namespace signet::server
