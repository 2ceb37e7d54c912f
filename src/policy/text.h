#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace signet::policy {

/// ASCII letters folded, nothing else.
bool equal_without_case(std::string_view left, std::string_view right);

/// A decimal number with an optional sign, all of `text`.
std::optional<std::int64_t> number_from_text(std::string_view text);

/// "192.0.2.1" as 4 octets, "2001:db8::1" as 16. No prefix length. Faults: malformed.
Result<Bytes> ip_address_from_text(std::string_view text);

}  // namespace signet::policy
