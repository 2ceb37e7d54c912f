#include "apps/enrollment/relay_batch.h"

#include <algorithm>
#include <filesystem>

#include "adapters/files/file.h"
#include "apps/enrollment/extension_text.h"
#include "apps/tool/message_file.h"
#include "client/follow_up.h"
#include "crypto/digest.h"

namespace signet::tool {
namespace {

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

Result<client::TakenMessage> take_message(const std::string& path, const Decryption& decryption,
                                          RandomSource& random) {
  auto octets = TRY(read_message_file(path));
  if (!decryption) return client::TakenMessage{std::move(octets)};
  return client::take_encryption_off(octets, *decryption, random);
}

/// Puts it into the batch.
Result<client::RelayableMessage> read_one(RelayBatch& batch, const std::string& path,
                                          const client::RaAssertions& said,
                                          const Decryption& decryption, RandomSource& random) {
  batch.taken.push_back(TRY(take_message(path, decryption, random)));
  return client::read_relayable(batch.taken.back().octets, said);
}

/// Names the file, unless it is named already.
Error error_of(const std::string& path, const Error& why) {
  return {why.fault, why.detail.starts_with(path) ? why.detail : path + ": " + why.detail};
}

Result<std::vector<client::RelayableMessage>> read_messages(RelayBatch& batch,
                                                            const RelayOptions& options,
                                                            RandomSource& random) {
  const auto said = TRY(assertions_of(options));
  const auto decryption = TRY(read_decryption(options));
  std::vector<client::RelayableMessage> messages;
  for (const auto& path : options.messages) {
    std::error_code ignored;
    if (options.out_folder.empty() && files::is_left_in_place(path) &&
        !std::filesystem::is_directory(path, ignored)) {
      return Error{Fault::bad_configuration,
                   path + " is no file that an answer could stand beside: give --out-dir"};
    }
    auto read = read_one(batch, path, said, decryption, random);
    if (!read.ok()) return error_of(path, read.error());
    messages.push_back(std::move(read).value());
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

/// How a message was encrypted whose answer comes now.
Result<client::TakenMessage> take_again(const MessageWaiting& waiting, const Decryption& decryption,
                                        RandomSource& random) {
  if (waiting.inside_hash.empty()) return client::TakenMessage{};
  const auto& path = waiting.paths.message;
  if (!decryption) {
    return Error{Fault::bad_configuration,
                 path +
                     " came encrypted, and so goes its answer: give --decrypt-key and "
                     "--decrypt-certificate as before"};
  }
  auto taken = take_message(path, decryption, random);
  if (!taken.ok()) return error_of(path, taken.error());
  if (crypto::sha256(taken->octets) == waiting.inside_hash) return taken;
  return Error{Fault::malformed, path +
                                     " is not the message any more that was relayed: its answer "
                                     "would be encrypted to somebody else"};
}

}  // namespace

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

Result<RelayBatch> new_batch(const RelayOptions& options, const Signer& signer,
                             RandomSource& random) {
  RelayBatch batch;
  batch.paths = relay_paths(options.messages, options.out_folder);
  batch.rest_file = relay_rest_file(batch.paths);
  auto messages = TRY(read_messages(batch, options, random));
  TRY(check_no_relay_waits(batch.rest_file));
  TRY(make_out_folder(options.out_folder));
  batch.sent = TRY(client::make_relay(std::move(messages),
                                      {signer.certificate, *signer.key, signer.chain}, random));
  return batch;
}

//= E137 RFC 10002 §6.17: the rest of a batch is asked for by queryPending
Result<RelayBatch> rest_of_batch(const RelayOptions& options, const Requester& requester,
                                 RandomSource& random) {
  const auto rest = TRY(read_relay_rest(options.rest));
  const auto decryption = TRY(read_decryption(options));
  RelayBatch batch;
  batch.rest_file = options.rest;
  batch.sent.asks_for_rest = true;
  batch.asks_by = rest.pend_info;
  for (const auto& waiting : rest.messages) {
    batch.paths.push_back(waiting.paths);
    batch.taken.push_back(TRY(take_again(waiting, decryption, random)));
    batch.sent.items.push_back(waiting.item);
  }
  const client::Ongoing within{rest.transaction_id, rest.sender_nonce};
  batch.sent.sent = TRY(
      build_message(client::poll_controls(rest.pend_info.pend_token), &within, requester, random));
  return batch;
}

std::optional<RelayRest> rest_after(const RelayBatch& batch,
                                    const client::RelayedResponse& response) {
  RelayRest rest{{}, batch.sent.sent.transaction_id, response.sender_nonce, {}};
  for (std::size_t at = 0; at < batch.paths.size(); ++at) {
    if (!response.answers[at].comes_later()) continue;
    const auto& taken = batch.taken[at];
    auto hash = taken.style ? crypto::sha256(taken.octets) : Bytes{};
    rest.messages.push_back({batch.sent.items[at], batch.paths[at], std::move(hash)});
  }
  const auto& asks_by = response.rest ? response.rest : batch.asks_by;
  if (rest.messages.empty() || !asks_by) return std::nullopt;
  rest.pend_info = *asks_by;
  return rest;
}

}  // namespace signet::tool
