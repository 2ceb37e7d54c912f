#include "base/line.h"

#include <utility>

namespace signet {

Line::Line() : thread_([this] { work_until_ended(); }) {}

Line::~Line() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  more_.notify_one();
  thread_.join();
}

void Line::add(std::function<void()> work) {
  const std::lock_guard lock(mutex_);
  queue_.push_back(std::move(work));
  more_.notify_one();  // under the lock: with the last of it done, the line may end
}

void Line::work_until_ended() {
  for (auto all = next(); !all.empty(); all = next()) {
    for (auto& work : all) {
      try {
        // What it holds goes with it, not with the rest.
        std::exchange(work, nullptr)();
      } catch (...) {
        // One answer is lost, as if its connection were; the others go on.
      }
    }
  }
}

std::vector<std::function<void()>> Line::next() {
  std::unique_lock lock(mutex_);
  more_.wait(lock, [this] { return ended_ || !queue_.empty(); });
  return std::exchange(queue_, {});
}

}  // namespace signet
