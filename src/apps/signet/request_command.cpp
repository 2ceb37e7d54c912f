#include "apps/signet/request_command.h"

#include <filesystem>

#include "adapters/files/file.h"
#include "apps/signet/outgoing.h"
#include "apps/signet/report.h"

namespace signet::tool {
namespace {

struct MakeOptions {
  SignerOptions signer;
  RequestOptions request;
};

constexpr const char* kFooter =
    "Examples:\n"
    "  signet request --subject \"CN=Alice,O=Example\" --output alice \\\n"
    "    --signer agent.pem --signer-key agent.key\n"
    "  signet request --form simple --subject \"CN=printer,O=Example\" --output printer";

/// A Full PKI Request needs somebody to sign it; a Simple one does not.
Result<std::optional<Signer>> find_signer(const MakeOptions& options) {
  if (names_signer(options.signer)) {
    return std::optional<Signer>{TRY(read_signer(options.signer))};
  }
  if (options.request.form == Form::simple) return std::optional<Signer>{};
  return Error{Fault::bad_configuration,
               "a Full PKI Request is signed: give --signer and --signer-key (or --signer-p12), or "
               "--form simple for a bare PKCS#10"};
}

void print(Context& context, const std::vector<std::pair<std::string, std::string>>& files) {
  if (context.json) {
    Json written = Json::object();
    for (const auto& [what, path] : files) written[what] = path;
    return write_json(context.out, {{"ok", true}, {"files", written}});
  }
  for (const auto& [what, path] : files) {
    context.out << what << std::string(24 - what.size(), ' ') << path << "\n";
  }
}

Result<void> make(const MakeOptions& options, Context& context, const Surroundings& surroundings) {
  const auto signer = TRY(find_signer(options));
  const auto paths = TRY(output_paths(options.request));
  const auto key = TRY(provide_key(options.request, paths));
  const auto outgoing =
      TRY(build_outgoing(options.request, *key, signer ? &*signer : nullptr, surroundings.random));
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
  print(context, files);
  return {};
}

}  // namespace

void add_request_command(CLI::App& app, Context& context, const Surroundings& surroundings) {
  auto options = std::make_shared<MakeOptions>();
  auto* command = app.add_subcommand("request", "Make a key and a request message; send nothing");
  add_signer_options(*command, options->signer);
  add_request_options(*command, options->request);
  add_output_options(*command, options->request);
  command->footer(kFooter);
  command->callback([options, &context, &surroundings] {
    report(context, make(*options, context, surroundings));
  });
}

}  // namespace signet::tool
