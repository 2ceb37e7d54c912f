#include "apps/import/import_command.h"

#include <filesystem>
#include <memory>

#include "adapters/pkcs11/token_name.h"
#include "apps/folder/furnish_authority.h"
#include "apps/import/import_authority.h"
#include "apps/import/time_zone.h"
#include "apps/tool/credentials.h"
#include "apps/tool/report.h"
#include "apps/tool/usage.h"
#include "codec/pkix/name.h"

namespace signet::tool {
namespace {

void tell_taken_over(const Takeover& wanted, const TakenOver& taken, Context& context) {
  const auto folder = (std::filesystem::path{wanted.authority.directory} / "import").string();
  const auto next = "signetd --config " + taken.made.configuration;
  if (context.json) {
    Json json{{"ok", true}};
    json.update(to_json(taken.report));
    json["configuration"] = taken.made.configuration;
    json["report_folder"] = folder;
    json["next"] = next;
    return write_json(context.out, json);
  }
  print(context.out, taken.report);
  context.out << "report         " << folder << "\n"
              << "configuration  " << taken.made.configuration << "\n"
              << "next           " << next << "\n";
  if (!taken.report.secrets_closed) return;
  context.err
      << "The secrets for revocation stay closed until [revocation] protection_key names the "
         "key of Dogtag's issuance protection certificate.\n";
}

Result<void> run_import(Takeover wanted, Context& context, const Surroundings& surroundings) {
  if (pkcs11::is_token_name(wanted.key_file)) {
    wanted.authority.token = wanted.key_file;
    wanted.source_passphrase_file = wanted.authority.passphrase_file;
  }
  Progress progress(context, surroundings.clock);
  const auto taken = TRY(import_authority(wanted, surroundings, progress));
  tell_taken_over(wanted, taken, context);
  return {};
}

/// What the options alone show.
Result<void> check_sources(const Takeover& wanted) {
  const bool by_key = !wanted.key_file.empty() && !wanted.certificate_file.empty();
  if (!wanted.pkcs12_file.empty() || by_key) return {};
  return Error{Fault::bad_configuration,
               "the authority's key is needed: --pkcs12, or --key with --certificate"};
}

void add_sources(CLI::App& command, Takeover& wanted) {
  const auto option = [&](const char* name, auto& value, const char* what, const char* type) {
    return command.add_option(name, value, what)->type_name(type);
  };
  command.add_option("LDIF", wanted.ldif_file, "The export of Dogtag's directory (RFC 2849)")
      ->required();
  auto* pkcs12 = option("--pkcs12", wanted.pkcs12_file,
                        "The signing key with its certificate and chain, PKCS#12", "FILE");
  option("--key", wanted.key_file,
         "The signing key in place of --pkcs12: PEM or DER, or in a token, pkcs11:… or "
         "nss:FOLDER?nickname=NAME, where it stays",
         "FILE")
      ->check(taken_by(check_key_name))
      ->excludes(pkcs12);
  option("--certificate", wanted.certificate_file,
         "Certificate of --key, its chain after it; with --pkcs12, certificates of the chain that "
         "it lacks",
         "FILE");
  option("--source-passphrase-file", wanted.source_passphrase_file,
         "File whose first line opens --pkcs12 or --key", "FILE");
  option("--profiles", wanted.profiles,
         "Dogtag's folder of profiles (*.cfg); those that come with Signet when not given", "DIR");
  option("--time-zone", wanted.time_zone,
         "The zone of Dogtag's server, whose local times its records hold: Europe/Berlin; UTC when "
         "not given",
         "ZONE")
      ->check(taken_by(check_zone));
  option("--next-crl-number", wanted.next_crl_number,
         "Number of the next CRL; by the export when not given", "N");
  option("--protection-key", wanted.protection_key_file,
         "Key of Dogtag's issuance protection certificate: opens the records' revocation secrets",
         "FILE");
}

void add_destination(CLI::App& command, Takeover& wanted) {
  auto& authority = wanted.authority;
  const auto option = [&](const char* name, auto& value, const char* what, const char* type) {
    return command.add_option(name, value, what)->type_name(type);
  };
  option("--directory", authority.directory, "Where to put the authority; new or empty", "DIR")
      ->required();
  option("--passphrase-file", authority.passphrase_file,
         "Encrypt the authority's key; with a token, its PIN", "FILE");
  option("--host", authority.hosts, "Names and addresses of the server, for its TLS certificate",
         "NAME")
      ->check(taken_by(check_host));
  option("--address", authority.address, "The address to listen on", "ADDRESS")
      ->check(taken_by(check_address));
  option("--port", authority.port, "The port to listen on", "PORT")->check(CLI::Range(0, 65535));
  auto* tls = option("--tls-certificate", wanted.tls_certificate_file,
                     "The server's own TLS certificate, its chain after it; the authority makes "
                     "one when not given",
                     "FILE");
  auto* tls_key = option("--tls-key", wanted.tls_key_file, "Its key", "FILE")->needs(tls);
  tls->needs(tls_key);
  auto* agents = option("--agent-certificate", wanted.agent_certificate_files,
                        "Certificate of an agent of Dogtag's; may be given several times", "FILE");
  option("--agent", authority.agent, "Name of a first agent, made where none is given", "NAME")
      ->check(taken_by(pkix::name_from_text))
      ->excludes(agents);
}

}  // namespace

void add_import_command(CLI::App& app, Context& context, const Surroundings& surroundings) {
  auto wanted = std::make_shared<Takeover>();
  wanted->authority.made_by = "signet import dogtag";
  auto* import_from = app.add_subcommand("import", "Take over an authority from other software");
  import_from->require_subcommand(1);
  auto* command = import_from->add_subcommand(
      "dogtag", "Make an authority of Dogtag's key, profiles and directory");
  add_sources(*command, *wanted);
  add_destination(*command, *wanted);
  command->footer(
      "Started again after it was cut short, it goes on.\n"
      "Example:\n  signet import dogtag ca.ldif --pkcs12 ca.p12 --source-passphrase-file p12.pass "
      "--profiles /var/lib/pki/pki-tomcat/ca/profiles/ca --directory /srv/signet "
      "--host ca.example.org");
  command->callback([wanted, &context, &surroundings] {
    check_usage(check_sources(*wanted));
    report(context, run_import(*wanted, context, surroundings));
  });
}

}  // namespace signet::tool
