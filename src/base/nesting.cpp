#include "base/nesting.h"

namespace signet {
namespace {

/// Behind the quotation mark that ends the string which begins in front of `at`.
std::size_t end_of_string(std::string_view json, std::size_t at) {
  while (at < json.size() && json[at] != '"') at += json[at] == '\\' ? 2 : 1;
  return at + 1;
}

}  // namespace

bool nests_deeper(std::string_view json, std::size_t most) {
  std::size_t depth = 0;
  for (std::size_t at = 0; at < json.size();) {
    const char sign = json[at++];
    if (sign == '"') at = end_of_string(json, at);
    if (sign == '{' || sign == '[') ++depth;
    if (depth > most) return true;
    if ((sign == '}' || sign == ']') && depth > 0) --depth;
  }
  return false;
}

}  // namespace signet
