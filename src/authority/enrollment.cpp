#include "authority/enrollment.h"

#include "authority/confirmation.h"
#include "authority/decision.h"
#include "authority/exchange.h"
#include "authority/pending.h"
#include "authority/refusal.h"
#include "authority/revocation.h"
#include "codec/cmc/controls.h"
#include "codec/pkix/oids.h"
#include "crypto/key_hash.h"
#include "proof/identity/requested_names.h"
#include "proof/possession/possession.h"

namespace signet::authority {
namespace {

using policy::ApprovedCertificate;
using Parts = CertificateAuthority::Parts;

/// What proving and approving one message takes.
struct EnrollmentScene {
  const Parts& parts;
  const Attempt& attempt;
  proof::PossessionContext possession;
  AuditTrail& trail;
};

Result<proof::Possession> prove(const EnrollmentScene& scene, const cmc::TaggedRequest& wanted) {
  auto possession = proof::prove_possession(wanted, scene.possession);
  scene.trail.possession(wanted.body_part_id(), possession);
  return possession;
}

/// What the certificate's record will be found by.
Bytes key_hash_of(const ApprovedCertificate& approved) {
  const auto& condition = approved.key_condition();
  return condition ? condition->key_hash : crypto::key_hash(approved.public_key_info());
}

/// Two requests of one message may not share a key that the profile wants unique: neither is in the
/// store yet, so no look-up would tell.
Result<void> check_key_unique_in_message(const std::vector<ApprovedCertificate>& before,
                                         const ApprovedCertificate& next) {
  if (!next.key_condition()) return {};
  for (const auto& other : before) {
    if (key_hash_of(other) == next.key_condition()->key_hash) {
      return Error{Fault::key_reuse, "two requests of the message have the same public key"};
    }
  }
  return {};
}

/// What one request asks for, once its key is proven.
struct Wanted {
  const proof::ProvenPossession& possession;
  std::size_t number = 0;                             ///< its place in the message
  const cmc::ChangeSubjectName* new_names = nullptr;  ///< null: its names are its holder's
};

std::string_view describe(const ApprovedCertificate& approved, const Wanted& asked) {
  if (asked.new_names != nullptr) return "approved with new names (changeSubjectName)";
  return approved.subject_replaced() ? "the proven identity's subject replaces the requested one"
                                     : "approved";
}

Result<ApprovedCertificate> approve(const EnrollmentScene& scene, const Wanted& asked) {
  const auto& [parts, attempt, context, trail] = scene;
  const auto& wanted = asked.possession.request();
  auto approved = TRY(policy::approve({.profile = attempt.profile,
                                       .request_number = asked.number,
                                       .request = wanted,
                                       .identity = attempt.identity,
                                       .possession = asked.possession,
                                       .store = parts.store,
                                       .authority = parts.facts,
                                       .now = parts.clock.now(),
                                       .changes = attempt.approved,
                                       .new_names = asked.new_names}));
  if (asked.new_names == nullptr) {
    TRY(proof::check_granted_subject(approved.subject(), attempt.identity));
  }
  trail.profile_request(wanted.body_part_id(), attempt.profile.id(),
                        pkix::to_text(approved.subject()), describe(approved, asked));
  return approved;
}

/// What became of all requests of a message: each is approved, or its key is to be challenged.
struct Examined {
  std::vector<ApprovedCertificate> approved;
  std::vector<proof::ChallengeDue> due;
  bool renames = false;  ///< somebody asks for other names than its own
};

proof::NameRules name_rules(const EnrollmentScene& scene) {
  return {.subject = scene.parts.settings.replace_subject ? proof::SubjectRule::replaced
                                                          : proof::SubjectRule::as_requested,
          .may_change = scene.attempt.profile.name_change() != policy::NameChange::refused};
}

Result<void> examine(const EnrollmentScene& scene, const cmc::TaggedRequest& wanted,
                     std::size_t number, Examined& examined) {
  const auto& identity = scene.attempt.identity;
  const auto new_names = TRY(proof::check_requested_names(wanted, identity, name_rules(scene)));
  TRY(proof::check_renews_itself(wanted, identity));
  //= D12 RFC 10004 §10: possession is proven before any certificate is issued
  auto possession = TRY(prove(scene, wanted));
  if (auto* due = std::get_if<proof::ChallengeDue>(&possession)) {
    examined.due.push_back(std::move(*due));
    return {};
  }
  auto next = TRY(approve(scene, {.possession = std::get<proof::ProvenPossession>(possession),
                                  .number = number,
                                  .new_names = new_names ? &*new_names : nullptr}));
  TRY(check_key_unique_in_message(examined.approved, next));
  examined.approved.push_back(std::move(next));
  examined.renames = examined.renames || new_names.has_value();
  return {};
}

Result<Examined> examine_all(const EnrollmentScene& scene) {
  Examined examined;
  std::size_t number = 0;
  for (const auto* wanted : scene.attempt.request.certification_requests()) {
    //= E106 RFC 10002 §6.7: one request without its proof refuses all of the message
    TRY(concerning(wanted->body_part_id(), examine(scene, *wanted, number++, examined)));
  }
  return examined;
}

/// The message's side of the link; of a signer who owes one, the whole of it.
Result<proof::LinkDemand> link_demand(const Parts& parts, const Attempt& attempt,
                                      const Traces& traces) {
  const auto& message = attempt.request.message();
  const auto& rules = parts.identity_rules.secrets;
  const auto* full = std::get_if<cmc::FullPkiRequest>(&message);
  if (full == nullptr || !proof::owes_link_as_signer(attempt.identity, rules)) {
    return proof::read_link_demand(message, attempt.identity, rules);
  }
  auto demand = proof::check_signer_link(
      *full, attempt.identity, identity_context(parts, attempt.offered, traces.wrong.proof));
  if (!demand.ok()) traces.trail.link_refused(demand.error());
  return demand;
}

/// encryptedPOP for each.
Result<Enrollment> challenge_keys(const Parts& parts, const std::vector<proof::ChallengeDue>& due,
                                  store::PendingChallenge challenge) {
  const auto seed = TRY(parts.challenge_vault->seed_of(challenge));
  Enrollment enrollment;
  for (const auto& each : due) {
    const auto id = each.request->body_part_id();
    auto made = TRY(concerning(
        id, proof::make_encrypted_pop(each, seed, challenge.form,
                                      parts.possession_rules.challenges.value(), parts.random)));
    enrollment.outcomes.emplace_back(Challenged{id, std::move(made)});
  }
  enrollment.challenge = std::move(challenge);
  return enrollment;
}

proof::ChallengeScene challenge_scene(const Attempt& attempt) {
  const auto& message = attempt.request.message();
  const auto* full = std::get_if<cmc::FullPkiRequest>(&message);
  const auto transaction = exchange_of(cmc::controls_of(message)).transaction_id;
  return {.identity = attempt.identity,
          .req_sequence = full != nullptr ? ByteView(full->pki_data.req_sequence_der) : ByteView(),
          .profile_id = attempt.profile.id(),
          .transaction_id = transaction ? transaction->octets : Bytes{},
          .form = attempt.challenge_form,
          .now = attempt.received_at};
}

Result<Enrollment> begin_challenge(const Parts& parts, const Attempt& attempt,
                                   const std::vector<proof::ChallengeDue>& due, AuditTrail& trail) {
  auto challenge = TRY(parts.challenge_vault->begin(
      challenge_scene(attempt), parts.possession_rules.challenges.value(), parts.random));
  auto enrollment = TRY(challenge_keys(parts, due, std::move(challenge)));
  trail.challenged(enrollment.outcomes, *enrollment.challenge);
  return enrollment;
}

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

bool awaits_confirmation(const Parts& parts, const policy::Profile& profile) {
  return parts.settings.confirmed_profiles.count(profile.id()) != 0;
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

/// Everything that was approved is signed, or nothing.
Result<Enrollment> issue(const Parts& parts, const Attempt& attempt,
                         std::vector<ApprovedCertificate> approved, AuditTrail& trail) {
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

/// An agent who asks has decided.
bool waits_for_agent(const Attempt& attempt, const Examined& examined) {
  const auto& profile = attempt.profile;
  const bool is_open = attempt.approved == nullptr && attempt.identity.role() != proof::Role::agent;
  const bool demands = profile.demands_approval() ||
                       (examined.renames && profile.name_change() == policy::NameChange::by_agent);
  return is_open && demands && !examined.approved.empty();
}

/// "CN=Alice,O=Example; email:alice@example.org"
std::string names_of(const ApprovedCertificate& approved) {
  auto text = pkix::to_text(approved.subject());
  const auto* extension = pkix::find_extension(approved.extensions(), pkix::oid::kSubjectAltName);
  if (extension == nullptr) return text;
  const auto names = pkix::read_alternative_name(extension->extn_value);
  if (!names.ok()) return text;
  for (const auto& name : *names) text += (text.empty() ? "" : "; ") + pkix::to_text(name);
  return text;
}

/// What an agent is shown: the first request's subject, or, where names change, all names of all.
std::string subject_of(const Examined& examined) {
  if (!examined.renames) return pkix::to_text(examined.approved.front().subject());
  std::string text;
  for (const auto& each : examined.approved) text += (text.empty() ? "" : " / ") + names_of(each);
  return text + " (new name)";
}

const std::string& default_profile(const Settings& settings,
                                   const proof::ProvenIdentity& identity) {
  switch (identity.method()) {
    case proof::IdentityMethod::tls_client_certificate:
      return settings.simple_profile;
    case proof::IdentityMethod::shared_secret:
      return settings.secret_profile;
    case proof::IdentityMethod::signing_certificate:
    case proof::IdentityMethod::revocation_secret:
      break;
  }
  return identity.role() == proof::Role::agent ? settings.agent_profile : settings.user_profile;
}

//= E03 RFC 10002 §3.1: where proof of identity is needed, a Simple request is not used
Result<void> check_takes_simple(const policy::Profile& profile) {
  if (profile.authenticator() == policy::Authenticator::agent_tls) return {};
  return Error{Fault::unsupported_message,
               "this is a bare PKCS#10 (Simple PKI Request), but profile \"" + profile.id() +
                   "\" wants a signed CMC message: wrap it in a Full PKI Request, or send it to a "
                   "simple enrollment path"};
}

}  // namespace

Result<Enrollment> enroll(const Parts& parts, const Attempt& attempt, const Traces& traces) {
  const auto& message = attempt.request.message();
  const auto& controls = cmc::controls_of(message);
  if (auto given_up =
          TRY(proof::find_withdrawn_challenge(message, attempt.identity, parts.challenges))) {
    traces.trail.challenge_withdrawn(*given_up);
    Enrollment enrollment;
    enrollment.challenge_change = std::move(given_up);
    return enrollment;
  }
  const auto link = TRY(link_demand(parts, attempt, traces));
  const proof::AnswerContext context{parts.challenges, parts.challenge_vault.get(),
                                     parts.possession_rules.challenges, parts.clock.now(),
                                     traces.wrong.challenge};
  const auto answered =
      TRY(proof::find_answered_challenge(message, challenge_scene(attempt), context));
  auto vouched = TRY(proof::read_ra_witness(controls, attempt.identity, parts.possession_rules));
  const EnrollmentScene scene{parts,
                              attempt,
                              {.identity = attempt.identity,
                               .link = link,
                               .rules = parts.possession_rules,
                               .answered = answered ? &*answered : nullptr,
                               .vouched = std::move(vouched)},
                              traces.trail};
  auto examined = TRY(examine_all(scene));
  if (!examined.due.empty()) return begin_challenge(parts, attempt, examined.due, traces.trail);
  if (waits_for_agent(attempt, examined)) {
    auto held = TRY(hold_for_agent(parts, attempt, subject_of(examined)));
    traces.trail.held_for_agent(*held.pending);
    return held;
  }
  auto enrollment = TRY(issue(parts, attempt, std::move(examined.approved), traces.trail));
  if (answered) enrollment.challenge_change = answered->closing();
  return enrollment;
}

Result<std::optional<Enrollment>> challenge_again(const Parts& parts,
                                                  const envelope::OpenedRequest& request,
                                                  const proof::ProvenIdentity& identity,
                                                  ByteView challenge_id) {
  auto challenge = TRY(parts.challenges.find_challenge(challenge_id));
  const bool is_offered = parts.challenge_vault && parts.possession_rules.challenges;
  if (!challenge || !is_offered) return std::optional<Enrollment>{};
  const auto& rules = parts.identity_rules.secrets;
  // The same octets were found tied before they were challenged.
  const auto link = proof::owes_link_as_signer(identity, rules)
                        ? proof::LinkDemand{std::nullopt, rules, proof::LinkMethod::secret}
                        : TRY(proof::read_link_demand(request.message(), identity, rules));
  const proof::PossessionContext context{
      .identity = identity, .link = link, .rules = parts.possession_rules};
  std::vector<proof::ChallengeDue> due;
  for (const auto* wanted : request.certification_requests()) {
    auto possession = TRY(proof::prove_possession(*wanted, context));
    if (auto* one = std::get_if<proof::ChallengeDue>(&possession)) due.push_back(std::move(*one));
  }
  return std::optional{TRY(challenge_keys(parts, due, std::move(*challenge)))};
}

Result<void> check_simple_path(const policy::ProfileSet& offered, const std::string& named,
                               const cmc::PkiRequest& message) {
  if (!std::holds_alternative<cmc::SimplePkiRequest>(message)) return {};
  const auto* profile = offered.find(named);
  return profile == nullptr ? Result<void>{} : check_takes_simple(*profile);
}

Result<const policy::Profile*> choose_profile(const Parts& parts, const policy::ProfileSet& offered,
                                              const std::string& named,
                                              const envelope::OpenedRequest& request,
                                              const proof::ProvenIdentity& identity) {
  const bool simple = std::holds_alternative<cmc::SimplePkiRequest>(request.message());
  const auto& id = !named.empty() ? named : default_profile(parts.settings, identity);
  const auto* profile = offered.find(id);
  if (profile == nullptr) {
    std::string ids;
    for (const auto& known : offered.enabled_ids()) ids += (ids.empty() ? "" : ", ") + known;
    return Error{Fault::unknown_profile,
                 "profile \"" + id + "\" is not offered here; offered are: " + ids};
  }
  if (simple) TRY(check_takes_simple(*profile));
  if (simple && awaits_confirmation(parts, *profile)) {
    return Error{Fault::unsupported_message,
                 "certificates of profile \"" + id +
                     "\" must be confirmed, which the answer to a bare PKCS#10 cannot say: send a "
                     "Full PKI Request"};
  }
  TRY(policy::check_authenticator(*profile, identity));
  return profile;
}

}  // namespace signet::authority
