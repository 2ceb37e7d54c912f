#include "apps/enrollment/trust_by_secret.h"

#include <filesystem>

#include "apps/tool/usage.h"
#include "crypto/certification_path.h"
#include "proof/identity/token_rules.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;

Error another_server(const std::string& why) {
  return {Fault::tls_mismatch,
          "the server that was reached is not the one whose authority knows the secret: " + why +
              ". Somebody may stand between, and pass messages on; or the server shows a TLS "
              "certificate of another authority, which --tls-ca vouches for"};
}

/// A name and password in the address go out as they stand, to whoever listens.
Result<void> check_names_nobody(const ServerOptions& server) {
  const auto begin = server.url.find("://") + 3;
  const auto place = server.url.substr(begin, server.url.find_first_of("/?", begin) - begin);
  if (!server.tls_anchors.empty() || place.find('@') == std::string::npos) return {};
  return Error{Fault::bad_configuration,
               "--trust-by-secret: a user or password in --url would be shown to whoever listens "
               "there: leave it out, or verify the server by --tls-ca"};
}

/// Over TCP alone there is nobody to be met.
Result<void> check_server_met(const ServerOptions& server,
                              const std::vector<pkix::Certificate>& met,
                              const std::vector<pkix::Certificate>& anchors, Time now) {
  if (goes_over_tcp(server)) return {};
  if (met.empty()) return another_server("it showed no TLS certificate");
  const auto named = crypto::check_names_host(met.front(), TRY(host_of(server.url)));
  if (!named.ok()) return another_server(named.error().detail);
  const auto validator = TRY(crypto::CertificationPathValidator::make(anchors));
  const auto path = validator.validate(met.front(), met, now, crypto::PathPurpose::tls_server);
  return path.ok() ? Result<void>{} : another_server(path.error().detail);
}

/// The answer and what it says, once everything holds.
Result<client::ResponseBySecret> believe(const LearnInput& input) {
  auto response =
      TRY(client::read_response_by_secret(input.octets, {input.sent, input.holder, input.now}));
  if (input.met != nullptr) {
    TRY(check_server_met(input.server, *input.met, response.anchors.anchors(), input.now));
  }
  return response;
}

}  // namespace

void add_trust_by_secret_option(CLI::App& command, EnrollOptions& options) {
  command.get_option("--ca")->required(false);
  command
      .add_flag(
          "--trust-by-secret", options.trust_by_secret,
          "Instead of --ca, for who has nothing but a secret: TLS is not verified beforehand; "
          "what the authority says under the MAC of --identity's secret is trusted, must hold "
          "for answer and TLS server alike, and goes into ca.pem of --output")
      ->needs(command.get_option("--identity"))
      ->needs(command.get_option("--output"));
  put_options_under(command, "By a shared secret", {"--trust-by-secret"});
}

Result<void> check_trust_by_secret(const EnrollOptions& options) {
  if (options.trust_by_secret && !options.server.anchors.empty()) {
    return Error{Fault::bad_configuration,
                 "--trust-by-secret excludes --ca (or SIGNET_CA in the environment): give one of "
                 "them"};
  }
  if (options.trust_by_secret) return check_names_nobody(options.server);
  if (!options.server.anchors.empty()) return {};
  return Error{Fault::bad_configuration,
               "nothing says whom to trust: give --ca, or --trust-by-secret with --identity"};
}

Result<void> check_secret_is_strong(const SecretProof& proof) {
  const auto strong = proof::check_chosen_secret(proof.secret, proof.identification);
  if (strong.ok() && proof::is_as_generated(proof.secret)) return {};
  const std::string why =
      strong.ok() ? "the secret is none that `signet secret create` drew" : strong.error().detail;
  return Error{Fault::not_allowed,
               "--trust-by-secret: " + why +
                   ". Nobody vouches for the server yet, and whoever listens there could find a "
                   "secret that somebody thought of by trying: use one that was drawn, or get the "
                   "authority's certificate from its operator and give it as --ca"};
}

Result<std::string> place_of_anchors(const RequestOptions& options) {
  auto place = (fs::path{options.output} / kLearnedAnchors).string();
  TRY(check_is_new(place));
  return place;
}

Result<Learned> learn_trust(const LearnInput& input, Context& context) {
  auto believed = believe(input);
  if (!believed.ok()) {
    auto error = std::move(believed).error();
    error.detail += ". Nothing is trusted, and the answer, in " + input.kept_in + ", is not taken";
    return error;
  }
  auto response = std::move(believed).value();
  TRY(write_first_anchors(input.anchors_file, response.anchors, input.now));
  for (const auto& anchor : response.anchors.anchors()) {
    context.err << "Trusted by the secret, in " << input.anchors_file << ": " << anchor_text(anchor)
                << "\n";
  }
  return Learned{std::move(response.trust), std::move(response.checked)};
}

}  // namespace signet::tool
