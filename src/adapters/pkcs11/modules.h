#pragma once

#include <p11-kit/pkcs11.h>

#include <memory>
#include <string>
#include <vector>

#include "adapters/pkcs11/gate.h"
#include "base/result.h"

namespace signet::pkcs11 {

/// Being inside a module: as long as anybody is, it is not started anew.
using Use = std::shared_lock<Gate>;

/// PKCS#11 modules that are started; stopped at the end. All who name the same path share them: a
/// module is stopped only where nobody else keeps it running, so one alone could not start it anew.
class Modules {
 public:
  /// The module at `path`, or, when it is empty, all that p11-kit is configured for.
  /// Faults: bad_configuration (no such module), token_failed (it does not start).
  static Result<std::shared_ptr<Modules>> at(const std::string& path);
  ~Modules();
  Modules(const Modules&) = delete;
  Modules& operator=(const Modules&) = delete;

  /// To be held around each call into them.
  [[nodiscard]] Use use() { return Use(gate_); }
  [[nodiscard]] const std::vector<CK_FUNCTION_LIST*>& started() const { return started_; }
  /// How often they were started anew; told inside. All handles of before are void then, and may
  /// mean something else.
  [[nodiscard]] std::uint64_t restarts() const { return restarts_; }
  /// Waits until nobody is inside, and lets nobody in meanwhile. Nothing, when somebody else did it
  /// since there were so many `restarts`. One that does not start again has no slots.
  void start_again(std::uint64_t restarts);

 private:
  Modules() = default;
  [[nodiscard]] CK_RV start(CK_FUNCTION_LIST* module);
  Result<void> start_one(const std::string& path);
  Result<void> start_configured();

  std::vector<CK_FUNCTION_LIST*> started_;
  Gate gate_;
  std::uint64_t restarts_ = 0;
};

}  // namespace signet::pkcs11
