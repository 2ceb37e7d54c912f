#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "base/log.h"

namespace signet::server {

/// Something that is done again and again, on a thread of its own.
class Chore {
 public:
  /// `work` says after what pause it wants to be done again. What it throws goes into the log,
  /// under `name`. `break_off`: ends the work under way; called once, by who ends the chore.
  Chore(std::string name, Log& log, std::function<std::chrono::milliseconds()> work,
        std::function<void()> break_off = {});
  ~Chore() { end(); }
  Chore(const Chore&) = delete;
  Chore& operator=(const Chore&) = delete;

  /// Ends the pause that there may be.
  void wake();
  /// Ends the thread, after the work that is under way. One thread at a time.
  void end();

 private:
  void run(const std::stop_token& stop);

  const std::string name_;
  Log& log_;
  std::function<std::chrono::milliseconds()> work_;
  std::function<void()> break_off_;
  std::mutex mutex_;
  bool woken_ = false;
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace signet::server
