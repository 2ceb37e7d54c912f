#include "authority/earlier_answer.h"

#include <algorithm>
#include <iterator>

#include "authority/confirmation.h"
#include "authority/exchange.h"
#include "authority/forwarding.h"
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

Result<Over> challenge_over(const Asker& asker, ByteView id, const std::string& profile_id) {
  const auto challenge = TRY(asker.parts.challenges.find_challenge(id));
  if (!challenge) return Over("it was answered with a challenge that is gone");
  if (auto other = under_another_profile(challenge->profile_id, profile_id)) return other;
  const bool is_open =
      challenge->state == store::ChallengeState::open && asker.now <= challenge->expires_at;
  return is_open ? Over() : Over("it was answered with a challenge that has ended");
}

Result<Over> certificates_over(const Asker& asker, const std::vector<asn1::Integer>& granted,
                               const std::string& profile_id) {
  for (const auto& serial_number : granted) {
    const auto record = TRY(asker.parts.store.find_certificate(serial_number));
    if (!record) continue;  // said where it is told again
    if (auto other = under_another_profile(record->profile_id, profile_id)) return other;
    if (record->not_after < asker.now) {
      return Over("its certificate ended at " + to_text(record->not_after));
    }
  }
  return Over();
}

Result<Over> wait_over(const Asker& asker, const store::PendingRequest& pending,
                       const std::string& profile_id) {
  if (auto other = under_another_profile(pending.profile_id, profile_id)) return other;
  const bool expired = is_undecided(pending) && pending.expires_at < asker.now;
  if (expired) return Over("no agent decided on it until " + to_text(pending.expires_at));
  return certificates_over(asker, pending.serial_numbers, profile_id);
}

Result<Over> revocation_over(const Asker& asker) {
  if (TRY(is_as_asked(asker.parts, asker.request.message()))) return Over();
  return Over("what it revoked, held or released was changed again since");
}

Result<Over> why_over(const Asker& asker, const Recalled& recalled, const std::string& profile_id) {
  const auto& [asked, seen] = recalled;
  const auto& earlier = seen.answer;
  if (!earlier || earlier->requester_hash != asked.requester_hash) return Over();
  if (asks_to_revoke(asker.request.message())) return revocation_over(asker);
  if (asker.request.certification_requests().empty()) return Over();
  if (!earlier->challenge_id.empty()) {
    return challenge_over(asker, earlier->challenge_id, profile_id);
  }
  const auto pending = TRY(find_wait(asker.parts, earlier->pending_id));
  auto over = pending ? TRY(wait_over(asker, *pending, profile_id))
                      : TRY(certificates_over(asker, earlier->serial_numbers, profile_id));
  if (over || (pending && is_undecided(*pending))) return over;
  const auto answered_at =
      pending ? pending->decided_at.value_or(earlier->received_at) : earlier->received_at;
  const bool is_late = asked.sender_nonce.empty() &&
                       answered_at + asker.parts.settings.retry_window < asked.received_at;
  return is_late ? Over("it was answered at " + to_text(answered_at)) : Over();
}

// A message without a nonce may be sent under so many profiles by turns, and each is a retry still.
constexpr std::size_t kMostStanding = 4;

/// The requests that the same octets without a nonce made by and by, each known by the digest of
/// the digest before. There is no end to them (a device that asks every hour for years), so they
/// are not walked: the last one is looked for by halves, since each stands on record before the
/// next.
class Successors {
 public:
  Successors(const Parts& parts, store::AnsweredRequest first)
      : parts_(parts), asked_(std::move(first)), digests_{asked_.request_digest} {}

  /// How many there are after the first.
  Result<std::size_t> count() {
    std::size_t there = 0;
    std::size_t missing = 1;
    while (TRY(at(missing)).seen.answer) {
      there = missing;
      missing *= 2;
    }
    while (missing - there > 1) {
      const auto middle = there + (missing - there) / 2;
      if (TRY(at(middle)).seen.answer) {
        there = middle;
      } else {
        missing = middle;
      }
    }
    return there;
  }

  /// The one so many places after the first, on record or not.
  Result<Recalled> at(std::size_t place) {
    while (digests_.size() <= place) digests_.push_back(crypto::sha256(digests_.back()));
    asked_.request_digest = digests_[place];
    auto seen = TRY(parts_.store.seen_before(asked_));
    return Recalled{asked_, std::move(seen)};
  }

