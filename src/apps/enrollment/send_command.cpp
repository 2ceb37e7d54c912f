#include "apps/enrollment/send_command.h"

#include <filesystem>

#include "adapters/files/file.h"
#include "apps/exchange/posting.h"
#include "apps/tool/message_file.h"
#include "apps/tool/report.h"
#include "apps/tool/telling_stream.h"
#include "apps/tool/usage.h"

namespace signet::tool {
namespace {

struct SendOptions {
  ServerOptions server;
  SignerOptions signer;
  std::string in;
  std::string out;
};

constexpr const char* kSendFooter =
    "Example:\n"
    "  signet send --url https://ca.example.org:8443 --ca ca.pem --signer agent.pem \\\n"
    "    --signer-key agent.key --in alice/request.crq --out alice/response.crp\n"
    "The answer is kept as it came; `signet read` checks it.";

Result<void> send(const SendOptions& options, Context& context, const Surroundings& surroundings) {
  const auto message = TRY(read_message_file(options.in));
  std::optional<Signer> signer;
  if (names_signer(options.signer)) signer = TRY(read_signer(options.signer));
  const auto answer =
      TRY(post(options.server, signer ? &*signer : nullptr, message, context, surroundings));
  TRY(files::write_file(options.out, answer));
  auto& out = telling_stream(context, {options.out});
  if (context.json) {
    write_json(out, {{"ok", true}, {"response", options.out}, {"octets", answer.size()}});
  } else {
    out << "Answer of " << answer.size() << " octets: " << options.out << "\n";
  }
  return {};
}

}  // namespace

void add_send_command(CLI::App& app, Context& context, const Surroundings& surroundings) {
  auto options = std::make_shared<SendOptions>();
  auto* command = app.add_subcommand("send", "Send a message file and keep the answer");
  add_server_options(*command, options->server);
  add_signer_options(*command, options->signer);
  command->add_option("--in", options->in, "Message to send: .crq or .p10 (binary, PEM or base64)")
      ->required()
      ->type_name("FILE");
  command->add_option("--out", options->out, "File for the answer: .crp or .p7c (binary)")
      ->required()
      ->type_name("FILE");
  command->footer(kSendFooter);
  command->callback([options, &context, &surroundings] {
    check_usage(check_server(options->server));
    if (names_signer(options->signer)) check_usage(check_signer(options->signer));
    report(context, send(*options, context, surroundings));
  });
}

}  // namespace signet::tool
