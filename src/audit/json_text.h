#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace signet::audit {

/// Appends `text` as a JSON string (RFC 8259 §7), quotation marks included. Control characters and
/// DEL are escaped, so that a record stays one line and harmless on a terminal; every octet that is
/// not part of well-formed UTF-8 (RFC 3629) becomes U+FFFD.
void write_json_string(std::string& to, std::string_view text);

/// Walks one line of JSON that write_record made: no blanks, members where they are expected.
/// Faults of all: malformed, with the offset in the line.
class JsonCursor {
 public:
  explicit JsonCursor(std::string_view line) : line_(line) {}

  [[nodiscard]] bool next_is(char wanted) const {
    return at_ < line_.size() && line_[at_] == wanted;
  }
  /// Steps over exactly this text.
  Result<void> expect(std::string_view text);
  /// A string with the escapes that write_json_string makes, and no others.
  Result<std::string> read_string();
  /// Decimal digits without sign or leading zeros.
  Result<std::uint64_t> read_number();
  Result<void> finish() const;

 private:
  Result<char> read_escape();
  [[nodiscard]] Error wanted(std::string_view what) const;

  std::string_view line_;
  std::size_t at_ = 0;
};

}  // namespace signet::audit
