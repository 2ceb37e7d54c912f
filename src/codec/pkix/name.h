#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "codec/pkix/algorithm.h"

namespace signet::pkix {

/// AttributeTypeAndValue ::= SEQUENCE { type OBJECT IDENTIFIER, value ANY }
struct NameAttribute {
  Oid type;
  asn1::Tag string_tag;  ///< which string type it was written as
  Bytes value;           ///< contents octets as received
  bool operator==(const NameAttribute&) const = default;

  /// The contents as UTF-8; hexadecimal with a leading '#' for what is no string.
  [[nodiscard]] std::string text() const;
  /// Whether it is of a type that `text` can turn to UTF-8.
  [[nodiscard]] bool is_string() const;
  /// '#' and the hexadecimal of the whole value, tag and length included (RFC 4514 §2.4).
  [[nodiscard]] std::string hexadecimal_text() const;
};

using RelativeDistinguishedName = std::vector<NameAttribute>;

/// Name ::= RDNSequence. An empty one (30 00) is the NULL name of RFC 10002 (AMB-11).
/// Never changed once it is made: a message's names are copied many times, and copies share it.
class Name {
 public:
  Name() = default;
  Name(std::vector<RelativeDistinguishedName> rdns, Bytes der);

  /// In the order of the encoding.
  [[nodiscard]] const std::vector<RelativeDistinguishedName>& rdns() const;
  /// As received, SEQUENCE tag included.
  [[nodiscard]] const Bytes& der() const;
  [[nodiscard]] bool empty() const { return rdns().empty(); }
  /// The last attribute of this type (the most specific one), as text; empty when there is none.
  [[nodiscard]] std::string last(const Oid& type) const;
  /// Octet for octet the same. For X.500 equality see names_match.
  bool operator==(const Name& other) const {
    return parts_ == other.parts_ || der() == other.der();
  }

 private:
  struct Parts;
  [[nodiscard]] const Parts& parts() const;

  std::shared_ptr<const Parts> parts_;  ///< null: the empty name
};

Result<Name> read_name(asn1::Reader& reader);
/// The name of these parts, in this order, each attribute written as its `string_tag` says; read
/// back, so that it is what a reader of its encoding has. Faults: as read_name.
Result<Name> make_name(const std::vector<RelativeDistinguishedName>& rdns);
/// SET SIZE (1..MAX) OF AttributeTypeAndValue under `tag`. Does not check the order of the SET, nor
/// that the types differ.
Result<RelativeDistinguishedName> read_relative_distinguished_name(asn1::Reader& reader,
                                                                   asn1::Tag tag = asn1::kSet);
/// `der` as it stands.
void write_name(asn1::Writer& writer, const Name& name);

/// From text, most specific first or not, as written: "CN=Alice,OU=people,O=Example".
/// RFC 4514 order (last RDN of the encoding first) and escapes; types by name (CN, OU, O, C, ST,
/// L, UID, DC, E/emailAddress, SN, givenName, serialNumber, …, any case) or by dotted number.
/// Values become PrintableString for C and serialNumber, IA5String for DC and E, else UTF8String.
/// Faults: malformed.
Result<Name> name_from_text(std::string_view text);

/// RFC 4514 text, last RDN first, as Dogtag prints names: "CN=Alice,O=Example". "" when empty.
std::string to_text(const Name& name);

/// RFC 5280 §7.1 equality: string types aside, case folded, blanks trimmed and folded.
bool names_match(const Name& left, const Name& right);

}  // namespace signet::pkix
