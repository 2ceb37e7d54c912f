#pragma once

#include "client/read_response.h"

namespace signet::client {

/// The statuses of a response, in order: those of statusInfoV2, or of the older statusInfo where
/// there is no other. Faults: malformed.
Result<std::vector<Verdict>> read_verdicts(const std::vector<cmc::TaggedAttribute>& controls);

/// What is pending, or is the rest of what was answered in part; none when nothing is.
std::optional<cmc::PendInfo> find_pending(const std::vector<Verdict>& verdicts);

/// The element of our message that a reference means: its outermost id.
cmc::BodyPartID outermost_id(const cmc::BodyPartReference& reference);

/// What all verdicts together say of one certification request.
enum class Grant {
  granted,   ///< its certificate is there
  partly,    ///< it may be there (status partial, or a part that is no request was refused)
  withheld,  ///< refused, pending, not supported, or its possession is yet to be proven
};
/// `request_ids`: all requests of the message; `id` one of them.
Grant grant_of(cmc::BodyPartID id, const std::vector<cmc::BodyPartID>& request_ids,
               const std::vector<Verdict>& verdicts);

}  // namespace signet::client
