#include "apps/dogtag/configuration.h"

#include <algorithm>
#include <charconv>
#include <sstream>

#include "apps/dogtag/names.h"
#include "base/encoding.h"
#include "base/nearest_word.h"
#include "base/properties.h"

namespace signet::dogtag {
namespace {

constexpr std::string_view kBlanks = " \t\r\f\v";
constexpr std::string_view kPassword = "password";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

/// A value as it is written, its escapes standing, without the blanks behind it; one that a '\'
/// stands before belongs to it.
std::string_view trimmed_behind(std::string_view text) {
  auto end = text.find_last_not_of(kBlanks) + 1;  // npos + 1 is 0
  const auto before_backslashes = text.substr(0, end).find_last_not_of('\\') + 1;
  if ((end - before_backslashes) % 2 == 1) ++end;
  return text.substr(0, end);
}

std::string_view resolved(std::string_view name, const ConfigurationNames& names) {
  const auto found = std::find_if(names.aliases.begin(), names.aliases.end(),
                                  [&](const auto& alias) { return alias.spelling == name; });
  return found == names.aliases.end() ? name : found->name;
}

std::string in_line(std::size_t number) {
  return "line " + std::to_string(number) + ": ";
}

std::string unknown_name(std::string_view name, const ConfigurationNames& names) {
  return "'" + std::string(name) + "' is not known and has no effect" +
         do_you_mean(name, names.known);
}

bool is_switch(std::string_view name) {
  static const std::vector<std::string_view> others{"secure", "clientmode",
                                                    "request.useSharedSecret", "oaep"};
  return name.ends_with(".enable") || name.ends_with("Present") || contains(others, name);
}

bool is_yes_or_no(std::string_view value) {
  const auto lower = lower_case(value);
  return lower == "true" || lower == "false" || lower.empty();
}

}  // namespace

Result<void> Configuration::take_line(std::string_view line, std::size_t number,
                                      const ConfigurationNames& names) {
  line = trimmed(line);
  if (line.empty() || line.front() == '#' || line.front() == '!') return {};
  const auto equals = line.find('=');
  if (equals == std::string_view::npos) {
    return Error{Fault::bad_configuration, "Error in configuration file: " + in_line(number) +
                                               std::string(line) + " (no '=' in it)"};
  }
  take(trimmed(line.substr(0, equals)), std::string(trimmed(line.substr(equals + 1))), number,
       names);
  return {};
}

void Configuration::take(std::string_view spelt, std::string value, std::size_t number,
                         const ConfigurationNames& names) {
  const auto name = resolved(spelt, names);
  if (contains(names.ignored, name)) {
    warnings_.push_back(in_line(number) + "'" + std::string(spelt) + "' has no effect");
  } else if (!contains(names.known, name)) {
    warnings_.push_back(in_line(number) + unknown_name(spelt, names));
  } else if (values_.contains(name)) {
    warnings_.push_back(in_line(number) + "'" + std::string(spelt) +
                        "' stands there before; this one counts");
  }
  if (is_switch(name) && contains(names.known, name) && !is_yes_or_no(value)) {
    warnings_.push_back(in_line(number) + "'" + std::string(spelt) +
                        "' is neither true nor false; "
                        "it counts as false");
  }
  values_.insert_or_assign(std::string(name), std::move(value));
}

Result<Configuration> Configuration::read(std::string_view text, const ConfigurationNames& names) {
  Configuration configuration;
  std::size_t number = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    TRY(configuration.take_line(text.substr(0, end), ++number, names));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return configuration;
}

Result<Configuration> Configuration::read_properties(std::string_view text,
                                                     const ConfigurationNames& names) {
  Configuration configuration;
  for (const auto& entry : signet::read_properties(text, CommentSign::behind_blanks)) {
    const auto number = static_cast<std::size_t>(entry.line);
    const auto name = without_escapes(entry.name);
    auto value =
        without_escapes(entry.name == kPassword ? entry.value : trimmed_behind(entry.value));
    if (!name.ok() || !value.ok()) {
      return Error{Fault::bad_configuration, "Error in configuration file: " + in_line(number) +
                                                 (name.ok() ? value.error() : name.error()).detail};
    }
    configuration.take(*name, *std::move(value), number, names);
    if (entry.name == kPassword && entry.value.ends_with(' ')) {
      configuration.warnings_.push_back(in_line(number) +
                                        "the blank at the end of the password belongs to it");
    }
  }
  return configuration;
}

const std::string* Configuration::find(std::string_view name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? nullptr : &found->second;
}

std::string Configuration::text(std::string_view name) const {
  const auto* found = find(name);
  return found == nullptr ? std::string() : *found;
}

Result<std::string> Configuration::required(std::string_view name) const {
  const auto* found = find(name);
  if (found != nullptr && !found->empty()) return *found;
  return Error{Fault::bad_configuration, "Missing " + std::string(name) +
                                             ": the configuration file must have " +
                                             std::string(name) + "=…"};
}

bool Configuration::flag(std::string_view name) const {
  return lower_case(text(name)) == "true";
}

Result<std::optional<std::size_t>> Configuration::number(std::string_view name) const {
  const auto written = text(name);
  if (written.empty()) return std::optional<std::size_t>{};
  std::uint16_t value = 0;
  const auto* end = written.data() + written.size();
  const auto read = std::from_chars(written.data(), end, value);
  if (read.ec == std::errc{} && read.ptr == end) return std::optional<std::size_t>{value};
  return Error{Fault::bad_configuration, std::string(name) + " must be integer: '" + written +
                                             "' is not one from 0 to 65535"};
}

std::vector<std::string> Configuration::words(std::string_view name) const {
  std::istringstream stream{text(name)};
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

}  // namespace signet::dogtag
