#pragma once

#include <string>
#include <vector>

#include "client/build_relay.h"
#include "codec/cmc/status.h"

namespace signet::tool {

/// How an answer is kept for whoever asked.
enum class AnswerKept {
  as_it_came,
  encrypted,  ///< as the message was
  in_clear    ///< though the message was encrypted: whoever asked has no key for it
};

/// A message's file, and the one for its answer.
struct RelayPaths {
  std::string message;
  std::string answer;
  AnswerKept kept = AnswerKept::as_it_came;
};

/// x.crp for each x.crq, beside it or in this folder, unless that is empty.
std::vector<RelayPaths> relay_paths(const std::vector<std::string>& messages,
                                    const std::string& folder);
/// Faults: bad_configuration where two of all these would be one file.
Result<void> check_relay_paths(const std::vector<std::string>& messages, const std::string& folder);

/// A message whose answer comes later.
struct MessageWaiting {
  client::RelayedItem item;
  RelayPaths paths;
  /// SHA-256 of what stood inside, where it came encrypted to the registration authority alone: the
  /// answer is encrypted in kind. Empty: it did not.
  Bytes inside_hash = {};
};
/// What asks for the rest of a batch (partial, RFC 10002 §6.17), kept as a small JSON file.
struct RelayRest {
  cmc::PendInfo pend_info;
  asn1::Integer transaction_id;
  Bytes sender_nonce;  ///< the authority's last one; empty when it sent none
  std::vector<MessageWaiting> messages;
};
/// x.relay.json beside the first answer, x.crp.
std::string relay_rest_file(const std::vector<RelayPaths>& paths);
/// Faults: as files::write_file.
Result<void> keep_relay_rest(const RelayRest& rest, const std::string& path);
/// Faults: as files::read_file; malformed.
Result<RelayRest> read_relay_rest(const std::string& path);
/// That no earlier batch waits there. Faults: already_exists.
Result<void> check_no_relay_waits(const std::string& path);
/// "Ask from … on: …": what asks for what is kept in the file `path`.
std::string how_to_ask_for_rest(const cmc::PendInfo& pend_info, const std::string& path);

}  // namespace signet::tool
