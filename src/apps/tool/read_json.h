#pragma once

#include "apps/tool/report.h"

namespace signet::tool {

/// JSON that was not made in this run: a server's answer, a file. Faults: malformed (no JSON; more
/// than kMostJsonDepth deep: base/nesting.h).
Result<Json> read_json(std::string_view text);
/// The same, where it has to be an object.
Result<Json> read_json_object(std::string_view text);

/// A member of what may be no object; `otherwise` where it is not there. Nothing is copied.
const Json& member_or(const Json& value, const char* name, const Json& otherwise);
/// The same as text, empty where it is none.
std::string text_member_of(const Json& value, const char* name);

}  // namespace signet::tool
