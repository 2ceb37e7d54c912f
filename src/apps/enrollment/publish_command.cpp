#include "apps/enrollment/publish_command.h"

#include <algorithm>

#include "apps/exchange/controls_exchange.h"
#include "apps/tool/report.h"
#include "apps/tool/usage.h"
#include "client/follow_up.h"

namespace signet::tool {
namespace {

struct PublishOptions {
  ServerOptions server;
  SignerOptions signer;
  std::vector<std::string> certificates;
  client::Publishing what = client::Publishing::wanted;
};

constexpr const char* kPublishFooter =
    "Examples:\n"
    "  signet publish --url https://ca.example.org:8443 --ca ca.pem --signer me.pem \\\n"
    "    --signer-key me.key --certificate me.pem\n"
    "  signet publish --withdraw --url https://ca.example.org:8443 --ca ca.pem \\\n"
    "    --signer agent.pem --signer-key agent.key --certificate alice.pem";

Result<std::vector<pkix::Certificate>> certificates_named(const PublishOptions& options) {
  std::vector<pkix::Certificate> all;
  for (const auto& file : options.certificates) {
    all.push_back(TRY(read_certificates_file(file)).front());
  }
  return all;
}

/// The authority looks for no hash in all that it ever issued.
void bring_along(const std::vector<pkix::Certificate>& certificates, Signer& signer) {
  auto& chain = signer.chain;
  for (const auto& each : certificates) {
    const bool is_there =
        each == signer.certificate || std::find(chain.begin(), chain.end(), each) != chain.end();
    if (!is_there) chain.push_back(each);
  }
}

void print_told(const Context& context, const std::vector<pkix::Certificate>& certificates,
                std::string_view what) {
  if (context.json) {
    Json serials = Json::array();
    for (const auto& each : certificates) serials.push_back("0x" + each->serial_number.to_hex());
    return write_json(context.out, {{"ok", true}, {"said", what}, {"serial_numbers", serials}});
  }
  for (const auto& each : certificates) {
    context.out << what << std::string(18 - what.size(), ' ') << "0x"
                << each->serial_number.to_hex() << "\n";
  }
}

Result<void> publish_certificates(const PublishOptions& options, Context& context,
                                  const Surroundings& surroundings) {
  const auto trust = TRY(read_trust(options.server.anchors));
  const auto certificates = TRY(certificates_named(options));
  Requester requester;
  requester.signer = TRY(read_signer(options.signer));
  bring_along(certificates, *requester.signer);
  const auto checked = TRY(exchange_controls(
      {options.server, trust, context, surroundings},
      client::publication_controls(certificates, options.what), requester, nullptr));
  if (!checked.success()) {
    report(context, failure_of(checked.verdicts));
    return {};
  }
  const bool is_wanted = options.what == client::Publishing::wanted;
  print_told(context, certificates, is_wanted ? "to be published" : "to be withdrawn");
  return {};
}

}  // namespace

void add_publish_certificates_command(CLI::App& app, Context& context,
                                      const Surroundings& surroundings) {
  auto options = std::make_shared<PublishOptions>();
  auto* command =
      app.add_subcommand("publish", "Have certificates published in the authority's directory");
  add_server_options(*command, options->server);
  add_signer_options(*command, options->signer);
  command
      ->add_option("--certificate", options->certificates,
                   "The certificate: PEM or DER (may be given more than once)")
      ->required()
      ->type_name("FILE");
  command->add_flag_function(
      "--withdraw", [options](std::int64_t) { options->what = client::Publishing::unwanted; },
      "It is to be published no more, whatever becomes of it");
  command->footer(kPublishFooter);
  command->callback([options, &context, &surroundings] {
    check_usage(check_server(options->server));
    check_usage(check_signer(options->signer));
    report(context, publish_certificates(*options, context, surroundings));
  });
}

}  // namespace signet::tool
