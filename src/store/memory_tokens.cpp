#include "store/memory_tokens.h"

#include <algorithm>

#include "store/engine_rules.h"

namespace signet::store {

bool MemoryTokens::taken(const SharedToken& token) const {
  return by_id_.contains(token.id) || standing_.contains(token.identification);
}

void MemoryTokens::add(const SharedToken& token) {
  const Row row = tokens_.size();
  by_id_.emplace(token.id, row);
  if (!token.revoked) standing_.emplace(token.identification, row);
  tokens_.push_back(token);
}

bool MemoryTokens::revoke(ByteView id) {
  const auto found = by_id_.find(to_bytes(id));
  if (found == by_id_.end()) return false;
  auto& token = tokens_[found->second];
  if (!token.revoked) standing_.erase(token.identification);
  token.revoked = true;
  return true;
}

std::optional<SharedToken> MemoryTokens::find(std::string_view identification) const {
  const auto found = standing_.find(identification);
  if (found == standing_.end()) return std::nullopt;
  return tokens_[found->second];
}

std::vector<SharedToken> MemoryTokens::list() const {
  std::vector<SharedToken> newest_first(tokens_.rbegin(), tokens_.rend());
  std::stable_sort(newest_first.begin(), newest_first.end(), [](const auto& one, const auto& two) {
    return one.created_at > two.created_at;
  });
  return newest_first;
}

TokenHistory MemoryTokens::history(ByteView token_id) const {
  const auto found = histories_.find(to_bytes(token_id));
  return found == histories_.end() ? TokenHistory{} : found->second;
}

std::vector<FailedToken> MemoryTokens::failed(std::size_t least_failures) const {
  std::vector<FailedToken> found;
  for (const auto& [token_id, history] : histories_) {
    if (history.failures >= std::max<std::size_t>(least_failures, 1)) {
      found.push_back({token_id, history});
    }
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& one, const auto& two) {
    return one.history.last_failure_at > two.history.last_failure_at;
  });
  return found;
}

bool MemoryTokens::forget_failures(ByteView token_id) {
  const auto found = histories_.find(to_bytes(token_id));
  if (found == histories_.end() || found->second.failures == 0) return false;
  store::forget_failures(found->second);
  return true;
}

bool MemoryTokens::may_be_used(const TokenUse& use) const {
  const auto ours = by_id_.find(use.token_id);
  if (ours != by_id_.end() && tokens_[ours->second].revoked) return false;
  return within_limit(use, history(use.token_id));
}

void MemoryTokens::add(const Commit& commit) {
  if (commit.token_use) {
    remember(commit.token_use->token_id);
    count_use(histories_[commit.token_use->token_id]);
  }
  if (commit.token_failure) {
    remember(commit.token_failure->token_id);
    count_failure(histories_[commit.token_failure->token_id], *commit.token_failure);
  }
}

void MemoryTokens::take_back(const Commit& commit) {
  if (commit.token_failure) restore_last();
  if (commit.token_use) restore_last();
}

void MemoryTokens::remember(const Bytes& token_id) {
  before_.emplace_back(token_id, history(token_id));
}

void MemoryTokens::restore_last() {
  auto& [token_id, history] = before_.back();
  histories_[token_id] = history;
  before_.pop_back();
}

}  // namespace signet::store
