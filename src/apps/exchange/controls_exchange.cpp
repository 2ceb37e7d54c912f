#include "apps/exchange/controls_exchange.h"

namespace signet::tool {

Result<client::CheckedResponse> exchange_controls(const ExchangeScene& scene,
                                                  const std::vector<cmc::TaggedAttribute>& controls,
                                                  const Requester& requester,
                                                  const client::Ongoing* within) {
  const auto& [server, trust, context, surroundings] = scene;
  const auto sent = TRY(build_message(controls, within, requester, surroundings.random));
  const auto* signer = requester.signer ? &*requester.signer : nullptr;
  const auto answer = TRY(post(server, signer, sent.octets, context, surroundings));
  return client::read_response(answer, sent, trust, surroundings.clock.now(), requester.holder());
}

}  // namespace signet::tool
