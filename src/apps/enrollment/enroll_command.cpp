#include "apps/enrollment/enroll_command.h"

#include "adapters/files/file.h"
#include "apps/enrollment/trust_by_secret.h"
#include "apps/exchange/confirmation.h"
#include "apps/exchange/exchange_file.h"
#include "apps/exchange/second_round.h"
#include "apps/tool/shell_word.h"
#include "apps/tool/usage.h"
#include "client/encryption.h"

namespace signet::tool {
namespace {

constexpr const char* kEnrollFooter =
    "Examples:\n"
    "  signet enroll --url https://ca.example.org:8443 --ca ca.pem \\\n"
    "    --signer agent.pem --signer-key agent.key \\\n"
    "    --subject \"CN=Alice Example,O=Example\" --output alice\n"
    "  signet enroll --url https://ca.example.org:8443 --ca ca.pem \\\n"
    "    --identity alice --secret-file alice.secret --output alice\n"
    "  signet enroll --url https://ca.example.org:8443 --trust-by-secret \\\n"
    "    --identity alice --secret-file alice.secret --output alice";

/// "--option value" for each option that has a value.
std::string with_options(std::string command,
                         const std::vector<std::pair<const char*, std::string>>& options) {
  for (const auto& [name, value] : options) {
    if (!value.empty()) command += " " + std::string(name) + " " + shell_word(value);
  }
  return command;
}

/// Who has learned nothing needs the authority's certificate from its operator.
std::string anchors_of(const EnrollOptions& options) {
  const auto& anchors = options.server.anchors;
  return anchors.empty() ? kLearnedAnchors : anchors;
}

/// What sends the very same octets again: the server answers a retry with the first answer.
std::string sending_command(const EnrollOptions& options, const OutputPaths& paths) {
  return with_options("signet send", {{"--url", options.server.url},
                                      {"--path", options.server.path},
                                      {"--profile", options.server.profile},
                                      {"--ca", anchors_of(options)},
                                      {"--tls-ca", options.server.tls_anchors},
                                      {"--signer", options.signer.certificate_file},
                                      {"--signer-key", options.signer.key_file},
                                      {"--signer-p12", options.signer.pkcs12_file},
                                      {"--passphrase-file", options.signer.passphrase_file},
                                      {"--in", paths.request},
                                      {"--out", paths.response}});
}

std::string reading_command(const EnrollOptions& options, const OutputPaths& paths) {
  return with_options("signet read", {{"--in", paths.response},
                                      {"--exchange", paths.exchange},
                                      {"--ca", anchors_of(options)},
                                      {"--out-certificate", paths.certificate},
                                      {"--out-chain", paths.chain}});
}

Failure unanswered(const Error& error, const EnrollOptions& options, const OutputPaths& paths) {
  const auto send_again = sending_command(options, paths);
  const auto read_answer = reading_command(options, paths);
  auto failure = failure_of(error);
  if (options.in_place != nullptr) {
    failure.what_to_do +=
        "\n  Nothing is lost: key and message are kept. The next run of this command, with the "
        "same "
        "options, sends the very same message again.";
    return failure;
  }
  failure.what_to_do +=
      "\n  Nothing is lost: key and message are kept. To send the very same message "
      "again and read the answer" +
      std::string(options.trust_by_secret
                      ? ", with the authority's certificate from its operator as ca.pem:\n    "
                      : ":\n    ") +
      send_again + "\n    " + read_answer;
  failure.more["retry"] = {send_again, read_answer};
  return failure;
}

/// A message, and the key that it asks a certificate for.
struct Asking {
  std::unique_ptr<crypto::PrivateKey> key;
  Outgoing outgoing;
};

/// Of an earlier run, with its key.
Result<Asking> left_before(const RequestOptions& request, const OutputPaths& paths) {
  const auto& key_file = request.key_file.empty() ? paths.key : request.key_file;
  Asking asking{TRY(read_key_file(key_file, request.key_passphrase_file)), {}};
  const auto sent = TRY(files::read_file(paths.exchange));
  asking.outgoing.sent = TRY(read_exchange(as_text(sent)));
  asking.outgoing.sent.octets = TRY(files::read_file(paths.request));
  return asking;
}

Result<Asking> prepare(const EnrollOptions& options, const OutputPaths& paths,
                       const Requester& requester, RandomSource& random) {
  if (options.again) return left_before(options.request, paths);
  TRY(check_nothing_waits(paths.pending));
  TRY(check_request_files(options.request));
  Asking asking{TRY(provide_key(options.request, paths)), {}};
  asking.outgoing = TRY(build_outgoing(options.request, *asking.key, requester, random));
  TRY(encrypt_outgoing(asking.outgoing, options.request.encrypt_to, random));
  return asking;
}

/// One enrollment on its way: who, with what, and where to.
struct Enrollment {
  const EnrollOptions& options;
  const proof::Trust& trust;
  const Requester& requester;
  const crypto::PrivateKey& key;
  Context& context;
  const Surroundings& surroundings;
};

/// Sends a message and keeps the answer. None when nobody answered, which is reported. `met`: as
/// for post.
Result<std::optional<Bytes>> exchange(const Enrollment& enrollment, const Outgoing& outgoing,
                                      const OutputPaths& paths,
                                      std::vector<pkix::Certificate>* met = nullptr) {
  const auto& [options, trust, requester, key, context, surroundings] = enrollment;
  TRY(save_outgoing(outgoing, paths));
  const auto* signer = requester.signer ? &*requester.signer : nullptr;
  auto answer = post(options.server, signer, outgoing.sent.octets, context, surroundings, met);
  if (!answer.ok()) {
    report(context, unanswered(answer.error(), options, paths));
    return std::optional<Bytes>{};
  }
  TRY(files::write_file(paths.response, *answer));
  const client::AnswerKeys keys{signer != nullptr ? &signer->certificate : nullptr,
                                signer != nullptr ? signer->key.get() : nullptr, key};
  return std::optional{TRY(client::open_answer(*answer, keys, surroundings.random))};
}

void tell_round(const Context& context, int number, std::string_view what) {
  context.err << "Round " << number << ": " << what << "\n";
}

Result<client::CheckedResponse> check_answer(const Enrollment& enrollment,
                                             const client::SentRequest& sent, ByteView octets) {
  return client::read_response(octets, sent, enrollment.trust, enrollment.surroundings.clock.now(),
                               enrollment.requester.holder());
}

/// What says in this transaction that the certificate is taken.
Confirm confirm_in(const Enrollment& enrollment, const client::SentRequest& sent) {
  if (!enrollment.options.confirms) return {};
  return [&enrollment, &sent](const client::CheckedResponse& checked) -> Result<void> {
    const auto& [options, trust, requester, key, context, surroundings] = enrollment;
    context.err << "The authority wants to be told that the certificate is taken\n";
    const client::Ongoing within{sent.transaction_id, checked.sender_nonce};
    return send_confirmation({options.server, trust, context, surroundings},
                             *checked.certificates.front(), true, requester, &within);
  };
}

AnswerPlace place_in(const Enrollment& enrollment, const OutputPaths& paths) {
  return {paths, enrollment.surroundings.clock.now(), enrollment.options.in_place};
}

/// The key was challenged: it opens the challenge, and the same request goes out again with the
/// answer.
Result<void> prove_by_decryption(const Enrollment& enrollment,
                                 const client::CheckedResponse& challenged,
                                 const client::SentRequest& sent, const OutputPaths& first_paths) {
  const auto& [options, trust, requester, key, context, surroundings] = enrollment;
  tell_round(context, 1, "the authority challenges the key (encryptedPOP)");
  auto second = TRY(answer_challenges(challenged, sent, key, requester, surroundings.random));
  TRY(encrypt_outgoing(second.outgoing, options.request.encrypt_to, surroundings.random));
  const auto paths = second_round_paths(first_paths);
  if (second.given_up) {
    tell_round(context, 2, "the challenge is not ours and given up (popFailed)");
    TRY(exchange(enrollment, second.outgoing, paths));
    return *second.given_up;
  }
  tell_round(context, 2, "the key has opened it and answers (decryptedPOP)");
  const auto answer = TRY(exchange(enrollment, second.outgoing, paths));
  if (!answer) return {};
  const auto checked = TRY(check_answer(enrollment, second.outgoing.sent, *answer));
  return take_answer(checked, place_in(enrollment, paths), context,
                     confirm_in(enrollment, second.outgoing.sent));
}

/// From the answer to the first message on.
Result<void> finish_enrollment(const Enrollment& enrollment, const client::SentRequest& sent,
                               const client::CheckedResponse& checked, const OutputPaths& paths) {
  const auto& options = enrollment.options;
  auto& context = enrollment.context;
  TRY(take_anchors(checked, options.server.anchors, options.anchor_use, context,
                   enrollment.surroundings.clock.now()));
  if (!checked.challenges.empty()) return prove_by_decryption(enrollment, checked, sent, paths);
  return take_answer(checked, place_in(enrollment, paths), context, confirm_in(enrollment, sent));
}

/// The first answer says what is to be trusted; the rest goes as ever.
Result<void> enroll_by_secret(const EnrollOptions& options, Context& context,
                              const Surroundings& surroundings) {
  auto requester = TRY(
      find_requester(options.signer, options.secret, options.request.form, surroundings.random));
  requester.secret->wants_anchors = true;
  TRY(check_secret_is_strong(*requester.secret));
  const auto anchors_file = TRY(place_of_anchors(options.request));
  const auto paths = TRY(output_paths(options.request));
  const auto [key, outgoing] = TRY(prepare(options, paths, requester, surroundings.random));
  const auto nobody = TRY(proof::Trust::make({}, {}));
  std::vector<pkix::Certificate> met;
  const bool is_known = !options.server.tls_anchors.empty();  // who speaks TLS there
  const auto answer = TRY(exchange({options, nobody, requester, *key, context, surroundings},
                                   outgoing, paths, is_known ? nullptr : &met));
  if (!answer) return {};
  const auto learned = TRY(learn_trust({.octets = *answer,
                                        .kept_in = paths.response,
                                        .sent = outgoing.sent,
                                        .holder = *requester.holder(),
                                        .server = options.server,
                                        .met = is_known ? nullptr : &met,
                                        .anchors_file = anchors_file,
                                        .now = surroundings.clock.now()},
                                       context));
  auto trusting = options;
  trusting.server.anchors = anchors_file;
  return finish_enrollment({trusting, learned.trust, requester, *key, context, surroundings},
                           outgoing.sent, learned.checked, paths);
}

/// The message that is granted is the second then, whose regInfo names the challenge.
Result<void> check_registration(const RequestOptions& request) {
  const bool is_challenged = request.key_use == KeyUse::encryption;
  if (!is_challenged || request.revocation_secret_file.empty()) return {};
  return Error{Fault::bad_configuration,
               "--revocation-secret-file cannot go with --key-usage encryption: a key that proves "
               "itself by a challenge leaves no place to register it. Have the operator do that "
               "(signet secret revocation)"};
}

}  // namespace

Result<void> enroll(const EnrollOptions& options, Context& context,
                    const Surroundings& surroundings) {
  TRY(address_of(options.server));  // before a key is made and a message kept for nowhere
  if (options.trust_by_secret) return enroll_by_secret(options, context, surroundings);
  const auto trust = TRY(read_trust(options.server.anchors));
  const auto requester = TRY(
      find_requester(options.signer, options.secret, options.request.form, surroundings.random));
  const auto paths = TRY(output_paths(options.request));
  const auto [key, outgoing] = TRY(prepare(options, paths, requester, surroundings.random));
  const Enrollment enrollment{options, trust, requester, *key, context, surroundings};
  const auto answer = TRY(exchange(enrollment, outgoing, paths));
  if (!answer) return {};
  const auto checked = TRY(check_answer(enrollment, outgoing.sent, *answer));
  return finish_enrollment(enrollment, outgoing.sent, checked, paths);
}

void add_anchor_use_option(CLI::App& command, AnchorUse& use) {
  command.add_flag_function(
      "--accept-trust-anchors", [&use](std::int64_t) { use = AnchorUse::accept; },
      "Add new roots that the authority announces to the file of --ca; the old one stays as .old");
}

void add_enroll_command(CLI::App& app, Context& context, const Surroundings& surroundings) {
  auto options = std::make_shared<EnrollOptions>();
  auto* command = app.add_subcommand("enroll", "Get a certificate: key, request, answer in one go");
  add_server_options(*command, options->server);
  add_signer_options(*command, options->signer);
  add_secret_options(*command, options->secret);
  add_request_options(*command, options->request);
  add_output_options(*command, options->request);
  command->add_flag("--no-confirm{false}", options->confirms,
                    "Do not say that the certificate is taken, where the authority asks: that is "
                    "left to signet confirm");
  add_anchor_use_option(*command, options->anchor_use);
  add_trust_by_secret_option(*command, *options);
  command->footer(kEnrollFooter);
  command->callback([options, &context, &surroundings] {
    check_usage(check_trust_by_secret(*options));
    check_usage(check_server(options->server));
    check_usage(check_request(options->request, options->signer, options->secret));
    check_usage(check_registration(options->request));
    report(context, enroll(*options, context, surroundings));
  });
}

}  // namespace signet::tool
