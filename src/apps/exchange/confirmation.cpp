#include "apps/exchange/confirmation.h"

#include "client/follow_up.h"

namespace signet::tool {

Result<void> send_confirmation(const ConfirmationScene& scene, const pkix::Certificate& certificate,
                               bool is_taken, const Requester& requester,
                               const client::Ongoing* within) {
  const auto& [server, trust, context, surroundings] = scene;
  const auto sent = TRY(build_message(client::confirmation_controls(certificate, is_taken), within,
                                      requester, surroundings.random));
  const auto* signer = requester.signer ? &*requester.signer : nullptr;
  const auto answer = TRY(post(server, signer, sent.octets, context, surroundings));
  const auto checked =
      TRY(client::read_response(answer, sent, trust, surroundings.clock.now(), requester.holder()));
  if (checked.success()) return {};
  return Error{Fault::not_allowed, "the authority does not take the confirmation: " +
                                       failure_of(checked.verdicts).detail};
}

}  // namespace signet::tool
