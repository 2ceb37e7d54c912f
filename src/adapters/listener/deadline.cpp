#include "adapters/listener/deadline.h"

namespace signet::listener {

void Deadline::expire_in(std::chrono::seconds time) {
  at_ = Clock::now() + time;
  if (at_ < timer_.expiry() || !is_watched_) watch();
}

void Deadline::watch() {
  is_watched_ = false;  // what follows may throw
  timer_.expires_at(at_);
  timer_.async_wait([this, weak = of_.weak_from_this()](boost::system::error_code error) {
    if (error) return;  // moved, or the connection is gone
    if (const auto living = weak.lock()) look();
  });
  is_watched_ = true;
}

void Deadline::look() {
  is_watched_ = false;
  if (Clock::now() >= at_) {
    of_.close_at_once();
  } else if (at_ != kNever) {
    watch();
  }
}

}  // namespace signet::listener
