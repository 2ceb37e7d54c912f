#include "apps/inspect/print_tree.h"

#include "apps/tool/report.h"

namespace signet::tool {
namespace {

std::string line_of(const AnnotatedTree& tree) {
  auto line = tree.name;
  if (!tree.value.empty()) line += ": " + tree.value;
  const auto remark = tree.remark.empty() ? "" : ": " + tree.remark;
  switch (tree.check) {
    case Check::none:
      return tree.remark.empty() ? line : line + " (" + tree.remark + ")";
    case Check::verified:
      return line + " [verified" + remark + "]";
    case Check::broken:
      return line + " [DOES NOT VERIFY" + remark + "]";
    case Check::not_checked:
      return line + " [not checked" + remark + "]";
  }
  return line;
}

void print_children(std::ostream& out, const AnnotatedTree& tree, const std::string& indent) {
  for (const auto& child : tree.children) {
    const bool last = &child == &tree.children.back();
    out << indent << (last ? "└─ " : "├─ ") << printable(line_of(child)) << "\n";
    print_children(out, child, indent + (last ? "   " : "│  "));
  }
}

const char* check_name(Check check) {
  switch (check) {
    case Check::none:
      return "";
    case Check::verified:
      return "verified";
    case Check::broken:
      return "broken";
    case Check::not_checked:
      return "not_checked";
  }
  return "";
}

}  // namespace

void print_tree(std::ostream& out, const AnnotatedTree& tree) {
  out << printable(line_of(tree)) << "\n";
  print_children(out, tree, "");
}

nlohmann::ordered_json to_json(const AnnotatedTree& tree) {
  nlohmann::ordered_json object{{"name", tree.name}};
  if (!tree.value.empty()) object["value"] = tree.value;
  if (tree.check != Check::none) object["check"] = check_name(tree.check);
  if (!tree.remark.empty()) object["remark"] = tree.remark;
  if (tree.children.empty()) return object;
  object["children"] = nlohmann::ordered_json::array();
  for (const auto& child : tree.children) object["children"].push_back(to_json(child));
  return object;
}

}  // namespace signet::tool
