#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/ldap/directory_publisher.h"
#include "base/clock.h"
#include "base/log.h"
#include "store/certificate_store.h"

namespace signet::server {

/// The authority's own entry in a directory: its certificates, once, and its newest full CRLs. An
/// entry that is not there, or not for us, keeps nobody else waiting: it is tried again each
/// minute, and the log tells of it once for each reason.
class AuthorityEntry {
 public:
  /// One key of the authority.
  struct Key {
    pkix::Certificate certificate;
    std::uint32_t shard = 0;  ///< whose full CRLs are published: its first
  };
  /// References outlive it.
  struct Parts {
    const store::CrlStore& store;
    std::vector<Key> keys;  ///< the oldest first
    const Clock& clock;
    Log& log;
    std::chrono::milliseconds rest{60000};  ///< after an entry that did not take it
  };
  explicit AuthorityEntry(Parts parts) : parts_(std::move(parts)) {}

  /// Tells what it was not told yet. One thread at a time. Faults: directory_unreachable;
  /// storage_failed.
  Result<void> tell(ldap::DirectoryPublisher& directory);
  /// Since when it has not taken what it is to know. As `tell`.
  [[nodiscard]] std::optional<Time> failing_since() const { return failing_since_; }

 private:
  using SteadyClock = std::chrono::steady_clock;
  using CrlNumbers = std::map<std::uint32_t, std::uint64_t>;  ///< by shard

  Result<void> tell_certificates(ldap::DirectoryPublisher& directory);
  Result<void> tell_crls(ldap::DirectoryPublisher& directory);
  [[nodiscard]] Result<CrlNumbers> newest_crls() const;
  void rest_after(const char* what, const Error& why);

  Parts parts_;
  bool certificates_told_ = false;
  CrlNumbers crls_told_;
  std::string reason_told_;
  SteadyClock::time_point rests_until_ = {};
  std::optional<Time> failing_since_;
};

}  // namespace signet::server
