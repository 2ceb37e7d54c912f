#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace signet::pkcs11 {

/// How often something is tried that may go on failing: at once, then not within a second, two,
/// four, and so on. For one thread at a time.
class Pace {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds kFirst{1};
  /// The waits that may grow longest; who asks says which holds.
  static constexpr std::chrono::seconds kLong{8};
  static constexpr std::chrono::seconds kLongest{60};

  /// From when on it may be tried: never later than `longest` after it was tried last.
  [[nodiscard]] Clock::time_point next(std::chrono::seconds longest = kLong) const;
  void tried(Clock::time_point now);
  /// The waits begin to grow anew; the last try keeps its distance all the same.
  void succeeded();

 private:
  std::optional<Clock::time_point> last_;
  std::chrono::seconds wait_{kFirst};
  bool is_in_vain_ = false;  ///< the last try, as far as is known
};

/// "in 3 s": whole seconds, never too few; "at the next use" when it may be now.
std::string in_how_long(Pace::Clock::time_point now, Pace::Clock::time_point then);

}  // namespace signet::pkcs11
