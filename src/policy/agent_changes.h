#pragma once

#include "policy/policy.h"

namespace signet::policy {

/// Puts into the draft, which all defaults of `set` have filled, what the agent who approves
/// changes. The constraints look at the result; what none of them would see is judged here, as if
/// the requester had asked for it, whatever the agent itself may ask for (docs/choices.md):
///
///   extensions   those that a default of the set gives or copies, as in Dogtag an agent edits the
///                values of a profile's defaults; never those that tell of the authority, name the
///                policies, or bound an authority, nor those that the profile writes out
///                (genericExtDefaultImpl), nor a TLS feature that is there. Powers (powers.h) only
///                where the draft has them, and alternative names only of the draft or of the
///                certificate that signed; of new names check_new_names judges
///   left out     none of those either, nor keyUsage and extKeyUsage, without which a certificate
///   is
///                good for everything
///   validity     begins no more than a day before the draft's, nor after its end; ends later only
///                where a constraint of the set says how late it may end, and then no later than it
///                allows from the draft's own beginning on
///
/// What stands in the draft in the very same octets is no change. Faults: extension_not_allowed,
/// validity_not_allowed, name_not_allowed, malformed, trailing_data.
Result<void> apply_agent_changes(const AgentChanges& changes, const PolicySet& set,
                                 const RequestFacts& facts, CertificateDraft& draft);

}  // namespace signet::policy
