#pragma once

#include <p11-kit/pkcs11.h>

#include <memory>
#include <string>

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
  /// The same after it went away. Nobody uses the place meanwhile: its module may be started anew.
  virtual Result<Slot> find_again() { return find(); }
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
