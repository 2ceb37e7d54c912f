#include "authority/issue.h"

#include "authority/confirmation.h"
#include "authority/profile_choice.h"
#include "authority/revocation.h"

namespace signet::authority {
namespace {

using Parts = CertificateAuthority::Parts;

Result<void> record_intents(const Asker& asker,
                            const std::vector<issuance::PreparedCertificate>& prepared) {
  const auto& parts = asker.parts;
  if (!parts.settings.record_intent) return {};
  store::Commit commit;
  for (const auto& certificate : prepared) {
    commit.intents.push_back({.serial_number = certificate.tbs().serial_number,
                              .tbs_digest = crypto::sha256(certificate.tbs_der()),
                              .profile_id = certificate.profile_id(),
                              .at = asker.now});
  }
  const auto outcome = parts.committer.commit(std::move(commit));
  if (outcome.durable()) return {};
  if (outcome.failed && outcome.failed->fault == Fault::busy) return *outcome.failed;
  return Error{Fault::storage_failed,
               "the intent to issue could not be recorded, so nothing was signed"};
}

Result<void> sign_all(const Asker& asker, std::vector<issuance::PreparedCertificate> prepared,
                      Granted& granted) {
  for (auto& certificate : prepared) {
    const auto issued = TRY(asker.parts.issuer.sign(std::move(certificate)));
    const auto& serial_number = issued.certificate()->serial_number;
    asker.trail.certificate_issued(issued.request_id(), issued.certificate(), issued.profile_id());
    granted.outcomes.emplace_back(
        Issued{issued.request_id(), issued.certificate().der, serial_number});
    granted.changes.certificates.push_back(
        issuance::record_of(issued, asker.identity.name(), asker.now));
    if (issued.key_condition()) granted.changes.keys.push_back(*issued.key_condition());
  }
  return {};
}

/// Their owner must say that it takes them (RFC 10002 §6.14).
void demand_confirmation(const Asker& asker, Granted& granted) {
  granted.changes.awaited = await_confirmations(asker, granted.changes.certificates);
  for (auto& outcome : granted.outcomes) {
    if (auto* issued = std::get_if<Issued>(&outcome)) issued->awaits_confirmation = true;
  }
}

}  // namespace

Result<Granted> issue(const Attempt& attempt, std::vector<policy::ApprovedCertificate> approved,
                      Granted granted) {
  const auto& asker = attempt.asker;
  const auto& parts = asker.parts;
  auto verifier = TRY(registered_verifier(attempt));
  std::vector<issuance::PreparedCertificate> prepared;
  for (auto& certificate : approved) {
    prepared.push_back(TRY(parts.issuer.prepare(std::move(certificate), parts.random,
                                                parts.clock.now_precise(), parts.crl_points)));
  }
  TRY(record_intents(asker, prepared));
  TRY(sign_all(asker, std::move(prepared), granted));
  if (granted.changes.certificates.empty()) return granted;
  granted.changes.token_use = asker.identity.token_use();
  if (awaits_confirmation(parts.settings, attempt.profile)) demand_confirmation(asker, granted);
  if (verifier) {
    granted.changes.revocation_secrets.push_back(
        {granted.changes.certificates.front().serial_number, std::move(*verifier)});
  }
  return granted;
}

}  // namespace signet::authority
