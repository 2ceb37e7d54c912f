#pragma once

#include <array>
#include <cstring>
#include <list>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "base/check.h"
#include "crypto/digest.h"

namespace signet::crypto {

/// What is dear to find out, kept by SHA-256 of the octets that it was found out about. Bounded:
/// what was not asked for longest goes first. Safe for many threads.
/// Invariant: `places_` points at each entry of `entries_`, which stand in order of last use.
template <typename Value>
class RecentlyUsed {
 public:
  using Key = std::array<std::uint8_t, 32>;

  explicit RecentlyUsed(std::size_t capacity) : capacity_(capacity) {}

  static Key key_of(ByteView octets) { return key_of_hash(sha256(octets)); }
  /// `hash`: SHA-256 of the octets, where it is known already.
  static Key key_of_hash(ByteView hash) {
    Key key{};
    CHECK(hash.size() == key.size());
    std::copy(hash.begin(), hash.end(), key.begin());
    return key;
  }

  std::optional<Value> find(const Key& key) {
    const std::lock_guard lock(mutex_);
    const auto place = places_.find(key);
    if (place == places_.end()) return std::nullopt;
    entries_.splice(entries_.begin(), entries_, place->second);
    return place->second->second;
  }

  void keep(const Key& key, Value value) {
    const std::lock_guard lock(mutex_);
    if (capacity_ == 0) return;
    forget_locked(key);
    if (entries_.size() == capacity_) forget_locked(entries_.back().first);
    Entries fresh;
    fresh.emplace_front(key, std::move(value));
    places_.emplace(key, fresh.begin());
    entries_.splice(entries_.begin(), fresh);  // cannot fail: both have it, or neither
  }

 private:
  using Entries = std::list<std::pair<Key, Value>>;

  /// The first octets of a SHA-256 are as good a hash as any, and nobody can choose them.
  struct FirstOctets {
    std::size_t operator()(const Key& key) const {
      std::size_t first = 0;
      std::memcpy(&first, key.data(), sizeof first);
      return first;
    }
  };

  /// By value: the key may lie in the entry that goes.
  void forget_locked(Key key) {
    const auto place = places_.find(key);
    if (place == places_.end()) return;
    entries_.erase(place->second);
    places_.erase(place);
  }

  std::size_t capacity_;
  std::mutex mutex_;
  Entries entries_;
  std::unordered_map<Key, typename Entries::iterator, FirstOctets> places_;
};

}  // namespace signet::crypto
