#include "apps/tool/usage.h"

#include "crypto/private_key.h"

namespace signet::tool {

void put_options_under(CLI::App& command, const char* heading,
                       std::initializer_list<const char*> options) {
  for (const auto* option : options) command.get_option(option)->group(heading);
}

void check_usage(const Result<void>& options) {
  if (options.ok()) return;
  throw CLI::ParseError(options.error().detail, CLI::ExitCodes::ValidationError);
}

Result<void> check_key_kind(const std::string& kind) {
  // To make one of these takes a moment, which is spent once.
  for (const auto* known : {"rsa:2048", "rsa:3072", "rsa:4096"}) {
    if (kind == known) return {};
  }
  TRY(crypto::generate_private_key(kind));
  return {};
}

}  // namespace signet::tool
