#pragma once

#include "codec/pkix/general_name.h"

namespace signet::policy {

/// Whether each attribute of `subject` is as DER and RFC 5280 appendix A want it: its size (the
/// upper bounds of A.1, counted in characters; a country of two letters; no empty value), its
/// string type and what that type may hold, no character that nobody sees (base/unseen.h); and each
/// set of them in order. What stands in the `authority`'s own name, octet for octet, was written by
/// others: of that the size alone is looked at. Faults: name_not_allowed, naming the attribute and
/// what is wrong.
Result<void> check_attributes(const pkix::Name& subject, const pkix::Name& authority);

/// Whether a name in a SubjectAltName or an access location has the form that RFC 5280 §4.2.1.6
/// demands of its kind: mail address, DNS name in preferred syntax (a first label "*" is let pass,
/// RFC 6125), absolute URI, address of 4 or 16 octets, directory name that is not empty; and no
/// character that nobody sees, in a directory name or in what is text in another one
/// (other_name_text.h). Faults: malformed, saying which name and what is wrong.
Result<void> check_name_form(const pkix::GeneralName& name);

/// The spellings of a subject that look the same to people and that the record is asked for,
/// without doubles: as it stands, and with blanks folded and all strings as UTF8String and as
/// PrintableString. Upper and lower case look different. Other mixtures and older string types are
/// not among them. Faults: as make_name.
Result<std::vector<pkix::Name>> spellings_of(const pkix::Name& subject);

/// A host name in preferred name syntax (RFC 1034 §3.5, RFC 1123 §2.1): letters, digits and inner
/// hyphens, labels of 1 to 63 octets, at most 253 in all, no final dot.
bool is_host_name(std::string_view text);

}  // namespace signet::policy
