#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "base/result.h"

namespace signet::tool {

/// For an option's check(): refuses, while the command line is read, the values that `read` does
/// not take, in its words. `read`: gives a Result for the text of a value.
template <typename Read>
CLI::Validator taken_by(Read read) {
  return CLI::Validator(
      [read](std::string& text) {
        const auto taken = read(text);
        return taken.ok() ? std::string() : taken.error().detail;
      },
      "");
}

/// Puts options of `command` under a heading of its help, as they stand in its manual page.
void put_options_under(CLI::App& command, const char* heading,
                       std::initializer_list<const char*> options);

/// First thing in a command's callback: options that were read, and do not go together or say too
/// little, end the command as what the parser itself refuses does: exit status 2. CLI11 has an
/// exception for that, which run_command_line catches.
void check_usage(const Result<void>& options);

/// A kind of key that crypto::generate_private_key makes. Faults: as there.
Result<void> check_key_kind(const std::string& kind);

}  // namespace signet::tool
