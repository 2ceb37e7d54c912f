#pragma once

#include <string>

#include "base/result.h"
#include "codec/pkix/extension.h"

namespace signet::tool {

/// An extension as the command line has it: "2.5.29.37=300a…" or "2.5.29.37,critical=300a…", the
/// DER of extnValue's contents in hexadecimal. Faults: malformed.
Result<pkix::Extension> extension_from_text(const std::string& text);

}  // namespace signet::tool
