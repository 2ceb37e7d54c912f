#pragma once

#include <CLI/CLI.hpp>

#include "apps/exchange/posting.h"
#include "apps/exchange/received_answer.h"
#include "apps/tool/context.h"
#include "apps/tool/credentials.h"
#include "apps/tool/secret_options.h"
#include "apps/tool/surroundings.h"

namespace signet::tool {

struct PollOptions {
  ServerOptions server;
  SignerOptions signer;
  SecretOptions secret;
  std::string output;                 ///< the folder of `signet enroll --output`
  const InPlace* in_place = nullptr;  ///< as for take_answer
};

/// Asks what became of the request of that folder, and keeps what was granted there. Exit status 1
/// where it was refused, 3 where nobody decided yet. Faults: as read_pending_file, post,
/// take_answer.
Result<void> poll(const PollOptions& options, Context& context, const Surroundings& surroundings);

/// Adds `signet poll`: what became of a request that waits for a decision (RFC 10002 §6.13).
void add_poll_command(CLI::App& app, Context& context, const Surroundings& surroundings);

}  // namespace signet::tool
