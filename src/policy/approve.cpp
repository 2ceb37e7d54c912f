#include "policy/approve.h"

#include <algorithm>

#include "codec/pkix/name_strings.h"
#include "codec/pkix/oids.h"
#include "policy/agent_changes.h"
#include "policy/extension_rules.h"
#include "policy/key_usage_of_key.h"
#include "policy/name_rules.h"
#include "policy/new_names.h"
#include "policy/policy.h"
#include "policy/powers.h"
#include "policy/requested_extensions.h"
#include "policy/template_change.h"

namespace signet::policy {

void set_extension(pkix::Extensions& extensions, pkix::Extension extension) {
  const auto place = std::find_if(
      extensions.begin(), extensions.end(),
      [&](const pkix::Extension& other) { return other.extn_id == extension.extn_id; });
  if (place == extensions.end()) {
    extensions.push_back(std::move(extension));
  } else {
    *place = std::move(extension);
  }
}

namespace {

Result<void> check_evidence(const ApprovalInput& input) {
  if (input.possession.request().der == input.request.der) return {};
  return Error{Fault::internal, "possession was proven for another request"};
}

const PolicySet& set_for(const ApprovalInput& input) {
  const auto& sets = input.profile.sets();
  return sets.at(std::min(input.request_number, sets.size() - 1));
}

bool is_agent(const ApprovalInput& input) {
  return input.identity.role() == proof::Role::agent;
}

bool gives_subject(const TemplateChange& change) {
  return change.fields.subject.has_value();
}

/// An agent in between gave the request a subject, or took it away.
bool is_subject_changed(const ApprovalInput& input) {
  const auto& changes = input.template_changes;
  return std::any_of(changes.begin(), changes.end(), gives_subject);
}

/// Agents name others by their own word; who proved to us who it is, is named by its proof.
Result<void> check_changed_names(const ApprovalInput& input, const RequestedTemplate& asked) {
  if (!asked.are_names_changed) return {};
  const auto& changes = input.template_changes;
  const auto& told_as = std::find_if(changes.begin(), changes.end(), is_about_names)->told_as;
  if (!is_agent(input) && input.identity.method() != proof::IdentityMethod::ra_witness) {
    return Error{Fault::identity_mismatch,
                 "who proved its identity to the authority keeps its own names; '" +
                     input.identity.name() + "' did, and " + told_as +
                     " is about its subject or SubjectAltName: send it without them"};
  }
  if (input.new_names == nullptr) return {};
  return Error{Fault::malformed, "the request asks for new names (changeSubjectName), and " +
                                     told_as + " for others: ask for them in one place"};
}

/// What policies see, and make other names of. A user's request, which may have been let pass
/// unseen (proof::SubjectRule::replaced) or spells the name otherwise, has no say in it.
Result<pkix::Name> subject_of(const ApprovalInput& input, pkix::Name asked) {
  if (input.new_names != nullptr) {
    //= E151 RFC 10002 §7.1: a subject that is not given becomes empty
    return input.new_names->subject.value_or(pkix::Name());
  }
  if (asked.empty()) return asked;
  if (is_agent(input) || is_subject_changed(input)) return pkix::well_written(asked);
  return input.identity.subject();
}

pkix::Extensions extensions_of(const ApprovalInput& input, pkix::Extensions asked) {
  if (input.new_names == nullptr) return asked;
  return with_new_names(std::move(asked), *input.new_names);
}

Result<RequestFacts> facts_of(const ApprovalInput& input, const PolicySet& set) {
  auto asked = TRY(requested_template(input.request, input.template_changes));
  TRY(check_changed_names(input, asked));
  const auto* key = input.request.public_key();
  if (key == nullptr) return Error{Fault::malformed, "the request has no public key"};
  using proof::IdentityMethod;
  const auto method = input.identity.method();
  // Before the braces: GCC forgets what stands in them already when TRY leaves from within.
  auto subject = TRY(subject_of(input, std::move(asked.subject)));
  return RequestFacts{
      .subject = std::move(subject),
      .renames = input.new_names != nullptr,
      .public_key_info = *key,
      .key_kind = input.possession.key().kind(),
      .key_bits = input.possession.key().bits(),
      .extensions = extensions_of(input, std::move(asked.extensions)),
      .validity = asked.validity,
      .signing_algorithm = std::move(asked.signing_algorithm),
      .body_part_id = input.request.body_part_id(),
      .profile_id = input.profile.id(),
      .set_id = set.id,
      .signer =
          method == IdentityMethod::signing_certificate ? input.identity.certificate() : nullptr,
      .secret_owner = method == IdentityMethod::shared_secret ? &input.identity.subject() : nullptr,
      .role = input.identity.role(),
      .store = input.store,
      .authority = input.authority,
      .now = input.now,
      .before = input.before,
  };
}

/// notAfter is no later than the authority's own, where the profile and the configuration do not
/// say otherwise (server: ca.enablePastCATime).
void cut_validity(const RequestFacts& facts, CertificateDraft& draft) {
  if (facts.authority.allow_past_ca_validity || draft.may_outlive_authority) return;
  auto& not_after = draft.validity->not_after;
  not_after = std::min(not_after, facts.authority.certificate->validity.not_after);
}

Result<void> check_validity(const RequestFacts& facts, const pkix::Validity& validity) {
  if (validity.not_before <= validity.not_after) return {};
  return Error{Fault::validity_not_allowed,
               "the validity would begin " + signet::to_text(validity.not_before) + " and end " +
                   signet::to_text(validity.not_after) + "; the authority's own certificate ends " +
                   signet::to_text(facts.authority.certificate->validity.not_after)};
}

/// Whoever has the authority's name passes for it: what it signs counts as the authority's own, and
/// by it the authority's other certificates could be revoked.
Result<void> check_is_not_authority(const pkix::Name& subject, const pkix::Name& authority) {
  if (subject != authority && !pkix::names_match(subject, authority)) return {};
  return Error{Fault::name_not_allowed,
               "the subject '" + pkix::to_text(subject) +
                   "' is this authority's own name, which no request gets: signet ca makes the "
                   "authority's own certificates"};
}

/// A certificate without subject names its holder in a critical SubjectAltName.
Result<void> check_subject(CertificateDraft& draft, const pkix::Name& authority) {
  if (!draft.subject.empty()) {
    TRY(check_is_not_authority(draft.subject, authority));
    return check_attributes(draft.subject, authority);
  }
  const auto* names = draft.find(pkix::oid::kSubjectAltName);
  if (names == nullptr) {
    //= E28 RFC 10002 §3.2.1.2.1: a NULL subject that is not accepted is a bad request
    return Error{Fault::malformed,
                 "the request's subject is empty and the profile gives no other name"};
  }
  auto critical = *names;
  critical.critical = true;
  draft.set(std::move(critical));
  return {};
}

/// A user's certificate has the user's own subject, octet for octet: who has a name that is
/// another's but for its spelling gets no certificate under the other's spelling.
void spell_as_holder(const RequestFacts& facts, CertificateDraft& draft) {
  if (facts.renames || facts.role == proof::Role::agent) return;
  const auto* own = facts.signer != nullptr ? &(*facts.signer)->subject : facts.secret_owner;
  if (own != nullptr && pkix::names_match(draft.subject, *own)) draft.subject = *own;
}

/// All defaults, then all constraints; between and after them what holds for every profile.
Result<CertificateDraft> draft_certificate(const RequestFacts& facts, const PolicySet& set,
                                           const AgentChanges* changes) {
  CertificateDraft draft;
  draft.signature_algorithm = facts.authority.default_signature_algorithm;
  for (const auto& policy : set.policies) TRY(policy->fills().apply(facts, draft));
  spell_as_holder(facts, draft);
  if (changes != nullptr) TRY(apply_agent_changes(*changes, set, facts, draft));
  cut_validity(facts, draft);

  for (const auto& policy : set.policies) TRY(policy->demands().check(facts, draft));
  TRY(check_requested_extensions(facts, draft));
  TRY(check_new_names(facts, draft));
  TRY(check_validity(facts, *draft.validity));
  TRY(check_subject(draft, facts.authority.certificate->subject));
  TRY(check_key_usage_of_key(draft.extensions, draft.public_key_info));
  TRY(check_extension_rules(draft.extensions, draft.subject));
  return draft;
}

/// New names that no agent looks at.
bool are_names_unseen(const ApprovalInput& input, const RequestFacts& facts) {
  const bool is_free = input.profile.name_change() == NameChange::free;
  return facts.renames && is_free && input.changes == nullptr;
}

/// Whatever the profile's policies are, an expired certificate signs only where they looked at its
/// end.
Result<void> check_renewal_was_judged(const ApprovalInput& input, const CertificateDraft& draft) {
  if (!input.identity.is_expired() || draft.renewed_not_after) return {};
  return Error{Fault::validity_not_allowed,
               "the certificate that signed has expired, and the profile does not say until when "
               "it may be renewed"};
}

/// Where nobody wrote down who may ask, a bare request over an agent's TLS connection is enough for
/// a user's certificate and not for the authority's powers.
Result<void> check_assumed_authenticator(const Profile& profile, const CertificateDraft& draft) {
  const bool is_enough =
      !profile.assumes_authenticator() || profile.authenticator() != Authenticator::agent_tls;
  if (is_enough) return {};
  const auto power = TRY(power_given_by(draft.extensions));
  if (power.empty()) return {};
  return Error{Fault::unknown_identity,
               "the profile " + profile.id() + " has no auth.instance_id, and would give " + power +
                   " for a bare request over TLS: write auth.instance_id=CMCAuth there, and have "
                   "an agent sign the message"};
}

/// A user's certificate bears another subject than its request, by no agent's word.
bool is_subject_replaced(const ApprovalInput& input, const CertificateDraft& draft) {
  if (draft.subject_replaced) return true;
  if (input.new_names != nullptr || is_agent(input) || is_subject_changed(input)) return false;
  const auto& asked = *input.request.subject();
  return !asked.empty() && asked != draft.subject;
}

}  // namespace

Result<ApprovedCertificate> approve(const ApprovalInput& input) {
  TRY(check_evidence(input));
  const auto& set = set_for(input);
  const auto facts = TRY(facts_of(input, set));
  const bool are_unseen = are_names_unseen(input, facts);
  if (are_unseen) TRY(check_nobodys_names(facts));
  auto draft = TRY(draft_certificate(facts, set, input.changes));
  if (are_unseen) TRY(keep_nobodys_subject(facts, draft));
  if (input.identity.is_foreign()) TRY(keep_foreign_signers_subject(facts, draft));
  TRY(check_renewal_was_judged(input, draft));
  TRY(check_assumed_authenticator(input.profile, draft));

  ApprovedCertificate approved;
  approved.subject_replaced_ = is_subject_replaced(input, draft);
  approved.request_id_ = facts.body_part_id;
  approved.profile_id_ = input.profile.id();
  approved.subject_ = std::move(draft.subject);
  approved.validity_ = *draft.validity;
  approved.key_ = std::move(draft.public_key_info);
  approved.extensions_ = std::move(draft.extensions);
  approved.algorithm_ = std::move(draft.signature_algorithm);
  approved.key_condition_ = std::move(draft.key_condition);
  approved.subject_conditions_ = std::move(draft.subject_conditions);
  return approved;
}

}  // namespace signet::policy
