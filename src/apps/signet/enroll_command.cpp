#include "apps/signet/enroll_command.h"

#include "adapters/files/file.h"
#include "apps/signet/answer.h"
#include "apps/signet/outgoing.h"
#include "apps/signet/posting.h"

namespace signet::tool {
namespace {

struct EnrollOptions {
  ServerOptions server;
  SignerOptions signer;
  RequestOptions request;
};

constexpr const char* kFooter =
    "Example:\n"
    "  signet enroll --url https://ca.example.org:8443 --ca ca.pem \\\n"
    "    --signer agent.pem --signer-key agent.key \\\n"
    "    --subject \"CN=Alice Example,O=Example\" --output alice";

/// What sends the very same octets again: the server answers a retry with the first answer.
std::string retry_command(const EnrollOptions& options, const OutputPaths& paths) {
  const auto& signer = options.signer;
  auto command = "signet send --url " + options.server.url;
  if (!options.server.path.empty()) command += " --path " + options.server.path;
  if (!options.server.profile.empty()) command += " --profile " + options.server.profile;
  command += " --ca " + options.server.anchors;
  if (!options.server.tls_anchors.empty()) command += " --tls-ca " + options.server.tls_anchors;
  command += signer.pkcs12_file.empty()
                 ? " --signer " + signer.certificate_file + " --signer-key " + signer.key_file
                 : " --signer-p12 " + signer.pkcs12_file;
  if (!signer.passphrase_file.empty()) command += " --passphrase-file " + signer.passphrase_file;
  return command + " --in " + paths.request + " --out " + paths.response;
}

std::string reading_command(const EnrollOptions& options, const OutputPaths& paths) {
  return "signet read --in " + paths.response + " --exchange " + paths.exchange + " --ca " +
         options.server.anchors + " --out-certificate " + paths.certificate + " --out-chain " +
         paths.chain;
}

Error with_retry(const Error& error, const EnrollOptions& options, const OutputPaths& paths) {
  return {error.fault, error.detail +
                           "\n  Nothing is lost: the key and the message are kept. To "
                           "send the very same message again:\n    " +
                           retry_command(options, paths) + "\n    " +
                           reading_command(options, paths)};
}

Result<Bytes> send(const EnrollOptions& options, const Signer& signer, const Outgoing& outgoing,
                   const OutputPaths& paths, Context& context, const Surroundings& surroundings) {
  auto answer = post(options.server, &signer, outgoing.sent.octets, context, surroundings);
  if (!answer.ok()) return with_retry(answer.error(), options, paths);
  TRY(files::write_file(paths.response, *answer));
  return answer;
}

Result<void> enroll(const EnrollOptions& options, Context& context,
                    const Surroundings& surroundings) {
  const auto trust = TRY(read_trust(options.server.anchors));
  const auto signer = TRY(read_signer(options.signer));
  const auto paths = TRY(output_paths(options.request));
  const auto key = TRY(provide_key(options.request, paths));
  const auto outgoing = TRY(build_outgoing(options.request, *key, &signer, surroundings.random));
  TRY(save_outgoing(outgoing, paths));
  const auto answer = TRY(send(options, signer, outgoing, paths, context, surroundings));
  return take_answer({answer, outgoing.sent, trust, surroundings.clock.now()}, paths, context);
}

}  // namespace

void add_enroll_command(CLI::App& app, Context& context, const Surroundings& surroundings) {
  auto options = std::make_shared<EnrollOptions>();
  auto* command = app.add_subcommand("enroll", "Get a certificate: key, request, answer in one go");
  add_server_options(*command, options->server);
  add_signer_options(*command, options->signer);
  add_request_options(*command, options->request);
  add_output_options(*command, options->request);
  command->footer(kFooter);
  command->callback([options, &context, &surroundings] {
    report(context, enroll(*options, context, surroundings));
  });
}

}  // namespace signet::tool
