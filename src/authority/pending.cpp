#include "authority/pending.h"

#include "authority/exchange.h"
#include "authority/in_force.h"
#include "authority/publish_cert.h"
#include "authority/retrieval.h"
#include "authority/revocation.h"
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

Bytes transaction_of(const cmc::PkiRequest& message) {
  const auto id = exchange_of(cmc::controls_of(message)).transaction_id;
  return id ? id->octets : Bytes{};
}

/// The same words whatever is wrong: tokens are not to be found by trying.
Error not_pending() {
  return {Fault::not_allowed,
          "no request of this requester, in this transaction, is pending under this pendToken: "
          "send the token as it came, with the same identity and transactionId"};
}

/// RFC 10002 §6.13: the token belongs to its requester and transaction.
Result<PendingRequest> find_own(const Parts& parts, const envelope::OpenedRequest& request,
                                const proof::ProvenIdentity& identity) {
  const auto& control = *query_in(request.message());
  const auto token = TRY(cmc::read_octets_value(control.attr_values.front()));
  auto pending = TRY(parts.life.find_pending(token));
  if (!pending || pending->requester_hash != identity.requester_hash() ||
      pending->transaction_id != transaction_of(request.message())) {
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

/// `parts_asked`: what the status names.
Result<Enrollment> tell(const Parts& parts, const PendingRequest& pending,
                        const std::vector<cmc::BodyPartID>& parts_asked) {
  Enrollment told;
  if (pending.state == PendingState::granted) {
    auto again = TRY(hand_out_again(parts, pending.serial_numbers, parts_asked));
    told.outcomes = TRY(unless_all_withdrawn(std::move(again)));
    return told;
  }
  if (pending.state == PendingState::rejected) return rejected(pending);
  if (pending.expires_at < parts.clock.now()) return expired(pending);
  for (const auto part : parts_asked) told.outcomes.emplace_back(Pending{part});
  told.pend_info = pend_info_of(pending);
  return told;
}

/// "CN=Alice,O=Example; email:alice@example.org"
std::string names_of(const policy::ApprovedCertificate& approved) {
  auto text = pkix::to_text(approved.subject());
  const auto* extension = pkix::find_extension(approved.extensions(), pkix::oid::kSubjectAltName);
  if (extension == nullptr) return text;
  const auto names = pkix::read_alternative_name(extension->extn_value);
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
Result<Enrollment> poll(const Parts& parts, const envelope::OpenedRequest& request,
                        const proof::ProvenIdentity& identity) {
  const bool does_more = !request.certification_requests().empty() ||
                         asks_to_revoke(request.message()) || asks_to_retrieve(request.message()) ||
                         asks_to_publish(request.message());
  if (does_more) {
    return Error{
        Fault::unsupported_message,
        "queryPending beside certification requests, revokeRequest, publishCert, getCert or "
        "getCRL: send two messages"};
  }
  const auto pending = TRY(find_own(parts, request, identity));
  return tell(parts, pending, {query_in(request.message())->body_part_id});
}

Result<Enrollment> pending_again(const Parts& parts, const envelope::OpenedRequest& request,
                                 ByteView pending_id) {
  const auto pending = TRY(parts.life.find_pending(pending_id));
  if (!pending) return Error{Fault::internal, "a pending request is not on record"};
  return tell(parts, *pending, request_ids(request));
}

Result<Enrollment> hold_for_agent(const Parts& parts, const Attempt& attempt,
                                  const std::vector<policy::ApprovedCertificate>& approved,
                                  bool renames) {
  const auto& peer = attempt.inquiry.peer;
  const auto now = parts.clock.now();
  PendingRequest pending{.id = TRY(parts.random.octets(kTokenOctets)),
                         .requester_hash = attempt.identity.requester_hash(),
                         .transaction_id = transaction_of(attempt.request.message()),
                         .message = attempt.inquiry.octets,
                         .tls_client_certificate = peer.tls_client_certificate.value_or(Bytes{}),
                         .client_address = peer.address,
                         .profile_id = attempt.profile.id(),
                         .requester = attempt.identity.name(),
                         .subject = subject_of(approved, renames),
                         .created_at = now,
                         .expires_at = now + parts.settings.approval_time};
  Enrollment held;
  for (const auto part : request_ids(attempt.request)) held.outcomes.emplace_back(Pending{part});
  held.pend_info = pend_info_of(pending);
  held.changes.pending = std::move(pending);
  return held;
}

}  // namespace signet::authority
