#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace signet {

/// Does what it is given on a thread of its own, one after the other. How much may wait, whoever
/// gives it decides.
class Line {
 public:
  Line();
  /// Once all was done.
  ~Line();
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  /// From any thread. What `work` throws is lost, and what it holds goes with it.
  void add(std::function<void()> work);

 private:
  void work_until_ended();
  /// All that gathered since the last call; waits for some. Empty when there will be no more.
  std::vector<std::function<void()>> next();

  std::mutex mutex_;
  std::condition_variable more_;
  std::vector<std::function<void()>> queue_;
  bool ended_ = false;
  std::thread thread_;  ///< last, since it uses the others
};

}  // namespace signet
