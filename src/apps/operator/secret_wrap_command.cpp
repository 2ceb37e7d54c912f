#include "apps/operator/secret_wrap_command.h"

#include "apps/tool/credentials.h"
#include "apps/tool/report.h"
#include "apps/tool/secret_options.h"
#include "apps/tool/usage.h"
#include "proof/identity/wrapped_secret.h"

namespace signet::tool {
namespace {

struct WrapCommand {
  std::string certificate;
  std::string secret_file;
  std::string entry;
  bool oaep = false;
};

/// Which attributes a directory knows is its own.
Result<void> check_entry(const std::string& name) {
  const auto equals = name.find('=');
  if (equals != 0 && equals != std::string::npos) return {};
  return Error{Fault::malformed,
               "\"" + name + "\" is no entry's name, as uid=alice,ou=people,dc=example"};
}

/// For a directory: only the holder of the issuance protection key opens it.
Result<void> wrap(const WrapCommand& wanted, Context& context, RandomSource& random) {
  const auto certificates = TRY(read_certificates_file(wanted.certificate));
  const auto& info = certificates.front()->subject_public_key_info;
  const auto protection = TRY(crypto::PublicKey::from(info));
  const auto secret = TRY(read_shared_secret({.identity = {}, .secret_file = wanted.secret_file}));
  const auto transport = wanted.oaep ? proof::SecretTransport::oaep : proof::SecretTransport::pkcs1;
  const auto value = TRY(proof::wrap_secret(secret, protection, random, transport));
  if (context.json) {
    write_json(context.out, {{"ok", true}, {"value", value}});
  } else if (wanted.entry.empty()) {
    context.out << value << "\n";
  } else {
    context.out << "dn: " << printable(wanted.entry)
                << "\nchangetype: modify\nreplace: shrTok\nshrTok: " << value << "\n";
  }
  return {};
}

}  // namespace

void add_secret_wrap_command(CLI::App& secret, Context& context, const Surroundings& surroundings) {
  auto wanted = std::make_shared<WrapCommand>();
  auto* command = secret.add_subcommand(
      "wrap", "Wrap a secret for a directory, as CMCSharedToken does (attribute shrTok)");
  command
      ->add_option("--certificate", wanted->certificate,
                   "The issuance protection certificate (RSA), PEM or DER")
      ->required()
      ->type_name("FILE");
  command
      ->add_option("--secret-file", wanted->secret_file,
                   "The secret: first line of this file (else SIGNET_SECRET, else asked for)")
      ->type_name("FILE");
  command->add_option("--ldif", wanted->entry, "Print a change of this entry for ldapmodify")
      ->type_name("DN")
      ->check(taken_by(check_entry));
  command->add_flag("--oaep", wanted->oaep, "Wrap by RSAES-OAEP ([ldap] key_transport = \"oaep\")");
  command->callback([wanted, &context, &surroundings] {
    report(context, wrap(*wanted, context, surroundings.random));
  });
}

}  // namespace signet::tool
