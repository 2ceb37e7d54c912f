#pragma once

#include "apps/upkeep/awaited_certificate.h"

namespace signet::tool {

/// Makes the key of an authority that another one will certify, and the request for it: no more can
/// be made before the certificate is there. Faults: as make_authority.
Result<AwaitedCertificate> make_subordinate(const NewAuthority& wanted);

struct CertifiedAuthority {
  NewAuthority wanted;  ///< as it was when its key was made
  MadeAuthority made;
  std::vector<pkix::Certificate> chain;  ///< own first, root last
};
/// Furnishes the authority that waits in `directory`, once its certificate is among `certificates`
/// with those above it. Nothing is written before all of it was checked; what was broken off can
/// be done again. Faults: bad_configuration (it awaits none), as issuance::find_authority_chain and
/// check_may_issue, as furnish.
Result<CertifiedAuthority> install_first_certificate(
    const std::string& directory, const std::vector<pkix::Certificate>& certificates,
    const Clock& clock);

/// The same for one that serves already: the certificate of a new key (after `signet ca rollover`),
/// which then takes over, or another one of the present key, whose old one stays as `.old`.
/// Own first, root last. Faults: as above; storage_failed.
Result<std::vector<pkix::Certificate>> install_further_certificate(
    const std::string& directory, const std::vector<pkix::Certificate>& certificates,
    const Clock& clock);

}  // namespace signet::tool
