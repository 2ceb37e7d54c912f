#include "apps/dogtag/enrollment_message.h"
#include "apps/dogtag/message_controls.h"
#include "apps/dogtag/response_file.h"
#include "apps/dogtag/sign_message.h"
#include "apps/tool/report.h"
#include "client/answer_challenge.h"
#include "client/dogtag_challenge.h"
#include "codec/cmc/oids.h"

namespace signet::dogtag {
namespace {

/// What the answer to the first round holds for the second.
struct Challenged {
  std::vector<cmc::EncryptedPOP> challenges;
  Bytes request_id;                     ///< the value of responseInfo
  std::optional<Bytes> transaction_id;  ///< the value, whole TLV
  std::optional<Bytes> server_nonce;    ///< likewise
};

/// A challenge comes with popRequired, as status or as failInfo; any other verdict is the end.
Result<void> check_verdicts(const ResponseFile& file) {
  for (const auto& verdict : file.verdicts) {
    const bool challenged = verdict.status == cmc::CMCStatus::popRequired ||
                            verdict.fail_info == cmc::CMCFailInfo::popRequired;
    if (challenged) continue;
    return Error{Fault::not_allowed,
                 "the answer is no challenge to a key: " + tool::verdict_text(verdict)};
  }
  return {};
}

std::optional<Bytes> value_of(const ResponseFile& file, const asn1::Oid& type) {
  const auto* control = cmc::find_control(file.response.control_sequence, type);
  if (control == nullptr || control->attr_values.size() != 1) return std::nullopt;
  return control->attr_values.front();
}

Result<Challenged> read_challenged(const std::string& path) {
  const auto file = TRY(read_response_file(path));
  TRY(check_verdicts(file));
  Challenged challenged;
  for (const auto& control : file.response.control_sequence) {
    if (control.attr_type != cmc::oid::kEncryptedPOP || control.attr_values.empty()) continue;
    challenged.challenges.push_back(TRY(cmc::read_encrypted_pop(control.attr_values.front())));
  }
  const auto request_id = value_of(file, cmc::oid::kResponseInfo);
  if (challenged.challenges.empty() || !request_id) {
    return Error{Fault::not_allowed, path +
                                         " holds no encryptedPOP with a responseInfo: it is no "
                                         "answer that asks for a second round"};
  }
  challenged.request_id = *request_id;
  challenged.transaction_id = value_of(file, cmc::oid::kTransactionId);
  challenged.server_nonce = value_of(file, cmc::oid::kSenderNonce);
  return challenged;
}

Result<cmc::DecryptedPOP> answer(const cmc::EncryptedPOP& challenge, const crypto::PrivateKey& key,
                                 RandomSource& random) {
  if (client::is_dogtag_challenge(challenge)) {
    return client::answer_dogtag_challenge(challenge, key);
  }
  client::SentRequest sent;
  sent.tagged_requests = {challenge.request.der};
  return client::answer_challenge(challenge, sent, key, random);
}

/// The key that request.privKeyId names; where several were challenged, each request's own.
Result<std::unique_ptr<crypto::PrivateKey>> key_for(const Challenged& challenged,
                                                    const cmc::EncryptedPOP& challenge,
                                                    const RequestSettings& settings,
                                                    KeyDatabase& database) {
  const auto* requested = challenge.request.public_key();
  if (challenged.challenges.size() == 1 || requested == nullptr) {
    return find_request_key(settings, database);
  }
  return database.find_key_of(*requested);
}

/// The transaction goes on: its number, and a nonce for the server's.
Result<void> add_exchange(const Challenged& challenged, RandomSource& random,
                          std::vector<client::WantedControl>& controls) {
  if (challenged.transaction_id) {
    controls.push_back({cmc::oid::kTransactionId, *challenged.transaction_id});
  }
  if (challenged.server_nonce) {
    const auto nonce = TRY(make_sender_nonce("", random));
    controls.push_back({cmc::oid::kSenderNonce, cmc::write_octets_value(nonce)});
    controls.push_back({cmc::oid::kRecipientNonce, *challenged.server_nonce});
  }
  return {};
}

}  // namespace

Result<Bytes> make_second_round_message(const RequestSettings& settings, KeyDatabase& database,
                                        Console& console) {
  auto& random = console.surroundings.random;
  const auto challenged = TRY(read_challenged(settings.second_round->response_file));
  const auto signer = TRY(MessageKey::find(settings, database));
  const IdentityProof proof{settings};
  client::MessageParts parts;
  for (const auto& challenge : challenged.challenges) {
    const auto key = TRY(key_for(challenged, challenge, settings, database));
    const auto answered = TRY(answer(challenge, *key, random));
    parts.tagged_requests.push_back(challenge.request.der);
    parts.controls.push_back({cmc::oid::kDecryptedPOP, cmc::write_decrypted_pop(answered)});
  }
  parts.controls.push_back({cmc::oid::kRegInfo, challenged.request_id});
  TRY(add_exchange(challenged, random, parts.controls));
  add_identification(settings, parts.more_controls);
  if (const auto wanted = proof.wanted()) parts.identity_proof.emplace(*wanted);
  return signer.sign(TRY(client::compose_message(parts)));
}

}  // namespace signet::dogtag
