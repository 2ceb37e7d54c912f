#include "adapters/ldap/entry_pattern.h"

#include <ldap.h>

#include <algorithm>
#include <cstdio>
#include <memory>

#include "adapters/ldap/directory_connection.h"
#include "codec/pkix/name_keywords.h"
#include "codec/pkix/oids.h"

namespace signet::ldap {
namespace {

constexpr std::string_view kSubject = "subj.";
constexpr std::string_view kMailAddress = "ext.subjectalternativename.rfc822name";

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

std::string in_lower_case(std::string_view text) {
  std::string lower(text);
  for (auto& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

/// The word behind a dollar sign: letters, digits, and dots between them.
std::string_view word_at(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && (is_letter_or_digit(text[end]) || text[end] == '.')) ++end;
  while (end > 0 && text[end - 1] == '.') --end;
  return text.substr(0, end);
}

struct FreeDn {
  void operator()(LDAPRDN* dn) const { ldap_dnfree(dn); }
};
using Dn = std::unique_ptr<LDAPRDN, FreeDn>;

/// Null: it is none.
Dn read_dn(const std::string& text) {
  LDAPDN parsed = nullptr;
  if (ldap_str2dn(text.c_str(), &parsed, LDAP_DN_FORMAT_LDAPV3) != LDAP_SUCCESS) return nullptr;
  return Dn(parsed);
}

/// How many attributes name the entry and those above it.
std::size_t count_attributes(const Dn& dn) {
  std::size_t count = 0;
  for (LDAPRDN* rdn = dn.get(); rdn != nullptr && *rdn != nullptr; ++rdn) {
    for (LDAPAVA** attribute = *rdn; *attribute != nullptr; ++attribute) ++count;
  }
  return count;
}

Error bad_pattern(std::string_view text, const std::string& why) {
  return {Fault::bad_configuration, "\"" + std::string(text) + "\": " + why};
}

/// Parentheses in pairs, the whole in one, nothing behind it.
bool is_filter(const std::string& text) {
  if (text.size() < 2 || text.front() != '(') return false;
  int depth = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '(') ++depth;
    if (text[at] == ')') --depth;
    if (depth < 0 || (depth == 0 && at + 1 < text.size())) return false;
  }
  return depth == 0 && text.find('=') != std::string::npos;
}

/// Where a variable (`mark`) stands, the entry has its value, whole: no part of it, none near it.
bool compares_whole_values(const std::string& text, char mark) {
  for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
    const auto begin = text.rfind('(', at);
    const auto item = text.substr(begin, text.find(')', at) - begin);
    const auto equals = item.find('=');
    if (equals == std::string::npos || equals > at - begin) return false;
    if (item.find('*') != std::string::npos || item.find_first_of("~<>") + 1 == equals)
      return false;
  }
  return true;
}

/// A directory takes blanks at the ends for none and several for one (RFC 4518 §2.6.1): what has
/// such is another's value to it.
bool has_spare_blanks(const std::string& value) {
  return value.front() == ' ' || value.back() == ' ' || value.find("  ") != std::string::npos;
}

std::vector<std::string> subject_values(const pkix::Name& subject, const asn1::Oid& type) {
  std::vector<std::string> values;
  for (const auto& rdn : subject.rdns()) {
    for (const auto& attribute : rdn) {
      if (attribute.type == type) {
        values.push_back(attribute.is_string() ? attribute.text() : std::string());
      }
    }
  }
  return values;
}

std::vector<std::string> mail_addresses(const pkix::Certificate& certificate) {
  std::vector<std::string> values;
  const auto names = pkix::subject_alt_names(certificate->extensions);
  if (!names.ok()) return values;
  for (const auto& name : *names) {
    if (const auto* mail = std::get_if<pkix::Rfc822Name>(&name)) values.push_back(mail->value);
  }
  return values;
}

}  // namespace

std::string escaped_in_dn(std::string_view value) {
  std::string safe;
  for (std::size_t at = 0; at < value.size(); ++at) {
    const char c = value[at];
    const bool is_inner = at > 0 && at + 1 < value.size();
    if (is_letter_or_digit(c) || c == '-' || c == '_' || c == '.' || c == '@' ||
        (c == ' ' && is_inner)) {
      safe += c;
      continue;
    }
    char hexadecimal[4];
    std::snprintf(hexadecimal, sizeof hexadecimal, "\\%02X", static_cast<unsigned char>(c));
    safe += hexadecimal;
  }
  return safe;
}

