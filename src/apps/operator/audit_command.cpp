#include "apps/operator/audit_command.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <deque>
#include <filesystem>
#include <fstream>

#include "apps/tool/report.h"
#include "audit/chain.h"
#include "base/nearest_word.h"

namespace signet::tool {
namespace {

struct AuditOptions {
  std::string journal;
  std::string event;     ///< only events of this name; empty: all
  std::string outcome;   ///< only with this one; empty: both
  std::string about;     ///< only with this in the value of a field; empty: all
  std::size_t last = 0;  ///< only so many of them, from the end; 0: all
};

Result<std::ifstream> open_journal(const std::string& path) {
  const auto unreadable = [&](int why) {
    return Error{Fault::storage_failed, path + " cannot be read: " + std::strerror(why)};
  };
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return unreadable(EISDIR);
  std::ifstream journal(path, std::ios::binary);
  if (!journal) return unreadable(errno);
  return journal;
}

void report_break(Context& context, const AuditOptions& options,
                  const audit::ChainReport::Break& first_break) {
  const auto where = options.journal + ", line " + std::to_string(first_break.line);
  report(context,
         {"broken_chain",
          where + ": " + first_break.reason,
          "Records from there on cannot be relied on: compare the journal with its copies and find "
          "out who could write to it.",
          {{"line", first_break.line}}});
}

Result<void> verify_journal(const AuditOptions& options, Context& context) {
  auto journal = TRY(open_journal(options.journal));
  const auto found = audit::verify_chain(journal);
  if (found.first_break) {
    report_break(context, options, *found.first_break);
    return {};
  }
  if (context.json) {
    write_json(context.out, {{"ok", true},
                             {"records", found.records},
                             {"last_sequence", found.head.sequence},
                             {"last_hash", to_hex(found.head.hash)}});
  } else {
    context.out << "The audit journal holds: " << found.records << " records, each bound to the "
                << "one before.\n  last record " << found.head.sequence << ", hash "
                << to_hex(found.head.hash) << "\n";
  }
  return {};
}

std::string_view outcome_name(audit::EventOutcome outcome) {
  return outcome == audit::EventOutcome::success ? "success" : "failure";
}

Json record_to_json(const audit::Record& record) {
  Json fields = Json::object();
  for (const auto& field : record.event.fields) fields[field.name] = field.value;
  return {{"sequence", record.sequence},
          {"time", signet::to_text(record.event.time)},
          {"event", record.event.name},
          {"outcome", outcome_name(record.event.outcome)},
          {"fields", fields}};
}

/// A message is one word of some thousand characters, base64, which nobody reads in a terminal.
constexpr std::size_t kLongestWord = 400;
constexpr std::size_t kShownOfIt = 60;

std::string shown_value(const std::string& value) {
  const bool is_word = value.find(' ') == std::string::npos;
  if (!is_word || value.size() <= kLongestWord) return printable(value);
  return printable(value.substr(0, kShownOfIt)) + "… (" + std::to_string(value.size()) +
         " characters; --json has all)";
}

void print_record(std::ostream& out, const audit::Record& record) {
  out << record.sequence << "  " << signet::to_text(record.event.time) << "  "
      << printable(record.event.name) << "  " << outcome_name(record.event.outcome) << "\n";
  for (const auto& field : record.event.fields) {
    out << "    " << printable(field.name) << " = " << shown_value(field.value) << "\n";
  }
}

/// Of servers, operators and imports. One that stands in a journal is taken as well.
constexpr auto kEvents = std::to_array<std::string_view>({
    "AUDIT_BATCH_ABANDONED",
    "AUDIT_BATCH_IN_DOUBT",
    "AUDIT_JOURNAL_INCOMPLETE",
    "AUDIT_LOG_STARTUP",
    "AUDIT_STORE_INCOMPLETE",
    "AUTHORITY_BACKUP",
    "AUTHORITY_KEY_ROLLOVER",
    "AUTHORITY_RESTORED",
    "AUTHZ",
    "CERT_IMPORTED",
    "CERT_PUBLICATION",
    "CERT_PUBLICATION_REQUEST",
    "CERT_REQUEST_PROCESSED",
    "CERT_STATUS_CHANGE_REQUEST_PROCESSED",
    "CMC_CERT_ACCEPTANCE",
    "CMC_ID_POP_LINK_WITNESS",
    "CMC_PROOF_OF_IDENTIFICATION",
    "CMC_REQUEST_RECEIVED",
    "CMC_RESPONSE_SENT",
    "CMC_SIGNED_REQUEST_SIG_VERIFY",
    "CMC_USER_SIGNED_REQUEST_SIG_VERIFY",
    "COMPATIBILITY_USED",
    "CONFIG_CERT_PROFILE",
    "DELTA_CRL_GENERATION",
    "FULL_CRL_GENERATION",
    "IMPORT_COMPLETED",
    "IMPORT_STARTED",
    "PROFILE_CERT_REQUEST",
    "PROOF_OF_POSSESSION",
    "REVOCATION_SECRET_REGISTERED",
    "REVOCATION_SECRET_UNLOCKED",
    "SELFTESTS_EXECUTION",
    "SHARED_SECRET_CREATED",
    "SHARED_SECRET_REVOKED",
    "SHARED_SECRET_UNLOCKED",
});

bool is_known_event(std::string_view name) {
  return name.empty() || std::find(kEvents.begin(), kEvents.end(), name) != kEvents.end();
}

Error unknown_event(const std::string& name) {
  const auto meant = do_you_mean(name, {kEvents.begin(), kEvents.end()});
  std::string text = "--event: no event has the name '" + name + "'" + meant;
  if (!meant.empty()) return {Fault::malformed, text};
  std::string_view joint = "; there are ";
  for (const auto event : kEvents) {
    text.append(joint).append(event);
    joint = ", ";
  }
  return {Fault::malformed, text};
}

bool is_about(const audit::Event& event, std::string_view text) {
  const auto& fields = event.fields;
  return std::any_of(fields.begin(), fields.end(), [&](const auto& field) {
    return field.value.find(text) != std::string::npos;
  });
}

bool has_name(const audit::Event& event, const AuditOptions& options) {
  return options.event.empty() || event.name == options.event;
}

bool is_wanted(const audit::Event& event, const AuditOptions& options) {
  if (!options.outcome.empty() && outcome_name(event.outcome) != options.outcome) return false;
  return options.about.empty() || is_about(event, options.about);
}

Result<std::deque<audit::Record>> select_records(std::istream& journal,
                                                 const AuditOptions& options) {
  std::deque<audit::Record> records;
  std::uint64_t number = 0;
  bool any_has_name = false;
  for (std::string line; std::getline(journal, line);) {
    ++number;
    auto record = audit::read_record(line);
    if (!record.ok()) {
      return Error{record.error().fault, options.journal + ", line " + std::to_string(number) +
                                             ": " + record.error().detail};
    }
    if (!has_name(record->event, options)) continue;
    any_has_name = true;
    if (!is_wanted(record->event, options)) continue;
    records.push_back(std::move(record).value());
    if (options.last != 0 && records.size() > options.last) records.pop_front();
  }
  if (!any_has_name && !is_known_event(options.event)) return unknown_event(options.event);
  return records;
}

Result<void> show_records(const AuditOptions& options, Context& context) {
  auto journal = TRY(open_journal(options.journal));
  const auto records = TRY(select_records(journal, options));
  if (context.json) {
    Json list = Json::array();
    for (const auto& record : records) list.push_back(record_to_json(record));
    write_json(context.out, {{"ok", true}, {"records", list}});
    return {};
  }
  for (const auto& record : records) print_record(context.out, record);
  return {};
}

CLI::App* add_journal_command(CLI::App& parent, const char* name, const char* what,
                              AuditOptions& options) {
  auto* command = parent.add_subcommand(name, what);
  command->add_option("JOURNAL", options.journal, "The audit journal (audit.jsonl)")->required();
  return command;
}

}  // namespace

void add_audit_command(CLI::App& app, Context& context) {
  auto options = std::make_shared<AuditOptions>();
  auto* audit = app.add_subcommand("audit", "Check and show an authority's audit journal");
  audit->require_subcommand(1);

  auto* verifying = add_journal_command(
      *audit, "verify", "Check that no record was changed, removed or put in between", *options);
  verifying->footer("Example:\n  signet audit verify /srv/signet/audit.jsonl");
  verifying->callback([options, &context] { report(context, verify_journal(*options, context)); });

  auto* showing = add_journal_command(*audit, "show", "Print records", *options);
  showing->add_option("--event", options->event, "Only events of this name")->type_name("NAME");
  showing
      ->add_option("--outcome", options->outcome,
                   "Only what succeeded, or was refused or failed: success, failure")
      ->type_name("OUTCOME")
      ->check(CLI::IsMember({"success", "failure"}));
  showing
      ->add_option("--about", options->about,
                   "Only records with this text in a value: a name, a serial number, a "
                   "transactionId")
      ->type_name("TEXT");
  showing->add_option("--last", options->last, "Only the last so many of these")->type_name("N");
  showing->footer(
      "Examples:\n  signet audit show /srv/signet/audit.jsonl --event CERT_REQUEST_PROCESSED "
      "--last 5\n"
      "  signet audit show /srv/signet/audit.jsonl --outcome failure --about \"CN=Alice\"");
  showing->callback([options, &context] { report(context, show_records(*options, context)); });
}

}  // namespace signet::tool
