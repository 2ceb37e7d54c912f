#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "adapters/files/replacement.h"
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

/// A secret in its file, where one is wanted, before it comes into force: none is in force that
/// nobody has.
class KeptSecret {
 public:
  /// Beside its place; in what is no file, a pipe or a terminal, at once. Faults: storage_failed.
  static Result<KeptSecret> keep(const HandedOutSecret& wanted, const SecretBytes& secret);
  /// Files beside its place that a run which was killed left, or one that goes on now: the secret
  /// in them may be in force.
  [[nodiscard]] const std::vector<std::string>& left() const { return left_; }
  /// Once it is in force; without this, what stands in its place stays. Faults: storage_failed,
  /// naming the file that holds it.
  Result<void> put_in_place();
  /// Where it could not be brought into force: nothing stays of it, unless nobody knows whether it
  /// was (in_doubt). What to tell, which then names the file that holds it.
  Error give_up(Error why);

 private:
  std::string place_;
  std::optional<files::Replacement> file_;  ///< none: nothing is left to be done
  std::vector<std::string> left_;
};

/// Tells of what KeptSecret::left names.
void tell_of_left(const KeptSecret& kept, std::ostream& err);
/// What it is, where it is shown, and the file that it is in.
void tell_secret(const HandedOutSecret& wanted, const SecretBytes& secret, Json& json);
void print_secret(const HandedOutSecret& wanted, const SecretBytes& secret, std::ostream& out);

}  // namespace signet::tool
