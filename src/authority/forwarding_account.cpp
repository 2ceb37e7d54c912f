#include "authority/forwarding_account.h"

namespace signet::authority {
namespace {

// Each costs a signature and a commit, and an empty one is 22 octets long.
constexpr std::size_t kMostInAll = 300;
// Each may cost a quarter of a second, and others wait in the same line.
constexpr std::size_t kMostThatTakeTime = 20;

}  // namespace

Result<void> ForwardingAccount::forward(const cmc::BodyPartPath& place,
                                        const std::set<cmc::BodyPartID>& items) {
  const std::lock_guard lock(mutex_);
  auto all = forwarded_;
  for (const auto item : items) {
    auto inside = place;
    inside.push_back(item);
    all.insert(std::move(inside));
  }
  if (all.size() > kMostInAll) {
    return Error{Fault::too_large, "messages in messages are at most " +
                                       std::to_string(kMostInAll) +
                                       " in all layers together: send several"};
  }
  forwarded_ = std::move(all);
  return {};
}

Result<void> ForwardingAccount::take_time(const cmc::BodyPartPath& place) {
  const std::lock_guard lock(mutex_);
  if (taking_time_.count(place) != 0) return {};
  if (taking_time_.size() == kMostThatTakeTime) {
    return Error{Fault::too_large,
                 "of the messages that one message forwards, at most " +
                     std::to_string(kMostThatTakeTime) +
                     " may be proven by a key that is derived from a password (an "
                     "AuthenticatedData, or the secret of a revocation): forward this one in "
                     "another message"};
  }
  taking_time_.insert(place);
  return {};
}

}  // namespace signet::authority
