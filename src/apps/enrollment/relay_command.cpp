#include "apps/enrollment/relay_command.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include "adapters/files/file.h"
#include "apps/enrollment/extension_text.h"
#include "apps/enrollment/relay_report.h"
#include "apps/exchange/posting.h"
#include "apps/exchange/request_options.h"
#include "apps/tool/message_file.h"
#include "apps/tool/report.h"
#include "apps/tool/usage.h"
#include "client/read_relayed.h"
#include "client/take_encryption_off.h"
#include "codec/pkix/oids.h"

namespace signet::tool {
namespace {

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
  std::vector<std::string> added;
  std::string decrypt_key;
  std::string decrypt_certificate;
  std::string decrypt_passphrase_file;
};

constexpr const char* kRelayFooter =
    "Example:\n"
    "  signet relay alice.crq bob.crq --url https://ca.example.org:8443 --ca ca.pem \\\n"
    "    --signer ra.pem --signer-key ra.key --out-dir answers\n"
    "Each answer is the authority's own to whoever asked, who checks it with `signet read`.\n"
    "Exit status: 0 all granted, 1 not all of them, 3 not yet: some wait for a decision.";

// ------------------------------------------------------------ what goes where

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
  for (const auto& paths : relay_paths(options)) {
    const auto what = "the answer to " + paths.message;
    const auto [at, is_new] = taken.emplace(whole_path(paths.answer), what);
    if (!is_new) return two_for_one_file(at->second, what);
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
  for (const auto& text : options.added) said.added.push_back(TRY(extension_from_text(text)));
  return said;
}

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

/// What the options alone show.
Result<void> check_relay(const RelayOptions& options) {
  TRY(check_server(options.server));
  if (!names_signer(options.signer)) {
    return Error{Fault::bad_configuration,
                 "a registration authority signs what it relays: give --signer and --signer-key "
                 "(or --signer-p12)"};
  }
  TRY(check_signer(options.signer));
  TRY(check_decryption(options));
  const auto said = TRY(assertions_of(options));
  TRY(check_changes(said));
  return check_relay_paths(options);
}

using Decryption = std::optional<envelope::DecryptionKey>;

/// What messages are encrypted to, where that is the registration authority itself.
Result<Decryption> read_decryption(const RelayOptions& options) {
  if (options.decrypt_key.empty()) return Decryption{};
  const auto& file = options.decrypt_certificate;
  const auto certificates = TRY(read_certificates_file(file));
  std::shared_ptr<const crypto::PrivateKey> key =
      TRY(read_key_file(options.decrypt_key, options.decrypt_passphrase_file));
  if (certificates.front()->subject_public_key_info != key->public_key_info()) {
    return Error{Fault::bad_configuration,
                 "the key " + options.decrypt_key + " is not that of the certificate in " + file};
  }
  return Decryption{{certificates.front(), std::move(key)}};
}

/// What is relayed, and how it was encrypted to us.
struct MessagesRead {
  std::vector<client::MessageToRelay> messages;
  std::vector<client::TakenMessage> taken;
};

Result<client::TakenMessage> read_one(const std::string& path, const client::RaAssertions& said,
                                      const Decryption& decryption, RandomSource& random) {
  client::TakenMessage taken{TRY(read_message_file(path))};
  if (decryption) {
    taken = TRY(client::take_encryption_off(taken.octets, *decryption, random));
  }
  TRY(client::check_relayable({taken.octets, said}));
  return taken;
}

Result<MessagesRead> read_messages(const RelayOptions& options, RandomSource& random) {
  const auto said = TRY(assertions_of(options));
  const auto decryption = TRY(read_decryption(options));
  MessagesRead read;
  for (const auto& path : options.messages) {
    if (options.out_folder.empty() && files::is_left_in_place(path) &&
        !std::filesystem::is_directory(path)) {
      return Error{Fault::bad_configuration,
                   path + " is no file that an answer could stand beside: give --out-dir"};
    }
    auto taken = read_one(path, said, decryption, random);
    if (!taken.ok()) {
      const auto& why = taken.error();
      const bool is_told = why.detail.starts_with(path);
      return Error{why.fault, is_told ? why.detail : path + ": " + why.detail};
    }
    read.messages.push_back({taken->octets, said});
    read.taken.push_back(std::move(taken).value());
  }
  return read;
}

Result<void> make_out_folder(const std::string& folder) {
  if (folder.empty()) return {};
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error) return {};
  return Error{Fault::storage_failed,
               "the folder " + folder + " cannot be made: " + error.message()};
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

Result<void> relay(const RelayOptions& options, Context& context,
                   const Surroundings& surroundings) {
  const auto trust = TRY(read_trust(options.server.anchors));
  const auto signer = TRY(read_signer(options.signer));
  const auto asked = TRY(read_messages(options, surroundings.random));
  TRY(make_out_folder(options.out_folder));
  const auto sent = TRY(client::make_relay(
      asked.messages, {signer.certificate, *signer.key, signer.chain}, surroundings.random));
  const auto reply = TRY(post(options.server, &signer, sent.sent.octets, context, surroundings));
  auto read = client::read_relayed(reply, sent, trust, surroundings.clock.now());
  if (!read.ok())
    return read.error().fault == Fault::too_large ? too_much(read.error()) : read.error();
  const auto response = std::move(read).value();
  if (refuses_all(response)) {
    report(context, refused_relay(response));
    return {};
  }
  auto paths = relay_paths(options);
  Result<void> kept;
  for (std::size_t at = 0; at < paths.size(); ++at) {
    const auto& answer = response.answers[at].octets;
    if (!answer) continue;
    auto one = keep_answer(paths[at], *answer, asked.taken[at], surroundings.random);
    if (!one.ok() && kept.ok()) kept = std::move(one);  // the others are kept all the same
  }
  if (kept.ok() || !context.json) tell_relayed(response, paths, context);
  return kept;
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
      ->required()
      ->type_name("FILE");
  add_server_options(*command, options->server);
  add_signer_options(*command, options->signer);
  add_assertion_options(*command, *options);
  add_decryption_options(*command, *options);
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
