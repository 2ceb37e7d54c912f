#pragma once

#include "codec/pkix/certificate.h"

namespace signet::issuance {

/// Who waits for a certificate from another authority.
struct FutureAuthority {
  const pkix::SubjectPublicKeyInfo& key;
  const pkix::Name& name;
};

/// Finds, in what another authority sent, the certificate that makes `self` an authority, and the
/// path from it to a self-signed root among `certificates` (any order). Own certificate first, root
/// last. Whether the root deserves trust is for a person to say.
///
/// Demanded of our certificate: our key and name, an issuer that is not itself, basicConstraints cA
/// TRUE, keyUsage keyCertSign and cRLSign where it has one; of the path, RFC 5280 §6 at `now`.
/// Faults: certificate_not_found (none is for our key), identity_mismatch (another name),
/// not_allowed (not an authority's), untrusted_signer (no path, or no root among them).
Result<std::vector<pkix::Certificate>> find_authority_chain(
    const FutureAuthority& self, const std::vector<pkix::Certificate>& certificates, Time now);

/// Whether others would accept what `chain` issues, by one such certificate: path lengths and name
/// constraints above us show only there. Faults: not_allowed.
Result<void> check_may_issue(const std::vector<pkix::Certificate>& chain,
                             const pkix::Certificate& issued, Time now);

/// By its own key, under its own name.
[[nodiscard]] bool is_self_signed(const pkix::Certificate& certificate);

}  // namespace signet::issuance
