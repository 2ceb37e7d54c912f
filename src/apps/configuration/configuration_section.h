#pragma once

#include <toml++/toml.h>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "apps/configuration/words.h"

namespace signet::server {

/// Reads one table of a configuration; remembers what it was asked for, so that what remains when
/// it goes is unknown. Each fault says file, line and what is wanted, and goes to `faults`.
class Section {
 public:
  /// All of them outlive it.
  Section(const toml::table& whole, std::string name, const std::string& file,
          std::vector<std::string>& faults);
  ~Section();
  Section(const Section&) = delete;
  Section& operator=(const Section&) = delete;

  // A setting that is not there leaves its value as it is.
  void text(const char* key, std::string& value);
  /// One of its words_of.
  template <typename Setting>
  void word(const char* key, Setting& value);
  /// A path, relative to the configuration's folder.
  void path(const char* key, std::string& value);
  /// The same for a private key, which may live in a token instead (pkcs11:…, nss:…).
  void key(const char* key, std::string& value);
  void flag(const char* key, bool& value);
  void number(const char* key, std::int64_t& value, std::int64_t least, std::int64_t most);
  void texts(const char* key, std::vector<std::string>& values, bool paths);
  /// A setting that may not be empty.
  void demand(const char* key, const std::string& value);

 private:
  const toml::node* find(const char* key);
  /// None: it is not there, or a fault.
  std::optional<std::string> find_text(const char* key);
  std::optional<std::string> find_one_of(const char* key, const std::set<std::string>& words);
  [[nodiscard]] std::string absolute(const std::string& path) const;
  void fault(const toml::node& node, const std::string& what);

  std::string name_;
  const std::string& file_;
  std::vector<std::string>& faults_;
  const toml::table* table_ = nullptr;
  std::set<std::string> asked_;
};

template <typename Setting>
void Section::word(const char* key, Setting& value) {
  std::set<std::string> words;
  for (const auto& [word, said] : words_of(value)) words.emplace(word);
  const auto given = find_one_of(key, words);
  for (const auto& [word, said] : words_of(value)) {
    if (given == word) value = said;
  }
}

}  // namespace signet::server
