#pragma once

#include <optional>

#include "base/bytes.h"
#include "codec/asn1/oid.h"

namespace signet::authority {

/// How often an OBJECT IDENTIFIER stands in a BER value, wherever it stands: also in OCTET STRINGs
/// that hold BER, in whatever pieces those came, and in octets that are none, as its contents are.
/// None when that cannot be told: the value is not BER to its end, or has more elements or layers
/// than are looked at.
std::optional<std::size_t> times_named(const asn1::Oid& type, ByteView octets);

/// The same in the octets as they are: one that stands in two pieces is not found.
std::size_t times_named_plainly(const asn1::Oid& type, ByteView octets);

}  // namespace signet::authority
