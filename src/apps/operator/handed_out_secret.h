#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "apps/tool/report.h"
#include "base/random_source.h"

namespace signet::tool {

/// A secret that an operator hands out: made here unless somebody chose it, and told once.
struct HandedOutSecret {
  bool chosen = false;      ///< from SIGNET_SECRET or typed in
  std::string secret_file;  ///< or the first line of this file
  std::string out;          ///< file to write it to; empty: it is shown

  /// Nobody knows it yet, and no file will tell.
  [[nodiscard]] bool is_shown() const { return !chosen && secret_file.empty() && out.empty(); }
};

void add_out_option(CLI::App& command, HandedOutSecret& wanted);

/// Made, or read and found good enough for whose `identification` this is. Faults: as
/// read_shared_secret and proof::check_chosen_secret.
Result<SecretBytes> obtain_secret(const HandedOutSecret& wanted, const std::string& identification,
                                  RandomSource& random);

/// Into its file, where one is wanted. Faults: storage_failed.
Result<void> keep_secret(const HandedOutSecret& wanted, const SecretBytes& secret);

/// What it is, where it is shown, and the file that it is in.
void tell_secret(const HandedOutSecret& wanted, const SecretBytes& secret, Json& json);
void print_secret(const HandedOutSecret& wanted, const SecretBytes& secret, std::ostream& out);

}  // namespace signet::tool
