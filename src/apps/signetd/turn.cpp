#include "apps/signetd/turn.h"

#include <unistd.h>

#include <array>

namespace signet::server {

Turn::~Turn() {
  if (fence_ == 0 || ends_by_itself_) return;
  static_cast<void>(parts_.leases.give_lease_back(parts_.name, parts_.holder));
}

void Turn::give_back() {
  const std::lock_guard lock(mutex_);
  if (Clock::now() >= ends_at_) return;
  static_cast<void>(parts_.leases.give_lease_back(parts_.name, parts_.holder));
  ends_at_ = {};
  given_back_ = true;
}

bool Turn::is_ours() {
  const std::lock_guard lock(mutex_);
  const auto now = Clock::now();
  if (now + parts_.duration / 2 < ends_at_) return true;  // no need to ask yet
  return take(now);
}

bool Turn::take(Clock::time_point now) {
  const bool was_ours = now < ends_at_;
  const auto lease = parts_.leases.take_lease(parts_.name, parts_.holder, parts_.duration);
  if (!lease.ok()) {
    parts_.log.write(Log::Level::error, "turn_unknown",
                     {{"of", parts_.name}, {"why", lease.error().detail}});
    return false;
  }
  if (!*lease) {
    if (was_ours) parts_.log.write(Log::Level::warning, "turn_lost", {{"of", parts_.name}});
    ends_at_ = {};
    given_back_ = false;
    return false;
  }
  const auto fence = (*lease)->fence;
  if (fence != fence_ && !given_back_) {
    parts_.log.write(Log::Level::info, "turn_taken",
                     {{"of", parts_.name}, {"fence", std::to_string(fence)}});
  }
  fence_ = fence;
  ends_at_ = now + parts_.duration;
  return true;
}

std::string name_of_this_node(const std::string& journal) {
  std::array<char, 256> host{};
  static_cast<void>(::gethostname(host.data(), host.size() - 1));
  return std::string(host.data()) + ":" + journal;
}

}  // namespace signet::server