 private:
  const Parts& parts_;
  store::AnsweredRequest asked_;
  std::vector<Bytes> digests_;
};

/// What a message without a nonce is whose first answer is none any more: the last of its
/// successors that stands, else a new request.
Result<Recalled> recall_successor(const Asker& asker, store::AnsweredRequest first,
                                  const std::string& profile_id) {
  Successors successors{asker.parts, std::move(first)};
  const auto count = TRY(successors.count());
  for (auto place = count; place > 0 && count - place < kMostStanding; --place) {
    auto recalled = TRY(successors.at(place));
    if (!TRY(why_over(asker, recalled, profile_id))) return recalled;
  }
  return successors.at(count + 1);
}

/// What a message that asks for something else than certificates is told when it comes again, but
/// for its confirmations; none when it asks for certificates, or only confirms.
Result<std::optional<Granted>> told_without_requests(const Asker& asker) {
  const auto& message = asker.request.message();
  if (asks_to_revoke(message)) return std::optional{revoked_before(message)};
  if (only_retrieves(asker.request)) return std::optional{TRY(retrieve(asker))};
  if (asks_to_poll(message)) return std::optional{TRY(poll(asker))};
  return std::optional<Granted>{};
}

}  // namespace

store::AnsweredRequest request_record(const ReceivedMessage& received, Bytes requester_hash) {
  const auto exchange = exchange_of(cmc::controls_of(received.message));
  store::AnsweredRequest asked;
  asked.request_digest = crypto::sha256(received.inquiry.octets);
  asked.requester_hash = std::move(requester_hash);
  asked.received_at = received.now;
  if (exchange.sender_nonce) asked.sender_nonce = *exchange.sender_nonce;
  if (exchange.transaction_id) asked.transaction_id = exchange.transaction_id->octets;
  return asked;
}

Result<Recalled> recall(const Asker& asker, const ReceivedMessage& received) {
  const auto& [parts, request, identity, now, trail] = asker;
  Recalled recalled{request_record(received, identity.requester_hash()), {}};
  auto& [asked, seen] = recalled;
  seen = TRY(parts.store.seen_before(asked));
  if (!seen.answer) return recalled;
  const auto& profile_id = profile_id_of(parts.settings, received.inquiry.profile_id, identity);
  const auto over = TRY(why_over(asker, recalled, profile_id));
  if (!over) return recalled;
  if (asked.sender_nonce.empty()) return recall_successor(asker, std::move(asked), profile_id);
  return Error{Fault::replayed, "this very message came before, and " + *over +
                                    ": make a new one, with a fresh senderNonce"};
}

Result<std::optional<Granted>> find_earlier(const Asker& asker, const Recalled& recalled,
                                            const Asserted& asserted) {
  const auto& parts = asker.parts;
  const auto& message = asker.request.message();
  const auto& earlier = recalled.seen.answer;
  if (!earlier || earlier->requester_hash != recalled.asked.requester_hash) {
    return std::optional<Granted>{};
  }
  if (!earlier->challenge_id.empty()) {
    const auto vouched =
        TRY(vouched_for(message, asker.identity, asserted, parts.possession_rules));
    return challenge_again(asker, vouched, earlier->challenge_id);
  }
  if (auto told = TRY(told_without_requests(asker))) {
    TRY(add_confirmed_before(asker, *told));
    add_published_before(message, *told);
    told->outcomes = TRY(unless_all_withdrawn(std::move(told->outcomes)));
    return told;
  }
  if (!earlier->pending_id.empty()) {
    return std::optional{TRY(pending_again(asker, earlier->pending_id))};
  }
  Granted told;
  TRY(add_confirmed_before(asker, told));
  add_published_before(message, told);
  auto again = TRY(hand_out_again(parts, earlier->serial_numbers, request_ids(asker.request)));
  std::move(again.begin(), again.end(), std::back_inserter(told.outcomes));
  add_retrieved(TRY(retrieve(asker)), told);
  // RFC 10002 §6.14: the answer to a confirmation is its own, whatever became of what is beside it.
  told.outcomes = TRY(unless_all_withdrawn(std::move(told.outcomes)));
  return std::optional<Granted>{std::move(told)};
}

}  // namespace signet::authority
