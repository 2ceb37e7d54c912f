#include "apps/enrollment/relay_command.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include "adapters/files/file.h"
#include "apps/exchange/posting.h"
#include "apps/exchange/request_options.h"
#include "apps/tool/message_file.h"
#include "apps/tool/report.h"
#include "apps/tool/usage.h"
#include "client/read_relayed.h"
#include "codec/pkix/oids.h"

namespace signet::tool {
namespace {

using client::RelayedOutcome;

struct RelayOptions {
  ServerOptions server;
  SignerOptions signer;
  std::vector<std::string> messages;
  std::string out_folder;
  bool saw_identity = false;
  bool saw_possession = false;
  std::optional<std::string> subject;
  std::vector<std::string> alternative_names;
  std::vector<std::string> left_out;
};

constexpr const char* kRelayFooter =
    "Example:\n"
    "  signet relay alice.crq bob.crq --url https://ca.example.org:8443 --ca ca.pem \\\n"
    "    --signer ra.pem --signer-key ra.key --out-dir answers\n"
    "Each answer is the authority's own to whoever asked, who checks it with `signet read`.\n"
    "Exit status: 0 all granted, 1 not all of them, 3 not yet: some wait for a decision.";

// ------------------------------------------------------------ what goes where

/// A message's file, and the one for its answer.
struct RelayPaths {
  std::string message;
  std::string answer;
};

std::filesystem::path whole_path(const std::filesystem::path& path) {
  return std::filesystem::absolute(path).lexically_normal();
}

/// x.crp for x.crq, beside it or in the folder.
//= F03 RFC 10003 §4: the extension .crp
RelayPaths relay_paths_of(const std::string& message, const std::string& folder) {
  auto answer = std::filesystem::path{message}.replace_extension(".crp");
  if (!folder.empty()) answer = std::filesystem::path{folder} / answer.filename();
  return {message, answer.string()};
}

std::vector<RelayPaths> relay_paths(const RelayOptions& options) {
  std::vector<RelayPaths> paths;
  for (const auto& message : options.messages) {
    paths.push_back(relay_paths_of(message, options.out_folder));
  }
  return paths;
}

Error two_for_one_file(const std::string& what, const std::string& other) {
  return {Fault::bad_configuration,
          what + " and " + other +
              " would be one file: give the messages other names, or relay them one by one with "
              "another --out-dir"};
}

Result<void> check_relay_paths(const RelayOptions& options) {
  std::map<std::filesystem::path, std::string> taken;
  for (const auto& message : options.messages) {
    const auto [at, is_new] = taken.emplace(whole_path(message), message);
    if (!is_new) return two_for_one_file(at->second, message);
  }
  for (const auto& [message, answer] : relay_paths(options)) {
    const auto [at, is_new] = taken.emplace(whole_path(answer), "the answer to " + message);
    if (!is_new) return two_for_one_file(at->second, "the answer to " + message);
  }
  return {};
}

// ------------------------------------------------------------ what is said

Result<client::RaAssertions> assertions_of(const RelayOptions& options) {
  client::RaAssertions said{.saw_identity = options.saw_identity,
                            .saw_possession = options.saw_possession};
  if (options.subject) said.subject = TRY(pkix::name_from_text(*options.subject));
  for (const auto& text : options.alternative_names) {
    said.subject_alt_names.push_back(TRY(general_name_from_text(text)));
  }
  for (const auto& text : options.left_out) {
    const auto type = TRY(asn1::Oid::from_text(text));
    const bool is_known =
        std::find(said.left_out.begin(), said.left_out.end(), type) != said.left_out.end();
    if (!is_known) said.left_out.push_back(type);
  }
  return said;
}

/// What the options alone show.
Result<void> check_relay(const RelayOptions& options) {
  TRY(check_server(options.server));
  if (!names_signer(options.signer)) {
    return Error{Fault::bad_configuration,
                 "a registration authority signs what it relays: give --signer and --signer-key "
                 "(or --signer-p12)"};
  }
  TRY(check_signer(options.signer));
  const auto said = TRY(assertions_of(options));
  const auto& left_out = said.left_out;
  const bool leaves_out_names =
      std::find(left_out.begin(), left_out.end(), pkix::oid::kSubjectAltName) != left_out.end();
  if (!said.subject_alt_names.empty() && leaves_out_names) {
    return Error{Fault::bad_configuration, "--san gives the names that --leave-out " +
                                               pkix::oid::kSubjectAltName.to_text() +
                                               " takes: give one of them"};
  }
  return check_relay_paths(options);
}

Result<std::vector<client::MessageToRelay>> read_messages(const RelayOptions& options) {
  const auto said = TRY(assertions_of(options));
  std::vector<client::MessageToRelay> messages;
  for (const auto& path : options.messages) {
    if (options.out_folder.empty() && files::is_left_in_place(path) &&
        !std::filesystem::is_directory(path)) {
      return Error{Fault::bad_configuration,
                   path + " is no file that an answer could stand beside: give --out-dir"};
    }
    client::MessageToRelay message{TRY(read_message_file(path)), said};
    const auto relayable = client::check_relayable(message);
    if (!relayable.ok()) {
      return Error{relayable.error().fault, path + ": " + relayable.error().detail};
    }
    messages.push_back(std::move(message));
  }
  return messages;
}

Result<void> make_out_folder(const std::string& folder) {
  if (folder.empty()) return {};
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error) return {};
  return Error{Fault::storage_failed,
               "the folder " + folder + " cannot be made: " + error.message()};
}

// ------------------------------------------------------------ what came back

std::string_view word_of(RelayedOutcome outcome) {
  switch (outcome) {
    case RelayedOutcome::granted:
      return "granted";
    case RelayedOutcome::pending:
      return "pending";
    case RelayedOutcome::must_prove:
      return "must prove";
    case RelayedOutcome::refused:
      return "refused";
    case RelayedOutcome::unreadable:
      return "answered";
  }
  return {};
}

/// Why, in the authority's words.
std::string reason_of(const client::RelayedAnswer& answer) {
  switch (answer.outcome) {
    case RelayedOutcome::granted:
      return {};
    case RelayedOutcome::must_prove:
      return "the key must prove itself first";
    case RelayedOutcome::unreadable:
      return "for whoever asked alone to read";
    case RelayedOutcome::pending:
    case RelayedOutcome::refused:
      break;
  }
  for (const auto& verdict : answer.verdicts) {
    if (verdict.status != cmc::CMCStatus::success) return verdict_text(verdict);
  }
  return {};
}

std::size_t count(const client::RelayedResponse& response, RelayedOutcome outcome) {
  return static_cast<std::size_t>(
      std::count_if(response.answers.begin(), response.answers.end(),
                    [&](const auto& answer) { return answer.outcome == outcome; }));
}

Json json_of(const RelayPaths& paths, const client::RelayedAnswer& answer) {
  Json object{{"message", paths.message}, {"outcome", word_of(answer.outcome)}};
  if (answer.octets) object["answer"] = paths.answer;
  object["statuses"] = Json::array();
  for (const auto& verdict : answer.verdicts) object["statuses"].push_back(to_json(verdict));
  return object;
}

void print_answer(std::ostream& out, const RelayPaths& paths, const client::RelayedAnswer& answer) {
  const auto word = word_of(answer.outcome);
  const auto reason = reason_of(answer);
  out << word << std::string(16 - word.size(), ' ') << printable(paths.message);
  if (!reason.empty()) out << ": " << printable(reason);
  if (answer.octets) out << " (answer: " << printable(paths.answer) << ")";
  out << "\n";
}

void add_step(std::string& steps, std::string_view step) {
  if (!steps.empty()) steps += "\n  ";
  steps += step;
}

std::string next_step_of(const client::RelayedResponse& response) {
  std::string step;
  if (response.has_answers()) {
    step = "Give each answer to whoever asked, who checks it: signet read --in x.crp ...";
  }
  if (count(response, RelayedOutcome::must_prove) > 0) {
    add_step(step,
             "A key that must prove itself opens the challenge in its answer: signet answer.");
  }
  if (count(response, RelayedOutcome::pending) > 0) {
    add_step(step,
             "What is pending waits for a person's decision: relay the same message again then.");
  }
  return step;
}

/// What is refused to who is no agent.
bool may_be_signers_fault(const client::Verdict& verdict) {
  return verdict.fail_info == cmc::CMCFailInfo::badIdentity ||
         verdict.fail_info == cmc::CMCFailInfo::badRequest;
}

/// Nobody is answered: often it is the RA itself that the authority refuses.
Failure refused_relay(const client::RelayedResponse& response) {
  auto failure = failure_of(response.verdicts);
  const auto& verdicts = response.verdicts;
  if (std::none_of(verdicts.begin(), verdicts.end(), may_be_signers_fault)) return failure;
  failure.what_to_do =
      "Check --signer: who relays is an agent of the authority, by a certificate with id-kp-cmcRA; "
      "and what the authority names.";
  return failure;
}

/// Not all were granted: each is told above, or in JSON.
Failure not_all_granted(const client::RelayedResponse& response, Json messages) {
  const auto refused =
      count(response, RelayedOutcome::refused) + count(response, RelayedOutcome::must_prove);
  const auto all = response.answers.size();
  return {"refused",
          std::to_string(refused) + " of " + std::to_string(all) +
              (all == 1 ? " message " : " messages ") +
              (refused == 1 ? "was not granted" : "were not granted"),
          next_step_of(response),
          {{"messages", std::move(messages)}}};
}

void tell_relayed(const client::RelayedResponse& response, const std::vector<RelayPaths>& paths,
                  Context& context) {
  Json messages = Json::array();
  for (std::size_t at = 0; at < paths.size(); ++at) {
    messages.push_back(json_of(paths[at], response.answers[at]));
    if (!context.json) print_answer(context.out, paths[at], response.answers[at]);
  }
  const bool is_refused = count(response, RelayedOutcome::refused) > 0 ||
                          count(response, RelayedOutcome::must_prove) > 0;
  if (is_refused) return report(context, not_all_granted(response, std::move(messages)));
  const bool is_pending = count(response, RelayedOutcome::pending) > 0;
  if (is_pending) context.exit_status = kNotYet;
  if (!context.json) {
    context.err << next_step_of(response) << "\n";
    return;
  }
  Json told{{"ok", !is_pending}};
  if (is_pending) told["pending"] = true;
  told["messages"] = std::move(messages);
  write_json(context.out, told);
}

Error too_much(const Error& why) {
  return {why.fault, why.detail +
                         ": relay fewer messages at a time; what was granted is handed "
                         "out again"};
}

Result<void> relay(const RelayOptions& options, Context& context,
                   const Surroundings& surroundings) {
  const auto trust = TRY(read_trust(options.server.anchors));
  const auto signer = TRY(read_signer(options.signer));
  const auto messages = TRY(read_messages(options));
  TRY(make_out_folder(options.out_folder));
  const auto sent = TRY(client::make_relay(
      messages, {signer.certificate, *signer.key, signer.chain}, surroundings.random));
  const auto reply = TRY(post(options.server, &signer, sent.sent.octets, context, surroundings));
  auto read = client::read_relayed(reply, sent, trust, surroundings.clock.now());
  if (!read.ok())
    return read.error().fault == Fault::too_large ? too_much(read.error()) : read.error();
  const auto response = std::move(read).value();
  const bool is_refused =
      !response.has_answers() && count(response, RelayedOutcome::refused) == messages.size();
  if (is_refused) {
    report(context, refused_relay(response));
    return {};
  }
  const auto paths = relay_paths(options);
  for (std::size_t at = 0; at < paths.size(); ++at) {
    const auto& answer = response.answers[at];
    if (answer.octets) TRY(files::write_file(paths[at].answer, *answer.octets));
  }
  tell_relayed(response, paths, context);
  return {};
}

// ------------------------------------------------------------ the command line

void add_assertion_options(CLI::App& command, RelayOptions& options) {
  command.add_flag("--saw-identity", options.saw_identity,
                   "You saw who asks, and that identity and key belong together "
                   "(raIdentityWitness); also in the place of a shared secret");
  command.add_flag("--saw-possession", options.saw_possession,
                   "You saw that whoever asks holds the key (lraPOPWitness)");
  command
      .add_option("--subject", options.subject,
                  "Name in the certificate, in the place of the one that the requests ask for")
      ->type_name("NAME")
      ->check(taken_by(pkix::name_from_text));
  command
      .add_option("--san", options.alternative_names,
                  "Further name, in the place of those that the requests ask for: DNS:host, "
                  "IP:address, email:address, URI:address, DirName:CN=… (may be given more than "
                  "once)")
      ->type_name("NAME")
      ->check(taken_by(general_name_from_text));
  command
      .add_option("--leave-out", options.left_out,
                  "Extension that the requests ask for in vain (may be given more than once)")
      ->type_name("OID")
      ->check(taken_by(asn1::Oid::from_text));
}

}  // namespace

void add_relay_command(CLI::App& app, Context& context, const Surroundings& surroundings) {
  auto options = std::make_shared<RelayOptions>();
  auto* command = app.add_subcommand(
      "relay", "Hand messages of others on to the authority, as a registration authority");
  command
      ->add_option("MESSAGE", options->messages,
                   "Messages to relay: .crq (binary, PEM or base64), one a file")
      ->required()
      ->type_name("FILE");
  add_server_options(*command, options->server);
  add_signer_options(*command, options->signer);
  add_assertion_options(*command, *options);
  command
      ->add_option("--out-dir", options->out_folder,
                   "Folder for the answers; beside the messages when not given")
      ->type_name("DIR");
  command->footer(kRelayFooter);
  command->callback([options, &context, &surroundings] {
    check_usage(check_relay(*options));
    report(context, relay(*options, context, surroundings));
  });
}

}  // namespace signet::tool
