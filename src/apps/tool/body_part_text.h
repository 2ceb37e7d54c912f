#pragma once

#include <string>

#include "codec/cmc/body_part.h"

namespace signet::tool {

/// "5" or, for a path, "2.201".
std::string body_part_text(const cmc::BodyPartReference& reference);

}  // namespace signet::tool
