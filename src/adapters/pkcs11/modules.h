#pragma once

#include <p11-kit/pkcs11.h>

#include <atomic>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "adapters/pkcs11/gate.h"
#include "adapters/pkcs11/pace.h"
#include "adapters/pkcs11/slots.h"
#include "base/result.h"

namespace signet::pkcs11 {

/// Being inside a module: as long as anybody is, it is not started anew.
using Use = std::shared_lock<Gate>;

/// What a module is started anew for: a token that somebody opens, or one that went away.
enum class Occasion { opening, coming_back };

/// By what clock it is waited, and how long for others at most.
struct Timing {
  std::function<Pace::Clock::time_point()> now = Pace::Clock::now;
  std::chrono::milliseconds patience = Gate::kPatience;
};

/// PKCS#11 modules that are started; stopped at the end. All who name the same path share them: a
/// module is stopped only where nobody else keeps it running, so one alone could not start it anew.
class Modules {
 public:
  /// The module at `path`, or, when it is empty, all that p11-kit is configured for. The first one
  /// to name it says the timing. Faults: bad_configuration (no such module), token_failed (it does
  /// not start).
  static Result<std::shared_ptr<Modules>> at(const std::string& path, Timing timing = {});
  ~Modules();
  Modules(const Modules&) = delete;
  Modules& operator=(const Modules&) = delete;

  /// To be held around each call into them. Faults: token_failed, when they are being started anew
  /// for longer than the patience.
  [[nodiscard]] Result<Use> use();
  [[nodiscard]] const std::vector<CK_FUNCTION_LIST*>& started() const { return started_; }
  /// How often they were started anew; told inside. All handles of before are void then, and may
  /// mean something else.
  [[nodiscard]] std::uint64_t restarts() const { return restarts_; }
  /// Waits until nobody is inside, and lets nobody in meanwhile. Nothing, when somebody else did it
  /// since there were so many `restarts`. One that does not start again has no slots.
  ///
  /// For tokens that went away it is done at a pace, whosever they are: within Pace::kLong at the
  /// least where no other token is at work, and within Pace::kLongest where one is, since all who
  /// are logged in must log in again.
  /// Faults: token_failed, saying when it may be done; or when somebody does not leave, or another
  /// start does not end, within the patience.
  Result<void> start_again(std::uint64_t restarts, Occasion occasion);
  /// The token for which they were started anew is found.
  void came_back();

  /// Somebody is logged into the token in this slot, until it leaves or they are started anew.
  void settle(const Slot& slot);
  void leave(const Slot& slot);

  [[nodiscard]] Pace::Clock::time_point now() const { return timing_.now(); }

 private:
  explicit Modules(Timing timing) : timing_(std::move(timing)), gate_(timing_.patience) {}
  [[nodiscard]] CK_RV start(CK_FUNCTION_LIST* module);
  Result<void> start_one(const std::string& path);
  Result<void> start_configured();
  /// Whether a token that somebody is logged into is still shown.
  [[nodiscard]] Result<bool> serves_somebody();
  /// To be the one who starts them anew; false when it is done. Faults: as start_again.
  Result<bool> take_turn(std::uint64_t restarts, Occasion occasion, bool serves_somebody);
  Result<void> start_all_again();

  Timing timing_;
  std::vector<CK_FUNCTION_LIST*> started_;
  Gate gate_;
  std::atomic<std::uint64_t> restarts_{0};  ///< changes while the gate is closed only
  std::mutex mutex_;                        ///< of what follows
  std::condition_variable turn_ended_;
  bool is_turn_taken_ = false;
  Pace pace_;
  std::multiset<Slot> settled_;
};

}  // namespace signet::pkcs11