Result<NamingAttribute> naming_attribute(const std::string& dn) {
  const auto parsed = read_dn(dn);
  if (parsed == nullptr || *parsed == nullptr) return bad_pattern(dn, "this is no DN of an entry");
  const auto& first = *(*parsed)[0];
  return NamingAttribute{std::string(first.la_attr.bv_val, first.la_attr.bv_len),
                         std::string(first.la_value.bv_val, first.la_value.bv_len)};
}

Result<EntryPattern::Variable> EntryPattern::read_variable(std::string_view word) {
  const auto lower = in_lower_case(word);
  if (lower == kMailAddress) return Variable{std::string(word), std::nullopt};
  if (lower.starts_with(kSubject)) {
    const auto type = pkix::type_from_text(word.substr(kSubject.size()));
    if (type.ok()) return Variable{std::string(word), *type};
  }
  return Error{Fault::bad_configuration,
               "$" + std::string(word) +
                   " is no variable; there are $subj.TYPE (CN, UID, E, …, a dotted number) and "
                   "$ext.SubjectAlternativeName.RFC822Name; write \\24 for a dollar sign"};
}

Result<EntryPattern> EntryPattern::parse(std::string_view text, Form form) {
  EntryPattern pattern(form);
  auto rest = text;
  while (!rest.empty()) {
    const auto dollar = std::min(rest.find('$'), rest.size());
    if (dollar > 0) pattern.pieces_.emplace_back(std::string(rest.substr(0, dollar)));
    rest.remove_prefix(dollar);
    if (rest.empty()) break;
    const auto word = word_at(rest.substr(1));
    auto variable = read_variable(word);
    if (!variable.ok()) return bad_pattern(text, variable.error().detail);
    pattern.pieces_.emplace_back(*std::move(variable));
    rest.remove_prefix(1 + word.size());
  }
  if (pattern.check_form(pattern.with_each("x")).ok()) {
    if (form == Form::dn || compares_whole_values(pattern.with_each("\1"), '\1')) return pattern;
    return bad_pattern(text,
                       "it finds entries of others: what stands for a variable is compared by = "
                       "alone and without an asterisk (\"(mail=$subj.E)\")");
  }
  return bad_pattern(text, form == Form::dn
                               ? "this is no DN (\"UID=$subj.UID,OU=people,O=Example\")"
                               : "this is no filter (\"(mail=$subj.E)\")");
}

bool EntryPattern::has_variables() const {
  return std::any_of(pieces_.begin(), pieces_.end(),
                     [](const Piece& piece) { return std::holds_alternative<Variable>(piece); });
}

std::string EntryPattern::escaped_here(const std::string& value) const {
  return form_ == Form::dn ? escaped_in_dn(value) : escaped(value);
}

std::string EntryPattern::with_each(const std::string& value) const {
  std::string text;
  for (const auto& piece : pieces_) {
    const auto* literal = std::get_if<std::string>(&piece);
    text += literal == nullptr ? value : *literal;
  }
  return text;
}

/// That it is what the pattern is, whatever its values are: as many names as in the pattern.
Result<void> EntryPattern::check_form(const std::string& text) const {
  if (form_ == Form::filter) {
    return is_filter(text) ? Result<void>() : bad_pattern(text, "this is no filter");
  }
  const auto dn = read_dn(text);
  const auto count = count_attributes(dn);
  if (count > 0 && count == count_attributes(read_dn(with_each("x")))) return {};
  return bad_pattern(text, "this is no DN of an entry");
}

Result<std::string> EntryPattern::text_for(const pkix::Certificate& certificate) const {
  std::string text;
  for (const auto& piece : pieces_) {
    if (const auto* literal = std::get_if<std::string>(&piece)) {
      text += *literal;
      continue;
    }
    const auto& variable = std::get<Variable>(piece);
    const auto values = variable.type ? subject_values(certificate->subject, *variable.type)
                                      : mail_addresses(certificate);
    if (values.size() != 1 || values.front().empty()) {
      return Error{Fault::unknown_identity,
                   std::string(values.size() > 1 ? "the certificate has several values"
                                                 : "the certificate has no value") +
                       " for $" + variable.word + ": it is no one entry's"};
    }
    if (has_spare_blanks(values.front())) {
      return Error{Fault::unknown_identity,
                   "the value \"" + values.front() + "\" for $" + variable.word +
                       " has blanks at an end, or several in a row: a directory takes it for "
                       "another's"};
    }
    text += escaped_here(values.front());
  }
  const auto checked = check_form(text);
  if (!checked.ok()) return Error{Fault::unknown_identity, checked.error().detail};
  return text;
}

}  // namespace signet::ldap
