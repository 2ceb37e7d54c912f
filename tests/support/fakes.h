#pragma once

#include <map>
#include <string>

#include "base/clock.h"
#include "base/random_source.h"
#include "proof/identity/secret_source.h"

namespace signet::test {

/// A clock that stands still until it is moved.
class FixedClock final : public Clock {
 public:
  [[nodiscard]] PreciseTime now_precise() const override { return now_; }
  void advance(std::chrono::seconds by) { now_ += by; }
  void set(Time time) { now_ = time; }

 private:
  // 2026-11-23T12:00:00Z
  PreciseTime now_{std::chrono::seconds{1795435200}};
};

/// Randomness that counts: 0, 1, 2, … so that a test can foresee it.
class CountingRandom final : public RandomSource {
 public:
  Result<void> fill(std::span<std::uint8_t> octets) override {
    for (auto& octet : octets) octet = next_++;
    return {};
  }

 private:
  std::uint8_t next_ = 0;
};

/// Shared secrets as a test puts them down, by identification.
class FakeSecretSource final : public proof::SecretSource {
 public:
  struct Entry {
    std::string secret;
    std::string subject = {};
    std::optional<Time> expires_at = {};
    std::size_t uses_allowed = 1;
    bool any_spelling = false;
  };
  std::map<std::string, Entry, std::less<>> entries;
  std::optional<Error> fails;  ///< the answer to every question, when set

  Result<std::optional<proof::SharedSecret>> find(std::string_view identification) const override {
    if (fails) return *fails;
    const auto found = entries.find(identification);
    if (found == entries.end()) return std::optional<proof::SharedSecret>{};
    const auto& entry = found->second;
    return std::optional{proof::SharedSecret{
        SecretBytes(std::string_view(entry.secret)),
        to_bytes("token of " + found->first + ": " + entry.secret), entry.subject, entry.expires_at,
        entry.uses_allowed, entry.any_spelling}};
  }
};

}  // namespace signet::test
