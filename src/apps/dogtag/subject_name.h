#pragma once

#include "codec/pkix/name.h"

namespace signet::dogtag {

/// How the values of a name are written.
enum class NameEncoding {
  by_type,    ///< as pkix::name_from_text has it
  by_prefix,  ///< "CN=BMPString:Alice": PrintableString, UTF8String, BMPString, UniversalString,
              ///< TeletexString; by type where there is no prefix
};
/// A subject from text. Faults: malformed (also a value that its string type cannot hold).
Result<pkix::Name> read_subject(std::string_view text, NameEncoding encoding);

}  // namespace signet::dogtag
