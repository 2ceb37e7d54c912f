#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace signet::dogtag {

/// The names that a tool's configuration may have.
struct ConfigurationNames {
  /// Another spelling of a name: documented once, or written so by everybody.
  struct Alias {
    std::string_view spelling;
    std::string_view name;
  };
  std::vector<std::string_view> known;
  std::vector<Alias> aliases = {};
  std::vector<std::string_view> ignored = {};  ///< found in samples, without effect there and here
};

/// A configuration file of Dogtag's client tools (dogtag/clients.md §1.1, §4). The last of two
/// equal names counts. A name that the tool does not know is a warning that names the nearest one,
/// because Dogtag passes over it.
class Configuration {
 public:
  /// CMCRequest's: lines `name=value`; blanks around both are trimmed; `#` and `!` begin a comment
  /// line; nothing is escaped. Faults: bad_configuration, for a line without '='.
  static Result<Configuration> read(std::string_view text, const ConfigurationNames& names);
  /// HttpClient's: a file of Java's properties, escapes and all (base/properties.h). Blanks behind
  /// a value are trimmed, but for those of `password`, which belong to it there.
  /// Faults: bad_configuration, for a \u that is no character.
  static Result<Configuration> read_properties(std::string_view text,
                                               const ConfigurationNames& names);

  /// What is doubtful about the file, a sentence each, with its line.
  [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }

  /// Whether the name stands there, if only with an empty value.
  [[nodiscard]] bool has(std::string_view name) const { return find(name) != nullptr; }
  /// Empty when it does not stand there.
  [[nodiscard]] std::string text(std::string_view name) const;
  /// Faults: bad_configuration when it is missing or empty.
  [[nodiscard]] Result<std::string> required(std::string_view name) const;
  /// `true` in any case of letters; everything else is no.
  [[nodiscard]] bool flag(std::string_view name) const;
  /// Faults: bad_configuration for what is no number from 0 to 65535.
  [[nodiscard]] Result<std::optional<std::size_t>> number(std::string_view name) const;
  /// The words between blanks.
  [[nodiscard]] std::vector<std::string> words(std::string_view name) const;

 private:
  [[nodiscard]] const std::string* find(std::string_view name) const;
  Result<void> take_line(std::string_view line, std::size_t number,
                         const ConfigurationNames& names);
  void take(std::string_view spelt, std::string value, std::size_t number,
            const ConfigurationNames& names);

  std::map<std::string, std::string, std::less<>> values_;
  std::vector<std::string> warnings_;
};

}  // namespace signet::dogtag
