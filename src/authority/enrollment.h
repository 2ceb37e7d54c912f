#pragma once

#include <vector>

#include "authority/audit_trail.h"
#include "authority/certificate_authority.h"
#include "authority/outcome.h"

namespace signet::authority {

/// What a granted message adds to the world.
struct Enrollment {
  std::vector<Outcome> outcomes;
  std::vector<store::CertificateRecord> certificates;
  std::vector<store::KeyCondition> keys;
  std::optional<store::TokenUse> token_use;
};

/// Steps 5 to 7 of the straight line. Every request of the message is proven and approved before
/// any is signed; the first that is refused refuses the message (RFC 10002 §6.7). Faults: those of
/// the steps; each names the request it concerns.
Result<Enrollment> enroll(const CertificateAuthority::Parts& parts,
                          const envelope::OpenedRequest& request,
                          const proof::ProvenIdentity& identity, const policy::Profile& profile,
                          AuditTrail& trail);

/// The profile that serves this message: the one named, else by who asks and how.
/// Faults: unknown_profile, naming those there are; unknown_identity and unsupported_message when
/// the profile is not for this kind of message.
Result<const policy::Profile*> choose_profile(const CertificateAuthority::Parts& parts,
                                              const std::string& named,
                                              const envelope::OpenedRequest& request,
                                              const proof::ProvenIdentity& identity);

}  // namespace signet::authority
