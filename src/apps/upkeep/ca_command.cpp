#include "apps/upkeep/ca_command.h"

#include <filesystem>
#include <memory>

#include "adapters/pkcs11/token_name.h"
#include "apps/folder/authority_store.h"
#include "apps/folder/find_profiles.h"
#include "apps/folder/furnish_authority.h"
#include "apps/folder/new_authority.h"
#include "apps/tool/progress.h"
#include "apps/tool/report.h"
#include "apps/tool/shell_word.h"
#include "apps/tool/usage.h"
#include "apps/upkeep/ca_backup_command.h"
#include "apps/upkeep/ca_install_command.h"
#include "apps/upkeep/ca_renew_command.h"
#include "apps/upkeep/ca_republish_command.h"
#include "apps/upkeep/ca_rollover_command.h"
#include "apps/upkeep/ca_status_command.h"
#include "apps/upkeep/listening_place.h"
#include "apps/upkeep/subordinate_authority.h"
#include "codec/pkix/name.h"

namespace signet::tool {
namespace {

/// A token may ask for its PIN meanwhile, at the same terminal.
void say_at_work(const NewAuthority& wanted, Progress& progress) {
  if (wanted.token.empty()) progress.start("making keys, the authority's of kind " + wanted.key);
}

/// The first agent asks for somebody: what a new authority is tried with.
std::string first_enrollment(const NewAuthority& wanted, const MadeAuthority& made) {
  return "signet enroll --url " + server_url(wanted) + " --ca " + shell_word(made.certificate) +
         " --signer " + shell_word(made.agent_certificate) + " --signer-key " +
         shell_word(made.agent_key) + " --subject \"CN=Alice Example\" --output alice";
}

/// Those that were copied and that the server will leave out. What else is doubtful in them,
/// `signet profile check` tells.
Result<std::vector<std::string>> tell_profiles_not_offered(const std::string& folder,
                                                           Context& context) {
  auto errors = TRY(profiles_not_offered(folder));
  if (context.json || errors.empty()) return errors;
  for (const auto& error : errors) {
    context.err << "Warning: not offered: " << printable(error) << "\n";
  }
  context.err << "Mend these, or write enable=false into them; all that is wrong or doubtful: "
                 "signet profile check "
              << printable(folder) << "\n";
  return errors;
}

Result<void> init(const NewAuthority& wanted, Context& context) {
  const SystemClock clock;
  Progress progress(context, clock);
  say_at_work(wanted, progress);
  const auto made = TRY(make_authority(wanted, clock));
  progress.finish();
  const auto next = "signetd --config " + made.configuration;
  const auto copied = std::filesystem::path(wanted.directory) / "profiles";
  const auto not_offered = TRY(tell_profiles_not_offered(copied.string(), context));
  if (context.json) {
    write_json(context.out, {{"ok", true},
                             {"profiles_not_offered", not_offered},
                             {"configuration", made.configuration},
                             {"certificate", made.certificate},
                             {"agent_certificate", made.agent_certificate},
                             {"agent_key", made.agent_key},
                             {"agent_pkcs12", made.agent_pkcs12},
                             {"listens", listening_place(wanted)},
                             {"next", next}});
    return {};
  }
  context.out << "authority      " << wanted.subject << "  (" << made.certificate << ")\n"
              << "first agent    " << wanted.agent << "  (" << made.agent_certificate << ", "
              << made.agent_pkcs12 << ")\n"
              << "configuration  " << made.configuration << "\n"
              << "listens        " << listening_text(wanted, made.configuration) << "\n"
              << "next           " << next << "\n"
              << "then           " << first_enrollment(wanted, made) << "\n";
  return {};
}

Result<void> init_subordinate(const NewAuthority& wanted, Context& context) {
  const SystemClock clock;
  Progress progress(context, clock);
  say_at_work(wanted, progress);
  const auto made = TRY(make_subordinate(wanted));
  progress.finish();
  const auto next = "signet ca install-certificate --directory " + wanted.directory +
                    " --certificate FILE --chain FILE";
  const auto profiles = TRY(find_profiles(wanted.profiles));  // copied when its certificate comes
  const auto not_offered = TRY(tell_profiles_not_offered(profiles, context));
  if (context.json) {
    write_json(context.out, {{"ok", true},
                             {"profiles_not_offered", not_offered},
                             {"request", made.request_file},
                             {"next", next}});
    return {};
  }
  context.out << "authority      " << wanted.subject << ", which waits for its certificate\n"
              << "request        " << made.request_file << "\n"
              << "next           have another authority sign the request as an authority's "
                 "(basicConstraints cA, keyUsage keyCertSign and cRLSign), then:\n"
              << "               " << next << "\n";
  return {};
}

/// An issuer has a name (RFC 5280 §4.1.2.4).
Result<void> check_subject(const std::string& text) {
  TRY(pkix::name_from_text(text));
  if (!text.empty()) return {};
  return Error{Fault::malformed,
               "--subject: an authority has a name; write one, as \"CN=Example CA,O=Example\""};
}

}  // namespace

void add_ca_command(CLI::App& app, Context& context, const Surroundings& surroundings) {
  auto wanted = std::make_shared<NewAuthority>();
  auto* ca = app.add_subcommand("ca", "Make an authority, look after its keys, back it up");
  ca->require_subcommand(1);
  auto* command = ca->add_subcommand(
      "init", "Make an authority, its TLS certificate, first agent, store and configuration");
  const auto option = [&](const char* name, auto& value, const char* what, const char* type) {
    return command->add_option(name, value, what)->type_name(type)->capture_default_str();
  };
  option("--directory", wanted->directory, "Where to put it; new or empty", "DIR")->required();
  option("--subject", wanted->subject, "The authority's name", "NAME")
      ->check(taken_by(check_subject));
  option("--key", wanted->key, "The authority's key: ec:p256, ec:p384, rsa:3072, rsa:4096, …",
         "KIND")
      ->check(taken_by(check_key_kind));
  option("--passphrase-file", wanted->passphrase_file,
         "Encrypt the authority's key; with --pkcs11, the token's PIN", "FILE");
  option("--pkcs11", wanted->token,
         "Make the authority's key in a token, where it stays: "
         "\"pkcs11:token=…;object=LABEL?module-path=…\"",
         "URI")
      ->check(taken_by(pkcs11::read_token_name));
  option("--host", wanted->hosts, "Names and addresses of the server, for its TLS certificate",
         "NAME")
      ->check(taken_by(check_host));
  option("--address", wanted->address, "The address to listen on", "ADDRESS")
      ->check(taken_by(check_address));
  option("--port", wanted->port, "The port to listen on", "PORT")->check(CLI::Range(0, 65535));
  option("--agent", wanted->agent, "The first agent's name", "NAME")
      ->check(taken_by(pkix::name_from_text));
  option("--store", wanted->store,
         "A PostgreSQL database that several nodes share: postgresql://…; else a file", "URI")
      ->check(taken_by(check_database));
  option("--profiles", wanted->profiles, "Folder of enrollment profiles to copy", "DIR");
  auto subordinate = std::make_shared<bool>(false);
  command->add_flag("--subordinate", *subordinate,
                    "Make key and request only: another authority is to certify this one");
  command->footer(
      "Example:\n  signet ca init --directory /srv/signet --subject \"CN=Example CA,O=Example\" "
      "--host ca.example.org");
  command->callback([wanted, subordinate, &context] {
    report(context, *subordinate ? init_subordinate(*wanted, context) : init(*wanted, context));
  });
  add_ca_install_command(*ca, context);
  add_ca_status_command(*ca, context, surroundings);
  add_ca_renew_command(*ca, context, surroundings);
  add_ca_rollover_command(*ca, context, surroundings);
  add_ca_backup_commands(*ca, context, surroundings);
  add_ca_republish_command(*ca, context, surroundings);
}

}  // namespace signet::tool
