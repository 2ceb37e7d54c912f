#include "apps/upkeep/ca_backup_command.h"

#include <memory>

#include "apps/configuration/configuration.h"
#include "apps/folder/operator_journal.h"
#include "apps/tool/credentials.h"
#include "apps/tool/report.h"
#include "apps/upkeep/backup.h"

namespace signet::tool {
namespace {

struct BackupCommand {
  std::string directory;
  std::string file;
  std::string passphrase_file;
  std::uint64_t last_crl_number = 0;
};

Result<SecretBytes> passphrase_of(const BackupCommand& command) {
  constexpr std::size_t kLeastOctets = 16;
  auto passphrase = TRY(read_passphrase(command.passphrase_file));
  if (passphrase.size() >= kLeastOctets) return passphrase;
  return Error{Fault::bad_configuration,
               command.passphrase_file +
                   ": its first line, the passphrase, must have 16 octets at least: it protects "
                   "the authority's keys; openssl rand -base64 24 makes a good one"};
}

Json backup_to_json(const BackupReport& report) {
  return {{"ok", true},
          {"authority", report.authority},
          {"made_at", signet::to_text(report.made_at)},
          {"files", report.files},
          {"octets", report.octets},
          {"elsewhere", report.elsewhere},
          {"broken_journals", report.broken_journals}};
}

void print_backup(const BackupReport& report, Context& context) {
  context.out << "authority      " << printable(report.authority) << "\n"
              << "as it was at   " << signet::to_text(report.made_at) << "\n"
              << "holds          " << report.files.size() << " files, " << report.octets
              << " octets\n";
  for (const auto& name : report.elsewhere) {
    context.out << "not in it      " << printable(name) << "\n";
  }
  for (const auto& journal : report.broken_journals) {
    context.err << "Warning: " << printable(journal)
                << "; it is kept as it is. Compare it with its copies and find out who could write "
                   "to it\n";
  }
}

// ------------------------------------------------------------ backup

Result<void> backup(const BackupCommand& command, Context& context,
                    const Surroundings& surroundings) {
  const auto folder = TRY(read_authority_folder(command.directory));
  const auto passphrase = TRY(passphrase_of(command));
  const OperatorDeed deed{folder.directory, "AUTHORITY_BACKUP", {{"File", command.file}}};
  TRY(record_by_operator(deed.directory, deed.event, deed.fields, surroundings.clock));
  Progress progress(context, surroundings.clock);
  const auto made = make_backup(folder, command.file, passphrase,
                                {surroundings.clock, surroundings.random, progress});
  if (!made.ok()) return undone(deed, made.error(), surroundings.clock);
  progress.finish();
  const auto& report = *made;
  for (const auto& name : report.removed) {
    context.err << "Removed " << printable(name) << ", left by a backup that did not end\n";
  }
  const auto next = "keep " + command.file + " and its passphrase apart from each other";
  if (context.json) {
    auto json = backup_to_json(report);
    json["file"] = command.file;
    json["removed"] = report.removed;
    json["next"] = next;
    write_json(context.out, json);
    return {};
  }
  context.out << "backup         " << command.file << "\n";
  print_backup(report, context);
  context.out << "next           " << next << "\n";
  return {};
}

// ------------------------------------------------------------ restore

std::string lost_since(const RestoreReport& report) {
  return "what was issued or revoked after " + signet::to_text(report.backup.made_at) +
         " is not known here, and shared secrets are as they were then: revoke again what the "
         "journals of the lost machine, or its users, tell of";
}

/// `unrecorded`: why the operator's journal does not tell of it; none: it does.
void print_restored(const BackupCommand& command, const RestoreReport& report,
                    const std::optional<std::string>& unrecorded, Context& context) {
  const auto next = "signetd --config " + command.directory + "/signetd.toml";
  if (context.json) {
    auto json = backup_to_json(report.backup);
    json["last_crl_number"] = report.crl_number;
    json["unchecked_keys"] = report.unchecked;
    json["left"] = report.left;
    json["lost"] = lost_since(report);
    json["next"] = next;
    if (unrecorded) json["not_on_record"] = *unrecorded;
    return write_json(context.out, json);
  }
  for (const auto& name : report.left) {
    context.err << "Beside it is " << printable(name)
                << ", of a restore that is going on or did not end: it holds keys; remove it\n";
  }
  context.out << "restored       " << command.directory << "\n";
  print_backup(report.backup, context);
  for (const auto& key : report.unchecked) {
    context.out << "not looked at  " << printable(key) << "\n";
  }
  context.out << "CRL numbers    go on after " << report.crl_number << "\n"
              << "lost           " << lost_since(report) << "\n"
              << "next           " << next << "\n";
}

Result<void> restore(const BackupCommand& command, Context& context,
                     const Surroundings& surroundings) {
  RestoreWish wish{command.file, command.directory, {}};
  if (command.last_crl_number > 0) wish.last_crl_number = command.last_crl_number;
  const auto passphrase = TRY(read_passphrase(command.passphrase_file));
  Progress progress(context, surroundings.clock);
  const auto report = TRY(restore_backup(wish, passphrase, surroundings.clock, progress));
  progress.finish();
  const auto recorded = record_by_operator(command.directory, "AUTHORITY_RESTORED",
                                           {{"File", command.file},
                                            {"AsOf", signet::to_text(report.backup.made_at)},
                                            {"LastCRLNum", std::to_string(report.crl_number)}},
                                           surroundings.clock);
  std::optional<std::string> unrecorded;
  if (!recorded.ok()) unrecorded = recorded.error().detail;
  print_restored(command, report, unrecorded, context);
  if (recorded.ok()) return {};
  if (context.json) {
    context.exit_status = 1;
    return {};
  }
  return Error{recorded.error().fault,
               "it is restored, but that is not on record: " + recorded.error().detail};
}

void add_common_options(CLI::App& command, BackupCommand& wanted, const char* directory) {
  command.add_option("--directory", wanted.directory, directory)->required()->type_name("DIR");
  command
      .add_option("--passphrase-file", wanted.passphrase_file,
                  "File whose first line is the passphrase that seals the backup")
      ->required()
      ->type_name("FILE");
}

}  // namespace

void add_ca_backup_commands(CLI::App& ca, Context& context, const Surroundings& surroundings) {
  auto saved = std::make_shared<BackupCommand>();
  auto* save = ca.add_subcommand(
      "backup", "Put keys, certificates, configuration, store and journals into one sealed file");
  add_common_options(*save, *saved, "Folder of the authority; the server may be running");
  save->add_option("--output", saved->file, "The backup")->required()->type_name("FILE");
  save->footer(
      "Example:\n  signet ca backup --directory /srv/signet --output signet.backup "
      "--passphrase-file backup.passphrase");
  save->callback(
      [saved, &context, &surroundings] { report(context, backup(*saved, context, surroundings)); });

  auto wanted = std::make_shared<BackupCommand>();
  auto* bring_back = ca.add_subcommand("restore", "Bring an authority back from a backup");
  add_common_options(*bring_back, *wanted, "Where to put it; new or empty");
  bring_back->add_option("--input", wanted->file, "The backup")->required()->type_name("FILE");
  bring_back
      ->add_option("--last-crl-number", wanted->last_crl_number,
                   "The highest number of a CRL that was published; when not given, one that none "
                   "can have had is taken")
      ->check(CLI::Range(std::uint64_t{1}, static_cast<std::uint64_t>(server::kMostCrlNumber)))
      ->type_name("NUMBER");
  bring_back->footer(
      "Example:\n  signet ca restore --input signet.backup --passphrase-file backup.passphrase "
      "--directory /srv/signet");
  bring_back->callback([wanted, &context, &surroundings] {
    report(context, restore(*wanted, context, surroundings));
  });
}

}  // namespace signet::tool
