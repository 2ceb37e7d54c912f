#pragma once

#include <cstdint>
#include <string_view>

#include "codec/asn1/reader.h"

namespace signet::pkix {

/// CRLReason ::= ENUMERATED (RFC 5280 §5.3.1); 7 is not used.
enum class CRLReason : std::uint8_t {
  unspecified = 0,
  keyCompromise = 1,
  cACompromise = 2,
  affiliationChanged = 3,
  superseded = 4,
  cessationOfOperation = 5,
  certificateHold = 6,
  removeFromCRL = 8,
  privilegeWithdrawn = 9,
  aACompromise = 10,
};
/// For arrays with a place for each.
inline constexpr std::size_t kCRLReasons = 11;

/// Faults: malformed, for a number that is none of them.
Result<CRLReason> to_crl_reason(std::int64_t number);
/// As it stands above: "keyCompromise".
std::string_view to_text(CRLReason reason);

/// Faults: malformed.
Result<CRLReason> read_crl_reason(asn1::Reader& reader);

}  // namespace signet::pkix
