#include "codec/pkix/crl_reason.h"

#include <array>
#include <string>

namespace signet::pkix {
namespace {

/// By number.
constexpr std::array<std::string_view, kCRLReasons> kNames{
    "unspecified",   "keyCompromise",        "cACompromise",    "affiliationChanged",
    "superseded",    "cessationOfOperation", "certificateHold", "",
    "removeFromCRL", "privilegeWithdrawn",   "aACompromise"};

}  // namespace

Result<CRLReason> to_crl_reason(std::int64_t number) {
  const bool is_known = number >= 0 && number < static_cast<std::int64_t>(kNames.size()) &&
                        !kNames[static_cast<std::size_t>(number)].empty();
  if (is_known) return static_cast<CRLReason>(number);
  return Error{Fault::malformed,
               "CRLReason " + std::to_string(number) + "; RFC 5280 §5.3.1 has 0 to 6 and 8 to 10"};
}

std::string_view to_text(CRLReason reason) {
  return kNames[static_cast<std::size_t>(reason)];
}

Result<CRLReason> read_crl_reason(asn1::Reader& reader) {
  const auto start = reader.offset();
  const auto reason = to_crl_reason(TRY(reader.read_small_integer(asn1::kEnumerated)));
  if (reason.ok()) return *reason;
  return Error{Fault::malformed,
               "at octet " + std::to_string(start) + ": " + reason.error().detail};
}

}  // namespace signet::pkix
