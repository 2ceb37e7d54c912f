#include "base/work_queue.h"

#include <exception>
#include <utility>

namespace signet {

WorkQueue::WorkQueue(std::string what, Log& log)
    : what_(std::move(what)), log_(log), thread_([this] { work_until_ended(); }) {}

WorkQueue::~WorkQueue() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  more_.notify_one();
  thread_.join();
}

void WorkQueue::add(std::function<void()> work) {
  const std::lock_guard lock(mutex_);
  queue_.push_back(std::move(work));
  more_.notify_one();  // under the lock: with the last of it done, the queue may end
}

void WorkQueue::work_until_ended() {
  for (auto all = next(); !all.empty(); all = next()) {
    for (auto& work : all) {
      try {
        // What it holds goes with it, not with the rest.
        std::exchange(work, nullptr)();
      } catch (const std::exception& thrown) {
        tell(thrown.what());
      } catch (...) {
        tell("unknown exception");
      }
    }
  }
}

/// One answer is lost, as if its connection were; the others go on.
void WorkQueue::tell(std::string_view why) noexcept {
  try {
    log_.write(Log::Level::error, "work_broken_off", {{"what", what_}, {"why", why}});
  } catch (...) {
    // There is nobody left to tell.
  }
}

std::vector<std::function<void()>> WorkQueue::next() {
  std::unique_lock lock(mutex_);
  more_.wait(lock, [this] { return ended_ || !queue_.empty(); });
  return std::exchange(queue_, {});
}

}  // namespace signet
