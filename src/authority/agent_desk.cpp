#include "authority/agent_desk.h"

#include <algorithm>

#include "authority/decision.h"
#include "authority/identity_context.h"
#include "authority/told_changes.h"

namespace signet::authority {
namespace {

using store::PendingRequest;
using store::PendingState;

constexpr std::size_t kMostNoteOctets = 1024;

/// The message as it came, over what it came.
Inquiry inquiry_of(const PendingRequest& pending) {
  Inquiry inquiry{.octets = pending.message, .peer = {}, .profile_id = pending.profile_id};
  inquiry.peer.address = pending.client_address;
  if (!pending.tls_client_certificate.empty()) {
    inquiry.peer.tls_client_certificate = pending.tls_client_certificate;
  }
  return inquiry;
}

Error decided_before(const PendingRequest& pending) {
  std::string detail = "the request was decided already: ";
  detail += pending.state == PendingState::granted ? "approved by " : "rejected by ";
  return {Fault::not_allowed, detail + pending.decided_by};
}

Error told(const store::CommitOutcome& outcome) {
  if (outcome.failed && outcome.failed->fault == Fault::in_doubt) {
    return {Fault::in_doubt,
            "it is not known yet whether the decision was kept: look at the request again in a "
            "moment, and decide again if it is still open"};
  }
  if (outcome.failed) return *outcome.failed;
  return {Fault::busy, "something changed meanwhile (" +
                           std::string(store::to_text(*outcome.conflict)) +
                           "): look at the request again"};
}

Error no_such_request() {
  return {Fault::key_not_found, "no request is or was pending under this id"};
}

Result<void> check_note(const std::string& note) {
  if (note.size() <= kMostNoteOctets) return {};
  return Error{Fault::too_large, "a note has at most 1024 octets"};
}

/// What was changed must stand on record whole: each extension once, as in a certificate, and no
/// more than told_changes names.
Result<void> check_changes(const policy::AgentChanges& changes) {
  if (changes.extensions.size() > kMostToldChanges || changes.left_out.size() > kMostToldChanges) {
    return Error{Fault::malformed, "an approval gives at most " + std::to_string(kMostToldChanges) +
                                       " extensions, and leaves out as many"};
  }
  auto ids = changes.left_out;
  for (const auto& extension : changes.extensions) ids.push_back(extension.extn_id);
  for (auto id = ids.begin(); id != ids.end(); ++id) {
    if (std::find(ids.begin(), id, *id) == id) continue;
    return Error{Fault::malformed,
                 "the approval names the extension " + id->to_text() + " more than once"};
  }
  return {};
}

}  // namespace

Result<proof::ProvenIdentity> AgentDesk::prove_agent(const proof::Peer& agent) {
  std::optional<store::TokenFailure> no_secret;
  proof::UsedTolerances no_message;
  const auto offered = parts_.profiles->take();
  auto identity = proof::prove_agent(
      agent, identity_context(parts_, *offered, parts_.clock.now(), no_secret, no_message));
  if (identity.ok()) return identity;
  AuditTrail trail{parts_.clock, agent};
  return refuse(identity.error(), {}, trail);
}

Error AgentDesk::refuse(const Error& why, const AgentVerdict& verdict, AuditTrail& trail) {
  trail.agent_refused(why, verdict.id, told_changes(verdict.changes));
  store::Commit commit;
  commit.events = trail.take();
  const auto outcome = parts_.committer.commit(std::move(commit));
  return outcome.failed ? *outcome.failed : why;
}

Result<std::vector<PendingRequest>> AgentDesk::list(const proof::Peer& agent, const Page& page) {
  TRY(prove_agent(agent));
  return parts_.life.list_pending(page.state, page.most, page.after);
}

Result<PendingRequest> AgentDesk::show(const proof::Peer& agent, ByteView id) {
  TRY(prove_agent(agent));
  auto found = TRY(parts_.life.find_pending(id));
  if (found) return std::move(*found);
  return no_such_request();
}

Result<PendingRequest> AgentDesk::find_open(ByteView id) {
  auto found = TRY(parts_.life.find_pending(id));
  if (!found) return no_such_request();
  if (found->state != PendingState::open) return decided_before(*found);
  if (found->expires_at < parts_.clock.now()) {
    return Error{Fault::not_allowed,
                 "the request waited until " + to_text(found->expires_at) + " and expired"};
  }
  return std::move(*found);
}

Result<PendingRequest> AgentDesk::decide(const proof::Peer& agent, const AgentVerdict& verdict) {
  const auto identity = TRY(prove_agent(agent));
  AuditTrail trail{parts_.clock, agent};
  trail.identify(identity.name());
  auto judged = judge(verdict, trail);
  if (!judged.ok()) return refuse(judged.error(), verdict, trail);
  auto commit = std::move(judged).value();
  auto& decision = commit.pending_decision.value();
  decision.by = identity.name();
  trail.agent_decided(decision, told_changes(verdict.changes));
  commit.events = trail.take();
  const auto outcome = parts_.committer.commit(std::move(commit));
  if (!outcome.durable()) return told(outcome);
  return show(agent, verdict.id);
}

Result<store::Commit> AgentDesk::judge(const AgentVerdict& verdict, AuditTrail& trail) {
  TRY(check_note(verdict.note));
  TRY(check_changes(verdict.changes));
  const auto pending = TRY(find_open(verdict.id));
  return commit_of(pending, verdict, trail);
}

Result<store::Commit> AgentDesk::commit_of(const PendingRequest& pending,
                                           const AgentVerdict& verdict, AuditTrail& trail) {
  store::Commit commit;
  if (verdict.approves) commit = TRY(approve(pending, verdict, trail));
  store::PendingDecision decision{
      .id = verdict.id,
      .to = verdict.approves ? PendingState::granted : PendingState::rejected,
      .at = parts_.clock.now(),
      .by = {},
      .note = verdict.note,
      .serial_numbers = {}};
  for (const auto& record : commit.certificates) {
    decision.serial_numbers.push_back(record.serial_number);
  }
  commit.pending_decision = std::move(decision);
  return commit;
}

Result<store::Commit> AgentDesk::approve(const PendingRequest& pending, const AgentVerdict& verdict,
                                         AuditTrail& trail) {
  const auto inquiry = inquiry_of(pending);
  const auto received = TRY(receive(parts_, inquiry, trail.tolerated()));
  WrongAnswers wrong;  // not counted: the requester is not here to guess
  auto granted = TRY(decide_approved(parts_, keys_, received, {pending.created_at, verdict.changes},
                                     {trail, wrong}));
  auto commit = std::move(granted.changes);
  if (commit.certificates.empty()) {
    return Error{Fault::internal, "an approved request brought no certificate"};
  }
  add_to_outbox(parts_.settings.published, received.now, commit);
  return commit;
}

}  // namespace signet::authority
