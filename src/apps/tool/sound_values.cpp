#include "apps/tool/sound_values.h"

#include <algorithm>
#include <array>
#include <climits>
#include <string>
#include <string_view>

#include "codec/asn1/utf8.h"

namespace signet::tool {
namespace {

/// Any name, address or word of practice is shorter.
constexpr std::size_t kMostOctets = 4096;
constexpr std::size_t kMostPathOctets = PATH_MAX - 1;  // and a NUL

template <std::size_t Count>
bool is_one_of(const std::array<std::string_view, Count>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// What a value of an option is, as its help calls it: "FILE", "NAME", "DAYS"; of a word without a
/// type, its own name.
std::string kind_of(const CLI::Option& option) {
  if (option.get_positional()) return option.get_name();
  const auto type = option.get_type_name();
  return type.substr(0, type.find(':'));
}

bool is_path(std::string_view kind) {
  constexpr std::array<std::string_view, 7> kPaths{"FILE", "DIR",     "FOLDER", "MESSAGE",
                                                   "LDIF", "JOURNAL", "PROFILE"};
  return is_one_of(kPaths, kind);
}

bool may_be_empty(const CLI::Option& option) {
  constexpr std::array<std::string_view, 2> kNullNames{"--subject", "--new-subject"};
  return is_one_of(kNullNames, option.get_name());
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

bool has_control(std::string_view text, std::string_view kind) {
  const bool has_lines = kind == "TEXT";
  return std::any_of(text.begin(), text.end(), [&](char letter) {
    if (has_lines && (letter == '\n' || letter == '\t')) return false;
    return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7F;
  });
}

std::string longer_than(std::size_t most) {
  return "it is longer than " + std::to_string(most) + " octets";
}

std::string fault_of_text(std::string_view text, std::string_view kind) {
  if (kind != "EXTENSION" && text.size() > kMostOctets) return longer_than(kMostOctets);
  if (!asn1::is_utf8(as_bytes(text))) return "it is no UTF-8";
  return has_control(text, kind) ? "it has a control character" : "";
}

std::string fault_of_path(std::string_view path) {
  if (path.empty()) return "it is empty";
  return path.size() > kMostPathOctets ? longer_than(kMostPathOctets) : "";
}

/// Empty: there is none.
std::string fault_of(std::string_view value, std::string_view kind) {
  if (is_path(kind)) return fault_of_path(value);
  return is_blank(value) ? "it is empty" : fault_of_text(value, kind);
}

/// First of all checks: others take a value for one that somebody means.
void add_value_check(CLI::Option& option) {
  const auto kind = kind_of(option);
  const bool is_null_name = may_be_empty(option);
  const auto wanted = option.get_positional() ? std::string() : "; wanted: " + kind;
  CLI::Validator check(
      [=](std::string& value) {
        if (is_null_name && value.empty()) return std::string();
        const auto fault = fault_of(value, kind);
        return fault.empty() ? fault : fault + wanted;
      },
      "");
  option.transform(std::move(check.non_modifying()));
}

}  // namespace

void add_value_checks(CLI::App& app) {
  for (auto* option : app.get_options()) {
    if (option->get_items_expected_max() > 0) add_value_check(*option);
  }
  for (auto* below : app.get_subcommands([](CLI::App*) { return true; })) add_value_checks(*below);
}

}  // namespace signet::tool
