#include "base/line.h"

#include <exception>
#include <utility>

namespace signet {

Line::Line(std::string what, Log& log)
    : what_(std::move(what)), log_(log), thread_([this] { work_until_ended(); }) {}

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
      } catch (const std::exception& thrown) {
        tell(thrown.what());
      } catch (...) {
        tell("unknown exception");
      }
    }
  }
}

/// One answer is lost, as if its connection were; the others go on.
void Line::tell(std::string_view why) noexcept {
  try {
    log_.write(Log::Level::error, "work_broken_off", {{"what", what_}, {"why", why}});
  } catch (...) {
    // There is nobody left to tell.
  }
}

std::vector<std::function<void()>> Line::next() {
  std::unique_lock lock(mutex_);
  more_.wait(lock, [this] { return ended_ || !queue_.empty(); });
  return std::exchange(queue_, {});
}

}  // namespace signet
