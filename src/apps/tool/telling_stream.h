#pragma once

#include <initializer_list>
#include <ostream>
#include <string>

#include "apps/tool/context.h"

namespace signet::tool {

/// Where a command that writes these files tells what it did: `out`; `err` where one of them is
/// standard output (/dev/stdout), so that nothing stands there but the file.
std::ostream& telling_stream(const Context& context, std::initializer_list<std::string> files);

}  // namespace signet::tool
