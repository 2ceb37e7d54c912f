#include "apps/inspect/annotated_tree.h"

namespace signet::tool {

CheckCounts count_checks(const AnnotatedTree& tree) {
  CheckCounts counts;
  if (tree.check == Check::verified) ++counts.verified;
  if (tree.check == Check::broken) ++counts.broken;
  if (tree.check == Check::not_checked) ++counts.not_checked;
  for (const auto& child : tree.children) {
    const auto below = count_checks(child);
    counts.verified += below.verified;
    counts.broken += below.broken;
    counts.not_checked += below.not_checked;
  }
  return counts;
}

const AnnotatedTree* find_part(const AnnotatedTree& tree, const std::string& name) {
  if (tree.name == name) return &tree;
  for (const auto& child : tree.children) {
    if (const auto* found = find_part(child, name)) return found;
  }
  return nullptr;
}

}  // namespace signet::tool
