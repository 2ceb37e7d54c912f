#include "apps/enrollment/relay_command.h"

#include <map>

#include "adapters/files/file.h"
#include "apps/enrollment/extension_text.h"
#include "apps/enrollment/relay_batch.h"
#include "apps/enrollment/relay_report.h"
#include "apps/exchange/pending_file.h"
#include "apps/exchange/request_options.h"
#include "apps/tool/report.h"
#include "apps/tool/usage.h"
#include "codec/pkix/oids.h"

namespace signet::tool {
namespace {

constexpr const char* kRelayFooter =
    "Example:\n"
    "  signet relay alice.crq bob.crq --url https://ca.example.org:8443 --ca ca.pem \\\n"
    "    --signer ra.pem --signer-key ra.key --out-dir answers\n"
    "Each answer is the authority's own to whoever asked, who checks it with `signet read`.\n"
    "Exit status: 0 all granted, 1 not all of them, 3 not yet: some wait for a decision, "
    "or are answered later (--rest).";

// ------------------------------------------------------------ what is said

/// An extension is changed in one way.
Result<void> check_changes(const client::RaAssertions& said) {
  std::map<asn1::Oid, std::string> changed;
  if (!said.subject_alt_names.empty()) changed.emplace(pkix::oid::kSubjectAltName, "--san");
  const auto note = [&](const asn1::Oid& type, const std::string& option) -> Result<void> {
    const auto way = option + " " + type.to_text();
    const auto [at, is_new] = changed.emplace(type, way);
    if (is_new) return {};
    return Error{Fault::bad_configuration,
                 at->second + " and " + way + " are about one extension: give one of them"};
  };
  for (const auto& extension : said.added) TRY(note(extension.extn_id, "--add-extension"));
  for (const auto& type : said.left_out) TRY(note(type, "--leave-out"));
  return {};
}

/// What came encrypted does not go on where everybody reads it.
Result<void> check_decryption(const RelayOptions& options) {
  if (options.decrypt_key.empty() != options.decrypt_certificate.empty()) {
    return Error{Fault::bad_configuration,
                 "messages are encrypted to a certificate, and opened with its key: give both "
                 "--decrypt-key and --decrypt-certificate"};
  }
  if (options.decrypt_key.empty() || !goes_over_tcp(options.server)) return {};
  return Error{Fault::bad_configuration,
               "over tcp:// everybody on the way could read what was encrypted to you: with "
               "--decrypt-key, send it over https://"};
}

/// One or the other: what is said of messages was said when they were relayed.
Result<void> check_what_is_asked(const RelayOptions& options) {
  if (options.rest.empty() == options.messages.empty()) {
    return Error{Fault::bad_configuration,
                 "give the messages to relay, or --rest FILE for the answers to earlier ones"};
  }
  if (options.rest.empty()) return {};
  const auto said = TRY(assertions_of(options));
  if (!said.any() && options.out_folder.empty()) return {};
  return Error{Fault::bad_configuration,
               "--rest asks for the answers to messages that were relayed already, whose files it "
               "knows: nothing is said of them, and no --out-dir given, any more"};
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
  TRY(check_what_is_asked(options));
  TRY(check_decryption(options));
  const auto said = TRY(assertions_of(options));
  TRY(check_changes(said));
  return check_relay_paths(options.messages, options.out_folder);
}

// ------------------------------------------------------------ there and back

Error too_much(const Error& why) {
  return {why.fault, why.detail +
                         ": relay fewer messages at a time; what was granted is handed "
                         "out again"};
}

/// What was asked under encryption is not answered without, where there is a key for it.
Result<void> keep_answer(RelayPaths& paths, const Bytes& answer, const client::TakenMessage& asked,
                         RandomSource& random) {
  if (!asked.style) return files::write_file(paths.answer, answer);
  const auto encrypted = TRY(client::put_encryption_on(answer, asked, random));
  paths.kept = encrypted ? AnswerKept::encrypted : AnswerKept::in_clear;
  return files::write_file(paths.answer, encrypted ? *encrypted : answer);
}

/// The others are kept where one cannot be.
Result<void> keep_answers(RelayBatch& batch, const client::RelayedResponse& response,
                          RandomSource& random) {
  Result<void> kept;
  for (std::size_t at = 0; at < batch.paths.size(); ++at) {
    const auto& answer = response.answers[at].octets;
    if (!answer) continue;
    auto one = keep_answer(batch.paths[at], *answer, batch.taken[at], random);
    if (!one.ok() && kept.ok()) kept = std::move(one);
  }
  return kept;
}

/// What asks for the rest is kept before the answers of a first call. Of a later one, what asked
/// for these very answers is replaced, or given up, once all of them are kept: it knows which are
/// missing where that run is broken off, or one of them cannot be written.
Result<void> take_batch(RelayBatch& batch, const client::RelayedResponse& response,
                        Context& context, RandomSource& random) {
  const auto rest = rest_after(batch, response);
  if (rest && !batch.asks_by) TRY(keep_relay_rest(*rest, batch.rest_file));
  const auto kept = keep_answers(batch, response, random);
  if (rest && batch.asks_by && kept.ok()) TRY(keep_relay_rest(*rest, batch.rest_file));
  if (!rest && kept.ok()) TRY(forget_pending(batch.rest_file));
  if (kept.ok() || !context.json) {
    std::optional<RestKept> told;
    if (rest) told.emplace(RestKept{rest->pend_info, batch.rest_file});
    tell_relayed(response, batch.paths, told ? &*told : nullptr, context);
  }
  return kept;
}

void report_refused_batch(const RelayBatch& batch, const client::RelayedResponse& response,
                          Context& context) {
  auto failure = refused_relay(response);
  if (batch.asks_by) {
    failure.what_to_do +=
        "\n  Or remove " + batch.rest_file + ", and relay the messages again that have no answer.";
  }
  report(context, failure);
}

Result<void> relay(const RelayOptions& options, Context& context,
                   const Surroundings& surroundings) {
  const auto trust = TRY(read_trust(options.server.anchors));
  Requester requester;
  requester.signer = TRY(read_signer(options.signer));
  const auto& signer = *requester.signer;
  auto& random = surroundings.random;
  auto batch = options.rest.empty() ? TRY(new_batch(options, signer, random))
                                    : TRY(rest_of_batch(options, requester, random));
  const auto& sent = batch.sent;
  const auto reply = TRY(post(options.server, &signer, sent.sent.octets, context, surroundings));
  const auto response = client::read_relayed(reply, sent, trust, surroundings.clock.now());
  if (!response.ok()) {
    const auto& why = response.error();
    return why.fault == Fault::too_large ? too_much(why) : why;
  }
  if (refuses_all(*response)) {
    report_refused_batch(batch, *response, context);
    return {};
  }
  return take_batch(batch, *response, context, random);
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
  command
      .add_option("--add-extension", options.added,
                  "Extension in the place of the requests' own: OID=HEX or OID,critical=HEX, the "
                  "DER of its value (may be given more than once)")
      ->type_name("EXTENSION")
      ->check(taken_by(extension_from_text));
}

void add_decryption_options(CLI::App& command, RelayOptions& options) {
  command
      .add_option("--decrypt-key", options.decrypt_key,
                  "Key that messages encrypted to you alone are opened with; what others can open "
                  "is relayed as it is. Answers to them are encrypted in kind")
      ->type_name("FILE")
      ->check(taken_by(check_key_name));
  command.add_option("--decrypt-certificate", options.decrypt_certificate, "Its certificate")
      ->type_name("FILE");
  command
      .add_option("--decrypt-passphrase-file", options.decrypt_passphrase_file,
                  "File whose first line is the key's passphrase")
      ->type_name("FILE");
}

}  // namespace

void add_relay_command(CLI::App& app, Context& context, const Surroundings& surroundings) {
  auto options = std::make_shared<RelayOptions>();
  auto* command = app.add_subcommand(
      "relay", "Hand messages of others on to the authority, as a registration authority");
  command
      ->add_option("MESSAGE", options->messages,
                   "Messages to relay: .crq (binary, PEM or base64), one a file")
      ->type_name("FILE");
  add_server_options(*command, options->server);
  add_signer_options(*command, options->signer);
  add_assertion_options(*command, *options);
  add_decryption_options(*command, *options);
  command
      ->add_option("--out-dir", options->out_folder,
                   "Folder for the answers; beside the messages when not given")
      ->type_name("DIR");
  command
      ->add_option("--rest", options->rest,
                   "Instead of messages: ask for the answers to those of an earlier relay that the "
                   "authority gives later, by the file that it left")
      ->type_name("FILE");
  command->footer(kRelayFooter);
  command->callback([options, &context, &surroundings] {
    check_usage(check_relay(*options));
    report(context, relay(*options, context, surroundings));
  });
}

}  // namespace signet::tool
