#pragma once

#include <p11-kit/pkcs11.h>

namespace signet::pkcs11 {

/// Where NSS's own object classes, attributes and values begin (pkcs11n.h).
constexpr CK_ULONG kNss = 0x80000000UL | 0x4E534350UL;

}  // namespace signet::pkcs11
