#include "authority/pending.h"

#include "authority/exchange.h"
#include "authority/in_force.h"
#include "authority/publish_cert.h"
#include "authority/retrieval.h"
#include "authority/revocation.h"
#include "authority/waiting_bound.h"
#include "codec/cmc/controls.h"
#include "codec/pkix/oids.h"

namespace signet::authority {
namespace {

using Parts = CertificateAuthority::Parts;
using store::PendingRequest;
using store::PendingState;

constexpr std::size_t kTokenOctets = 16;
/// When asking makes sense: people do not decide at once.
constexpr std::chrono::minutes kAskAfter{1};

const cmc::TaggedAttribute* query_in(const cmc::PkiRequest& message) {
  return cmc::find_control(cmc::controls_of(message), cmc::oid::kQueryPending);
}

/// The same words whatever is wrong: tokens are not to be found by trying.
Error not_pending() {
  return {Fault::not_allowed,
          "no request of this requester, in this transaction, is pending under this pendToken: "
          "send the token as it came, with the same identity and transactionId"};
}

/// RFC 10002 §6.13: the token belongs to its requester and transaction.
Result<PendingRequest> find_own(const Asker& asker) {
  const auto& message = asker.request.message();
  const auto& control = *query_in(message);
  const auto token = TRY(cmc::read_octets_value(control.attr_values.front()));
  auto pending = TRY(asker.parts.life.find_pending(token));
  if (!pending || pending->requester_hash != asker.identity.requester_hash() ||
      pending->transaction_id != transaction_of(message)) {
    return not_pending();
  }
  return std::move(*pending);
}

Error rejected(const PendingRequest& pending) {
  return {Fault::not_allowed,
          "an agent refused the request" + (pending.note.empty() ? "" : ": " + pending.note)};
}

Error expired(const PendingRequest& pending) {
  return {Fault::not_allowed, "no agent decided on the request until " +
                                  to_text(pending.expires_at) + ": send it anew"};
}

//= E124 RFC 10002 §6.13: pendInfo is the same in every answer
cmc::PendInfo pend_info_of(const PendingRequest& pending) {
  return {pending.id, pending.created_at + kAskAfter};
}

/// `answers_to`: the parts that the status names.
Result<Granted> tell(const Asker& asker, const PendingRequest& pending,
                     const std::vector<cmc::BodyPartID>& answers_to) {
  Granted told;
  if (pending.state == PendingState::granted) {
    auto again = TRY(hand_out_again(asker.parts, pending.serial_numbers, answers_to));
    told.outcomes = TRY(unless_all_withdrawn(std::move(again)));
    return told;
  }
  if (pending.state == PendingState::rejected) return rejected(pending);
  if (pending.expires_at < asker.now) return expired(pending);
  for (const auto part : answers_to) told.outcomes.emplace_back(Pending{part});
  told.pend_info = pend_info_of(pending);
  return told;
}

/// "CN=Alice,O=Example; email:alice@example.org"
std::string names_of(const policy::ApprovedCertificate& approved) {
  auto text = pkix::to_text(approved.subject());
  const auto names = pkix::subject_alt_names(approved.extensions());
  if (!names.ok()) return text;
  for (const auto& name : *names) text += (text.empty() ? "" : "; ") + pkix::to_text(name);
  return text;
}

/// What an agent is shown: the first request's subject, or, where names change, all names of all.
std::string subject_of(const std::vector<policy::ApprovedCertificate>& approved, bool renames) {
  if (!renames) return pkix::to_text(approved.front().subject());
  std::string text;
  for (const auto& each : approved) text += (text.empty() ? "" : " / ") + names_of(each);
  return text + " (new name)";
}

}  // namespace

bool asks_to_poll(const cmc::PkiRequest& message) {
  return query_in(message) != nullptr;
}

std::vector<cmc::BodyPartID> request_ids(const envelope::OpenedRequest& request) {
  std::vector<cmc::BodyPartID> ids;
  for (const auto* each : request.certification_requests()) ids.push_back(each->body_part_id());
  return ids;
}

//= C66 RFC 10004 §5.2: queryPending is acted on
Result<Granted> poll(const Asker& asker) {
  const auto& message = asker.request.message();
  const bool does_more = !asker.request.certification_requests().empty() ||
                         asks_to_revoke(message) || asks_to_retrieve(message) ||
                         asks_to_publish(message);
  if (does_more) {
    return Error{
        Fault::unsupported_message,
        "queryPending beside certification requests, revokeRequest, publishCert, getCert or "
        "getCRL: send two messages"};
  }
  const auto pending = TRY(find_own(asker));
  return tell(asker, pending, {query_in(message)->body_part_id});
}

Result<Granted> pending_again(const Asker& asker, ByteView pending_id) {
  const auto pending = TRY(asker.parts.life.find_pending(pending_id));
  if (!pending) return Error{Fault::internal, "a pending request is not on record"};
  return tell(asker, *pending, request_ids(asker.request));
}

Result<Granted> hold_for_agent(const Attempt& attempt,
                               const std::vector<policy::ApprovedCertificate>& approved,
                               bool renames) {
  const auto& [parts, request, identity, now, trail] = attempt.asker;
  TRY(check_may_wait(attempt));
  const auto& peer = attempt.inquiry.peer;
  PendingRequest pending{.id = TRY(parts.random.octets(kTokenOctets)),
                         .requester_hash = identity.requester_hash(),
                         .transaction_id = transaction_of(request.message()),
                         .message = attempt.inquiry.octets,
                         .tls_client_certificate = peer.tls_client_certificate.value_or(Bytes{}),
                         .client_address = peer.address,
                         .profile_id = attempt.profile.id(),
                         .requester = identity.name(),
                         .subject = subject_of(approved, renames),
                         .created_at = now,
                         .expires_at = now + parts.settings.approval_time};
  Granted held;
  for (const auto part : request_ids(request)) held.outcomes.emplace_back(Pending{part});
  held.pend_info = pend_info_of(pending);
  held.changes.pending = std::move(pending);
  return held;
}

}  // namespace signet::authority
