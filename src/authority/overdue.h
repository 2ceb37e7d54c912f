#pragma once

#include <mutex>
#include <set>

#include "authority/certificate_authority.h"

namespace signet::authority {

/// Withdraws certificates that were not confirmed in time. One that cannot be settled (it is not on
/// record, or its row is damaged) is told once in the log, at error level, and holds back no other;
/// it is tried again each time. Safe for many threads.
class OverdueConfirmations {
 public:
  /// `parts` outlives it.
  explicit OverdueConfirmations(const CertificateAuthority::Parts& parts) : parts_(parts) {}

  /// Revokes or holds a hundred at most, each in its own commit. How many.
  /// Faults: those of the store where it is not one row that fails.
  Result<std::size_t> settle();

 private:
  /// The commit that withdraws it.
  [[nodiscard]] Result<store::Commit> withdrawal_of(const store::AwaitedConfirmation& awaited,
                                                    Time now) const;
  /// That the failure is this row's alone: a store that is away fails in all it is asked.
  [[nodiscard]] Result<void> check_is_of_one_row(const Error& why) const;
  void pass_over(const store::AwaitedConfirmation& awaited, const Error& why);

  const CertificateAuthority::Parts& parts_;
  std::mutex mutex_;
  std::set<Bytes> stuck_;  ///< serial numbers of those that could not be settled, and were told
};

}  // namespace signet::authority
