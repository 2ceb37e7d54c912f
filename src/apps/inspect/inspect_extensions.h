#pragma once

#include "apps/inspect/inspect_parts.h"

namespace signet::tool {

/// Extensions by name, criticality and decoded value.
AnnotatedTree extensions_tree(std::string name, const pkix::Extensions& extensions);

}  // namespace signet::tool
