#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <utility>

#include "apps/signetd/condition.h"
#include "base/clock.h"
#include "base/work_queue.h"

namespace signet::server {

/// Whether the server can do its work, and why not. The store is asked once a second at most, on a
/// thread of its own: anybody may ask as often as they like, and a store that hangs keeps no
/// connection but theirs waiting. Safe for many threads.
class Health {
 public:
  struct Parts {
    std::function<bool()> keeps;            ///< what is to be recorded; known without waiting
    std::function<bool()> store_answers;    ///< takes as long as the store does
    std::function<Condition()> else_known;  ///< the rest; known without waiting
    const Clock& clock;
    Log& log;
  };
  explicit Health(Parts parts) : parts_(std::move(parts)), queue_("health", parts_.log) {}

  /// `tell` is called once: at once where that is known, else from another thread. Those who wait
  /// are as many as there are connections.
  void ask(std::function<void(const Condition&)> tell);

 private:
  struct Verdict {
    bool store_answers;
    Time until;
  };
  [[nodiscard]] std::optional<bool> known() const;
  bool find_out();
  [[nodiscard]] Condition condition(bool store_answers) const;

  const Parts parts_;
  mutable std::mutex mutex_;
  std::optional<Verdict> verdict_;
  WorkQueue queue_;  ///< last, since its work uses the others
};

}  // namespace signet::server
