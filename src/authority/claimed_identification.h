#pragma once

#include <optional>
#include <string>

#include "codec/cmc/pki_request.h"

namespace signet::authority {

/// Whom a message's identification names (RFC 10002 §6.2.3), which anybody may have written, as
/// text that may stand in a journal (shown_in_line). None where it can be nobody's: not one value
/// of 1 to 1024 octets of UTF-8.
std::optional<std::string> claimed_identification(const cmc::PkiRequest& message);

}  // namespace signet::authority
