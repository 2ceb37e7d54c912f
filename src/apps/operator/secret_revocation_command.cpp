#include "apps/operator/secret_revocation_command.h"

#include "apps/operator/handed_out_secret.h"
#include "apps/operator/shared_tokens.h"
#include "apps/tool/credentials.h"
#include "apps/tool/report.h"
#include "apps/tool/serial_text.h"
#include "apps/tool/telling_stream.h"
#include "apps/tool/usage.h"

namespace signet::tool {
namespace {

struct RevocationCommand {
  std::string directory;
  std::string certificate;
  std::string serial;
  HandedOutSecret handed_out;
};

/// What the options alone show.
Result<void> check_revocation(const RevocationCommand& wanted) {
  if (wanted.certificate.empty() != wanted.serial.empty()) return {};
  return Error{Fault::bad_configuration, "give --certificate or --serial: one of them"};
}

Result<asn1::Integer> serial_number_of(const RevocationCommand& wanted) {
  if (wanted.certificate.empty()) return serial_from_text(wanted.serial);
  const auto certificates = TRY(read_certificates_file(wanted.certificate));
  return certificates.front()->serial_number;
}

/// The secret by which a certificate may be revoked, made here or chosen by its owner.
Result<void> register_revocation(const RevocationCommand& wanted, Context& context,
                                 const Surroundings& surroundings) {
  const auto serial_number = TRY(serial_number_of(wanted));
  const auto secret = TRY(obtain_secret(wanted.handed_out, "", surroundings.random));
  auto kept = TRY(KeptSecret::keep(wanted.handed_out, secret));
  tell_of_left(kept, context.err);
  const auto put = put_revocation_secret(wanted.directory, serial_number, secret, surroundings);
  if (!put.ok()) return kept.give_up(put.error());
  TRY(kept.put_in_place());
  const auto serial = "0x" + serial_number.to_hex();
  auto& out = telling_stream(context, {wanted.handed_out.out});
  if (context.json) {
    Json json{{"ok", true}, {"serial_number", serial}};
    tell_secret(wanted.handed_out, secret, json);
    write_json(out, json);
    return {};
  }
  out << "certificate     " << serial << "\n";
  print_secret(wanted.handed_out, secret, out);
  //= E122 RFC 10002 §6.11: the secret of one certificate is not that of another
  context.err << "Whoever knows it revokes this certificate, once: `signet revoke --secret-file`. "
                 "Use it for no other certificate.\n";
  return {};
}

}  // namespace

void add_secret_revocation_command(CLI::App& secret, Context& context,
                                   const Surroundings& surroundings) {
  auto wanted = std::make_shared<RevocationCommand>();
  auto* command = secret.add_subcommand(
      "revocation", "Register the secret by which a certificate may be revoked");
  command->add_option("--directory", wanted->directory, "The authority's folder")
      ->required()
      ->type_name("DIR");
  command->add_option("--certificate", wanted->certificate, "The certificate: PEM or DER")
      ->type_name("FILE");
  command->add_option("--serial", wanted->serial, "Or its serial number, in hexadecimal")
      ->type_name("HEX")
      ->check(taken_by(serial_from_text));
  command
      ->add_option("--secret-file", wanted->handed_out.secret_file,
                   "Take a secret that its owner chose: the first line of this file")
      ->type_name("FILE");
  add_out_option(*command, wanted->handed_out);
  command->callback([wanted, &context, &surroundings] {
    check_usage(check_revocation(*wanted));
    report(context, register_revocation(*wanted, context, surroundings));
  });
}

}  // namespace signet::tool
