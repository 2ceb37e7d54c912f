#include "proof/possession/challenge_search.h"

#include "proof/possession/possession_failed.h"

namespace signet::proof {
namespace {

constexpr std::size_t kRequestIdOctets = 16;
constexpr std::size_t kNonceOctets = 32;

Error no_such_challenge() {
  return possession_failed(
      "regInfo names no challenge of yours that these requests could answer: send the request id "
      "from responseInfo, and the requests exactly as they stood in the first message, or begin "
      "anew");
}

Error none_is_open() {
  return possession_failed(
      "no challenge of yours is open in this transaction that these requests could answer: send "
      "the requests exactly as they stood in the first message, and its transactionId, or begin "
      "anew");
}

Error several_are_open() {
  return possession_failed(
      "several challenges of yours are open in this transaction that these requests could answer: "
      "send in regInfo the request id of responseInfo, or in recipientNonce the senderNonce of the "
      "answer that brought it");
}

std::optional<Bytes> octets_in(const cmc::PkiRequest& message, const asn1::Oid& type) {
  const auto* control = cmc::find_control(cmc::controls_of(message), type);
  if (control == nullptr) return std::nullopt;
  auto octets = cmc::read_octets_value(control->attr_values.front());
  if (!octets.ok()) return std::nullopt;
  return std::move(octets).value();
}

/// Whether this is the challenge of these requests, by the same requester. One question, so that no
/// part of the answer shows.
bool belongs_to(const store::PendingChallenge& challenge, const ChallengeBinding& binding) {
  return equal(challenge.requester_hash, binding.identity.requester_hash()) &&
         equal(challenge.req_sequence, binding.req_sequence) &&
         challenge.profile_id == binding.profile_id &&
         equal(challenge.transaction_id, binding.transaction_id);
}

Result<store::PendingChallenge> find_named(const Bytes& id, const ChallengeBinding& binding,
                                           const store::ChallengeStore& store) {
  auto found = TRY(store.find_challenge(id));
  if (found && found->requester_hash != binding.identity.requester_hash()) {
    return challenge_of_another();
  }
  if (!found || !belongs_to(*found, binding)) return no_such_challenge();
  return *std::move(found);
}

Result<store::PendingChallenge> find_unnamed(const ChallengeBinding& binding,
                                             const store::ChallengeStore& store) {
  auto open = TRY(store.open_challenges(binding.identity.requester_hash(), binding.transaction_id,
                                        kMostOpenChallenges));
  std::erase_if(open, [&](const auto& each) { return !belongs_to(each, binding); });
  if (open.size() > 1) {  // it answers none that was over when it came, or that came after it
    std::erase_if(open, [&](const auto& each) {
      return each.expires_at < binding.received_at || binding.received_at < each.created_at;
    });
  }
  if (open.empty()) return none_is_open();
  if (open.size() > 1) return several_are_open();
  return std::move(open.front());
}

}  // namespace

std::optional<Bytes> request_id_in(const cmc::PkiRequest& message) {
  auto id = octets_in(message, cmc::oid::kRegInfo);
  if (id && id->size() != kRequestIdOctets) id.reset();
  return id;
}

std::optional<Bytes> id_in_nonce(const cmc::PkiRequest& message) {
  auto id = octets_in(message, cmc::oid::kRecipientNonce);
  if (!id || id->size() != kNonceOctets) return std::nullopt;
  id->resize(kRequestIdOctets);
  return id;
}

Result<Bytes> nonce_with_id(const store::PendingChallenge& challenge, RandomSource& random) {
  auto nonce = challenge.id;
  append(nonce, TRY(random.octets(kNonceOctets - kRequestIdOctets)));
  return nonce;
}

/// An id is random: who has another's was told it, and learns nothing by this answer.
Error challenge_of_another() {
  return {
      Fault::identity_mismatch,
      "the challenge that regInfo names was sent to another requester: sign the answer with the "
      "certificate (or prove the secret) that made the first request"};
}

Result<store::PendingChallenge> find_challenge_answered(const cmc::PkiRequest& message,
                                                        const ChallengeBinding& binding,
                                                        const store::ChallengeStore& store) {
  //= C60 RFC 10004 §5.2: regInfo says which challenge it answers
  if (const auto id = request_id_in(message)) return find_named(*id, binding, store);
  //= E102 RFC 10002 §6.6: the nonce that we sent comes back, and tells which answer this is to
  if (const auto id = id_in_nonce(message)) {
    auto found = TRY(store.find_challenge(*id));
    if (found && belongs_to(*found, binding)) return *std::move(found);
  }
  return find_unnamed(binding, store);
}

}  // namespace signet::proof
