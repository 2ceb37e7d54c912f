#include "adapters/listener/rate_limiter.h"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <cmath>

namespace signet::listener {
namespace {

/// Looking at every bucket for each of a flood's requests would be the flood's work.
constexpr std::chrono::milliseconds kBetweenLooks{100};

}  // namespace

std::optional<std::chrono::seconds> RateLimiter::refuse(std::string_view client,
                                                        Clock::time_point now) {
  if (settings_.per_second <= 0) return std::nullopt;
  const std::lock_guard lock(mutex_);
  auto& bucket = bucket_of(client, now);
  bucket = {tokens(bucket, now), std::max(bucket.at, now)};
  if (bucket.tokens < 1) {
    const auto wait = std::ceil((1 - bucket.tokens) / settings_.per_second);
    return std::chrono::seconds{static_cast<std::int64_t>(std::max(1.0, wait))};
  }
  bucket.tokens -= 1;
  return std::nullopt;
}

std::size_t RateLimiter::clients() const {
  const std::lock_guard lock(mutex_);
  return buckets_.size();
}

double RateLimiter::tokens(const Bucket& bucket, Clock::time_point now) const {
  const std::chrono::duration<double> passed = std::max(now - bucket.at, Clock::duration::zero());
  return std::min(settings_.burst, bucket.tokens + passed.count() * settings_.per_second);
}

RateLimiter::Bucket& RateLimiter::bucket_of(std::string_view client, Clock::time_point now) {
  std::string name(client);
  const auto found = buckets_.find(name);
  if (found != buckets_.end()) return found->second;
  if (buckets_.size() >= kMostClients) make_room(now);
  if (buckets_.size() >= kMostClients) return newcomers_;
  return buckets_.emplace(std::move(name), Bucket{settings_.burst, now}).first->second;
}

/// A full bucket says nothing that a new one would not. To keep all of them from being full, a
/// flood must ask `per_second` times kMostClients, all the time.
void RateLimiter::make_room(Clock::time_point now) {
  if (made_room_at_ && now < *made_room_at_ + kBetweenLooks) return;
  made_room_at_ = now;
  std::erase_if(buckets_,
                [&](const auto& each) { return tokens(each.second, now) >= settings_.burst; });
}

std::string client_of(std::string_view address) {
  namespace ip = boost::asio::ip;
  boost::system::error_code error;
  const auto read = ip::make_address(address, error);
  if (error || read.is_v4()) return std::string(address);
  const auto v6 = read.to_v6();
  if (v6.is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, v6).to_string();
  auto octets = v6.to_bytes();
  std::fill(octets.begin() + 8, octets.end(), std::uint8_t{0});
  return ip::make_address_v6(octets).to_string() + "/64";
}

}  // namespace signet::listener
