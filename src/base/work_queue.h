#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/log.h"

namespace signet {

/// Runs what it is given on a thread of its own, in order. It sets no limit: whoever adds work
/// must.
class WorkQueue {
 public:
  /// `what`: the work's name in the log, which outlives the queue.
  WorkQueue(std::string what, Log& log);
  /// Once all was done.
  ~WorkQueue();
  WorkQueue(const WorkQueue&) = delete;
  WorkQueue& operator=(const WorkQueue&) = delete;

  /// From any thread. What `work` throws goes into the log, and what it holds goes with it.
  void add(std::function<void()> work);

 private:
  void work_until_ended();
  void tell(std::string_view why) noexcept;
  /// All that gathered since the last call; waits for some. Empty when there will be no more.
  std::vector<std::function<void()>> next();

  const std::string what_;
  Log& log_;
  std::mutex mutex_;
  std::condition_variable more_;
  std::vector<std::function<void()>> queue_;
  bool ended_ = false;
  std::thread thread_;  ///< last, since it uses the others
};

}  // namespace signet
