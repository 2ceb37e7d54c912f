#include "authority/enrollment.h"

#include <algorithm>

#include "authority/confirmation.h"
#include "authority/forwarding.h"
#include "authority/identity_context.h"
#include "authority/issue.h"
#include "authority/key_challenge.h"
#include "authority/pending.h"
#include "authority/publish_cert.h"
#include "authority/refusal.h"
#include "authority/revocation.h"
#include "authority/unsigned_message.h"
#include "codec/cmc/concerning.h"
#include "codec/cmc/controls.h"
#include "crypto/key_hash.h"
#include "proof/identity/requested_names.h"
#include "proof/possession/possession.h"

namespace signet::authority {
namespace {

using policy::ApprovedCertificate;

/// What proving and approving one message takes.
struct Examination {
  const Attempt& attempt;
  proof::PossessionContext possession;
};

Result<proof::Possession> prove(const Examination& examination, const cmc::TaggedRequest& wanted) {
  auto possession = proof::prove_possession(wanted, examination.possession);
  examination.attempt.asker.trail.possession(wanted.body_part_id(), possession);
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
  std::span<const ApprovedCertificate> before = {};   ///< those before it in the message
  const cmc::ChangeSubjectName* new_names = nullptr;  ///< null: its names are its holder's
};

std::string_view approval_text(const ApprovedCertificate& approved, const Wanted& asked,
                               bool is_changed) {
  if (asked.new_names != nullptr) {
    return is_changed ? "approved with new names (changeSubjectName), as an agent changed it"
                      : "approved with new names (changeSubjectName)";
  }
  if (is_changed) return "approved as an agent changed it";
  return approved.subject_replaced() ? "the proven identity's subject replaces the requested one"
                                     : "approved";
}

Result<ApprovedCertificate> approve(const Examination& examination, const Wanted& asked) {
  const auto& attempt = examination.attempt;
  const auto& [parts, request, identity, now, trail] = attempt.asker;
  const auto& wanted = asked.possession.request();
  const auto changes = attempt.asserted.changes_of(wanted.body_part_id());
  auto approved = TRY(policy::approve({.profile = attempt.profile,
                                       .request_number = asked.number,
                                       .request = wanted,
                                       .identity = identity,
                                       .possession = asked.possession,
                                       .store = parts.store,
                                       .authority = parts.facts,
                                       .now = now,
                                       .before = asked.before,
                                       .changes = attempt.approved,
                                       .new_names = asked.new_names,
                                       .template_changes = changes}));
  const bool is_named_by_agent =
      std::any_of(changes.begin(), changes.end(), policy::is_about_names);
  if (asked.new_names == nullptr && !is_named_by_agent) {
    TRY(proof::check_granted_subject(approved.subject(), identity));
  }
  const bool is_changed =
      !changes.empty() || (attempt.approved != nullptr && !attempt.approved->empty());
  trail.profile_request(wanted.body_part_id(), attempt.profile.id(),
                        pkix::to_text(approved.subject()),
                        approval_text(approved, asked, is_changed));
  return approved;
}

/// What became of all requests of a message: each is approved, or its key is to be challenged.
struct Examined {
  std::vector<ApprovedCertificate> approved;
  std::vector<proof::ChallengeDue> due;
  bool answers_challenge = false;
  bool renames = false;  ///< somebody asks for other names than its own
};

bool replaces_subjects(const Attempt& attempt) {
  return attempt.asker.parts.settings.replace_subject;
}

proof::NameRules name_rules(const Examination& examination) {
  return {.subject = replaces_subjects(examination.attempt) ? proof::SubjectRule::replaced
                                                            : proof::SubjectRule::as_requested,
          .may_change = examination.attempt.profile.name_change() != policy::NameChange::refused,
          .tolerated = &examination.attempt.asker.trail.tolerated()};
}

Result<void> examine(const Examination& examination, const cmc::TaggedRequest& wanted,
                     std::size_t number, Examined& examined) {
  const auto& identity = examination.attempt.asker.identity;
  const auto new_names =
      TRY(proof::check_requested_names(wanted, identity, name_rules(examination)));
  TRY(proof::check_renews_itself(wanted, identity));
  //= D12 RFC 10004 §10: possession is proven before any certificate is issued
  auto possession = TRY(prove(examination, wanted));
  if (auto* due = std::get_if<proof::ChallengeDue>(&possession)) {
    examined.due.push_back(std::move(*due));
    return {};
  }
  auto next = TRY(approve(examination, {.possession = std::get<proof::ProvenPossession>(possession),
                                        .number = number,
                                        .before = examined.approved,
                                        .new_names = new_names ? &*new_names : nullptr}));
  TRY(check_key_unique_in_message(examined.approved, next));
  examined.approved.push_back(std::move(next));
  examined.renames = examined.renames || new_names.has_value();
  return {};
}

Result<Examined> examine_all(const Examination& examination) {
  Examined examined;
  examined.answers_challenge = examination.possession.answered != nullptr;
  std::size_t number = 0;
  for (const auto* wanted : examination.attempt.asker.request.certification_requests()) {
    //= E106 RFC 10002 §6.7: one request without its proof refuses all of the message
    TRY(concerning(wanted->body_part_id(), examine(examination, *wanted, number++, examined)));
  }
  return examined;
}

/// The message's side of the link; of a signer who owes one, the whole of it.
Result<proof::LinkDemand> link_demand(const Attempt& attempt, WrongAnswers& wrong) {
  const auto& [parts, request, identity, now, trail] = attempt.asker;
  const auto& message = request.message();
  const auto& rules = parts.identity_rules.secrets;
  const auto* full = std::get_if<cmc::FullPkiRequest>(&message);
  if (full == nullptr || !proof::may_link_as_signer(identity, rules)) {
    return proof::read_link_demand(message, identity, {rules, trail.tolerated()});
  }
  auto context = identity_context(parts, attempt.offered, now, wrong.proof, trail.tolerated());
  context.may_take_time = attempt.inquiry.may_take_time;
  auto demand = proof::check_signer_link(*full, identity, context, attempt.received_at);
  if (!demand.ok()) trail.link_refused(demand.error());
  return demand;
}

/// An agent who asks has decided, and so has one who vouches for what is asked, or changes it.
bool waits_for_agent(const Attempt& attempt, const Examined& examined) {
  const auto& profile = attempt.profile;
  const bool is_agents =
      attempt.asker.identity.role() == proof::Role::agent || attempt.asserted.by_forwarder;
  const bool is_open = attempt.approved == nullptr && !is_agents;
  const bool demands = profile.demands_approval() ||
                       (examined.renames && profile.name_change() == policy::NameChange::by_agent);
  return is_open && demands && !examined.approved.empty();
}

/// Beside those of policies. Nobody but a key's owner opens its challenge.
Result<std::vector<store::KeyCondition>> key_conditions(const Attempt& attempt,
                                                        const Examined& examined) {
  if (examined.answers_challenge) return std::vector<store::KeyCondition>();
  return check_keys_are_new(attempt.asker, examined.approved);
}

std::vector<store::SubjectCondition> subject_conditions(
    const std::vector<ApprovedCertificate>& approved) {
  std::vector<store::SubjectCondition> all;
  for (const auto& each : approved) {
    all.insert(all.end(), each.subject_conditions().begin(), each.subject_conditions().end());
  }
  return all;
}

Result<Granted> wait_for_agent(const Attempt& attempt, const Examined& examined) {
  TRY(registered_verifier(attempt));  // what no approval could grant does not wait
  TRY(key_conditions(attempt, examined));
  auto held = TRY(hold_for_agent(attempt, examined.approved, examined.renames));
  attempt.asker.trail.held_for_agent(*held.changes.pending);
  return held;
}

}  // namespace

Result<Granted> enroll(const Attempt& attempt, WrongAnswers& wrong) {
  const auto& asker = attempt.asker;
  const auto& [parts, request, identity, now, trail] = asker;
  const auto& message = request.message();
  const auto link = TRY(link_demand(attempt, wrong));
  // Whoever saw the first message can send its requests again with a wrong answer beside them: what
  // is not covered must not close the challenge. None is guessed: a MAC whose key is random.
  std::optional<store::ChallengeChange> uncounted;
  const proof::AnswerContext context{
      parts.challenges, parts.challenge_vault.get(), parts.possession_rules.challenges,
      is_covered(asker) ? wrong.challenge : uncounted, trail.tolerated()};
  const auto answered =
      TRY(proof::find_answered_challenge(message, challenge_binding(attempt), context));
  auto vouched = TRY(vouched_for(message, identity, attempt.asserted, parts.possession_rules));
  const Examination examination{attempt,
                                {.identity = identity,
                                 .link = link,
                                 .rules = parts.possession_rules,
                                 .signer_request = proof::signer_request(request),
                                 .answered = answered ? &*answered : nullptr,
                                 .vouched = std::move(vouched),
                                 .subjects = replaces_subjects(attempt) ? &parts.store : nullptr}};
  auto examined = TRY(examine_all(examination));
  const bool waits = waits_for_agent(attempt, examined);
  if (waits || !examined.due.empty()) {
    TRY(check_confirms_nothing(message));
    TRY(check_publishes_nothing(message));
  }
  if (!examined.due.empty()) return begin_challenge(attempt, examined.due);
  if (waits) return wait_for_agent(attempt, examined);
  Granted beside;  // the last that may refuse the message: nothing is signed before
  TRY(confirm(asker, beside));
  TRY(publish(asker, beside));
  beside.changes.keys = TRY(key_conditions(attempt, examined));
  beside.changes.subjects = subject_conditions(examined.approved);
  auto granted = TRY(issue(attempt, std::move(examined.approved), std::move(beside)));
  if (answered) granted.changes.challenge_change = answered->closing();
  return granted;
}

}  // namespace signet::authority
