#pragma once

#include <p11-kit/pkcs11.h>

#include <memory>
#include <string>

#include "adapters/pkcs11/modules.h"
#include "adapters/pkcs11/pace.h"
#include "adapters/pkcs11/slots.h"
#include "adapters/pkcs11/token.h"

namespace signet::pkcs11 {

/// Where a token is found, now and again after it went away. Holds its module as long as it lives.
class Place {
 public:
  virtual ~Place() = default;
  /// Faults: bad_configuration (not there, more than one), token_failed.
  virtual Result<Slot> find() = 0;

  /// To be held by whoever calls the module, `find` included. Nothing where it is never started
  /// anew. Faults: token_failed, when it is being started anew and does not come to an end.
  [[nodiscard]] virtual Result<Use> use() { return Use{}; }
  /// How often the module was started anew; all handles of before are void. Told within a use.
  [[nodiscard]] virtual std::uint64_t restarts() const { return 0; }
  /// Many modules look for tokens only when they start: as Modules::start_again.
  virtual Result<void> start_again([[maybe_unused]] std::uint64_t restarts,
                                   [[maybe_unused]] Occasion occasion) {
    return {};
  }
  /// As in Modules: what was started anew for a token found it; who is logged in where.
  virtual void came_back() {}
  virtual void settle([[maybe_unused]] const Slot& slot) {}
  virtual void leave([[maybe_unused]] const Slot& slot) {}
  /// By what clock it is waited.
  [[nodiscard]] virtual Pace::Clock::time_point now() const { return Pace::Clock::now(); }

  /// For messages: "token \"Example\"", "NSS database /home/alice/nssdb".
  [[nodiscard]] virtual const std::string& name() const = 0;
  /// Whether keys made there may leave it, wrapped.
  [[nodiscard]] virtual bool keys_may_leave() const = 0;
};

/// Faults: bad_configuration (no such module), token_failed (it does not start).
Result<std::unique_ptr<Place>> place_by_uri(const Uri& uri);
/// Faults: bad_configuration (no database there, softoken is not installed), token_failed.
Result<std::unique_ptr<Place>> place_of_nss(const std::string& folder);

}  // namespace signet::pkcs11
