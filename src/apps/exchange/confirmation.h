#pragma once

#include "apps/exchange/outgoing.h"
#include "apps/exchange/posting.h"
#include "apps/exchange/received_answer.h"

namespace signet::tool {

/// Where and under what trust a confirmation goes. References live for the call only.
struct ConfirmationScene {
  const ServerOptions& server;
  const proof::Trust& trust;
  Context& context;
  const Surroundings& surroundings;
};

/// Says that a certificate is taken, or not (RFC 10002 §6.14), and waits for the answer.
/// Faults: those of posting and reading; not_allowed with the authority's words when it refuses.
Result<void> send_confirmation(const ConfirmationScene& scene, const pkix::Certificate& certificate,
                               bool is_taken, const Requester& requester,
                               const client::Ongoing* within);

}  // namespace signet::tool
