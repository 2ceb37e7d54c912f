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

Result<void> sign_all(const Parts& parts, std::vector<issuance::PreparedCertificate> prepared,
                      const proof::ProvenIdentity& identity, AuditTrail& trail,
                      Enrollment& enrollment) {
  for (auto& certificate : prepared) {
    const auto issued = TRY(parts.issuer.sign(std::move(certificate)));
    const auto& serial_number = issued.certificate()->serial_number;
    trail.certificate_issued(issued.request_id(), issued.certificate(), issued.profile_id());
    enrollment.outcomes.emplace_back(
        Issued{issued.request_id(), issued.certificate().der, serial_number});
    enrollment.changes.certificates.push_back(
        issuance::record_of(issued, identity.name(), parts.clock.now()));
    if (issued.key_condition()) enrollment.changes.keys.push_back(*issued.key_condition());
  }
  return {};
}

/// Their owner must say that it takes them (RFC 10002 §6.14).
void demand_confirmation(const Parts& parts, const Attempt& attempt, Enrollment& enrollment) {
  enrollment.changes.awaited = await_confirmations(parts, attempt.request, attempt.identity,
                                                   enrollment.changes.certificates);
  for (auto& outcome : enrollment.outcomes) {
    if (auto* issued = std::get_if<Issued>(&outcome)) issued->awaits_confirmation = true;
  }
}

}  // namespace

Result<Enrollment> issue(const Parts& parts, const Attempt& attempt,
                         std::vector<policy::ApprovedCertificate> approved, Enrollment granted,
                         AuditTrail& trail) {
  auto verifier = TRY(registered_verifier(attempt));
  std::vector<issuance::PreparedCertificate> prepared;
  for (auto& certificate : approved) {
    prepared.push_back(TRY(parts.issuer.prepare(std::move(certificate), parts.random,
                                                parts.clock.now_precise(), parts.crl_points)));
  }
  TRY(record_intents(parts, prepared));
  TRY(sign_all(parts, std::move(prepared), attempt.identity, trail, granted));
  if (granted.changes.certificates.empty()) return granted;
  granted.changes.token_use = attempt.identity.token_use();
  if (awaits_confirmation(parts, attempt.profile)) demand_confirmation(parts, attempt, granted);
  if (verifier) {
    granted.changes.revocation_secrets.push_back(
        {granted.changes.certificates.front().serial_number, std::move(*verifier)});
  }
  return granted;
}

}  // namespace signet::authority
