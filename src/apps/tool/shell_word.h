#pragma once

#include <string>

namespace signet::tool {

/// One word of a shell command that is printed to be pasted: quoted where it must be.
std::string shell_word(const std::string& text);

}  // namespace signet::tool
