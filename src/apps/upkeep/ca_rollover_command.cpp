#include "apps/upkeep/ca_rollover_command.h"

#include "adapters/pkcs11/token_name.h"
#include "apps/tool/progress.h"
#include "apps/tool/report.h"
#include "apps/tool/usage.h"
#include "apps/upkeep/rollover.h"
#include "base/encoding.h"
#include "crypto/digest.h"

namespace signet::tool {
namespace {

struct RolloverCommand {
  std::string directory;
  WantedKey key;
  bool dry_run = false;
};

constexpr const char* kRolloverFooter =
    "Examples:\n"
    "  signet ca rollover --directory /srv/signet --dry-run\n"
    "  signet ca rollover --directory /srv/signet --key ec:p384\n"
    "The old key stays: it signs CRLs and OCSP delegations about what it issued.";

std::string step_after_rollover(const RolloverPlan& plan, const std::string& directory) {
  if (plan.kind == RolloverKind::root) {
    return "restart signetd; once clients trust the new root: signet ca renew tls cmc "
           "--directory " +
           directory;
  }
  return "have the authority above sign " + plan.request_file +
         ", then: signet ca install-certificate --directory " + directory +
         " --certificate FILE --chain FILE";
}

std::vector<std::string> files_of(const RolloverPlan& plan) {
  const auto& generation = plan.generation;
  std::vector<std::string> files;
  if (plan.key.token.empty()) files.push_back(generation.key);
  if (!plan.request_file.empty()) files.push_back(plan.request_file);
  if (plan.kind == RolloverKind::root) {
    files.push_back(generation.certificate);
    files.push_back(generation.cross_certificates);
  }
  return files;
}

Json rollover_to_json(const RolloverCommand& command, const RolloverPlan& plan,
                      const RolledOver* done) {
  Json json{{"ok", true},
            {"dry_run", command.dry_run},
            {"kind", plan.kind == RolloverKind::root ? "root" : "subordinate"},
            {"subject", pkix::to_text(plan.old_certificate->subject)},
            {"key", plan.key.kind},
            {"files", files_of(plan)},
            {"first_crl_shard", plan.generation.first_crl_shard},
            {"left", plan.left}};
  if (done != nullptr && done->certificate) {
    json["sha256"] = to_hex(crypto::sha256(done->certificate->der));
    json["not_after"] = signet::to_text((*done->certificate)->validity.not_after);
  }
  json["next"] =
      command.dry_run ? "the same without --dry-run" : step_after_rollover(plan, command.directory);
  return json;
}

void print_plan(const RolloverCommand& command, const RolloverPlan& plan, Context& context) {
  const bool dry = command.dry_run;
  context.out << "authority      " << printable(pkix::to_text(plan.old_certificate->subject))
              << (plan.kind == RolloverKind::root ? ", a root" : ", below another authority")
              << "\n"
              << (dry ? "would make     " : "made           ") << plan.key.kind
              << " key and, for it:\n";
  for (const auto& file : files_of(plan)) context.out << "               " << file << "\n";
  context.out << "CRLs           of the new key from shard " << plan.generation.first_crl_shard
              << " on; those of the old key are published on\n";
}

void print_rollover(const RolloverCommand& command, const RolloverPlan& plan,
                    const RolledOver* done, Context& context) {
  if (context.json) return write_json(context.out, rollover_to_json(command, plan, done));
  for (const auto& file : plan.left) {
    context.err << "Beside it stays " << printable(file)
                << ", of a roll-over that did not end or was given up: nothing here uses it; find "
                   "out whether its key was certified before you remove it\n";
  }
  print_plan(command, plan, context);
  if (done != nullptr && done->certificate) {
    const auto& fresh = *done->certificate;
    context.out << "new root       until " << signet::to_text(fresh->validity.not_after) << "\n"
                << "               SHA-256 " << to_hex(crypto::sha256(fresh.der)) << "\n";
  }
  context.out << "next           "
              << (command.dry_run ? "the same without --dry-run"
                                  : step_after_rollover(plan, command.directory))
              << "\n";
}

Result<void> roll(const RolloverCommand& command, Context& context, const Clock& clock) {
  const auto folder = TRY(read_authority_folder(command.directory));
  const auto plan = TRY(plan_rollover(folder, command.key, clock));
  if (command.dry_run) {
    print_rollover(command, plan, nullptr, context);
    return {};
  }
  Progress progress(context, clock);
  if (plan.key.token.empty()) progress.start("making the key of kind " + plan.key.kind);
  const auto done = TRY(roll_over(folder, plan, clock));
  progress.finish();
  print_rollover(command, plan, &done, context);
  return {};
}

}  // namespace

void add_ca_rollover_command(CLI::App& ca, Context& context, const Surroundings& surroundings) {
  auto wanted = std::make_shared<RolloverCommand>();
  auto* command = ca.add_subcommand("rollover", "Give the authority another key");
  const auto option = [&](const char* name, std::string& value, const char* what,
                          const char* type) {
    return command->add_option(name, value, what)->type_name(type);
  };
  option("--directory", wanted->directory, "Folder of the authority", "DIR")->required();
  option("--key", wanted->key.kind, "The new key; of the present one's kind when not given", "KIND")
      ->check(taken_by(check_key_kind));
  option("--passphrase-file", wanted->key.passphrase_file,
         "Encrypts the new key (with --pkcs11, the PIN); the present one's when not given", "FILE");
  option("--pkcs11", wanted->key.token, "Make the new key in a token", "URI")
      ->check(taken_by(pkcs11::read_token_name));
  command->add_flag("--dry-run", wanted->dry_run, "Say what would be done, and do nothing");
  command->footer(kRolloverFooter);
  command->callback([wanted, &context, &surroundings] {
    report(context, roll(*wanted, context, surroundings.clock));
  });
}

}  // namespace signet::tool
