#pragma once

#include "proof/identity/identity.h"
#include "store/records.h"

namespace signet::authority {

/// Whether somebody may have something done to a certificate of ours: an agent, whose it is, and
/// who has another one of ours in the very same name. The NULL name is nobody's: who has it has its
/// own certificate only. A foreign issuer's word makes nobody the namesake of ours.
bool may_act_on(const store::CertificateRecord& target, const proof::ProvenIdentity& identity);

}  // namespace signet::authority
