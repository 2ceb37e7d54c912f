#include "apps/configuration/configuration_section.h"

#include <filesystem>
#include <utility>

#include "adapters/pkcs11/token_name.h"

namespace signet::server {

Section::Section(const toml::table& whole, std::string name, const std::string& file,
                 std::vector<std::string>& faults)
    : name_(std::move(name)), file_(file), faults_(faults) {
  const auto* node = whole.get(name_);
  if (node == nullptr) return;
  table_ = node->as_table();
  if (table_ == nullptr) fault(*node, "[" + name_ + "] must be a table");
}

Section::~Section() {
  if (table_ == nullptr) return;
  for (const auto& [key, node] : *table_) {
    if (asked_.count(std::string(key.str())) == 0) {
      fault(node, "unknown setting \"" + std::string(key.str()) + "\" in [" + name_ + "]");
    }
  }
}

void Section::text(const char* key, std::string& value) {
  if (auto given = find_text(key)) value = *std::move(given);
}

void Section::path(const char* key, std::string& value) {
  text(key, value);
  if (!value.empty()) value = absolute(value);
}

void Section::key(const char* key, std::string& value) {
  text(key, value);
  if (!value.empty() && !pkcs11::is_token_name(value)) value = absolute(value);
}

void Section::flag(const char* key, bool& value) {
  const auto* node = find(key);
  if (node == nullptr) return;
  const auto given = node->value_exact<bool>();
  if (!given) return fault(*node, std::string(key) + " must be true or false");
  value = *given;
}

void Section::number(const char* key, std::int64_t& value, std::int64_t least, std::int64_t most) {
  const auto* node = find(key);
  if (node == nullptr) return;
  const auto given = node->value_exact<std::int64_t>();
  if (!given || *given < least || *given > most) {
    return fault(*node, std::string(key) + " must be a number from " + std::to_string(least) +
                            " to " + std::to_string(most));
  }
  value = *given;
}

void Section::texts(const char* key, std::vector<std::string>& values, bool paths) {
  const auto* node = find(key);
  if (node == nullptr) return;
  const auto* array = node->as_array();
  if (array == nullptr) return fault(*node, std::string(key) + " must be a list of strings");
  for (const auto& each : *array) {
    const auto given = each.value_exact<std::string>();
    if (!given) return fault(each, std::string(key) + " must be a list of strings");
    values.push_back(paths ? absolute(*given) : *given);
  }
}

void Section::demand(const char* key, const std::string& value) {
  if (value.empty()) faults_.push_back(file_ + ": [" + name_ + "] " + key + " is missing");
}

const toml::node* Section::find(const char* key) {
  asked_.insert(key);
  return table_ == nullptr ? nullptr : table_->get(key);
}

std::optional<std::string> Section::find_text(const char* key) {
  const auto* node = find(key);
  if (node == nullptr) return std::nullopt;
  auto given = node->value_exact<std::string>();
  if (!given) fault(*node, std::string(key) + " must be a string");
  return given;
}

std::optional<std::string> Section::find_one_of(const char* key,
                                                const std::set<std::string>& words) {
  auto given = find_text(key);
  if (!given || words.count(*given) != 0) return given;
  std::string choices;
  for (const auto& each : words) choices += (choices.empty() ? "\"" : ", \"") + each + "\"";
  fault(*find(key), std::string(key) + " must be one of " + choices);
  return std::nullopt;
}

std::string Section::absolute(const std::string& path) const {
  return (std::filesystem::absolute(file_).parent_path() / path).lexically_normal();
}

void Section::fault(const toml::node& node, const std::string& what) {
  faults_.push_back(file_ + ":" + std::to_string(node.source().begin.line) + ": " + what);
}

}  // namespace signet::server
