#pragma once

#include "authority/audit_trail.h"
#include "authority/certificate_authority.h"
#include "envelope/open_request.h"
#include "proof/identity/identity.h"

namespace signet::authority {

/// Who asks for what, and when; and where what becomes of it is told. References live for the call
/// only.
struct Asker {
  const CertificateAuthority::Parts& parts;
  const envelope::OpenedRequest& request;
  const proof::ProvenIdentity& identity;
  Time now;  ///< one for the whole decision
  AuditTrail& trail;
};

}  // namespace signet::authority
