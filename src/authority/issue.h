#pragma once

#include "authority/enrollment.h"

namespace signet::authority {

/// Everything that was approved is signed, or nothing: each certificate is prepared, the intent to
/// sign them is on the disk first where Settings::record_intent says so, and what their owner must
/// still say or may say later (confirmation, revocation secret) goes with them. All of it is added
/// to `granted`, what the message is granted besides: by now nothing else can refuse the message.
/// Faults: those of preparing and signing; storage_failed and busy, of the intent.
Result<Granted> issue(const Attempt& attempt, std::vector<policy::ApprovedCertificate> approved,
                      Granted granted);

}  // namespace signet::authority
