#pragma once

#include <optional>
#include <string>

#include "base/secret_bytes.h"

namespace signet::tool {

/// One line typed at the terminal, which does not show it. None when standard input is no terminal.
std::optional<SecretBytes> ask_terminal(const std::string& question);

}  // namespace signet::tool
