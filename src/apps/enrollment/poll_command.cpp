#include "apps/enrollment/poll_command.h"

#include <filesystem>

#include "adapters/files/file.h"
#include "apps/exchange/confirmation.h"
#include "apps/exchange/exchange_file.h"
#include "apps/exchange/pending_file.h"
#include "apps/tool/file_pair.h"
#include "apps/tool/usage.h"
#include "client/follow_up.h"

namespace signet::tool {
namespace {

constexpr const char* kPollFooter =
    "Example:\n"
    "  signet poll --url https://ca.example.org:8443 --ca ca.pem --signer me.pem \\\n"
    "    --signer-key me.key --output new\n"
    "Exit status: 0 granted, 1 refused or failed, 3 not decided yet.";

/// The files of `signet enroll --output`, which is there already.
Result<OutputPaths> poll_output_paths(const PollOptions& options) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(options.output, ignored)) {
    return Error{Fault::bad_configuration,
                 "--output " + options.output +
                     " is no folder: name the one that was given to signet enroll"};
  }
  RequestOptions like_enroll;
  like_enroll.output = options.output;
  return output_paths(like_enroll);
}

/// The certificate that an earlier answer brought, and its chain. A file that does not keep them
/// was made when they stood nowhere but in their own files.
Result<std::vector<pkix::Certificate>> brought_to(const OutputPaths& paths,
                                                  const PendingAnswer& pending) {
  if (!pending.certificates.empty() || !is_there(paths.certificate)) return pending.certificates;
  auto brought = TRY(read_certificates_file(paths.certificate));
  std::error_code none;
  if (std::filesystem::file_size(paths.chain, none) == 0 || none) return brought;
  for (auto& issuer : TRY(read_certificates_file(paths.chain))) {
    brought.push_back(std::move(issuer));
  }
  return brought;
}

}  // namespace

Result<void> poll(const PollOptions& options, Context& context, const Surroundings& surroundings) {
  const auto trust = TRY(read_trust(options.server.anchors));
  const auto requester =
      TRY(find_requester(options.signer, options.secret, Form::pkcs10, surroundings.random));
  const auto paths = TRY(poll_output_paths(options));
  const auto pending = TRY(read_pending_file(paths.pending));
  const auto file = TRY(files::read_file(paths.exchange));
  const auto first = TRY(read_exchange(as_text(file)));
  const client::Ongoing within{first.transaction_id, pending.sender_nonce};
  auto sent = TRY(build_message(client::poll_controls(pending.pend_info.pend_token), &within,
                                requester, surroundings.random));
  sent.request_ids = first.request_ids;
  sent.keys = first.keys;
  if (pending.has_certificate) sent.brought_before = TRY(brought_to(paths, pending));
  const auto* signer = requester.signer ? &*requester.signer : nullptr;
  const auto answer = TRY(post(options.server, signer, sent.octets, context, surroundings));
  const auto now = surroundings.clock.now();
  const auto checked = TRY(client::read_response(answer, sent, trust, now, requester.holder()));
  const auto confirm = [&](const client::CheckedResponse& granted) {
    const client::Ongoing ongoing{first.transaction_id, granted.sender_nonce};
    return send_confirmation({options.server, trust, context, surroundings},
                             *granted.certificates.front(), true, requester, &ongoing);
  };
  const AnswerPlace place{paths, now, options.in_place, &pending};
  TRY(take_answer(checked, place, context, confirm));
  return context.exit_status == 0 ? forget_pending(paths.pending) : Result<void>{};
}

void add_poll_command(CLI::App& app, Context& context, const Surroundings& surroundings) {
  auto options = std::make_shared<PollOptions>();
  auto* command = app.add_subcommand("poll", "Ask what became of a request that was pending");
  add_server_options(*command, options->server);
  add_signer_options(*command, options->signer);
  add_secret_holder_options(*command, options->secret);
  command->add_option("--output", options->output, "The folder that was given to signet enroll")
      ->required()
      ->type_name("DIR");
  command->footer(kPollFooter);
  command->callback([options, &context, &surroundings] {
    check_usage(check_server(options->server));
    check_usage(check_requester(options->signer, options->secret, Form::pkcs10));
    report(context, poll(*options, context, surroundings));
  });
}

}  // namespace signet::tool
