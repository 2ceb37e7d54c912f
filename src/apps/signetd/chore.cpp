#include "apps/signetd/chore.h"

#include <utility>

#include "apps/signetd/unbroken.h"

namespace signet::server {

Chore::Chore(std::string name, Log& log, std::function<std::chrono::milliseconds()> work,
             std::function<void()> break_off)
    : name_(std::move(name)),
      log_(log),
      work_(std::move(work)),
      break_off_(std::move(break_off)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

void Chore::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  wake_.notify_all();
}

void Chore::end() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  if (break_off_) break_off_();
  thread_.join();
}

void Chore::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    const auto pause = unbroken(name_, log_, work_);
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stop, pause, [this] { return woken_; });
    woken_ = false;
  }
}

}  // namespace signet::server
