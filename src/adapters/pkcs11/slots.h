#pragma once

#include <p11-kit/pkcs11.h>

#include <compare>
#include <vector>

namespace signet::pkcs11 {

struct Slot {
  CK_FUNCTION_LIST* functions;
  CK_SLOT_ID id;
  auto operator<=>(const Slot&) const = default;
};

struct PresentToken {
  Slot slot;
  CK_TOKEN_INFO info;
};

/// The initialized tokens that a module shows. It is made to look anew for them: C_GetSlotList
/// without a list is where it may (PKCS#11 v2.40 §5.5), though some do so only when they start.
std::vector<PresentToken> present_tokens(CK_FUNCTION_LIST* module);

}  // namespace signet::pkcs11
