#include "apps/operator/secret_locks_command.h"

#include <algorithm>
#include <iomanip>

#include "apps/folder/authority_store.h"
#include "apps/operator/secret_locks.h"
#include "apps/operator/shared_tokens.h"
#include "apps/tool/report.h"
#include "apps/tool/serial_text.h"
#include "apps/tool/usage.h"

namespace signet::tool {
namespace {

std::string serial_of(const LockedSecret& secret) {
  return "0x" + secret.serial_number->to_hex();
}

/// Whose it is, for a person.
std::string owner_of(const LockedSecret& secret) {
  if (secret.serial_number) return "revocation of " + serial_of(secret);
  if (secret.identification.empty()) return "not told (token " + to_hex(secret.token_id) + ")";
  return printable(secret.identification);
}

Json to_json(const LockedSecret& secret) {
  Json json = Json::object();
  if (secret.serial_number) {
    json["serial_number"] = serial_of(secret);
  } else {
    json["identification"] = secret.identification;
  }
  json["token_id"] = to_hex(secret.token_id);
  json["place"] = secret.place;
  json["failures"] = secret.failures;
  json["since"] = signet::to_text(secret.since);
  json["until"] = signet::to_text(secret.until);
  return json;
}

void print_lock(std::ostream& out, const LockedSecret& secret) {
  out << std::left << std::setw(24) << owner_of(secret) << " wrong " << secret.failures
      << ", since " << signet::to_text(secret.since) << ", until " << signet::to_text(secret.until)
      << ", in " << printable(secret.place) << "\n";
}

Result<void> list_locks(const std::string& directory, Context& context, const Clock& clock) {
  const auto engine = TRY(open_authority_store(directory));
  Json locked = Json::array();
  for (const auto& secret : TRY(locked_secrets(directory, *engine, clock.now()))) {
    locked.push_back(to_json(secret));
    if (!context.json) print_lock(context.out, secret);
  }
  if (context.json) {
    write_json(context.out, {{"ok", true}, {"locked", locked}});
  } else if (locked.empty()) {
    context.err << "None is locked\n";
  }
  return {};
}

struct WantedSecret {
  std::string directory;
  std::string identification;
  std::string serial;
};

/// What the command line alone shows.
Result<void> check_wanted(const WantedSecret& wanted) {
  if (wanted.identification.empty() != wanted.serial.empty()) return {};
  return Error{Fault::bad_configuration, "give an IDENTIFICATION or --serial: one of them"};
}

Result<std::vector<LockedSecret>> find_locked(const WantedSecret& wanted,
                                              const store::Engine& engine, Time now) {
  std::optional<asn1::Integer> serial_number;
  if (!wanted.serial.empty()) serial_number = TRY(serial_from_text(wanted.serial));
  auto locked = TRY(locked_secrets(wanted.directory, engine, now));
  std::erase_if(locked, [&](const LockedSecret& secret) {
    return secret.serial_number != serial_number || !is_found_by(secret, wanted.identification);
  });
  if (!locked.empty()) return locked;
  return Error{Fault::unknown_identity,
               (wanted.serial.empty() ? "no secret of '" + wanted.identification + "'"
                                      : "no revocation secret of " + wanted.serial) +
                   " is locked; signet secret locks shows which are"};
}

/// One identification may have several: the one before in its directory, or one of the store.
Result<void> unlock(const WantedSecret& wanted, Context& context, const Clock& clock) {
  const auto engine = TRY(open_authority_store(wanted.directory));
  const auto locked = TRY(find_locked(wanted, *engine, clock.now()));
  Json unlocked = Json::array();
  for (const auto& secret : locked) {
    TRY(unlock_secret(wanted.directory, *engine, secret, clock));
    unlocked.push_back(to_json(secret));
    if (!context.json) context.out << "unlocked        " << owner_of(secret) << "\n";
  }
  if (context.json) write_json(context.out, {{"ok", true}, {"unlocked", unlocked}});
  return {};
}

CLI::App* add_command(CLI::App& secret, const std::string& name, const std::string& what,
                      std::string& directory) {
  auto* command = secret.add_subcommand(name, what);
  command->add_option("--directory", directory, "The authority's folder")
      ->required()
      ->type_name("DIR");
  return command;
}

}  // namespace

void add_secret_locks_command(CLI::App& secret, Context& context,
                              const Surroundings& surroundings) {
  auto directory = std::make_shared<std::string>();
  auto* command = add_command(
      secret, "locks", "Show which are locked after wrong proofs, wherever they are", *directory);
  command->callback([directory, &context, &surroundings] {
    report(context, list_locks(*directory, context, surroundings.clock));
  });
}

void add_secret_unlock_command(CLI::App& secret, Context& context,
                               const Surroundings& surroundings) {
  auto wanted = std::make_shared<WantedSecret>();
  auto* command =
      add_command(secret, "unlock", "Let one that is locked be proven again", wanted->directory);
  command->add_option("IDENTIFICATION", wanted->identification, "Whose it is");
  command
      ->add_option("--serial", wanted->serial,
                   "Certificate whose revocation secret it is, in hexadecimal")
      ->type_name("HEX")
      ->check(taken_by(serial_from_text));
  command->callback([wanted, &context, &surroundings] {
    check_usage(check_wanted(*wanted));
    report(context, unlock(*wanted, context, surroundings.clock));
  });
}

}  // namespace signet::tool
