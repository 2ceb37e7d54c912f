#include "authority/enrollment.h"

#include "authority/refusal.h"
#include "codec/cmc/controls.h"
#include "proof/possession/possession.h"

namespace signet::authority {
namespace {

using policy::ApprovedCertificate;
using Parts = CertificateAuthority::Parts;

Result<void> check_no_witness_by_others(const envelope::OpenedRequest& request) {
  const auto& controls = cmc::controls_of(request.message());
  //= E115 RFC 10002 §6.8: an RA's word for possession that we do not take is popFailed
  //= E116 RFC 10002 §6.8: and no challenge of our own is started
  if (const auto* witness = cmc::find_control(controls, cmc::oid::kLraPOPWitness)) {
    return Error{Fault::possession_failed,
                 "lraPOPWitness is not accepted by this authority; the key itself must prove "
                 "possession",
                 {witness->body_part_id.value}};
  }
  return {};
}

Result<proof::ProvenPossession> prove(const cmc::TaggedRequest& wanted,
                                      const proof::ProvenIdentity& identity,
                                      const proof::LinkDemand& link, AuditTrail& trail) {
  auto possession = proof::prove_possession(wanted, identity, link);
  trail.possession(wanted.body_part_id(), possession);
  return possession;
}

/// Two requests of one message may not share a key that the profile wants unique: neither is in the
/// store yet, so no look-up would tell.
Result<void> check_key_unique_in_message(const std::vector<ApprovedCertificate>& before,
                                         const ApprovedCertificate& next) {
  if (!next.key_condition()) return {};
  for (const auto& other : before) {
    if (other.public_key_info() == next.public_key_info()) {
      return Error{Fault::key_reuse, "two requests of the message have the same public key"};
    }
  }
  return {};
}

Result<ApprovedCertificate> prove_and_approve(const Parts& parts, const cmc::TaggedRequest& wanted,
                                              std::size_t number,
                                              const proof::ProvenIdentity& identity,
                                              const policy::Profile& profile,
                                              const proof::LinkDemand& link, AuditTrail& trail) {
  const auto rule = parts.settings.replace_subject ? proof::SubjectRule::replaced
                                                   : proof::SubjectRule::as_requested;
  TRY(proof::check_requested_names(wanted, identity, rule));
  //= D12 RFC 10004 §10: possession is proven before any certificate is issued
  const auto possession = TRY(prove(wanted, identity, link, trail));
  auto approved = TRY(policy::approve({.profile = profile,
                                       .request_number = number,
                                       .request = wanted,
                                       .identity = identity,
                                       .possession = possession,
                                       .store = parts.store,
                                       .authority = parts.facts,
                                       .now = parts.clock.now()}));
  TRY(proof::check_granted_subject(approved.subject(), identity));
  trail.profile_request(wanted.body_part_id(), profile.id(), pkix::to_text(approved.subject()),
                        approved.subject_replaced()
                            ? "the proven identity's subject replaces the requested one"
                            : "approved");
  return approved;
}

Result<std::vector<ApprovedCertificate>> approve_all(const Parts& parts,
                                                     const envelope::OpenedRequest& request,
                                                     const proof::ProvenIdentity& identity,
                                                     const policy::Profile& profile,
                                                     AuditTrail& trail) {
  const auto link = TRY(proof::read_link_demand(cmc::controls_of(request.message()), identity,
                                                parts.identity_rules.secrets));
  std::vector<ApprovedCertificate> approved;
  for (const auto* wanted : request.certification_requests()) {
    //= E106 RFC 10002 §6.7: one request without its proof refuses all of the message
    auto next =
        TRY(concerning(wanted->body_part_id(), prove_and_approve(parts, *wanted, approved.size(),
                                                                 identity, profile, link, trail)));
    TRY(concerning(wanted->body_part_id(), check_key_unique_in_message(approved, next)));
    approved.push_back(std::move(next));
  }
  return approved;
}

Result<void> record_intents(const Parts& parts,
                            const std::vector<issuance::PreparedCertificate>& prepared) {
  if (!parts.settings.record_intent) return {};
  store::Commit commit;
  for (const auto& certificate : prepared) {
    commit.intents.push_back({.serial_number = certificate.tbs().serial_number,
                              .tbs_digest = crypto::sha256(certificate.tbs_der()),
                              .profile_id = certificate.approved().profile_id(),
                              .at = parts.clock.now()});
  }
  const auto outcome = parts.committer.commit(std::move(commit));
  if (outcome.durable()) return {};
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

const std::string& default_profile(const Settings& settings,
                                   const proof::ProvenIdentity& identity) {
  switch (identity.method()) {
    case proof::IdentityMethod::tls_client_certificate:
      return settings.simple_profile;
    case proof::IdentityMethod::shared_secret:
      return settings.secret_profile;
    case proof::IdentityMethod::signing_certificate:
      break;
  }
  return identity.role() == proof::Role::agent ? settings.agent_profile : settings.user_profile;
}

}  // namespace

Result<Enrollment> enroll(const Parts& parts, const envelope::OpenedRequest& request,
                          const proof::ProvenIdentity& identity, const policy::Profile& profile,
                          AuditTrail& trail) {
  TRY(check_no_witness_by_others(request));
  auto approved = TRY(approve_all(parts, request, identity, profile, trail));

  std::vector<issuance::PreparedCertificate> prepared;
  for (auto& certificate : approved) {
    prepared.push_back(TRY(parts.issuer.prepare(std::move(certificate), parts.random)));
  }
  TRY(record_intents(parts, prepared));
  auto enrollment = TRY(sign_all(parts, std::move(prepared), identity, trail));
  if (!enrollment.certificates.empty()) enrollment.token_use = identity.token_use();
  return enrollment;
}

Result<const policy::Profile*> choose_profile(const Parts& parts, const std::string& named,
                                              const envelope::OpenedRequest& request,
                                              const proof::ProvenIdentity& identity) {
  const bool simple = std::holds_alternative<cmc::SimplePkiRequest>(request.message());
  const auto& id = !named.empty() ? named : default_profile(parts.settings, identity);
  const auto* profile = parts.profiles.find(id);
  if (profile == nullptr) {
    std::string offered;
    for (const auto& known : parts.profiles.enabled_ids()) {
      offered += (offered.empty() ? "" : ", ") + known;
    }
    return Error{Fault::unknown_profile,
                 "profile \"" + id + "\" is not offered here; offered are: " + offered};
  }
  //= E03 RFC 10002 §3.1: where proof of identity is needed, a Simple request is not used
  if (simple && profile->authenticator() != policy::Authenticator::agent_tls) {
    return Error{Fault::unsupported_message,
                 "this is a bare PKCS#10 (Simple PKI Request), but profile \"" + id +
                     "\" wants a signed CMC message: wrap it in a Full PKI Request, or send it to "
                     "a simple enrollment path"};
  }
  TRY(policy::check_authenticator(*profile, identity));
  return profile;
}

}  // namespace signet::authority
