#include "apps/enrollment/confirm_command.h"

#include "apps/exchange/confirmation.h"
#include "apps/tool/report.h"
#include "apps/tool/secret_options.h"
#include "apps/tool/usage.h"

namespace signet::tool {
namespace {

struct ConfirmOptions {
  ServerOptions server;
  SignerOptions signer;
  SecretOptions secret;
  std::string certificate;
  bool reject = false;
};

constexpr const char* kConfirmFooter =
    "Example:\n"
    "  signet confirm --url https://ca.example.org:8443 --ca ca.pem --certificate new.pem \\\n"
    "    --signer new.pem --signer-key new.key";

Result<void> confirm(const ConfirmOptions& options, Context& context,
                     const Surroundings& surroundings) {
  const auto trust = TRY(read_trust(options.server.anchors));
  const auto requester =
      TRY(find_requester(options.signer, options.secret, Form::pkcs10, surroundings.random));
  const auto certificates = TRY(read_certificates_file(options.certificate));
  const auto& certificate = certificates.front();
  TRY(send_confirmation({options.server, trust, context, surroundings}, certificate,
                        !options.reject, requester, nullptr));
  const auto serial = "0x" + certificate->serial_number.to_hex();
  const std::string_view what = options.reject ? "rejected" : "confirmed";
  if (context.json) {
    write_json(context.out, {{"ok", true}, {"serial_number", serial}, {"said", what}});
  } else {
    context.out << what << std::string(16 - what.size(), ' ') << serial << "\n";
  }
  return {};
}

}  // namespace

void add_confirm_command(CLI::App& app, Context& context, const Surroundings& surroundings) {
  auto options = std::make_shared<ConfirmOptions>();
  auto* command = app.add_subcommand("confirm", "Say that a certificate is taken, or not");
  add_server_options(*command, options->server);
  add_signer_options(*command, options->signer);
  add_secret_holder_options(*command, options->secret);
  command->add_option("--certificate", options->certificate, "The certificate: PEM or DER")
      ->required()
      ->type_name("FILE");
  command->add_flag("--reject", options->reject,
                    "It is not what was wanted: the authority withdraws it");
  command->footer(kConfirmFooter);
  command->callback([options, &context, &surroundings] {
    check_usage(check_server(options->server));
    check_usage(check_requester(options->signer, options->secret, Form::pkcs10));
    report(context, confirm(*options, context, surroundings));
  });
}

}  // namespace signet::tool
