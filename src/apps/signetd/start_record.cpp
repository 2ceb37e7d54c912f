#include "apps/signetd/start_record.h"

#include <utility>

#include "adapters/files/journal_file.h"
#include "apps/configuration/tolerances.h"
#include "apps/signetd/proof_parts.h"
#include "base/encoding.h"

namespace signet::server {
namespace {

std::string on_or_off(bool on) {
  return on ? "on" : "off";
}

/// What a request meets, beside the tolerances.
struct JudgingSettings {
  std::string tls_match;
  std::string secrets;
  std::string challenges;
  std::string ra_witness;
  std::string record_intent;
  std::string header_lines;
};

JudgingSettings judging_settings(const Configuration& configuration) {
  return {.tls_match = std::string(word_of(configuration.identity.tls_match)),
          .secrets = std::string(word_of(configuration.secrets.source)),
          .challenges = on_or_off(offers_challenges(configuration)),
          .ra_witness = on_or_off(configuration.possession.ra_witness),
          .record_intent = on_or_off(configuration.authority.record_intent),
          .header_lines = std::to_string(configuration.compatibility.header_lines)};
}

std::string tolerances_in_force(const Configuration::Compatibility& compatibility) {
  std::string names;
  for (const auto& tolerance : tolerances()) {
    if (!(compatibility.*tolerance.value)) continue;
    names += (names.empty() ? "" : ",") + std::string(tolerance.name);
  }
  return names.empty() ? "none" : names;
}

/// Where the tools' journal stood: what was cut off its end later is not what this says.
std::vector<audit::Field> operator_journal(const std::string& path) {
  if (path.empty()) return {};
  const auto head = files::JournalFile::head_of(path);
  if (!head.ok()) return {{"OperatorJournal", head.error().detail}};
  return {{"OperatorSequence", std::to_string(head->sequence)},
          {"OperatorHash", to_hex(head->hash)}};
}

}  // namespace

audit::Event start_event(const Configuration& configuration, const BegunProfiles& profiles,
                         const Clock& clock) {
  const auto judging = judging_settings(configuration);
  audit::Event start{"AUDIT_LOG_STARTUP",
                     clock.now_precise(),
                     audit::EventOutcome::success,
                     {{"tls_match", judging.tls_match},
                      {"secrets", judging.secrets},
                      {"challenges", judging.challenges},
                      {"ra_witness", judging.ra_witness},
                      {"record_intent", judging.record_intent}}};
  for (const auto& tolerance : tolerances()) {
    start.fields.push_back(
        {tolerance.name, on_or_off(configuration.compatibility.*tolerance.value)});
  }
  start.fields.push_back({"header_lines", judging.header_lines});
  start.fields.push_back({"ProfileSource", profiles.place});
  start.fields.push_back({"ProfileDigest", profiles.collection.digest});
  for (auto& field : operator_journal(configuration.audit.operator_journal)) {
    start.fields.push_back(std::move(field));
  }
  return start;
}

void log_start(const Configuration& configuration, Log& log) {
  const auto judging = judging_settings(configuration);
  log.write(Log::Level::info, "settings",
            {{"tls_match", judging.tls_match},
             {"secrets", judging.secrets},
             {"challenges", judging.challenges},
             {"ra_witness", judging.ra_witness},
             {"record_intent", judging.record_intent},
             {"tolerances", tolerances_in_force(configuration.compatibility)},
             {"header_lines", judging.header_lines}});
}

}  // namespace signet::server
