#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace signet {

/// The first character of UTF-8 text that people do not see, so that the text looks like another: a
/// control, an end of line (U+2028, U+2029), what RFC 4518 §2.2 passes over where names are
/// compared, and Unicode's Default_Ignorable_Code_Point: without width, marks of a direction,
/// selectors of another form, tags, fillers; blanks other than U+0020; private and no characters.
std::optional<char32_t> first_unseen(std::string_view utf8);
/// C0, DEL and C1: those that a terminal obeys.
bool is_control(char32_t character);

/// Text from outside as it may stand in a line that people read: a control is '?', other unseen
/// characters are as written_out() has them. What is no UTF-8 stays as it is.
std::string shown_in_line(std::string_view text);
/// "\u{200b}"
std::string written_out(char32_t character);

/// The text with each unseen character in the form that `form` gives it.
std::string with_unseen(std::string_view text, const std::function<std::string(char32_t)>& form);

}  // namespace signet
