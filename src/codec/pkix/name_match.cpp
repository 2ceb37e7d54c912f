#include <algorithm>
#include <tuple>

#include "codec/pkix/ascii.h"
#include "codec/pkix/name_strings.h"

namespace signet::pkix {
namespace {

struct ComparableAttribute {
  Oid type;
  bool is_string;
  std::string text;

  auto key() const { return std::tie(type, is_string, text); }
  bool operator==(const ComparableAttribute& other) const { return key() == other.key(); }
  bool operator<(const ComparableAttribute& other) const { return key() < other.key(); }
};

/// Outer blanks gone, inner runs of blanks as one space, ASCII letters in lower case. RFC 5280 §7.1
/// asks for the whole of StringPrep; of its foldings this one keeps those that stand in the names
/// of practice. Names that differ in more are told apart, never taken for the same.
std::string folded(const std::string& text) {
  auto out = fold_blanks(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

/// What has no string type is compared octet for octet.
ComparableAttribute comparable(const NameAttribute& attribute) {
  const bool is_string = attribute.is_string();
  return {attribute.type, is_string, is_string ? folded(attribute.text()) : attribute.text()};
}

/// A set: in one order whatever the order received.
std::vector<ComparableAttribute> comparable(const RelativeDistinguishedName& rdn) {
  std::vector<ComparableAttribute> attributes;
  attributes.reserve(rdn.size());
  for (const auto& attribute : rdn) attributes.push_back(comparable(attribute));
  std::sort(attributes.begin(), attributes.end());
  return attributes;
}

bool rdns_match(const RelativeDistinguishedName& left, const RelativeDistinguishedName& right) {
  return left.size() == right.size() && comparable(left) == comparable(right);
}

}  // namespace

bool names_match(const Name& left, const Name& right) {
  if (left == right) return true;
  return std::equal(left.rdns().begin(), left.rdns().end(), right.rdns().begin(),
                    right.rdns().end(), rdns_match);
}

}  // namespace signet::pkix
