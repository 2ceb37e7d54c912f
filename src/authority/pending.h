#pragma once

#include "authority/enrollment.h"

namespace signet::authority {

/// Whether the message asks what became of a pending request (queryPending, RFC 10002 §6.13).
bool asks_to_poll(const cmc::PkiRequest& message);

/// What became of it: pending with the same pendInfo as ever; what was granted and is in force
/// still; or the agent's refusal as a fault. The token binds to requester and transaction.
/// Faults: not_allowed (unknown token, another's, another transaction, rejected, expired; granted,
/// but all of it withdrawn since);
/// unsupported_message (requests beside); malformed; storage_failed.
Result<Granted> poll(const Asker& asker);

/// The same for the message that is pending itself, sent again.
/// Faults: not_allowed (rejected, expired, all withdrawn since), storage_failed.
Result<Granted> pending_again(const Asker& asker, ByteView pending_id);

/// The ids of what a message asks to have certified, in its order.
std::vector<cmc::BodyPartID> request_ids(const envelope::OpenedRequest& request);

/// What is kept of a message that waits for an agent, and told to its sender. `renames`: some of
/// `approved`, which is not empty, has other names than its holder's, which an agent is then shown.
/// Faults: those of check_may_wait; internal.
Result<Granted> hold_for_agent(const Attempt& attempt,
                               const std::vector<policy::ApprovedCertificate>& approved,
                               bool renames);

}  // namespace signet::authority
