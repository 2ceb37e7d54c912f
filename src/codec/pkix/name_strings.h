#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "codec/pkix/name.h"

/// How the values of attributes are written: string types, characters, blanks, order.
namespace signet::pkix {

/// Letters, digits, space and '()+,-./:=? (X.680 §41.4).
bool is_printable_string(std::string_view text);
/// Whether UTF-8 text can stand as it is in a string of this type: PrintableString, IA5String or
/// UTF8String.
bool fits_string_type(std::string_view text, asn1::Tag string_type);

/// The one string type that RFC 5280 Appendix A gives to an attribute: PrintableString for C,
/// serialNumber and dnQualifier, IA5String for DC and E; none for all others.
std::optional<asn1::Tag> only_string_type(const Oid& type);

/// Outer blanks gone, inner runs of blanks as one space.
std::string fold_blanks(std::string_view text);

/// Whether the value is of a string type that the attribute may have (DirectoryString: five), and
/// holds nothing but that type's characters. Readers are more patient (name.cpp).
bool is_well_written(const NameAttribute& attribute);
/// Whether a set of several attributes stands in the order of DER (X.690 §11.6).
bool is_in_order(const RelativeDistinguishedName& rdn);

/// The same name (names_match) with each attribute well written and each set in order; what no
/// string type of the attribute can hold stays as it is. Faults: as make_name.
Result<Name> well_written(const Name& name);

/// The same name (names_match) as most writers spell it: blanks folded, each string of
/// its only type, or else of `string_type` where that can hold it and UTF8String where not.
/// Faults: as make_name.
Result<Name> respelled(const Name& name, asn1::Tag string_type);

}  // namespace signet::pkix
