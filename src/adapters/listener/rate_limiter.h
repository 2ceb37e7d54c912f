#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace signet::listener {

/// How much each client may ask, by whatever name it has (an address, a certificate's digest): a
/// bucket of `burst` that fills again by `per_second`; what finds it empty is refused.
/// Only full buckets are forgotten: who is over its limit does not come back with a full one
/// because a flood from other addresses pushed its own out. Where none of so many clients has a
/// full one, those who come then share a bucket. Safe for many threads.
class RateLimiter {
 public:
  using Clock = std::chrono::steady_clock;
  struct Settings {
    double per_second = 0;  ///< 0: no limit
    double burst = 1;       ///< at least 1
  };
  explicit RateLimiter(Settings settings) : settings_(settings), newcomers_{settings.burst, {}} {}

  /// None: it may, and that was counted. Otherwise after how long it may again; at least a second,
  /// as Retry-After has it.
  std::optional<std::chrono::seconds> refuse(std::string_view client, Clock::time_point now);

  /// Clients that are remembered: not more than this, whoever comes.
  static constexpr std::size_t kMostClients = 65536;
  [[nodiscard]] std::size_t clients() const;

 private:
  struct Bucket {
    double tokens;
    Clock::time_point at;
  };
  [[nodiscard]] double tokens(const Bucket& bucket, Clock::time_point now) const;
  Bucket& bucket_of(std::string_view client, Clock::time_point now);
  void make_room(Clock::time_point now);

  const Settings settings_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Bucket> buckets_;
  Bucket newcomers_;  ///< of all for whom there is no room
  std::optional<Clock::time_point> made_room_at_;
};

/// Whom an address stands for: IPv4 itself, IPv6 its first 64 bits, which is what one network gives
/// one customer. Text that is no address is itself.
std::string client_of(std::string_view address);

}  // namespace signet::listener
