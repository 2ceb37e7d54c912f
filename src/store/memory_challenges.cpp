#include "store/memory_challenges.h"

#include <algorithm>

#include "store/engine_rules.h"

namespace signet::store {

std::optional<PendingChallenge> MemoryChallenges::find(ByteView id) const {
  const auto found = challenges_.find(to_bytes(id));
  if (found == challenges_.end()) return std::nullopt;
  return found->second;
}

std::vector<PendingChallenge> MemoryChallenges::open_in(ByteView requester_hash,
                                                        ByteView transaction_id,
                                                        std::size_t most) const {
  std::vector<PendingChallenge> found;
  for (const auto& [id, challenge] : challenges_) {
    if (challenge.state == ChallengeState::open &&
        equal(challenge.requester_hash, requester_hash) &&
        equal(challenge.transaction_id, transaction_id)) {
      found.push_back(challenge);
    }
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& one, const auto& other) {
    return one.expires_at > other.expires_at;
  });
  if (found.size() > most) found.resize(most);
  return found;
}

std::size_t MemoryChallenges::count_waiting(ByteView requester_hash, Time now) const {
  const auto waits = [&](const auto& each) {
    const auto& challenge = each.second;
    return challenge.state == ChallengeState::open && challenge.expires_at >= now &&
           equal(challenge.requester_hash, requester_hash);
  };
  return static_cast<std::size_t>(std::count_if(challenges_.begin(), challenges_.end(), waits));
}

bool MemoryChallenges::may_change(const ChallengeChange& change) const {
  auto challenge = find(change.id);
  if (!challenge) return change.event != ChallengeEvent::answered;
  return change_challenge(*challenge, change);
}

void MemoryChallenges::add(const Commit& commit) {
  if (commit.challenge) challenges_.emplace(commit.challenge->id, *commit.challenge);
  if (!commit.challenge_change) return;
  const auto found = challenges_.find(commit.challenge_change->id);
  if (found == challenges_.end()) return;
  before_.push_back(found->second);
  change_challenge(found->second, *commit.challenge_change);
}

void MemoryChallenges::take_back(const Commit& commit) {
  if (commit.challenge_change && challenges_.contains(commit.challenge_change->id)) {
    challenges_[commit.challenge_change->id] = before_.back();
    before_.pop_back();
  }
  if (commit.challenge) challenges_.erase(commit.challenge->id);
}

}  // namespace signet::store
