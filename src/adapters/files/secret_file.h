#pragma once

#include <map>

#include "proof/identity/secret_source.h"

namespace signet::files {

/// Shared secrets in a text file, for trials and for the first days of an authority. One a line:
///   identification <tab> secret [<tab> subject]
/// Empty lines and lines that begin with '#' are passed over. Read once; others may not be allowed
/// to read it (check_is_private).
class SecretFile final : public proof::SecretSource {
 public:
  struct Entry {
    SecretBytes secret;
    std::string subject;
  };
  using Entries = std::map<std::string, Entry, std::less<>>;

  /// Faults: storage_failed; bad_configuration, naming file and line.
  static Result<SecretFile> read(const std::string& path);

  /// `token_id` is SHA-256 of identification and secret: another secret is another token.
  Result<std::optional<proof::SharedSecret>> find(std::string_view identification) const override;
  [[nodiscard]] const Entries& entries() const { return entries_; }

 private:
  explicit SecretFile(Entries entries) : entries_(std::move(entries)) {}
  Entries entries_;
};

}  // namespace signet::files
