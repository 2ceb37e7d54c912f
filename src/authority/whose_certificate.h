#pragma once

#include "proof/identity/identity.h"
#include "store/records.h"

namespace signet::authority {

/// Whether somebody may have something done to a certificate of ours: an agent, whose it is, and
/// who has another one in the very same name. The NULL name is nobody's: who has it has its own
/// certificate only.
bool may_act_on(const store::CertificateRecord& target, const proof::ProvenIdentity& identity);

}  // namespace signet::authority
