#pragma once

#include "authority/enrollment.h"

namespace signet::authority {

/// Whether one more request or challenge of who asks may wait: so many of one requester are kept at
/// a time (Settings::most_waiting), open and not expired. Of several messages at one moment, some
/// more may be let through than that: each is asked before any of them is on record.
///
/// What nobody signed (unsigned_message.h) may take half of the bound.
/// Agents, and whom they vouch for, have no bound: one of them asks for many. A request whose keys
/// were challenged takes its challenge's place.
/// Faults: not_allowed; storage_failed.
Result<void> check_may_wait(const Attempt& attempt);

}  // namespace signet::authority
