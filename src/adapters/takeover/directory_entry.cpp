#include "adapters/takeover/directory_entry.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/encoding.h"

namespace signet::takeover {
namespace {

constexpr std::array<std::pair<std::string_view, EntryKind>, 6> kClasses = {
    {{"nstombstone", EntryKind::deleted},
     {"certificaterecord", EntryKind::certificate},
     {"request", EntryKind::request},
     {"crlissuingpointrecord", EntryKind::issuing_point},
     {"certprofile", EntryKind::profile},
     {"person", EntryKind::user}}};

/// Exports with the state of replication hold what was deleted too.
bool is_live(const ldif::Attribute& attribute) {
  return !attribute.is_too_long && !attribute.has_option("deleted") &&
         !attribute.has_option("deletedattribute");
}

std::optional<int> number_in(std::string_view digits) {
  int value = 0;
  const auto* end = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data(), end, value);
  if (digits.empty() || parsed.ec != std::errc() || parsed.ptr != end || value < 0) return {};
  return value;
}

bool is_decimal(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Error no_date(std::string_view text) {
  return {Fault::malformed, "\"" + std::string(text) + "\" is no date (yyyyMMddHHmmssZ)"};
}

/// What stands before the next ';', which goes too.
std::string_view take_part(std::string_view& rest) {
  const auto end = rest.find(';');
  const auto part = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return part;
}

}  // namespace

EntryKind kind_of(const ldif::Entry& entry) {
  auto kind = EntryKind::other;
  for (const auto& attribute : entry.attributes) {
    if (attribute.name != "objectclass" || !is_live(attribute)) continue;
    const auto name = lower_case(attribute.text());
    const auto* known = std::find_if(kClasses.begin(), kClasses.end(),
                                     [&](const auto& one) { return one.first == name; });
    if (known != kClasses.end() && kind != EntryKind::deleted) kind = known->second;
  }
  return kind;
}

const ldif::Attribute* find(const ldif::Entry& entry, std::string_view name) {
  const auto found = std::find_if(
      entry.attributes.begin(), entry.attributes.end(),
      [&](const auto& attribute) { return attribute.name == name && is_live(attribute); });
  return found == entry.attributes.end() ? nullptr : &*found;
}

const ldif::Attribute* find(const ldif::Entry& entry, std::string_view name,
                            std::string_view option) {
  const auto found =
      std::find_if(entry.attributes.begin(), entry.attributes.end(), [&](const auto& attribute) {
        return attribute.name == name && attribute.has_option(option) && is_live(attribute);
      });
  return found == entry.attributes.end() ? nullptr : &*found;
}

std::string text_of(const ldif::Entry& entry, std::string_view name) {
  const auto* found = find(entry, name);
  return found == nullptr ? std::string() : std::string(found->text());
}

std::string meta_info(const ldif::Entry& entry, std::string_view key) {
  for (const auto& attribute : entry.attributes) {
    if (attribute.name != "metainfo" || !is_live(attribute)) continue;
    const auto text = attribute.text();
    if (text.starts_with(key) && text.substr(key.size()).starts_with(':')) {
      return std::string(text.substr(key.size() + 1));
    }
  }
  return {};
}

Result<std::string> read_number(std::string_view text) {
  constexpr std::size_t kPrefix = 2;
  const auto digits = text.substr(std::min(kPrefix, text.size()));
  const auto count = number_in(text.substr(0, kPrefix));
  // Two digits do not hold the length of a number of a hundred digits: serial numbers have 49.
  if (!is_decimal(digits) || count != static_cast<int>(digits.size())) {
    return Error{Fault::malformed,
                 "\"" + std::string(text) + "\" is no number with its length before it"};
  }
  const auto first = std::min(digits.find_first_not_of('0'), digits.size() - 1);
  return std::string(digits.substr(first));
}

Result<Time> read_date(std::string_view text, const ToUtc& to_utc) {
  constexpr std::size_t kOctets = 15;
  if (text.size() != kOctets || !text.ends_with('Z') || !is_decimal(text.substr(0, kOctets - 1))) {
    return no_date(text);
  }
  const auto at = [&](std::size_t begin, std::size_t octets) {
    return number_in(text.substr(begin, octets)).value();
  };
  const std::chrono::year_month_day day{std::chrono::year{at(0, 4)},
                                        std::chrono::month{static_cast<unsigned>(at(4, 2))},
                                        std::chrono::day{static_cast<unsigned>(at(6, 2))}};
  if (!day.ok() || at(8, 2) > 23 || at(10, 2) > 59 || at(12, 2) > 60) return no_date(text);
  return to_utc(std::chrono::sys_days{day} + std::chrono::hours{at(8, 2)} +
                std::chrono::minutes{at(10, 2)} + std::chrono::seconds{at(12, 2)});
}

Result<RevocationInfo> read_revocation_info(std::string_view text, const ToUtc& to_utc) {
  constexpr std::string_view kReason = "CRLReasonExtension=";
  constexpr std::string_view kInvalidity = "InvalidityDateExtension=";
  auto rest = text;
  RevocationInfo info{TRY(read_date(take_part(rest), to_utc))};
  while (!rest.empty()) {
    const auto part = take_part(rest);
    if (part.starts_with(kReason)) {
      info.reason = number_in(part.substr(kReason.size()));
      if (!info.reason) return Error{Fault::malformed, std::string(part) + " is no number"};
    } else if (part.starts_with(kInvalidity)) {
      info.invalidity_date = TRY(read_date(part.substr(kInvalidity.size()), to_utc));
    }
  }
  return info;
}

}  // namespace signet::takeover
