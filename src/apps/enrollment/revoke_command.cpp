#include "apps/enrollment/revoke_command.h"

#include "apps/exchange/posting.h"
#include "apps/tool/crl_reasons.h"
#include "apps/tool/report.h"
#include "apps/tool/secret_options.h"
#include "apps/tool/serial_text.h"
#include "apps/tool/usage.h"
#include "client/build_revocation.h"
#include "client/encryption.h"
#include "client/read_response.h"

namespace signet::tool {
namespace {

struct RevokeOptions {
  ServerOptions server;
  SignerOptions signer;
  std::vector<std::string> certificates;
  std::vector<std::string> serial_numbers;
  pkix::CRLReason reason = pkix::CRLReason::unspecified;
  std::string invalid_since;
  std::string comment;
  std::string secret_file;
  std::string encrypt_to;
};

constexpr const char* kRevokeFooter =
    "Examples:\n"
    "  signet revoke --url https://ca.example.org:8443 --ca ca.pem --signer me.pem \\\n"
    "    --signer-key me.key --certificate me.pem --reason keyCompromise\n"
    "  signet revoke --url https://ca.example.org:8443 --ca ca.pem --signer agent.pem \\\n"
    "    --signer-key agent.key --serial 0x4a31 --reason removeFromCRL\n"
    "  signet revoke --url https://ca.example.org:8443 --ca ca.pem \\\n"
    "    --certificate me.pem --secret-file me.revocation --reason keyCompromise";

/// All that are named, by file or by number; a number is one of this issuer.
Result<std::vector<client::WantedRevocation>> wanted(const RevokeOptions& options,
                                                     const pkix::Name& issuer) {
  client::WantedRevocation like_all;
  like_all.reason = options.reason;
  like_all.comment = options.comment;
  if (!options.invalid_since.empty()) {
    like_all.invalidity_date = TRY(time_from_text(options.invalid_since));
  }
  std::vector<client::WantedRevocation> all;
  for (const auto& file : options.certificates) {
    const auto certificates = TRY(read_certificates_file(file));
    auto one = like_all;
    one.issuer = certificates.front()->issuer;
    one.serial_number = certificates.front()->serial_number;
    all.push_back(std::move(one));
  }
  for (const auto& text : options.serial_numbers) {
    auto one = like_all;
    one.issuer = issuer;
    one.serial_number = TRY(serial_from_text(text));
    all.push_back(std::move(one));
  }
  return all;
}

/// What the options alone show.
Result<void> check_revoke(const RevokeOptions& options) {
  TRY(check_server(options.server));
  const auto all = options.certificates.size() + options.serial_numbers.size();
  if (all == 0) {
    return Error{Fault::bad_configuration, "nothing to revoke: give --certificate or --serial"};
  }
  if (options.secret_file.empty()) return check_signer(options.signer);
  if (names_signer(options.signer)) {
    return Error{Fault::bad_configuration,
                 "--signer and --secret-file are two ways to show who may revoke: give one"};
  }
  if (all != 1) {
    return Error{Fault::bad_configuration, "--secret-file is the secret of one certificate"};
  }
  if (!goes_over_tcp(options.server) || !options.encrypt_to.empty()) return {};
  return Error{Fault::bad_configuration,
               "over tcp:// everybody on the way could read the secret: give --encrypt-to, the "
               "authority's encryption certificate, or send it over https://"};
}

void print_revoked(Context& context, const std::vector<client::WantedRevocation>& done,
                   std::string_view reason) {
  if (context.json) {
    Json serials = Json::array();
    for (const auto& each : done) serials.push_back("0x" + each.serial_number.to_hex());
    return write_json(context.out, {{"ok", true}, {"reason", reason}, {"serial_numbers", serials}});
  }
  const std::string_view what = reason == "removeFromCRL"     ? "released"
                                : reason == "certificateHold" ? "on hold"
                                                              : "revoked";
  for (const auto& each : done) {
    context.out << what << std::string(16 - what.size(), ' ') << "0x" << each.serial_number.to_hex()
                << " (" << reason << ")\n";
  }
}

/// A message, and who shows a certificate while it is sent.
struct Revocation {
  std::vector<client::WantedRevocation> revocations;
  client::SentRequest sent;
  std::optional<Signer> signer = {};
};

Result<Revocation> make_signed(const RevokeOptions& options, RandomSource& random) {
  auto signer = TRY(read_signer(options.signer));
  auto all = TRY(wanted(options, signer.certificate->issuer));
  auto sent = TRY(client::make_revocation_request({.revocations = all,
                                                   .signer = signer.certificate,
                                                   .signer_key = *signer.key,
                                                   .chain = signer.chain},
                                                  random));
  return Revocation{std::move(all), std::move(sent), std::move(signer)};
}

/// By the secret that was registered for the certificate: nobody signs.
Result<Revocation> make_with_secret(const RevokeOptions& options, RandomSource& random) {
  const auto anchors = TRY(read_certificates_file(options.server.anchors));
  auto all = TRY(wanted(options, anchors.front()->subject));
  const auto secret = TRY(read_shared_secret({.identity = {}, .secret_file = options.secret_file}));
  auto sent = TRY(client::make_unsigned_revocation(all.front(), secret, random));
  return Revocation{std::move(all), std::move(sent)};
}

Result<Revocation> make_revocation(const RevokeOptions& options, RandomSource& random) {
  auto made = TRY(options.secret_file.empty() ? make_signed(options, random)
                                              : make_with_secret(options, random));
  if (options.encrypt_to.empty()) return made;
  const auto to = TRY(read_certificates_file(options.encrypt_to));
  made.sent.octets = TRY(client::encrypt_request(made.sent.octets, to.front(), random));
  return made;
}

Result<void> revoke_certificates(const RevokeOptions& options, Context& context,
                                 const Surroundings& surroundings) {
  const auto trust = TRY(read_trust(options.server.anchors));
  const auto [all, sent, signer] = TRY(make_revocation(options, surroundings.random));
  const auto* shown = signer ? &*signer : nullptr;
  auto answer = TRY(post(options.server, shown, sent.octets, context, surroundings));
  if (signer) answer = TRY(client::open_answer(answer, *signer->key, surroundings.random));
  const auto checked = TRY(client::read_response(answer, sent, trust, surroundings.clock.now()));
  if (!checked.success()) {
    report(context, failure_of(checked.verdicts));
    return {};
  }
  print_revoked(context, all, pkix::to_text(options.reason));
  return {};
}

}  // namespace

void add_revoke_command(CLI::App& app, Context& context, const Surroundings& surroundings) {
  auto options = std::make_shared<RevokeOptions>();
  auto* command = app.add_subcommand("revoke", "Revoke certificates, hold them, or release them");
  add_server_options(*command, options->server);
  add_signer_options(*command, options->signer);
  command
      ->add_option("--certificate", options->certificates,
                   "Certificate to revoke: PEM or DER (may be given more than once)")
      ->type_name("FILE");
  command
      ->add_option("--serial", options->serial_numbers,
                   "Or its serial number, in hexadecimal (may be given more than once)")
      ->type_name("HEX")
      ->check(taken_by(serial_from_text));
  command
      ->add_option("--reason", options->reason,
                   "unspecified, keyCompromise, affiliationChanged, superseded, "
                   "cessationOfOperation, privilegeWithdrawn, cACompromise, aACompromise; "
                   "certificateHold to hold, removeFromCRL to release")
      ->type_name("REASON")
      ->default_str("unspecified")
      ->transform(CLI::Transformer(crl_reasons(), CLI::ignore_case).description(""));
  command
      ->add_option("--invalid-since", options->invalid_since,
                   "Since when the key is not to be trusted: 2026-11-24 or 2026-11-24T08:30:00Z")
      ->type_name("TIME")
      ->check(taken_by(time_from_text));
  command
      ->add_option("--secret-file", options->secret_file,
                   "Instead of --signer: the certificate's revocation secret, first line of this "
                   "file")
      ->type_name("FILE");
  command
      ->add_option(
          "--encrypt-to", options->encrypt_to,
          "The authority's encryption certificate (GET /ca/encryption.pem): the message is "
          "encrypted to it; --secret-file demands it over tcp://")
      ->type_name("FILE");
  command->add_option("--comment", options->comment, "A word for the authority's records")
      ->type_name("TEXT");
  command->footer(kRevokeFooter);
  command->callback([options, &context, &surroundings] {
    check_usage(check_revoke(*options));
    report(context, revoke_certificates(*options, context, surroundings));
  });
}

}  // namespace signet::tool
