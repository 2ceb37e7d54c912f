#include "authority/earlier_answer.h"

#include <algorithm>
#include <iterator>

#include "authority/check_message.h"
#include "authority/confirmation.h"
#include "authority/exchange.h"
#include "authority/in_force.h"
#include "authority/key_challenge.h"
#include "authority/pending.h"
#include "authority/profile_choice.h"
#include "authority/publish_cert.h"
#include "authority/retrieval.h"
#include "authority/revocation.h"
#include "codec/cmc/controls.h"

namespace signet::authority {
namespace {

using Parts = CertificateAuthority::Parts;

store::AnsweredRequest describe(const Parts& parts, const Inquiry& inquiry,
                                const Exchange& exchange, const proof::ProvenIdentity& identity) {
  store::AnsweredRequest asked;
  asked.request_digest = crypto::sha256(inquiry.octets);
  asked.requester_hash = identity.requester_hash();
  asked.received_at = parts.clock.now();
  if (exchange.sender_nonce) asked.sender_nonce = *exchange.sender_nonce;
  if (exchange.transaction_id) asked.transaction_id = exchange.transaction_id->octets;
  return asked;
}

bool is_undecided(const store::PendingRequest& pending) {
  return pending.state == store::PendingState::open;
}

Result<std::optional<store::PendingRequest>> find_wait(const Parts& parts, ByteView pending_id) {
  if (pending_id.empty()) return std::optional<store::PendingRequest>();
  return parts.life.find_pending(pending_id);
}

/// Why an earlier answer is none any more; none while it stands.
using Over = std::optional<std::string>;

Over under_another_profile(const std::string& then, const std::string& now) {
  if (then == now) return std::nullopt;
  return "it was answered under profile \"" + then + "\", not \"" + now + "\"";
}

Result<Over> challenge_over(const Parts& parts, ByteView id, const std::string& profile_id) {
  const auto challenge = TRY(parts.challenges.find_challenge(id));
  if (!challenge) return Over("it was answered with a challenge that is gone");
  if (auto other = under_another_profile(challenge->profile_id, profile_id)) return other;
  const bool is_open =
      challenge->state == store::ChallengeState::open && parts.clock.now() <= challenge->expires_at;
  return is_open ? Over() : Over("it was answered with a challenge that has ended");
}

Result<Over> certificates_over(const Parts& parts, const std::vector<asn1::Integer>& granted,
                               const std::string& profile_id) {
  for (const auto& serial_number : granted) {
    const auto record = TRY(parts.store.find_certificate(serial_number));
    if (!record) continue;  // said where it is told again
    if (auto other = under_another_profile(record->profile_id, profile_id)) return other;
    if (record->not_after < parts.clock.now()) {
      return Over("its certificate ended at " + to_text(record->not_after));
    }
  }
  return Over();
}

Result<Over> wait_over(const Parts& parts, const store::PendingRequest& pending,
                       const std::string& profile_id) {
  if (auto other = under_another_profile(pending.profile_id, profile_id)) return other;
  const bool expired = is_undecided(pending) && pending.expires_at < parts.clock.now();
  if (expired) return Over("no agent decided on it until " + to_text(pending.expires_at));
  return certificates_over(parts, pending.serial_numbers, profile_id);
}

Result<Over> revocation_over(const Parts& parts, const cmc::PkiRequest& message) {
  if (TRY(is_as_asked(parts, message))) return Over();
  return Over("what it revoked, held or released was changed again since");
}

Result<Over> why_over(const Parts& parts, const Recalled& recalled,
                      const envelope::OpenedRequest& opened, const std::string& profile_id) {
  const auto& [asked, seen] = recalled;
  const auto& earlier = seen.answer;
  if (!earlier || earlier->requester_hash != asked.requester_hash) return Over();
  if (asks_to_revoke(opened.message())) return revocation_over(parts, opened.message());
  if (opened.certification_requests().empty()) return Over();
  if (!earlier->challenge_id.empty()) {
    return challenge_over(parts, earlier->challenge_id, profile_id);
  }
  const auto pending = TRY(find_wait(parts, earlier->pending_id));
  auto over = pending ? TRY(wait_over(parts, *pending, profile_id))
                      : TRY(certificates_over(parts, earlier->serial_numbers, profile_id));
  if (over || (pending && is_undecided(*pending))) return over;
  const auto answered_at =
      pending ? pending->decided_at.value_or(earlier->received_at) : earlier->received_at;
  const bool is_late =
      asked.sender_nonce.empty() && answered_at + parts.settings.retry_window < asked.received_at;
  return is_late ? Over("it was answered at " + to_text(answered_at)) : Over();
}

/// What a message that asks for something else than certificates is told when it comes again, but
/// for its confirmations; none when it asks for certificates, or only confirms.
Result<std::optional<Enrollment>> told_without_requests(const Parts& parts,
                                                        const envelope::OpenedRequest& opened,
                                                        const proof::ProvenIdentity& identity) {
  const auto& message = opened.message();
  if (asks_to_revoke(message)) return std::optional{revoked_before(message)};
  if (only_retrieves(opened)) return std::optional{TRY(retrieve(parts, opened))};
  if (asks_to_poll(message)) return std::optional{TRY(poll(parts, opened, identity))};
  return std::optional<Enrollment>{};
}

}  // namespace

Result<Recalled> recall(const Parts& parts, const Inquiry& inquiry,
                        const envelope::OpenedRequest& opened,
                        const proof::ProvenIdentity& identity) {
  const auto exchange = exchange_of(cmc::controls_of(opened.message()));
  Recalled recalled{describe(parts, inquiry, exchange, identity), {}};
  auto& [asked, seen] = recalled;
  seen = TRY(parts.store.seen_before(asked));
  if (!seen.answer) return recalled;
  const auto& profile_id = profile_id_of(parts.settings, inquiry.profile_id, identity);
  while (const auto over = TRY(why_over(parts, recalled, opened, profile_id))) {
    if (!asked.sender_nonce.empty()) {
      return Error{Fault::replayed, "this very message came before, and " + *over +
                                        ": make a new one, with a fresh senderNonce"};
    }
    asked.request_digest = crypto::sha256(asked.request_digest);
    seen = TRY(parts.store.seen_before(asked));
  }
  return recalled;
}

Result<std::optional<Enrollment>> find_earlier(const Parts& parts,
                                               const store::AnsweredRequest& asked,
                                               const store::Seen& seen, const Asking& asking) {
  const auto& [opened, identity, asserted] = asking;
  const auto& earlier = seen.answer;
  if (!earlier || earlier->requester_hash != asked.requester_hash) {
    return std::optional<Enrollment>{};
  }
  if (!earlier->challenge_id.empty()) {
    const auto vouched =
        TRY(vouched_for(opened.message(), identity, asserted, parts.possession_rules));
    return challenge_again(parts, opened, identity, vouched, earlier->challenge_id);
  }
  if (auto told = TRY(told_without_requests(parts, opened, identity))) {
    TRY(add_confirmed_before(parts, opened.message(), *told));
    add_published_before(opened.message(), *told);
    told->outcomes = TRY(unless_all_withdrawn(std::move(told->outcomes)));
    return told;
  }
  if (!earlier->pending_id.empty()) {
    return std::optional{TRY(pending_again(parts, opened, earlier->pending_id))};
  }
  Enrollment enrollment;
  TRY(add_confirmed_before(parts, opened.message(), enrollment));
  add_published_before(opened.message(), enrollment);
  auto again = TRY(hand_out_again(parts, earlier->serial_numbers, request_ids(opened)));
  std::move(again.begin(), again.end(), std::back_inserter(enrollment.outcomes));
  add_retrieved(TRY(retrieve(parts, opened)), enrollment);
  // RFC 10002 §6.14: the answer to a confirmation is its own, whatever became of what is beside it.
  enrollment.outcomes = TRY(unless_all_withdrawn(std::move(enrollment.outcomes)));
  return std::optional<Enrollment>{std::move(enrollment)};
}

}  // namespace signet::authority
