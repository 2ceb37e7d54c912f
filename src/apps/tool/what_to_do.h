#pragma once

#include <string_view>

#include "base/result.h"
#include "codec/cmc/status.h"

namespace signet::tool {

/// The next step of a person whose command ("secret create"; empty: whatever one) met this error on
/// this side. Empty where the detail says enough.
std::string_view what_to_do(const Error& error, std::string_view command = {});
/// The next step of a person whom the authority refused with this failInfo.
std::string_view what_to_do(cmc::CMCFailInfo fail_info);
/// The next step where a status other than success or failed came back.
std::string_view what_to_do(cmc::CMCStatus status);

}  // namespace signet::tool
