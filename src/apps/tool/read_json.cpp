#include "apps/tool/read_json.h"

#include "base/nesting.h"

namespace signet::tool {

Result<Json> read_json(std::string_view text) {
  if (nests_deeper(text)) {
    return Error{Fault::malformed,
                 "this JSON is nested more than " + std::to_string(kMostJsonDepth) + " deep"};
  }
  auto value = Json::parse(text, nullptr, false);
  if (value.is_discarded()) return Error{Fault::malformed, "this is no JSON"};
  return value;
}

Result<Json> read_json_object(std::string_view text) {
  auto value = TRY(read_json(text));
  if (value.is_object()) return value;
  return Error{Fault::malformed, "this JSON is no object"};
}

const Json& member_or(const Json& value, const char* name, const Json& otherwise) {
  if (!value.is_object()) return otherwise;
  const auto found = value.find(name);
  return found == value.end() ? otherwise : *found;
}

std::string text_member_of(const Json& value, const char* name) {
  const Json none;
  const auto& member = member_or(value, name, none);
  return member.is_string() ? member.get<std::string>() : std::string();
}

}  // namespace signet::tool
