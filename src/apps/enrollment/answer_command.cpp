#include "apps/enrollment/answer_command.h"

#include "adapters/files/file.h"
#include "apps/exchange/exchange_file.h"
#include "apps/exchange/posting.h"
#include "apps/exchange/second_round.h"
#include "apps/tool/credentials.h"
#include "apps/tool/message_file.h"
#include "apps/tool/report.h"
#include "apps/tool/telling_stream.h"
#include "apps/tool/usage.h"
#include "client/encryption.h"

namespace signet::tool {
namespace {

struct AnswerOptions {
  std::string in;
  std::string exchange;
  std::string anchors;
  std::string key_file;
  std::string key_passphrase_file;
  std::string out;
  std::string out_exchange;
  SignerOptions signer;
  SecretOptions secret;
  bool through_ra = false;
};

Result<void> check_answerer(const AnswerOptions& options) {
  if (!options.through_ra) return check_requester(options.signer, options.secret, Form::pkcs10);
  if (!names_signer(options.signer) && options.secret.identity.empty()) return {};
  return Error{Fault::bad_configuration,
               "--through-ra is for who has neither certificate nor secret: leave it out, or "
               "--signer and --identity"};
}

Result<Requester> answerer_of(const AnswerOptions& options, RandomSource& random) {
  if (options.through_ra) return Requester{};
  return find_requester(options.signer, options.secret, Form::pkcs10, random);
}

constexpr const char* kAnswerFooter =
    "Example:\n"
    "  signet answer --in alice/response.crp --exchange alice/exchange.json --ca ca.pem \\\n"
    "    --key-file alice/key.pem --signer me.pem --signer-key me.key \\\n"
    "    --out alice/answer.crq --out-exchange alice/answer.json";

void print_answer(Context& context, const AnswerOptions& options) {
  auto& out = telling_stream(context, {options.out, options.out_exchange});
  if (context.json) {
    return write_json(
        out,
        {{"ok", true}, {"files", {{"message", options.out}, {"exchange", options.out_exchange}}}});
  }
  out << "message         " << options.out << "\nexchange        " << options.out_exchange << "\n";
  context.err << "Next: signet send it, then signet read its answer with the new exchange file.\n";
}

Result<void> answer(const AnswerOptions& options, Context& context,
                    const Surroundings& surroundings) {
  const auto trust = TRY(read_trust(options.anchors));
  const auto file = TRY(files::read_file(options.exchange));
  const auto sent = TRY(read_exchange(as_text(file)));
  const auto key = TRY(read_key_file(options.key_file, options.key_passphrase_file));
  auto octets = TRY(read_message_file(options.in));
  octets = TRY(client::open_answer(octets, *key, surroundings.random));
  const auto requester = TRY(answerer_of(options, surroundings.random));
  const auto checked =
      TRY(client::read_response(octets, sent, trust, surroundings.clock.now(), requester.holder()));
  if (checked.challenges.empty()) {
    return Error{Fault::malformed, options.in + " holds no challenge: `signet read` reads it"};
  }
  const auto second = TRY(answer_challenges(checked, sent, *key, requester, surroundings.random));
  OutputPaths paths;
  paths.request = options.out;
  paths.exchange = options.out_exchange;
  TRY(save_outgoing(second.outgoing, paths));
  if (second.given_up) {
    return Error{second.given_up->fault,
                 second.given_up->detail + "; " + options.out +
                     " tells the authority so: send it, then make a new request"};
  }
  print_answer(context, options);
  return {};
}

}  // namespace

void add_answer_command(CLI::App& app, Context& context, const Surroundings& surroundings) {
  auto options = std::make_shared<AnswerOptions>();
  auto* command = app.add_subcommand(
      "answer", "Open the challenge to an encryption key and make the answer; send nothing");
  const auto add = [&](const char* name, std::string& path, const char* what) {
    return command->add_option(name, path, what)->type_name("FILE");
  };
  add("--in", options->in, "The authority's answer with the challenge: .crp")->required();
  add("--exchange", options->exchange, "The .json file that was made with the request")->required();
  add_anchors_option(*command, options->anchors);
  add("--key-file", options->key_file, "The private key that is to be certified")
      ->required()
      ->check(taken_by(check_key_name));
  add("--key-passphrase-file", options->key_passphrase_file,
      "File whose first line is its passphrase");
  add("--out", options->out, "File for the second message: .crq")->required();
  add("--out-exchange", options->out_exchange, "File for what checks its answer: .json")
      ->required();
  add_signer_options(*command, options->signer);
  add_secret_options(*command, options->secret);
  command->add_flag("--through-ra", options->through_ra,
                    "The request was made with --through-ra: so is this, and relayed likewise "
                    "(signet relay --saw-identity)");
  command->footer(kAnswerFooter);
  command->callback([options, &context, &surroundings] {
    check_usage(check_answerer(*options));
    report(context, answer(*options, context, surroundings));
  });
}

}  // namespace signet::tool
