#pragma once

#include <map>

#include "apps/dogtag/console.h"

namespace signet::dogtag {

/// Which options a tool has. Names as they are written: "-d", "--oaep".
struct OptionNames {
  std::vector<std::string_view> with_value;
  std::vector<std::string_view> without_value;
};

/// The options of a command line. The last of two equal ones counts.
class Options {
 public:
  /// Faults: bad_configuration for an unknown option, a missing value, or a word that is no option.
  static Result<Options> read(const Arguments& arguments, const OptionNames& names);

  [[nodiscard]] bool has(std::string_view name) const { return values_.contains(name); }
  [[nodiscard]] std::string text(std::string_view name, std::string_view otherwise = "") const;
  /// "true" in any case of letters; everything else is no.
  [[nodiscard]] bool flag(std::string_view name) const;
  /// Faults: bad_configuration, naming the option and what it is.
  [[nodiscard]] Result<std::string> required(std::string_view name, std::string_view what) const;

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

/// Says of each of `names` whose value is neither true nor false that it counts as false.
void warn_of_flags(const Options& options, const std::vector<std::string_view>& names,
                   std::string_view tool, Console& console);

/// The password of `-p`, or the first line of the file of `-P`; empty without both.
/// Faults: bad_configuration when both are there; storage_failed.
Result<SecretBytes> read_password(const Options& options);

}  // namespace signet::dogtag
