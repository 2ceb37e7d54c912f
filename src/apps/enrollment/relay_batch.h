#pragma once

#include <optional>
#include <string>
#include <vector>

#include "apps/enrollment/relay_files.h"
#include "apps/exchange/outgoing.h"
#include "apps/exchange/posting.h"
#include "client/read_relayed.h"
#include "client/take_encryption_off.h"

namespace signet::tool {

/// One relay, as the command line says it.
struct RelayOptions {
  ServerOptions server;
  SignerOptions signer;
  std::vector<std::string> messages;
  std::string out_folder;
  std::string rest;  ///< the file that asks for the rest of an earlier one; empty: messages
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

/// What is said of each of the messages. Faults: malformed.
Result<client::RaAssertions> assertions_of(const RelayOptions& options);

/// A batch on its way: what is asked, where each answer goes, and how it was encrypted to us.
struct RelayBatch {
  client::SentRelay sent;
  std::vector<RelayPaths> paths;
  std::vector<client::TakenMessage> taken;
  std::string rest_file;                      ///< for what asks for its rest
  std::optional<cmc::PendInfo> asks_by = {};  ///< where this asks for the rest itself
};

/// The messages of the options, read and put into one; the folder for the answers is made.
/// Faults: those of client::take_encryption_off, client::read_relayable and client::make_relay, the
/// file named; already_exists where an earlier batch waits for its rest; those of files.
Result<RelayBatch> new_batch(const RelayOptions& options, const Signer& signer,
                             RandomSource& random);
/// What asks for the rest of an earlier one, by the file --rest. Faults: as read_relay_rest and
/// build_message; bad_configuration and malformed where a message came encrypted, and its key or
/// the message itself is not there any more.
Result<RelayBatch> rest_of_batch(const RelayOptions& options, const Requester& requester,
                                 RandomSource& random);
/// What asks for the answers that come later; none: nothing can. Where that was asked already, an
/// answer that names nothing else leaves it as it is (RFC 10002 §6.13).
std::optional<RelayRest> rest_after(const RelayBatch& batch,
                                    const client::RelayedResponse& response);

}  // namespace signet::tool
