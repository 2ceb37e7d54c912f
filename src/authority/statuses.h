#pragma once

#include <optional>
#include <vector>

#include "authority/outcome.h"
#include "codec/cmc/pki_request.h"
#include "codec/cmc/status.h"

/// What is said of the parts of a message (RFC 10002 §6.1): values, not how they are sent.
namespace signet::authority {

/// Of what was granted (§6.1.3): confirmRequired for what its owner must take first, success for
/// the rest, the message itself where it asked for nothing. What is withdrawn is left out.
std::vector<cmc::CMCStatusInfoV2> granted_statuses(const std::vector<Outcome>& outcomes);
/// Of what is not handed out again, beside what is; none when all is.
std::optional<cmc::CMCStatusInfoV2> withdrawn_status(const std::vector<Outcome>& outcomes);
cmc::CMCStatusInfoV2 pending_status(const std::vector<Outcome>& outcomes,
                                    const cmc::PendInfo& pend_info);
/// Every request is named: none was granted.
cmc::CMCStatusInfoV2 challenge_status(const cmc::PkiRequest& request,
                                      const std::vector<Outcome>& outcomes, bool as_dogtag);
/// Of a message that is refused: the parts that the error concerns, then every other request, in a
/// status of their own where the error is not theirs. `request` is null when it could not be read.
std::vector<cmc::CMCStatusInfoV2> refusal_statuses(const cmc::PkiRequest* request,
                                                   const Error& error);
/// Of these parts alone.
cmc::CMCStatusInfoV2 refusal_of(std::vector<cmc::BodyPartReference> parts, const Error& why);

}  // namespace signet::authority
