#include "apps/enrollment/get_command.h"

#include "adapters/files/file.h"
#include "apps/exchange/controls_exchange.h"
#include "apps/exchange/trust_anchors.h"
#include "apps/tool/report.h"
#include "apps/tool/serial_text.h"
#include "apps/tool/telling_stream.h"
#include "apps/tool/usage.h"
#include "base/encoding.h"
#include "client/follow_up.h"
#include "client/retrieved.h"

namespace signet::tool {
namespace {

struct GetOptions {
  ServerOptions server;
  SignerOptions signer;
  SecretOptions secret;
  std::string serial;
  bool crl = false;
  bool trust_anchors = false;
  std::string crl_name;
  std::string out;
};

constexpr const char* kGetFooter =
    "Examples:\n"
    "  signet get --url https://ca.example.org:8443 --ca ca.pem --signer me.pem \\\n"
    "    --signer-key me.key --serial 0x4a31 --out colleague.pem\n"
    "  signet get --url https://ca.example.org:8443 --ca ca.pem --signer me.pem \\\n"
    "    --signer-key me.key --crl --out ca.crl.pem";

/// The first authority of --ca is asked about, with all its keys: one that was given another key
/// has several certificates of one name.
std::vector<pkix::Certificate> issuers_in(const std::vector<pkix::Certificate>& anchors) {
  std::vector<pkix::Certificate> issuers;
  for (const auto& anchor : anchors) {
    if (anchor->subject == anchors.front()->subject) issuers.push_back(anchor);
  }
  return issuers;
}

/// What was asked for, PEM.
Result<std::string> find(const GetOptions& options, const client::CheckedResponse& checked,
                         const asn1::Integer& serial_number,
                         const std::vector<pkix::Certificate>& issuers, Time now) {
  if (options.crl) return to_pem("X509 CRL", TRY(client::retrieved_crl(checked, issuers, now)).der);
  return pkix::to_pem({TRY(client::retrieved_certificate(checked, issuers, serial_number))});
}

/// An absolute URI: such a name begins with its scheme (RFC 5280 §4.2.1.6).
Result<void> check_crl_name(const std::string& text) {
  TRY(check_address_characters(text));
  const auto colon = text.find(':');
  if (colon != 0 && colon != std::string::npos) return {};
  return Error{Fault::malformed, "\"" + text + "\" is no address, as http://host/crl"};
}

std::optional<pkix::GeneralName> crl_name(const GetOptions& options) {
  if (options.crl_name.empty()) return std::nullopt;
  return pkix::UniformResourceIdentifier{options.crl_name};
}

/// Any answer names the anchors; that to getCRL asks for nothing secret.
std::vector<cmc::TaggedAttribute> controls_of(const GetOptions& options, const pkix::Name& issuer,
                                              const asn1::Integer& serial_number) {
  if (options.serial.empty()) return client::get_crl_controls(issuer, crl_name(options));
  return client::get_certificate_controls(issuer, serial_number);
}

void print_anchors(const GetOptions& options, const std::vector<pkix::Certificate>& fresh,
                   const Context& context) {
  auto& out = telling_stream(context, {options.out});
  if (context.json) {
    Json anchors = Json::array();
    for (const auto& anchor : fresh) anchors.push_back(anchor_text(anchor));
    Json json{{"ok", true}, {"new_anchors", anchors}};
    if (!fresh.empty()) json["file"] = options.out;
    return write_json(out, json);
  }
  if (fresh.empty()) out << "trust anchors   no new ones; nothing is written\n";
  for (const auto& anchor : fresh) out << "new anchor      " << anchor_text(anchor) << "\n";
  if (fresh.empty()) return;
  out << "trust anchors   " << options.out << ": those of " << options.server.anchors
      << " and the new; compare the SHA-256 with what the operator says\n";
}

Result<void> take_trust_anchors(const GetOptions& options, const client::CheckedResponse& checked,
                                Context& context, Time now) {
  if (!checked.published_anchors) {
    print_anchors(options, {}, context);
    return {};
  }
  const auto published = TRY(*checked.published_anchors);
  print_anchors(options, TRY(accept_anchors({options.server.anchors, options.out}, published, now)),
                context);
  return {};
}

/// What the options alone show.
Result<void> check_get(const GetOptions& options) {
  TRY(check_server(options.server));
  const int wishes =
      (options.serial.empty() ? 0 : 1) + (options.crl ? 1 : 0) + (options.trust_anchors ? 1 : 0);
  if (wishes != 1) {
    return Error{Fault::bad_configuration,
                 "give --serial for a certificate, or --crl, or --trust-anchors: one of them"};
  }
  return check_requester(options.signer, options.secret, Form::pkcs10);
}

Result<void> get(const GetOptions& options, Context& context, const Surroundings& surroundings) {
  const auto trust = TRY(read_trust(options.server.anchors));
  const auto requester =
      TRY(find_requester(options.signer, options.secret, Form::pkcs10, surroundings.random));
  const auto issuers = issuers_in(TRY(read_certificates_file(options.server.anchors)));
  asn1::Integer serial_number;
  if (!options.serial.empty()) serial_number = TRY(serial_from_text(options.serial));
  const auto controls = controls_of(options, issuers.front()->subject, serial_number);
  const auto checked = TRY(exchange_controls({options.server, trust, context, surroundings},
                                             controls, requester, nullptr));
  if (options.trust_anchors) {
    return take_trust_anchors(options, checked, context, surroundings.clock.now());
  }
  if (!checked.success()) {
    report(context, failure_of(checked.verdicts));
    return {};
  }
  const auto pem = TRY(find(options, checked, serial_number, issuers, surroundings.clock.now()));
  TRY(files::write_file(options.out, as_bytes(pem)));
  auto& out = telling_stream(context, {options.out});
  if (context.json) {
    write_json(out, {{"ok", true}, {"file", options.out}});
  } else {
    out << (options.crl ? "CRL             " : "certificate     ") << options.out << "\n";
  }
  return {};
}

}  // namespace

void add_get_command(CLI::App& app, Context& context, const Surroundings& surroundings) {
  auto options = std::make_shared<GetOptions>();
  auto* command =
      app.add_subcommand("get", "Fetch a certificate, the latest CRL or new trust anchors by CMC");
  add_server_options(*command, options->server);
  add_signer_options(*command, options->signer);
  add_secret_holder_options(*command, options->secret);
  command->add_option("--serial", options->serial, "Serial number of a certificate of --ca")
      ->type_name("HEX")
      ->check(taken_by(serial_from_text));
  auto* crl = command->add_flag("--crl", options->crl, "The latest CRL");
  command
      ->add_option("--crl-name", options->crl_name,
                   "Which of several CRLs: an address from the certificate's cRLDistributionPoints")
      ->type_name("URI")
      ->check(taken_by(check_crl_name))
      ->needs(crl);
  command->add_flag("--trust-anchors", options->trust_anchors,
                    "New roots that the authority announces, after those of --ca");
  command->add_option("--out", options->out, "File for it (PEM)")->required()->type_name("FILE");
  command->footer(kGetFooter);
  command->callback([options, &context, &surroundings] {
    check_usage(check_get(*options));
    report(context, get(*options, context, surroundings));
  });
}

}  // namespace signet::tool
