#include "adapters/listener/tally.h"

#include <string>

namespace signet::listener {
namespace {

constexpr std::chrono::seconds kBetweenLines{1};

}  // namespace

void Tally::add(std::string_view client, std::string_view why, Clock::time_point now) {
  std::uint64_t so_far = 0;
  {
    const std::lock_guard lock(mutex_);
    so_far = ++count_;
    if (told_ != Clock::time_point{} && now - told_ < kBetweenLines) return;
    told_ = now;
  }
  log_.write(level_, event_,
             {{"why", why}, {"client", client}, {"so_far", std::to_string(so_far)}});
}

std::uint64_t Tally::count() const {
  const std::lock_guard lock(mutex_);
  return count_;
}

}  // namespace signet::listener
