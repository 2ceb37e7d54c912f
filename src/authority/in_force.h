#pragma once

#include "authority/certificate_authority.h"
#include "authority/outcome.h"

namespace signet::authority {

/// That what its owner takes may be used: it is not revoked, nor on hold. Faults: not_allowed.
Result<void> check_in_force(const store::CertificateRecord& record);

/// What was granted earlier, as it is handed out again: Issued or, where it is out of force by now,
/// Withdrawn, which holds back no other. `answers_to`: the part that each answers, the last one
/// again where there are not enough; none of them: nothing is handed out.
/// Faults: internal; storage_failed.
Result<std::vector<Outcome>> hand_out_again(const CertificateAuthority::Parts& parts,
                                            const std::vector<asn1::Integer>& granted,
                                            const std::vector<cmc::BodyPartID>& answers_to);

/// Why certificates of these are withdrawn, all reasons in one, naming their parts; none where
/// none is.
std::optional<Error> why_withdrawn(const std::vector<Outcome>& outcomes);

/// What is told again, of which something must stand. Faults: not_allowed, where all of it is
/// withdrawn (why_withdrawn).
Result<std::vector<Outcome>> unless_all_withdrawn(std::vector<Outcome> told);

}  // namespace signet::authority
