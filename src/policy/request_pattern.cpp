#include "policy/request_pattern.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "codec/pkix/oids.h"

namespace signet::policy {
namespace {

struct Attribute {
  std::string_view name;  ///< in lower case
  bool is_whole_name;     ///< its text is a distinguished name already escaped
  std::string (*value)(const RequestFacts&);
};

std::string signer_subject(const RequestFacts& facts) {
  if (facts.secret_owner != nullptr) return pkix::to_text(*facts.secret_owner);
  return facts.signer == nullptr ? std::string{} : pkix::to_text((*facts.signer)->subject);
}
std::string signer_serial(const RequestFacts& facts) {
  return facts.signer == nullptr ? std::string{} : (*facts.signer)->serial_number.to_decimal();
}

constexpr std::array kAttributes{
    Attribute{"req_subject_name", true,
              [](const RequestFacts& facts) { return pkix::to_text(facts.subject); }},
    Attribute{"req_subject_name.cn", false,
              [](const RequestFacts& facts) { return facts.subject.last(pkix::oid::kCommonName); }},
    Attribute{"req_subject_name.uid", false,
              [](const RequestFacts& facts) { return facts.subject.last(pkix::oid::kUserId); }},
    Attribute{"authenticatedname", true, signer_subject},
    Attribute{"cmcsigningcert", false, signer_serial},
    Attribute{"bodypartid", false,
              [](const RequestFacts& facts) { return std::to_string(facts.body_part_id.value); }},
    Attribute{"profileid", false, [](const RequestFacts& facts) { return facts.profile_id; }},
    Attribute{"profilesetid", false, [](const RequestFacts& facts) { return facts.set_id; }},
};

const Attribute* find_attribute(std::string_view name) {
  const auto found = std::find_if(kAttributes.begin(), kAttributes.end(),
                                  [&](const Attribute& known) { return known.name == name; });
  return found == kAttributes.end() ? nullptr : &*found;
}

/// RFC 4514 §2.4.
std::string escaped(std::string_view value) {
  constexpr std::string_view kSpecial = "\"+,;<>\\=";
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    const bool at_edge = (c == ' ' && (i == 0 || i + 1 == value.size())) || (c == '#' && i == 0);
    if (static_cast<unsigned char>(c) < ' ') {
      text += '\\';
      text += kDigits[static_cast<std::size_t>(c) >> 4];
      text += kDigits[static_cast<std::size_t>(c) & 0x0F];
      continue;
    }
    if (at_edge || kSpecial.find(c) != std::string_view::npos) text += '\\';
    text += c;
  }
  return text;
}

}  // namespace

Result<RequestPattern> RequestPattern::parse(std::string_view text) {
  constexpr std::string_view kRequest = "request.";
  RequestPattern pattern;
  pattern.text_ = text;
  while (!text.empty()) {
    const auto opening = text.find('$');
    if (opening != 0) pattern.parts_.push_back({false, std::string{text.substr(0, opening)}});
    if (opening == std::string_view::npos) return pattern;
    const auto closing = text.find('$', opening + 1);
    if (closing == std::string_view::npos) {
      return Error{Fault::malformed, "a '$' without the one that closes it"};
    }
    const auto place = text.substr(opening + 1, closing - opening - 1);
    if (!place.starts_with(kRequest)) {
      return Error{Fault::malformed,
                   "'$" + std::string{place} + "$' does not begin with '$request.'"};
    }
    pattern.parts_.push_back({true, lower_case(place.substr(kRequest.size()))});
    text.remove_prefix(closing + 1);
  }
  return pattern;
}

bool RequestPattern::is_literal() const {
  return std::none_of(parts_.begin(), parts_.end(), [](const Part& part) { return part.is_place; });
}

std::vector<std::string> RequestPattern::unknown_attributes() const {
  std::vector<std::string> names;
  for (const auto& part : parts_) {
    if (part.is_place && find_attribute(part.text) == nullptr) names.push_back(part.text);
  }
  return names;
}

std::optional<std::string> RequestPattern::fill(const RequestFacts& facts) const {
  return fill(facts, Escape::none);
}

std::optional<std::string> RequestPattern::fill_name(const RequestFacts& facts) const {
  return fill(facts, Escape::rfc4514);
}

std::optional<std::string> RequestPattern::fill(const RequestFacts& facts, Escape escape) const {
  std::string text;
  for (const auto& part : parts_) {
    if (!part.is_place) {
      text += part.text;
      continue;
    }
    const auto* attribute = find_attribute(part.text);
    const auto value = attribute == nullptr ? std::string{} : attribute->value(facts);
    if (value.empty()) return std::nullopt;
    text += escape == Escape::rfc4514 && !attribute->is_whole_name ? escaped(value) : value;
  }
  return text;
}

}  // namespace signet::policy
