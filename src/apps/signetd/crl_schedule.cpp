#include "apps/signetd/crl_schedule.h"

namespace signet::server {
namespace {

constexpr std::chrono::seconds kLook{30};
constexpr std::chrono::seconds kAfterFailure{5};

}  // namespace

CrlSchedule::CrlSchedule(authority::CrlPublisher& publisher, std::chrono::seconds after_revocation,
                         Log& log)
    : publisher_(publisher),
      after_revocation_(after_revocation),
      log_(log),
      thread_([this] { run(); }) {}

void CrlSchedule::end() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void CrlSchedule::status_changed() {
  {
    const std::lock_guard lock(mutex_);
    changed_ = true;
  }
  wake_.notify_all();
}

void CrlSchedule::run() {
  std::unique_lock lock(mutex_);
  while (!ending_) {
    const bool changed = changed_;
    changed_ = false;
    lock.unlock();
    const bool published = publish(changed);
    lock.lock();
    if (!published) {
      changed_ = changed_ || changed;
      wake_.wait_for(lock, kAfterFailure, [this] { return ending_; });
      continue;
    }
    wake_.wait_for(lock, kLook, [this] { return changed_ || ending_; });
    if (!ending_ && changed_) wake_.wait_for(lock, after_revocation_, [this] { return ending_; });
  }
}

bool CrlSchedule::publish(bool changed) {
  const auto published = [&]() -> Result<bool> {
    if (!changed) return publisher_.publish_if_due();
    TRY(publisher_.publish());
    return true;
  }();
  if (published.ok()) return true;
  log_.write(Log::Level::error, "crl_not_published", {{"why", published.error().detail}});
  return false;
}

}  // namespace signet::server
