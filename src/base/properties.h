#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace signet {

/// One entry of a file in the form of Java's properties, as it is written: escapes stand.
struct Property {
  std::string name;
  std::string value;  ///< without the blanks before it; those behind it belong to it
  int line = 0;       ///< where its name stands, from 1
};

/// Where '#' and '!' begin a comment line.
enum class CommentSign {
  in_first_column,
  behind_blanks,  ///< too: as java.util.Properties has it
};

/// The entries of a text, in their order (java.util.Properties.load, "line-oriented format"):
///
///   # comment                     and lines of blanks are passed over
///   name=value   name:value   name value   name
///   name=first part,\             an odd number of '\' at the end: the next line goes on,
///        second part              its leading blanks dropped
///
/// A '\' keeps the next character in the name. Lines end with LF, CR LF, CR or the end. Any text
/// can be read.
std::vector<Property> read_properties(std::string_view text, CommentSign comments);

/// What the escapes in a name or a value stand for: \t \n \r \f, \uXXXX in UTF-16 (two for what
/// one does not hold); behind any other '\' the character itself. UTF-8 comes back.
/// Faults: malformed, for a \u that is no character.
Result<std::string> without_escapes(std::string_view text);

}  // namespace signet
