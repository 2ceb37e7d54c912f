#include "apps/enrollment/request_command.h"

#include <filesystem>

#include "adapters/files/file.h"
#include "apps/exchange/outgoing.h"
#include "apps/exchange/pending_file.h"
#include "apps/tool/report.h"
#include "apps/tool/shell_word.h"
#include "apps/tool/usage.h"

namespace signet::tool {
namespace {

struct MakeOptions {
  SignerOptions signer;
  SecretOptions secret;
  RequestOptions request;
};

constexpr const char* kRequestFooter =
    "Examples:\n"
    "  signet request --subject \"CN=Alice,O=Example\" --output alice \\\n"
    "    --signer agent.pem --signer-key agent.key\n"
    "  signet request --through-ra --subject \"CN=Alice,O=Example\" --output alice\n"
    "  signet request --form simple --subject \"CN=printer,O=Example\" --output printer";

void print_written(Context& context,
                   const std::vector<std::pair<std::string, std::string>>& files) {
  if (context.json) {
    Json written = Json::object();
    for (const auto& [what, path] : files) written[what] = path;
    return write_json(context.out, {{"ok", true}, {"files", written}});
  }
  for (const auto& [what, path] : files) {
    context.out << what << std::string(24 - what.size(), ' ') << path << "\n";
  }
}

/// For people: a program knows what it does next.
void print_next_steps(const RequestOptions& options, const OutputPaths& paths, Context& context) {
  if (context.json) return;
  const auto row = [&](std::string what, const std::string& command) {
    what.resize(24, ' ');
    context.out << what << command << "\n";
  };
  const auto answer = options.through_ra ? "ANSWER" : shell_word(paths.response);
  if (options.through_ra) {
    row("next, at the desk", "signet relay " + shell_word(paths.request) + " --saw-identity …");
  } else {
    row("next", "signet send … --in " + shell_word(paths.request) + " --out " + answer);
  }
  row("then", "signet read … --in " + answer + " --exchange " + shell_word(paths.exchange) +
                  " --out-certificate " + shell_word(paths.certificate));
}

Result<Requester> requester_of(const MakeOptions& options, const Surroundings& surroundings) {
  if (options.request.through_ra) return Requester{};
  return find_requester(options.signer, options.secret, options.request.form, surroundings.random);
}

Result<void> make(const MakeOptions& options, Context& context, const Surroundings& surroundings) {
  const auto requester = TRY(requester_of(options, surroundings));
  TRY(check_request_files(options.request));
  const auto paths = TRY(output_paths(options.request));
  TRY(check_nothing_waits(paths.pending));
  const auto key = TRY(provide_key(options.request, paths));
  auto outgoing = TRY(build_outgoing(options.request, *key, requester, surroundings.random));
  TRY(encrypt_outgoing(outgoing, options.request.encrypt_to, surroundings.random));
  TRY(save_outgoing(outgoing, paths));

  std::vector<std::pair<std::string, std::string>> files;
  if (options.request.key_file.empty()) files.emplace_back("key", paths.key);
  files.emplace_back("message", paths.request);
  if (options.request.form == Form::pkcs10) {
    const auto bare = std::filesystem::path{paths.request}.replace_extension(".p10").string();
    TRY(files::write_file(bare, *outgoing.certification_request));
    files.emplace_back("certification_request", bare);
  }
  files.emplace_back("exchange", paths.exchange);
  print_written(context, files);
  print_next_steps(options.request, paths, context);
  return {};
}

}  // namespace

void add_request_command(CLI::App& app, Context& context, const Surroundings& surroundings) {
  auto options = std::make_shared<MakeOptions>();
  auto* command = app.add_subcommand("request", "Make a key and a request message; send nothing");
  add_signer_options(*command, options->signer);
  add_secret_options(*command, options->secret);
  add_request_options(*command, options->request);
  command->add_flag("--through-ra", options->request.through_ra,
                    "A registration authority sees who asks and relays the message (signet relay "
                    "--saw-identity): the new key signs it, and proves nothing more");
  add_output_options(*command, options->request);
  command->footer(kRequestFooter);
  command->callback([options, &context, &surroundings] {
    check_usage(check_request(options->request, options->signer, options->secret));
    report(context, make(*options, context, surroundings));
  });
}

}  // namespace signet::tool
