#pragma once

#include "apps/exchange/outgoing.h"
#include "apps/exchange/posting.h"
#include "apps/exchange/received_answer.h"
#include "apps/exchange/trust_anchors.h"

namespace signet::tool {

/// One enrollment, as the command line says it.
struct EnrollOptions {
  ServerOptions server;
  SignerOptions signer;
  SecretOptions secret;
  RequestOptions request;
  AnchorUse anchor_use = AnchorUse::tell;
  /// Nothing is trusted yet: who answers must know the secret, and says what is
  /// (trust_by_secret.h).
  bool trust_by_secret = false;
  bool confirms = true;  ///< says that the certificate is taken, where the authority asks
  const InPlace* in_place = nullptr;  ///< as for take_answer
  /// Sends the very message that an earlier run left in --output, with its key: see save_outgoing.
  bool again = false;
};

/// Key, request, every round, confirmation; the files are written and the end is told.
/// Faults: those of its steps.
Result<void> enroll(const EnrollOptions& options, Context& context,
                    const Surroundings& surroundings);

/// --accept-trust-anchors
void add_anchor_use_option(CLI::App& command, AnchorUse& use);

/// Adds `signet enroll`.
void add_enroll_command(CLI::App& app, Context& context, const Surroundings& surroundings);

}  // namespace signet::tool
