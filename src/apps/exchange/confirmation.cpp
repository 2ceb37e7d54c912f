#include "apps/exchange/confirmation.h"

#include "apps/tool/report.h"
#include "client/follow_up.h"

namespace signet::tool {

Result<void> send_confirmation(const ExchangeScene& scene, const pkix::Certificate& certificate,
                               bool is_taken, const Requester& requester,
                               const client::Ongoing* within) {
  const auto controls = client::confirmation_controls(certificate, is_taken);
  const auto checked = TRY(exchange_controls(scene, controls, requester, within));
  if (checked.success()) return {};
  return Error{Fault::not_allowed, "the authority does not take the confirmation: " +
                                       failure_of(checked.verdicts).detail};
}

}  // namespace signet::tool
