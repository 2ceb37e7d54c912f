#include "proof/possession/given_up_challenge.h"

#include <algorithm>

#include "codec/cmc/told_status.h"
#include "proof/possession/challenge_search.h"

namespace signet::proof {
namespace {

using Change = std::optional<store::ChallengeChange>;

/// None where nothing is to be ended: it was answered, or given up before.
Change withdrawal_of(const store::PendingChallenge& challenge) {
  if (challenge.state != store::ChallengeState::open) return std::nullopt;
  return store::ChallengeChange{challenge.id, store::ChallengeEvent::withdrawn, 0};
}

bool is_of(const store::PendingChallenge& challenge, const ProvenIdentity& identity) {
  return equal(challenge.requester_hash, identity.requester_hash());
}

Error which_is_given_up() {
  return {Fault::unsupported_message,
          "several challenges of yours are open in this transaction: say which one you give up, by "
          "the request id of responseInfo in regInfo, or in recipientNonce by the senderNonce of "
          "the answer that brought it"};
}

bool names_certificates(const cmc::PkiRequest& message) {
  const auto& controls = cmc::controls_of(message);
  return cmc::find_control(controls, cmc::oid::kConfirmCertAcceptance) != nullptr;
}

Error none_has_this_id() {
  return {Fault::not_allowed,
          "there is no challenge (any more) that has the request id in regInfo: send that of "
          "responseInfo"};
}

Result<Change> find_in_transaction(const GivingUp& giving_up, const store::ChallengeStore& store) {
  auto open = TRY(store.open_challenges(giving_up.identity.requester_hash(),
                                        giving_up.transaction_id, kMostOpenChallenges));
  std::erase_if(open, [&](const auto& each) { return each.expires_at < giving_up.now; });
  if (open.size() > 1) return which_is_given_up();
  return open.empty() ? Change() : withdrawal_of(open.front());
}

}  // namespace

bool is_about_challenge(const cmc::CMCStatusInfoV2& status) {
  return status.cmc_status == cmc::CMCStatus::failed &&
         status.other_info == cmc::OtherStatusInfo(cmc::CMCFailInfo::popFailed);
}

bool names_challenge(const cmc::PkiRequest& message) {
  return request_id_in(message) && !names_certificates(message);
}

bool gives_up_challenge(const cmc::PkiRequest& message) {
  const auto statuses = cmc::read_told_statuses(cmc::controls_of(message));
  const bool is_of_others = names_certificates(message) || !cmc::requests_of(message).empty();
  if (!statuses.ok() || is_of_others) return false;
  const bool names_one = names_challenge(message);
  return std::any_of(statuses->begin(), statuses->end(), [&](const auto& told) {
    const bool is_failed = told.info.cmc_status == cmc::CMCStatus::failed;
    return is_about_challenge(told.info) || (names_one && is_failed);
  });
}

//= E111 RFC 10002 §6.7: what the requester could not open is given up by popFailed
Result<Change> find_withdrawn_challenge(const GivingUp& giving_up,
                                        const store::ChallengeStore& store) {
  const auto& [message, identity, transaction_id, now] = giving_up;
  if (!gives_up_challenge(message)) return Change();
  if (const auto id = request_id_in(message)) {
    const auto found = TRY(store.find_challenge(*id));
    if (found && !is_of(*found, identity)) return challenge_of_another();
    if (!found) return none_has_this_id();
    return withdrawal_of(*found);
  }
  if (const auto id = id_in_nonce(message)) {
    const auto found = TRY(store.find_challenge(*id));
    if (found && is_of(*found, identity)) return withdrawal_of(*found);
  }
  return find_in_transaction(giving_up, store);
}

}  // namespace signet::proof
