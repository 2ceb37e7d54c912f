#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "apps/signetd/condition.h"
#include "base/clock.h"
#include "issuance/crl_points.h"
#include "store/certificate_store.h"

namespace signet::server {

/// What the server's certificates are there for: the label `role` in its metrics.
namespace role {
inline constexpr const char* kAuthority = "authority";             ///< of the key that issues now
inline constexpr const char* kAboveAuthority = "above_authority";  ///< of that, the first to end
inline constexpr const char* kTls = "tls";
inline constexpr const char* kResponseSigner = "response_signer";
inline constexpr const char* kEncryption = "encryption";
inline constexpr const char* kOcsp = "ocsp";  ///< of several keys, the first to end
}  // namespace role

/// Until when the server's certificates and the latest CRLs are good. The store and OCSP are asked
/// by `look` alone, now and then: whoever wants to know waits for neither. Safe for many threads.
class Lifetimes {
 public:
  /// A key of the authority: until its certificate ends, these shards have CRLs.
  struct Key {
    issuance::ShardRange shards;
    Time not_after;
  };
  struct Parts {
    const store::CrlStore& crls;
    std::vector<Key> keys;
    /// When the first certificate of a responder ends; none: there is none, or it cannot be said.
    std::function<std::optional<Time>()> ocsp;
    const Clock& clock;
  };
  explicit Lifetimes(Parts parts) : parts_(std::move(parts)) {}

  void certificate(const std::string& role, Time not_after);
  /// Asks; what cannot be said stays as it was. The pause until the next time.
  std::chrono::milliseconds look();

  struct Known {
    std::map<std::string, Time> certificates;  ///< notAfter, by role
    std::map<std::uint32_t, Time> crls;        ///< nextUpdate of the latest full one, by shard
  };
  [[nodiscard]] Known known() const;
  /// What of that has ended by now.
  [[nodiscard]] Condition condition() const;

 private:
  [[nodiscard]] std::optional<std::map<std::uint32_t, Time>> find_crls() const;
  [[nodiscard]] bool has_crls(std::uint32_t shard, Time now) const;

  const Parts parts_;
  mutable std::mutex mutex_;
  Known known_;
};

}  // namespace signet::server
