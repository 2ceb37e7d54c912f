#pragma once

#include <optional>
#include <string>
#include <vector>

#include "codec/asn1/reader.h"
#include "store/certificate_store.h"

namespace signet::tool {

/// A secret of any source that is not looked at now, since it was proven wrongly too often.
struct LockedSecret {
  Bytes token_id;
  std::string identification;  ///< as the wrong proof named it; empty for a revocation secret
  std::optional<asn1::Integer> serial_number;  ///< of the certificate, for a revocation secret
  bool is_in_directory = false;
  std::string place;  ///< "the store", "the directory ldap://…", "the file …", "elsewhere"
  std::size_t failures = 0;
  Time since;  ///< the last wrong proof
  Time until;
};

/// Whether the place of the secret would find it by this identification: a directory without regard
/// to case and blanks (caseIgnoreMatch, RFC 4519 §2.39; of letters ASCII's alone), the store and a
/// file octet for octet.
[[nodiscard]] bool is_found_by(const LockedSecret& secret, std::string_view identification);

/// Those that the server of this folder holds locked, by the settings of its signetd.toml; the last
/// one first. Faults: as read_folder_configuration; storage_failed.
Result<std::vector<LockedSecret>> locked_secrets(const std::string& directory,
                                                 const store::Engine& engine, Time now);

/// When the lock ends of a secret with this history, by the same settings; none: it is not locked.
class LockRules {
 public:
  /// Faults: as read_folder_configuration.
  static Result<LockRules> of_folder(const std::string& directory);
  [[nodiscard]] std::optional<Time> locked_until(const store::TokenHistory& history,
                                                 Time now) const;
  /// 0: none is ever locked.
  [[nodiscard]] std::size_t most_failures() const { return most_failures_; }

 private:
  LockRules(std::size_t most_failures, std::chrono::seconds lock_time)
      : most_failures_(most_failures), lock_time_(lock_time) {}

  std::size_t most_failures_;
  std::chrono::seconds lock_time_;
};

}  // namespace signet::tool
