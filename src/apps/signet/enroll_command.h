#pragma once

#include "apps/signet/outgoing.h"
#include "apps/signet/posting.h"

namespace signet::tool {

/// One enrollment, as the command line says it.
struct EnrollOptions {
  ServerOptions server;
  SignerOptions signer;
  SecretOptions secret;
  RequestOptions request;
  bool confirms = true;  ///< says that the certificate is taken, where the authority asks
};
/// Key, request, every round, confirmation; the files are written and the end is told.
/// Faults: those of its steps.
Result<void> enroll(const EnrollOptions& options, Context& context,
                    const Surroundings& surroundings);

/// Adds `signet enroll`.
void add_enroll_command(CLI::App& app, Context& context, const Surroundings& surroundings);

}  // namespace signet::tool
