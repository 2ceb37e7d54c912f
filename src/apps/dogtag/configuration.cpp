#include "apps/dogtag/configuration.h"

#include <algorithm>
#include <charconv>
#include <sstream>

#include "base/encoding.h"

namespace signet::dogtag {
namespace {

constexpr std::string_view kBlanks = " \t\r\f\v";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

/// Letters to change, put in or leave out (Levenshtein), whatever their case.
std::size_t distance(std::string_view left, std::string_view right) {
  const auto a = lower_case(left);
  const auto b = lower_case(right);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j < row.size(); ++j) {
      const auto changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

bool contains(const std::vector<std::string_view>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
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
  const auto near = nearest(name, names.known);
  return "'" + std::string(name) + "' is not known and has no effect" +
         (near.empty() ? std::string() : "; do you mean '" + std::string(near) + "'?");
}

bool is_yes_or_no(std::string_view value) {
  const auto lower = lower_case(value);
  return lower == "true" || lower == "false" || lower.empty();
}

}  // namespace

std::string_view nearest(std::string_view word, const std::vector<std::string_view>& names) {
  std::string_view best;
  auto least = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const auto name : names) {
    const auto apart = distance(word, name);
    if (apart >= least) continue;
    least = apart;
    best = name;
  }
  return best;
}

Result<void> Configuration::take_line(std::string_view line, std::size_t number,
                                      const ConfigurationNames& names) {
  line = trimmed(line);
  if (line.empty() || line.front() == '#' || line.front() == '!') return {};
  const auto equals = line.find('=');
  if (equals == std::string_view::npos) {
    return Error{Fault::bad_configuration, "Error in configuration file: " + in_line(number) +
                                               std::string(line) + " (no '=' in it)"};
  }
  const auto spelt = trimmed(line.substr(0, equals));
  const auto name = resolved(spelt, names);
  const auto value = trimmed(line.substr(equals + 1));
  if (contains(names.ignored, name)) {
    warnings_.push_back(in_line(number) + "'" + std::string(spelt) + "' has no effect");
  } else if (!contains(names.known, name)) {
    warnings_.push_back(in_line(number) + unknown_name(spelt, names));
  } else if (values_.contains(name)) {
    warnings_.push_back(in_line(number) + "'" + std::string(spelt) +
                        "' stands there before; this one counts");
  }
  const bool is_switch = name.ends_with(".enable") || name.ends_with("Present");
  if (is_switch && contains(names.known, name) && !is_yes_or_no(value)) {
    warnings_.push_back(in_line(number) + "'" + std::string(spelt) +
                        "' is neither true nor false; "
                        "it counts as false");
  }
  values_.insert_or_assign(std::string(name), std::string(value));
  return {};
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
