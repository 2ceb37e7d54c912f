#include "adapters/ldif/reader.h"

#include <algorithm>

#include "base/encoding.h"

namespace signet::ldif {
namespace {

/// Base64 has four characters for three octets; then the name before it.
constexpr std::size_t line_octets(const Limits& limits) {
  constexpr std::size_t kName = 1024;
  return limits.value_octets / 3 * 4 + 4 + kName;
}

bool is_of_description(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == ';' || c == '_';
}

/// AttributeDescription and value-spec.
struct SplitLine {
  std::string description;  ///< in lower case
  char form = ' ';          ///< ':' base64, '<' a URL, ' ' as it stands
  std::string_view value;
};

Result<SplitLine> split(std::string_view text) {
  const auto colon = text.find(':');
  const auto description = text.substr(0, colon);
  if (colon == std::string_view::npos || description.empty() ||
      !std::all_of(description.begin(), description.end(), is_of_description)) {
    return Error{Fault::malformed, "no attribute, colon, value"};
  }
  SplitLine parts{lower_case(description), ' ', text.substr(colon + 1)};
  if (parts.value.starts_with(':') || parts.value.starts_with('<')) {
    parts.form = parts.value.front();
    parts.value.remove_prefix(1);
  }
  parts.value.remove_prefix(std::min(parts.value.find_first_not_of(' '), parts.value.size()));
  return parts;
}

Result<Bytes> value_of(const SplitLine& parts) {
  if (parts.form == '<') {
    return Error{Fault::malformed, "a value by URL is not fetched; export with values in place"};
  }
  if (parts.form == ':') return from_base64(parts.value);
  return to_bytes(parts.value);
}

void note(Entry& entry, const Line& line, std::string_view what) {
  if (!entry.fault.empty()) return;
  entry.fault = "line " + std::to_string(line.number) + ": " + std::string(what);
}

Attribute attribute_named(const std::string& description) {
  const auto semicolon = std::min(description.find(';'), description.size());
  return {description.substr(0, semicolon), description.substr(semicolon), {}, false};
}

}  // namespace

bool Attribute::has_option(std::string_view option) const {
  for (auto at = options.find(option); at != std::string::npos; at = options.find(option, at + 1)) {
    const auto end = at + option.size();
    if (options[at - 1] == ';' && (end == options.size() || options[end] == ';')) return true;
  }
  return false;
}

Reader::Reader(std::istream& in, Limits limits)
    : limits_(limits), lines_(in, line_octets(limits)) {}

bool Reader::next_entry_line() {
  while (lines_.next(line_)) {
    if (!line_.text.empty()) return true;
  }
  return false;
}

/// version-spec = "version:" FILL version-number
Result<void> Reader::check_version() {
  const auto parts = split(line_.text);
  if (!parts.ok() || parts->description != "version") return {};
  if (parts->value != "1") {
    return Error{Fault::malformed, "this LDIF is of version " + std::string(parts->value) +
                                       "; only version 1 is known (RFC 2849)"};
  }
  line_.text.clear();
  return {};
}

void Reader::take_line(Entry& entry) {
  auto parts = split(line_.text);
  if (!parts.ok()) return note(entry, line_, parts.error().detail);
  auto attribute = attribute_named(parts->description);
  attribute.is_too_long = line_.is_cut;
  if (!line_.is_cut) {
    auto value = value_of(*parts);
    if (!value.ok()) return note(entry, line_, attribute.name + ": " + value.error().detail);
    attribute.value = *std::move(value);
    attribute.is_too_long = attribute.value.size() > limits_.value_octets;
  }
  if (attribute.is_too_long) attribute.value = {};
  if (attribute.name == "dn" && entry.dn.empty() && entry.attributes.empty()) {
    if (attribute.is_too_long) return note(entry, line_, "the DN is too long");
    entry.dn = attribute.text();
    return;
  }
  if (attribute.name == "changetype") note(entry, line_, "a change, not an entry");
  entry_octets_ += attribute.value.size();
  if (entry_octets_ > limits_.entry_octets || entry.attributes.size() == limits_.attributes) {
    ++entry.passed_over;
    return;
  }
  entry.attributes.push_back(std::move(attribute));
}

Result<std::optional<Entry>> Reader::next() {
  bool found = next_entry_line();
  if (found && is_first_) TRY(check_version());
  is_first_ = false;
  if (found && line_.text.empty()) found = next_entry_line();
  std::optional<Entry> entry;
  if (found) {
    entry.emplace().line = line_.number;
    entry_octets_ = 0;
    do {
      take_line(*entry);
    } while (lines_.next(line_) && !line_.text.empty());
    if (entry->dn.empty()) note(*entry, {entry->line, {}, false}, "no entry: it has no dn");
  }
  if (lines_.failed()) return Error{Fault::storage_failed, "the LDIF cannot be read to its end"};
  return entry;
}

}  // namespace signet::ldif
