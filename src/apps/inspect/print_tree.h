#pragma once

#include <nlohmann/json.hpp>
#include <ostream>

#include "apps/inspect/annotated_tree.h"

namespace signet::tool {

/// One line a part, drawn as a tree.
void print_tree(std::ostream& out, const AnnotatedTree& tree);
/// {"name":…,"value":…,"check":"verified","remark":…,"children":[…]}; empty members left out.
nlohmann::ordered_json to_json(const AnnotatedTree& tree);

}  // namespace signet::tool
