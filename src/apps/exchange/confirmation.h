#pragma once

#include "apps/exchange/controls_exchange.h"

namespace signet::tool {

/// Says that a certificate is taken, or not (RFC 10002 §6.14), and waits for the answer.
/// Faults: those of posting and reading; not_allowed with the authority's words when it refuses.
Result<void> send_confirmation(const ExchangeScene& scene, const pkix::Certificate& certificate,
                               bool is_taken, const Requester& requester,
                               const client::Ongoing* within);

}  // namespace signet::tool
