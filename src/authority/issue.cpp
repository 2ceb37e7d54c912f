#include "authority/issue.h"

#include "authority/confirmation.h"
#include "authority/profile_choice.h"
#include "authority/revocation.h"

namespace signet::authority {
namespace {

using Parts = CertificateAuthority::Parts;

Result<void> record_intents(const Parts& parts,
                            const std::vector<issuance::PreparedCertificate>& prepared) {
  if (!parts.settings.record_intent) return {};
  store::Commit commit;
  for (const auto& certificate : prepared) {
    commit.intents.push_back({.serial_number = certificate.tbs().serial_number,
                              .tbs_digest = crypto::sha256(certificate.tbs_der()),
                              .profile_id = certificate.profile_id(),
                              .at = parts.clock.now()});
  }
  const auto outcome = parts.committer.commit(std::move(commit));
  if (outcome.durable()) return {};
  if (outcome.failed && outcome.failed->fault == Fault::busy) return *outcome.failed;
  return Error{Fault::storage_failed,
               "the intent to issue could not be recorded, so nothing was "
               "signed"};
}

Result<Enrollment> sign_all(const Parts& parts, std::vector<issuance::PreparedCertificate> prepared,
                            const proof::ProvenIdentity& identity, AuditTrail& trail) {
  Enrollment enrollment;
  for (auto& certificate : prepared) {
    const auto issued = TRY(parts.issuer.sign(std::move(certificate)));
    const auto& serial_number = issued.certificate()->serial_number;
    trail.certificate_issued(issued.request_id(), serial_number, issued.profile_id());
    enrollment.outcomes.emplace_back(
        Issued{issued.request_id(), issued.certificate().der, serial_number});
    enrollment.certificates.push_back(
        issuance::record_of(issued, identity.name(), parts.clock.now()));
    if (issued.key_condition()) enrollment.keys.push_back(*issued.key_condition());
  }
  return enrollment;
}

}  // namespace

Result<Enrollment> issue(const Parts& parts, const Attempt& attempt,
                         std::vector<policy::ApprovedCertificate> approved, AuditTrail& trail) {
  const auto& request = attempt.request;
  const auto& identity = attempt.identity;
  auto verifier = TRY(registered_verifier(request));
  std::vector<issuance::PreparedCertificate> prepared;
  for (auto& certificate : approved) {
    prepared.push_back(
        TRY(parts.issuer.prepare(std::move(certificate), parts.random, parts.crl_points)));
  }
  TRY(record_intents(parts, prepared));
  auto enrollment = TRY(sign_all(parts, std::move(prepared), identity, trail));
  if (!enrollment.certificates.empty()) enrollment.token_use = identity.token_use();
  if (awaits_confirmation(parts, attempt.profile)) {
    enrollment.awaited = await_confirmations(parts, request, identity, enrollment.certificates);
    for (auto& outcome : enrollment.outcomes) std::get<Issued>(outcome).awaits_confirmation = true;
  }
  if (verifier && !enrollment.certificates.empty()) {
    enrollment.revocation_secrets.push_back(
        {enrollment.certificates.front().serial_number, std::move(*verifier)});
  }
  return enrollment;
}

}  // namespace signet::authority
