#include "policy/description.h"

namespace signet::policy {

std::string_view to_text(Topic topic) {
  switch (topic) {
    case Topic::subject:
      return "subject";
    case Topic::validity:
      return "validity";
    case Topic::key:
      return "key";
    case Topic::renewal:
      return "renewal";
    case Topic::extension:
      return "extension";
    case Topic::signature:
      return "signature";
  }
  return "";
}

std::string join(const std::vector<std::string>& items, std::string_view last) {
  std::string text;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i != 0) text += i + 1 == items.size() ? " " + std::string(last) + " " : ", ";
    text += items[i];
  }
  return text;
}

}  // namespace signet::policy
