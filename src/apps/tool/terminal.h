#pragma once

#include <optional>
#include <ostream>
#include <string>

#include "base/secret_bytes.h"

namespace signet::tool {

/// One line typed at the terminal, which does not show it. None when standard input is no terminal.
std::optional<SecretBytes> ask_terminal(const std::string& question);

/// Whether what is written there is shown at a terminal: std::cerr, where that is one.
bool is_terminal(const std::ostream& stream);

}  // namespace signet::tool
