#include "apps/signetd/crl_schedule.h"

#include <algorithm>
#include <utility>

#include "apps/signetd/unbroken.h"

namespace signet::server {
namespace {

constexpr std::chrono::seconds kNextSecond{1};
constexpr std::chrono::seconds kAfterCrlFailure{5};

}  // namespace

CrlSchedule::CrlSchedule(std::vector<authority::CrlMaker*> makers, Turn& turn, Pace pace, Log& log)
    : makers_(std::move(makers)), turn_(turn), pace_(pace), log_(log), thread_([this] { run(); }) {}

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
    changed_ = false;
    lock.unlock();
    const auto pause = unbroken("CRLs", log_, [this] { return make_due(); });
    lock.lock();
    wake_.wait_for(lock, pause, [this] { return changed_ || ending_; });
    if (!ending_ && changed_)
      wake_.wait_for(lock, pace_.after_revocation, [this] { return ending_; });
  }
}

/// One key's failure is no other key's.
std::chrono::seconds CrlSchedule::make_due() {
  auto pause = pace_.look;
  if (!turn_.is_ours()) return pause;
  left_alone_ = 0;
  for (auto* maker : makers_) pause = std::min(pause, make_due(*maker));
  if (left_alone_ > 0) turn_.give_back();
  tell_left_alone(left_alone_);
  return pause;
}

/// Once: it stays so until somebody does something about it.
void CrlSchedule::tell_left_alone(std::size_t shards) {
  if (shards == std::exchange(told_, shards) || shards == 0) return;
  log_.write(Log::Level::warning, "crl_shards_left_alone",
             {{"shards", std::to_string(shards)},
              {"why",
               "their CRLs are by a later key of this authority, which this node does not "
               "know: copy its files and generations here, and restart"}});
}

std::chrono::seconds CrlSchedule::make_due(authority::CrlMaker& maker) {
  const auto due = maker.make_due();
  if (due.ok()) left_alone_ += due->left_alone;
  if (due.ok()) return due->postponed ? kNextSecond : pace_.look;
  log_.write(Log::Level::error, "crl_not_published", {{"why", due.error().detail}});
  return kAfterCrlFailure;
}

}  // namespace signet::server
