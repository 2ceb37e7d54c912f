#include "codec/pkix/name_keywords.h"

#include <algorithm>
#include <array>

#include "codec/pkix/ascii.h"
#include "codec/pkix/oids.h"

namespace signet::pkix {
namespace {

using asn1::Oid;

struct Keyword {
  std::string_view word;
  Oid type;
};

/// A type's first line is how it is written; the others are read as well.
constexpr std::array<Keyword, 32> kKeywords = {{
    {"CN", oid::kCommonName},
    {"OU", oid::kOrganizationalUnitName},
    {"O", oid::kOrganizationName},
    {"C", oid::kCountryName},
    {"ST", oid::kStateOrProvinceName},
    {"S", oid::kStateOrProvinceName},
    {"L", oid::kLocalityName},
    {"STREET", oid::kStreetAddress},
    {"DC", oid::kDomainComponent},
    {"UID", oid::kUserId},
    {"E", oid::kEmailAddress},
    {"emailAddress", oid::kEmailAddress},
    {"MAIL", oid::kMail},
    {"unstructuredName", oid::kUnstructuredName},
    {"unstructuredAddress", oid::kUnstructuredAddress},
    {"SN", oid::kSurname},
    {"surname", oid::kSurname},
    {"givenName", oid::kGivenName},
    {"GN", oid::kGivenName},
    {"serialNumber", oid::kSerialNumber},
    {"title", oid::kTitle},
    {"initials", oid::kInitials},
    {"generationQualifier", oid::kGenerationQualifier},
    {"dnQualifier", oid::kDnQualifier},
    {"pseudonym", oid::kPseudonym},
    {"organizationIdentifier", oid::kOrganizationIdentifier},
    {"commonName", oid::kCommonName},
    {"organizationName", oid::kOrganizationName},
    {"organizationalUnitName", oid::kOrganizationalUnitName},
    {"countryName", oid::kCountryName},
    {"localityName", oid::kLocalityName},
    {"stateOrProvinceName", oid::kStateOrProvinceName},
}};

bool same_word(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char a, char b) { return lower(a) == lower(b); });
}

}  // namespace

std::optional<std::string_view> keyword_of(const Oid& type) {
  const auto found = std::find_if(kKeywords.begin(), kKeywords.end(),
                                  [&type](const auto& each) { return each.type == type; });
  if (found == kKeywords.end()) return std::nullopt;
  return found->word;
}

std::optional<asn1::Tag> usual_string_type(const Oid& type) {
  if (type == oid::kMail || type == oid::kUnstructuredName) return asn1::kIa5String;
  if (type == oid::kUnstructuredAddress) return asn1::kPrintableString;
  return std::nullopt;
}

Result<Oid> type_from_text(std::string_view word) {
  constexpr std::string_view kOldPrefix = "OID.";  // RFC 1779, still printed by some
  const auto found = std::find_if(kKeywords.begin(), kKeywords.end(),
                                  [word](const auto& each) { return same_word(each.word, word); });
  if (found != kKeywords.end()) return found->type;
  if (same_word(word.substr(0, kOldPrefix.size()), kOldPrefix)) {
    word.remove_prefix(kOldPrefix.size());
  }
  auto type = Oid::from_text(word);
  if (!type) {
    return Error{Fault::malformed,
                 "\"" + std::string(word.substr(0, 80)) +
                     "\" is no attribute type; write CN, O, … or a dotted number"};
  }
  return type;
}

}  // namespace signet::pkix
