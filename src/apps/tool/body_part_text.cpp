#include "apps/tool/body_part_text.h"

#include "base/overloaded.h"

namespace signet::tool {

std::string body_part_text(const cmc::BodyPartReference& reference) {
  return std::visit(Overloaded{[](cmc::BodyPartID id) { return std::to_string(id.value); },
                               [](const cmc::BodyPartPath& path) {
                                 std::string text;
                                 for (const auto id : path) {
                                   text += (text.empty() ? "" : ".") + std::to_string(id.value);
                                 }
                                 return text;
                               }},
                    reference);
}

}  // namespace signet::tool
