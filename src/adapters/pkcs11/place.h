#pragma once

#include <p11-kit/pkcs11.h>

#include <memory>
#include <string>

#include "adapters/pkcs11/modules.h"
#include "adapters/pkcs11/token.h"

namespace signet::pkcs11 {

struct Slot {
  CK_FUNCTION_LIST* functions;
  CK_SLOT_ID id;
};

/// Where a token is found, now and again after it went away. Holds its module as long as it lives.
class Place {
 public:
  virtual ~Place() = default;
  /// Faults: bad_configuration (not there, more than one), token_failed.
  virtual Result<Slot> find() = 0;

  /// To be held by whoever calls the module, `find` included. Nothing where it is never started
  /// anew.
  [[nodiscard]] virtual Use use() { return {}; }
  /// How often the module was started anew; all handles of before are void. Told within a use.
  [[nodiscard]] virtual std::uint64_t restarts() const { return 0; }
  /// Many modules look for tokens only when they start: starts it anew when nobody uses it, unless
  /// that was done since there were so many `restarts`.
  virtual void start_again([[maybe_unused]] std::uint64_t restarts) {}

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
