#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/listener/settings.h"
#include "adapters/listener/tally.h"
#include "base/allowance.h"

namespace signet::listener {

/// Lives as long as something is under way for it.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  virtual ~Connection() = default;
  /// Closes at once when no request is under way. From any thread.
  virtual void close_when_idle() = 0;
  /// What was under way has taken too long. From the connection's own executor.
  virtual void close_at_once() = 0;
};

/// Which connections there are of one listener, and how many there may be. Safe for many threads.
class Connections {
 public:
  Connections(Settings given, Log& log)
      : settings(std::move(given)),
        refused(log, Log::Level::warning, "connection_refused"),
        new_connections_(settings.new_connections),
        long_answers_(settings.maximum_long_answer_octets,
                      settings.maximum_long_answer_octets_of_one) {}

  const Settings settings;
  std::atomic<bool> draining{false};
  Tally refused;  ///< over one of the limits of connections

  /// One that has an owner: it cannot enter before it is wholly made, since whoever drains asks for
  /// its owner from another thread. Where memory runs out, it has not entered, and is not to leave.
  void enter(const std::shared_ptr<Connection>& connection, const std::string& client);
  void leave(Connection* connection, const std::string& client);
  /// Why a connection of `client` is one too many; empty: it is not, and that was counted.
  std::string_view one_too_many(const std::string& client);
  /// For an answer of so many octets to `client`, null for one that is not long. Faults: as
  /// Allowance::take.
  Result<Allowance::Held> take_room(std::size_t octets, const std::string& client);

  [[nodiscard]] std::size_t count();
  /// Those that nobody has begun to destroy. Let go of them without the mutex: the last owner of a
  /// connection takes it out of the set.
  std::vector<std::shared_ptr<Connection>> living();
  void wait_until_none(std::chrono::seconds at_most);

 private:
  RateLimiter new_connections_;
  Allowance long_answers_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<Connection*> connections_;
  std::map<std::string, std::size_t, std::less<>> of_client_;
};

}  // namespace signet::listener
