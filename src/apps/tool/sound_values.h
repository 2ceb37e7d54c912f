#pragma once

#include <CLI/CLI.hpp>

namespace signet::tool {

/// Has every option and word of these commands refuse, while the command line is read, what nobody
/// means: nothing or blanks alone (but for --subject "" and --new-subject "", the NULL name); a
/// path longer than the system takes; in all that is no path, octets that are no UTF-8, control
/// characters (but for the lines of a TEXT), and more than 4,096 octets (but for an EXTENSION).
void add_value_checks(CLI::App& app);

}  // namespace signet::tool
