#include "policy/name_rules.h"

#include <algorithm>
#include <array>

#include "base/overloaded.h"
#include "base/unseen.h"
#include "codec/pkix/name_strings.h"
#include "codec/pkix/oids.h"
#include "policy/other_name_text.h"

namespace signet::policy {
namespace {

namespace oid = pkix::oid;

struct UpperBound {
  asn1::Oid type;
  std::size_t characters;
  std::string_view name;
};

/// RFC 5280 appendix A.1, "Upper Bounds"; UID: RFC 4524's parent, RFC 1274 §9.3.1.
constexpr std::array kUpperBounds{
    UpperBound{oid::kCommonName, 64, "commonName"},
    UpperBound{oid::kOrganizationName, 64, "organizationName"},
    UpperBound{oid::kOrganizationalUnitName, 64, "organizationalUnitName"},
    UpperBound{oid::kLocalityName, 128, "localityName"},
    UpperBound{oid::kStateOrProvinceName, 128, "stateOrProvinceName"},
    UpperBound{oid::kEmailAddress, 255, "emailAddress"},
    UpperBound{oid::kTitle, 64, "title"},
    UpperBound{oid::kSerialNumber, 64, "serialNumber"},
    UpperBound{oid::kPseudonym, 128, "pseudonym"},
    UpperBound{oid::kUserId, 256, "userId"},
};
/// ub-name, for the attributes without a bound of their own.
constexpr UpperBound kOtherAttribute{{}, 32768, "attribute"};

const UpperBound& bound_of(const asn1::Oid& type) {
  const auto found = std::find_if(kUpperBounds.begin(), kUpperBounds.end(),
                                  [&](const UpperBound& bound) { return bound.type == type; });
  return found == kUpperBounds.end() ? kOtherAttribute : *found;
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_visible_ascii(char c) {
  return c > ' ' && c < '\x7F';
}

std::size_t characters_in(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

Result<void> check_country(const std::string& text) {
  if (text.size() == 2 && is_letter(text[0]) && is_letter(text[1])) return {};
  return Error{Fault::name_not_allowed,
               "the subject's countryName '" + text + "' is not a code of two letters"};
}

Result<void> check_size(const pkix::NameAttribute& attribute, const std::string& text) {
  if (attribute.type == oid::kCountryName) return check_country(text);
  const auto& bound = bound_of(attribute.type);
  const auto characters = characters_in(text);
  if (characters >= 1 && characters <= bound.characters) return {};
  return Error{Fault::name_not_allowed, std::string{bound.name} + " (" + attribute.type.to_text() +
                                            ") has " + std::to_string(characters) +
                                            " characters; it must have 1 to " +
                                            std::to_string(bound.characters)};
}

Error badly_written(const pkix::NameAttribute& attribute, std::string_view why) {
  return {Fault::name_not_allowed,
          "the subject's attribute " + attribute.type.to_text() + " " + std::string{why} +
              " (who holds such a name already is enrolled anew, by an agent)"};
}

Result<void> check_writing(const pkix::NameAttribute& attribute, const std::string& text) {
  if (const auto unseen = first_unseen(text)) {
    return badly_written(attribute, is_control(*unseen)
                                        ? "holds a control character: ask for a name without any"
                                        : "holds the character " + written_out(*unseen) +
                                              ", which nobody sees: ask for a name without it");
  }
  if (pkix::is_well_written(attribute)) return {};
  const auto only = pkix::only_string_type(attribute.type).value_or(attribute.string_tag);
  if (only != attribute.string_tag) {
    return badly_written(attribute, "is a " + to_text(attribute.string_tag) + "; it must be a " +
                                        to_text(only) + " (RFC 5280 appendix A.1)");
  }
  if (!attribute.is_string() || attribute.string_tag == asn1::kIa5String) {
    return badly_written(attribute, "is a " + to_text(attribute.string_tag) +
                                        "; write it as UTF8String (RFC 5280 appendix A.1)");
  }
  return badly_written(attribute, "holds what a " + to_text(only) +
                                      " may not hold (X.680 §41.4): write it as UTF8String");
}

bool stands_in(const pkix::Name& name, const pkix::NameAttribute& wanted) {
  const auto& rdns = name.rdns();
  return std::any_of(rdns.begin(), rdns.end(), [&](const pkix::RelativeDistinguishedName& rdn) {
    return std::find(rdn.begin(), rdn.end(), wanted) != rdn.end();
  });
}

Result<void> check_order(const pkix::RelativeDistinguishedName& rdn, const pkix::Name& authority) {
  const auto& given = authority.rdns();
  if (pkix::is_in_order(rdn) || std::find(given.begin(), given.end(), rdn) != given.end()) {
    return {};
  }
  return badly_written(rdn.front(), "begins a set that is not in the order of DER (X.690 §11.6)");
}

bool is_label(std::string_view label) {
  if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-')
    return false;
  return std::all_of(label.begin(), label.end(),
                     [](char c) { return is_letter(c) || is_digit(c) || c == '-'; });
}

bool is_dns_name(std::string_view text) {
  if (text.starts_with("*.")) text.remove_prefix(2);
  return is_host_name(text);
}

bool is_mail_address(std::string_view text) {
  const auto at = text.rfind('@');
  if (at == std::string_view::npos || at == 0 || at > 64) return false;
  const auto local = text.substr(0, at);
  constexpr std::string_view kNotInDotString = "()<>[]:;@\\,\"";
  return is_host_name(text.substr(at + 1)) && std::all_of(local.begin(), local.end(), [&](char c) {
           return is_visible_ascii(c) && kNotInDotString.find(c) == std::string_view::npos;
         });
}

/// The host of "//user@host:port/…"; the whole of a bracketed address.
std::string_view host_of(std::string_view authority) {
  authority = authority.substr(0, authority.find_first_of("/?#"));
  authority.remove_prefix(authority.find('@') == std::string_view::npos ? 0
                                                                        : authority.find('@') + 1);
  if (authority.starts_with('[')) return authority.substr(0, authority.find(']'));
  return authority.substr(0, authority.find(':'));
}

bool is_absolute_uri(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size()) return false;
  const auto scheme = text.substr(0, colon);
  const bool scheme_is_good =
      is_letter(scheme.front()) && std::all_of(scheme.begin(), scheme.end(), [](char c) {
        return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
      });
  if (!scheme_is_good || !std::all_of(text.begin(), text.end(), is_visible_ascii)) return false;
  const auto rest = text.substr(colon + 1);
  // RFC 5280 §4.2.1.6 wants a host where there is an authority; ldap:///… and file:///… have none.
  return !rest.starts_with("//") || rest.starts_with("///") || !host_of(rest.substr(2)).empty();
}

bool is_seen(const pkix::Name& name) {
  const auto& rdns = name.rdns();
  return std::all_of(rdns.begin(), rdns.end(), [](const pkix::RelativeDistinguishedName& rdn) {
    return std::none_of(rdn.begin(), rdn.end(), [](const pkix::NameAttribute& attribute) {
      return first_unseen(attribute.text()).has_value();
    });
  });
}

Error no_such_name(std::string_view kind, const pkix::GeneralName& name) {
  return {Fault::malformed, shown_in_line(pkix::to_text(name)) + " is not " + std::string{kind}};
}

Result<void> check_other_name(const pkix::OtherName& other) {
  const auto seen = check_text_is_seen(other);
  if (seen.ok()) return seen;
  return no_such_name("a name all of which is seen: " + seen.error().detail, other);
}

}  // namespace

bool is_host_name(std::string_view text) {
  if (text.empty() || text.size() > 253) return false;
  for (;;) {
    const auto dot = text.find('.');
    if (!is_label(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

Result<void> check_attributes(const pkix::Name& subject, const pkix::Name& authority) {
  for (const auto& rdn : subject.rdns()) {
    for (const auto& attribute : rdn) {
      const auto text = attribute.text();
      TRY(check_size(attribute, text));
      const auto written = check_writing(attribute, text);
      if (!written.ok() && !stands_in(authority, attribute)) return written;
    }
    TRY(check_order(rdn, authority));
  }
  return {};
}

Result<std::vector<pkix::Name>> spellings_of(const pkix::Name& subject) {
  std::vector<pkix::Name> spellings{subject};
  for (const auto type : {asn1::kUtf8String, asn1::kPrintableString}) {
    auto other = TRY(pkix::respelled(subject, type));
    const bool is_known = std::find(spellings.begin(), spellings.end(), other) != spellings.end();
    if (!is_known) spellings.push_back(std::move(other));
  }
  return spellings;
}

Result<void> check_name_form(const pkix::GeneralName& name) {
  const auto demand = [&](bool good, std::string_view kind) -> Result<void> {
    if (good) return {};
    return no_such_name(kind, name);
  };
  return std::visit(Overloaded{
                        [&](const pkix::Rfc822Name& mail) {
                          return demand(is_mail_address(mail.value), "a mail address");
                        },
                        [&](const pkix::DnsName& dns) {
                          return demand(is_dns_name(dns.value),
                                        "a DNS name in preferred name syntax");
                        },
                        [&](const pkix::UniformResourceIdentifier& uri) {
                          return demand(is_absolute_uri(uri.value), "an absolute URI");
                        },
                        [&](const pkix::IpAddress& address) {
                          return demand(address.octets.size() == 4 || address.octets.size() == 16,
                                        "an address of 4 or 16 octets");
                        },
                        [&](const pkix::Name& directory_name) {
                          return demand(!directory_name.empty() && is_seen(directory_name),
                                        "a directory name with a content, all of which is seen");
                        },
                        [](const pkix::OtherName& other) { return check_other_name(other); },
                        [](const auto&) { return Result<void>{}; },
                    },
                    name);
}

}  // namespace signet::policy
