#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "codec/pkix/certificate.h"

namespace signet::ldap {

/// Which entry of a directory is a certificate's, as a text with variables in Dogtag's form:
///
///   $subj.UID                                 the subject's attribute of this type
///   $ext.SubjectAlternativeName.RFC822Name    the mail address of that extension
///
/// A type is what names are written with (CN, UID, E, …, a dotted number), in any case; a dollar
/// sign that begins no variable is written \24. What stands for a variable is escaped for the place
/// where it stands, so that no value can name another entry than the one with just that value, as
/// the directory compares values: without regard to case or to how a letter is composed, where its
/// schema says so.
class EntryPattern {
 public:
  enum class Form {
    dn,      ///< RFC 4514: "UID=$subj.UID,OU=people,O=Example"
    filter,  ///< RFC 4515: "(mail=$subj.E)"
  };
  /// Faults: bad_configuration: an unknown variable, no DN or filter around them, or a filter that
  /// finds entries with other values (an asterisk beside a variable, ~=, >=, <=).
  static Result<EntryPattern> parse(std::string_view text, Form form);

  /// With the certificate's values. Faults: unknown_identity: it has none for a variable, an empty
  /// one, several, one that is no text, or one with blanks at an end or several in a row.
  [[nodiscard]] Result<std::string> text_for(const pkix::Certificate& certificate) const;
  [[nodiscard]] bool has_variables() const;

 private:
  /// An attribute of the subject; without a type the mail address.
  struct Variable {
    std::string word;
    std::optional<asn1::Oid> type;
  };
  using Piece = std::variant<std::string, Variable>;

  explicit EntryPattern(Form form) : form_(form) {}
  [[nodiscard]] std::string escaped_here(const std::string& value) const;
  [[nodiscard]] std::string with_each(const std::string& value) const;
  [[nodiscard]] Result<void> check_form(const std::string& text) const;
  static Result<Variable> read_variable(std::string_view word);

  Form form_;
  std::vector<Piece> pieces_;
};

/// `value` as an attribute value of a DN: RFC 4514 §2.4, every octet but letters, digits and a few
/// marks as a pair of hexadecimal digits.
std::string escaped_in_dn(std::string_view value);

/// The type of the first attribute that a DN names its entry by: "CN". Faults: bad_configuration:
/// it is no DN, or the empty one.
struct NamingAttribute {
  std::string type;
  std::string value;
};
Result<NamingAttribute> naming_attribute(const std::string& dn);

}  // namespace signet::ldap
