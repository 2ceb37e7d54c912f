#pragma once

#include "client/build_request.h"

namespace signet::client {

/// What an answer bears of the message that it answers (RFC 10002 §6.6).
struct Echo {
  std::optional<asn1::Integer> transaction_id;
  std::optional<Bytes> recipient_nonce;
  std::optional<Bytes> data_return;
};
/// Faults: malformed.
Result<Echo> read_echo(const std::vector<cmc::TaggedAttribute>& controls);

/// Whether an answer may lack what the message had.
enum class EchoMay {
  lack_any,  ///< a server that could not read our message cannot echo it
  lack_none,
};
/// That it is ours, whatever it is; where we sent a Simple request there is nothing to compare.
/// Faults: replayed; why it could not be read.
Result<void> check_echo(const Result<Echo>& echo, const SentRequest& sent, EchoMay may);

/// The message had a nonce, which is to come back.
bool asked_in_full(const SentRequest& sent);

}  // namespace signet::client
