#include "apps/signet/secret_command.h"

#include <iomanip>

#include "adapters/files/file.h"
#include "adapters/files/secret_file.h"
#include "apps/signet/authority_store.h"
#include "apps/signet/credentials.h"
#include "apps/signet/duration.h"
#include "apps/signet/report.h"
#include "apps/signet/secret_options.h"
#include "apps/signet/serial_text.h"
#include "apps/signet/shared_tokens.h"
#include "proof/identity/token_rules.h"
#include "proof/identity/wrapped_secret.h"

namespace signet::tool {
namespace {

struct SecretCommand {
  std::string directory;
  std::string identification;
  std::string subject;
  std::string expires;
  std::size_t uses = 1;
  bool chosen = false;
  std::string secret_file;
  std::string out;
  std::string import_file;
  std::string certificate;
  std::string serial;
  std::string entry;
  bool oaep = false;
};

// ------------------------------------------------------------ create

Result<SecretBytes> obtain_secret(const SecretCommand& command, RandomSource& random) {
  if (!command.chosen && command.secret_file.empty()) return proof::generate_secret(random);
  auto secret = TRY(read_shared_secret({.identity = {}, .secret_file = command.secret_file}));
  TRY(proof::check_chosen_secret(secret, command.identification));
  return secret;
}

Json token_to_json(const store::SharedToken& token) {
  Json json{{"identification", token.identification},
            {"subject", token.subject},
            {"created_at", signet::to_text(token.created_at)},
            {"uses_allowed", token.uses_allowed}};
  json["expires_at"] = token.expires_at ? Json(signet::to_text(*token.expires_at)) : Json();
  return json;
}

void print_created(const SecretCommand& command, const store::SharedToken& token,
                   const SecretBytes& secret, Context& context) {
  const bool generated = !command.chosen && command.secret_file.empty();
  const bool shown = generated && command.out.empty();
  if (context.json) {
    auto json = token_to_json(token);
    json["ok"] = true;
    if (shown) json["secret"] = std::string(secret.text());
    if (!command.out.empty()) json["secret_file"] = command.out;
    return write_json(context.out, json);
  }
  context.out << "identification  " << printable(token.identification) << "\n";
  if (shown) context.out << "secret          " << secret.text() << "\n";
  if (!command.out.empty()) context.out << "secret          in " << command.out << "\n";
  context.err << "Hand both to their owner over a channel that you trust; the secret is not shown "
                 "again. Next, on the owner's machine:\n  signet enroll --url … --ca ca.pem "
                 "--identity "
              << printable(token.identification) << " --secret-file FILE --output DIR\n";
}

Result<void> create(const SecretCommand& command, Context& context,
                    const Surroundings& surroundings) {
  std::optional<Time> expires_at;
  if (!command.expires.empty()) {
    expires_at = surroundings.clock.now() + TRY(duration_from_text(command.expires));
  }
  const auto tokens = TRY(open_tokens(command.directory));
  const auto secret = TRY(obtain_secret(command, surroundings.random));
  const auto token = TRY(add_token(tokens,
                                   {.identification = command.identification,
                                    .secret = secret,
                                    .subject = command.subject,
                                    .expires_at = expires_at,
                                    .uses_allowed = command.uses},
                                   surroundings));
  if (!command.out.empty()) TRY(files::write_secret_file(command.out, secret.view()));
  print_created(command, token, secret, context);
  return {};
}

// ------------------------------------------------------------ list

std::string state_of(const store::SharedToken& token, const store::TokenHistory& history,
                     Time now) {
  if (token.revoked) return "revoked";
  if (token.uses_allowed != 0 && history.uses >= token.uses_allowed) return "used up";
  if (token.expires_at && *token.expires_at < now) return "expired";
  return "in force";
}

void print_token(std::ostream& out, const store::SharedToken& token,
                 const store::TokenHistory& history, const std::string& state) {
  out << std::left << std::setw(10) << state << std::setw(24) << printable(token.identification)
      << " used " << history.uses << " of "
      << (token.uses_allowed == 0 ? "any" : std::to_string(token.uses_allowed)) << ", wrong "
      << history.failures << ", "
      << (token.expires_at ? "until " + signet::to_text(*token.expires_at) : "no expiry");
  if (!token.subject.empty()) out << ", " << printable(token.subject);
  out << "\n";
}

Result<void> list_secrets(const SecretCommand& command, Context& context,
                          const Surroundings& surroundings) {
  const auto engine = TRY(open_authority_store(command.directory));
  Json secrets = Json::array();
  for (const auto& token : TRY(engine->list_tokens())) {
    const auto history = TRY(engine->token_history(token.id));
    const auto state = state_of(token, history, surroundings.clock.now());
    auto json = token_to_json(token);
    json["state"] = state;
    json["uses"] = history.uses;
    json["failures"] = history.failures;
    secrets.push_back(std::move(json));
    if (!context.json) print_token(context.out, token, history, state);
  }
  if (context.json) write_json(context.out, {{"ok", true}, {"secrets", secrets}});
  return {};
}

// ------------------------------------------------------------ revoke, import

Result<void> revoke_secret(const SecretCommand& command, Context& context, const Clock& clock) {
  TRY(revoke_token(command.directory, command.identification, clock));
  if (context.json) {
    write_json(context.out, {{"ok", true}, {"identification", command.identification}});
  } else {
    context.out << "revoked         " << printable(command.identification) << "\n";
  }
  return {};
}

/// All of the file, or, when one line will not do, none of it.
Result<void> import_secrets(const SecretCommand& command, Context& context,
                            const Surroundings& surroundings) {
  const auto tokens = TRY(open_tokens(command.directory));
  const auto file = TRY(files::SecretFile::read(command.import_file));
  for (const auto& [identification, entry] : file.entries()) {
    auto checked = proof::check_chosen_secret(entry.secret, identification);
    if (checked.ok()) checked = check_token_subject(entry.subject);
    if (!checked.ok()) {
      return Error{checked.error().fault, "'" + identification + "': " + checked.error().detail};
    }
    if (TRY(tokens.engine->find_token(identification))) {
      return Error{Fault::already_exists,
                   "a secret for '" + identification + "' stands already: nothing was imported"};
    }
  }
  for (const auto& [identification, entry] : file.entries()) {
    TRY(add_token(
        tokens,
        {.identification = identification, .secret = entry.secret, .subject = entry.subject},
        surroundings));
  }
  if (context.json) {
    write_json(context.out, {{"ok", true}, {"imported", file.entries().size()}});
  } else {
    context.out << "imported        " << file.entries().size() << " secrets\n";
  }
  return {};
}

// ------------------------------------------------------------ revocation

Result<asn1::Integer> serial_number_of(const SecretCommand& command) {
  if (command.certificate.empty() == command.serial.empty()) {
    return Error{Fault::bad_configuration, "give --certificate or --serial"};
  }
  if (command.certificate.empty()) return serial_from_text(command.serial);
  const auto certificates = TRY(read_certificates_file(command.certificate));
  return certificates.front()->serial_number;
}

/// The secret by which a certificate may be revoked, made here or chosen by its owner.
Result<void> register_revocation(const SecretCommand& command, Context& context,
                                 const Surroundings& surroundings) {
  const auto serial_number = TRY(serial_number_of(command));
  const auto secret = TRY(obtain_secret(command, surroundings.random));
  TRY(put_revocation_secret(command.directory, serial_number, secret, surroundings));
  if (!command.out.empty()) TRY(files::write_secret_file(command.out, secret.view()));
  const auto serial = "0x" + serial_number.to_hex();
  const bool shown = command.secret_file.empty() && !command.chosen && command.out.empty();
  if (context.json) {
    Json json{{"ok", true}, {"serial_number", serial}};
    if (shown) json["secret"] = std::string(secret.text());
    if (!command.out.empty()) json["secret_file"] = command.out;
    write_json(context.out, json);
    return {};
  }
  context.out << "certificate     " << serial << "\n";
  if (shown) context.out << "secret          " << secret.text() << "\n";
  if (!command.out.empty()) context.out << "secret          in " << command.out << "\n";
  //= E122 RFC 10002 §6.11: the secret of one certificate is not that of another
  context.err << "Whoever knows it revokes this certificate, once: `signet revoke --secret-file`. "
                 "Use it for no other certificate.\n";
  return {};
}

// ------------------------------------------------------------ wrap

/// For a directory: only the holder of the issuance protection key opens it.
Result<void> wrap(const SecretCommand& command, Context& context,
                  const Surroundings& surroundings) {
  const auto certificates = TRY(read_certificates_file(command.certificate));
  const auto& info = certificates.front()->subject_public_key_info;
  const auto protection = TRY(crypto::PublicKey::from(info));
  const auto secret = TRY(read_shared_secret({.identity = {}, .secret_file = command.secret_file}));
  const auto transport =
      command.oaep ? proof::SecretTransport::oaep : proof::SecretTransport::pkcs1;
  const auto value = TRY(proof::wrap_secret(secret, protection, surroundings.random, transport));
  if (context.json) {
    write_json(context.out, {{"ok", true}, {"value", value}});
  } else if (command.entry.empty()) {
    context.out << value << "\n";
  } else {
    context.out << "dn: " << printable(command.entry)
                << "\nchangetype: modify\nreplace: shrTok\nshrTok: " << value << "\n";
  }
  return {};
}

// ------------------------------------------------------------ the command line

CLI::App* add_secret_subcommand(CLI::App& parent, const char* name, const char* what,
                                SecretCommand& command) {
  auto* below = parent.add_subcommand(name, what);
  below->add_option("--directory", command.directory, "The authority's folder")
      ->required()
      ->type_name("DIR");
  return below;
}

void add_identification(CLI::App& below, SecretCommand& command) {
  below.add_option("IDENTIFICATION", command.identification, "Who it is for")->required();
}

void add_create_options(CLI::App& below, SecretCommand& command) {
  below
      .add_option("--subject", command.subject,
                  "Name in the certificates that it brings; UID=IDENTIFICATION when not given")
      ->type_name("NAME");
  below.add_option("--expires", command.expires, "When it ends: 30d, 12h, 90m")
      ->type_name("DURATION");
  below
      .add_option("--uses", command.uses,
                  "For how many messages that were granted; 0: without limit")
      ->type_name("N")
      ->capture_default_str();
  auto* chosen =
      below.add_flag("--chosen", command.chosen,
                     "Take a secret that somebody chose, from SIGNET_SECRET or typed in");
  below
      .add_option("--secret-file", command.secret_file,
                  "Take a secret that somebody chose: the first line of this file")
      ->type_name("FILE")
      ->excludes(chosen);
  below.add_option("--out", command.out, "Write the secret here (mode 0600) instead of showing it")
      ->type_name("FILE");
}

}  // namespace

void add_secret_command(CLI::App& app, Context& context, const Surroundings& surroundings) {
  auto command = std::make_shared<SecretCommand>();
  auto* secret = app.add_subcommand("secret", "Shared secrets for those without a certificate");
  secret->require_subcommand(1);

  auto* creating = add_secret_subcommand(*secret, "create", "Make a secret for somebody", *command);
  add_identification(*creating, *command);
  add_create_options(*creating, *command);
  creating->footer("Example:\n  signet secret create alice --directory /srv/signet --expires 30d");
  creating->callback([command, &context, &surroundings] {
    report(context, create(*command, context, surroundings));
  });

  auto* listing =
      add_secret_subcommand(*secret, "list", "Show them all, but no secret itself", *command);
  listing->callback([command, &context, &surroundings] {
    report(context, list_secrets(*command, context, surroundings));
  });

  auto* revoking = add_secret_subcommand(*secret, "revoke", "Take a secret back", *command);
  add_identification(*revoking, *command);
  revoking->callback([command, &context, &surroundings] {
    report(context, revoke_secret(*command, context, surroundings.clock));
  });

  auto* wrapping = secret->add_subcommand(
      "wrap", "Wrap a secret for a directory, as CMCSharedToken does (attribute shrTok)");
  wrapping
      ->add_option("--certificate", command->certificate,
                   "The issuance protection certificate (RSA), PEM or DER")
      ->required()
      ->type_name("FILE");
  wrapping
      ->add_option("--secret-file", command->secret_file,
                   "The secret: first line of this file (else SIGNET_SECRET, else asked for)")
      ->type_name("FILE");
  wrapping->add_option("--ldif", command->entry, "Print a change of this entry for ldapmodify")
      ->type_name("DN");
  wrapping->add_flag("--oaep", command->oaep,
                     "Wrap by RSAES-OAEP ([ldap] key_transport = \"oaep\")");
  wrapping->callback([command, &context, &surroundings] {
    report(context, wrap(*command, context, surroundings));
  });

  auto* revocation = add_secret_subcommand(
      *secret, "revocation", "Register the secret by which a certificate may be revoked", *command);
  revocation->add_option("--certificate", command->certificate, "The certificate: PEM or DER")
      ->type_name("FILE");
  revocation->add_option("--serial", command->serial, "Or its serial number, in hexadecimal")
      ->type_name("HEX");
  revocation
      ->add_option("--secret-file", command->secret_file,
                   "Take a secret that its owner chose: the first line of this file")
      ->type_name("FILE");
  revocation
      ->add_option("--out", command->out, "Write the secret here (mode 0600) instead of showing it")
      ->type_name("FILE");
  revocation->callback([command, &context, &surroundings] {
    report(context, register_revocation(*command, context, surroundings));
  });

  auto* importing =
      add_secret_subcommand(*secret, "import", "Take over many from a file", *command);
  importing
      ->add_option("FILE", command->import_file,
                   "Lines of identification, tab, secret[, tab, name]")
      ->required();
  importing->callback([command, &context, &surroundings] {
    report(context, import_secrets(*command, context, surroundings));
  });
}

}  // namespace signet::tool
