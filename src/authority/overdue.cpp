#include "authority/overdue.h"

#include <algorithm>

#include "authority/audit_trail.h"
#include "authority/confirmation.h"

namespace signet::authority {
namespace {

constexpr std::size_t kMostAtOnce = 100;

bool is_among(const std::vector<store::AwaitedConfirmation>& overdue, const Bytes& serial_octets) {
  return std::any_of(overdue.begin(), overdue.end(), [&](const auto& awaited) {
    return awaited.serial_number.octets == serial_octets;
  });
}

}  // namespace

Result<std::size_t> OverdueConfirmations::settle() {
  const std::lock_guard lock(mutex_);
  // Those that are stuck stand in the way of none: the longest overdue come first.
  const auto now = parts_.clock.now();
  const auto overdue = TRY(parts_.life.overdue(now, kMostAtOnce + stuck_.size()));
  std::erase_if(stuck_, [&](const Bytes& serial) { return !is_among(overdue, serial); });
  std::size_t settled = 0;
  for (const auto& awaited : overdue) {
    auto withdrawal = withdrawal_of(awaited, now);
    if (!withdrawal.ok()) {
      TRY(check_is_of_one_row(withdrawal.error()));
      pass_over(awaited, withdrawal.error());
      continue;
    }
    const auto outcome = parts_.committer.commit(std::move(withdrawal).value());
    if (outcome.failed) return *outcome.failed;
    if (outcome.durable()) ++settled;  // a conflict: it was settled meanwhile
    stuck_.erase(awaited.serial_number.octets);
  }
  return settled;
}

Result<store::Commit> OverdueConfirmations::withdrawal_of(const store::AwaitedConfirmation& awaited,
                                                          Time now) const {
  proof::Peer nobody;
  AuditTrail trail{parts_.clock, nobody};
  trail.identify("$System$");
  trail.confirmation_overdue(awaited.serial_number);
  Granted withdrawn;
  TRY(withdraw(parts_, awaited, now, withdrawn));
  auto commit = std::move(withdrawn.changes);
  commit.events = trail.take();
  add_to_outbox(parts_.settings.published, now, commit);
  return commit;
}

Result<void> OverdueConfirmations::check_is_of_one_row(const Error& why) const {
  if (why.fault == Fault::internal) return {};
  const auto asked = parts_.life.overdue(parts_.clock.now(), 1);
  if (why.fault == Fault::storage_failed && asked.ok()) return {};
  return why;
}

void OverdueConfirmations::pass_over(const store::AwaitedConfirmation& awaited, const Error& why) {
  const bool is_new = stuck_.insert(awaited.serial_number.octets).second;
  const auto serial_number = "0x" + awaited.serial_number.to_hex();
  parts_.log.write(is_new ? Log::Level::error : Log::Level::debug,
                   "overdue_confirmation_not_settled",
                   {{"serial_number", serial_number}, {"why", why.detail}});
}

}  // namespace signet::authority
