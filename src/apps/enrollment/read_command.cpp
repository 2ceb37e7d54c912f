#include "apps/enrollment/read_command.h"

#include <filesystem>

#include "adapters/files/file.h"
#include "apps/exchange/exchange_file.h"
#include "apps/exchange/posting.h"
#include "apps/exchange/received_answer.h"
#include "apps/exchange/trust_anchors.h"
#include "apps/tool/credentials.h"
#include "apps/tool/file_pair.h"
#include "apps/tool/message_file.h"
#include "apps/tool/secret_options.h"
#include "apps/tool/usage.h"
#include "client/encryption.h"

namespace signet::tool {
namespace {

struct ReadOptions {
  std::string in;
  std::string exchange;
  std::string anchors;
  std::string out_certificate;
  std::string out_chain;
  std::string decrypt;
  std::string decrypt_passphrase_file;
  SecretOptions secret;
};

constexpr const char* kReadFooter =
    "Example:\n"
    "  signet read --in alice/response.crp --exchange alice/exchange.json --ca ca.pem \\\n"
    "    --out-certificate alice/certificate.pem";

/// What asks for an answer that waits goes where `signet poll` looks for it, beside the exchange
/// file, of whichever round. Empty where it stands already: this answer may be older.
std::string place_for_pending(const std::string& exchange_file) {
  const std::filesystem::path exchange{exchange_file};
  const auto stem = exchange.stem().string();
  const bool is_in_folder = stem == "exchange" || stem == "answer";
  const auto name = is_in_folder ? "pending.json" : stem + ".pending.json";
  const auto place = (exchange.parent_path() / name).string();
  return is_there(place) || files::is_left_in_place(exchange_file) ? "" : place;
}

OutputPaths read_output_paths(const ReadOptions& options) {
  OutputPaths paths;
  paths.pending = place_for_pending(options.exchange);
  paths.certificate = options.out_certificate;
  paths.chain = options.out_chain;
  if (paths.chain.empty() && !files::is_left_in_place(options.out_certificate)) {
    paths.chain =
        std::filesystem::path{options.out_certificate}.replace_extension(".chain.pem").string();
  }
  return paths;
}

Result<client::SentRequest> read_exchange_file(const std::string& path) {
  const auto file = TRY(files::read_file(path));
  auto sent = read_exchange(as_text(file));
  if (!sent.ok()) return Error{sent.error().fault, path + ": " + sent.error().detail};
  return sent;
}

Result<void> read_answer(const ReadOptions& options, Context& context,
                         const Surroundings& surroundings) {
  const auto trust = TRY(read_trust(options.anchors));
  const auto sent = TRY(read_exchange_file(options.exchange));
  auto octets = TRY(read_message_file(options.in));
  if (!options.decrypt.empty()) {
    const auto key = TRY(read_key_file(options.decrypt, options.decrypt_passphrase_file));
    octets = TRY(client::open_answer(octets, *key, surroundings.random));
  }
  const auto secret = TRY(read_secret_proof(options.secret, surroundings.random));
  std::optional<client::SecretHolder> holder;
  if (secret) holder.emplace(secret->holder());
  const auto now = surroundings.clock.now();
  const auto checked = TRY(client::read_response(octets, sent, trust, now, holder));
  TRY(take_anchors(checked, options.anchors, AnchorUse::tell, context, now));
  const auto paths = read_output_paths(options);
  return take_answer(checked, {.paths = paths, .now = now}, context);
}

}  // namespace

void add_read_command(CLI::App& app, Context& context, const Surroundings& surroundings) {
  auto options = std::make_shared<ReadOptions>();
  auto* command =
      app.add_subcommand("read", "Check an answer and write the certificates that are in it");
  const auto add = [&](const char* name, std::string& path, const char* what) {
    return command->add_option(name, path, what)->type_name("FILE");
  };
  add("--in", options->in, "The answer: .crp or .p7c (binary, PEM or base64)")->required();
  add("--exchange", options->exchange, "The .json file that was made with the request")->required();
  add_anchors_option(*command, options->anchors);
  add("--decrypt", options->decrypt,
      "Private key that opens an encrypted answer: the signer's, or the new one")
      ->check(taken_by(check_key_name));
  add("--decrypt-passphrase-file", options->decrypt_passphrase_file,
      "File whose first line is its passphrase");
  add_secret_holder_options(*command, options->secret);
  add("--out-certificate", options->out_certificate, "File for the certificate (PEM)")->required();
  add("--out-chain", options->out_chain, "File for its chain (PEM)");
  command->footer(kReadFooter);
  command->callback([options, &context, &surroundings] {
    report(context, read_answer(*options, context, surroundings));
  });
}

}  // namespace signet::tool
