#pragma once

#include "authority/certificate_authority.h"
#include "proof/identity/identity.h"

namespace signet::authority {

/// What proving an identity takes, where `offered` profiles may be asked for.
proof::IdentityContext identity_context(const CertificateAuthority::Parts& parts,
                                        const policy::ProfileSet& offered, Time now,
                                        std::optional<store::TokenFailure>& failed_proof,
                                        proof::UsedTolerances& tolerated);

}  // namespace signet::authority
