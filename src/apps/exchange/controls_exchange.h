#pragma once

#include <vector>

#include "apps/exchange/outgoing.h"
#include "apps/exchange/posting.h"
#include "client/read_response.h"

namespace signet::tool {

/// Where and under what trust messages go. References live for the call only.
struct ExchangeScene {
  const ServerOptions& server;
  const proof::Trust& trust;
  Context& context;
  const Surroundings& surroundings;
};

/// Sends these controls without any certification request, and reads the answer. `within`: a
/// transaction under way, or null.
/// Faults: as build_message, post and client::read_response.
Result<client::CheckedResponse> exchange_controls(const ExchangeScene& scene,
                                                  const std::vector<cmc::TaggedAttribute>& controls,
                                                  const Requester& requester,
                                                  const client::Ongoing* within);

}  // namespace signet::tool
