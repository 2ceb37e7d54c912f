#pragma once

#include "issuance/crl.h"
#include "store/committer.h"

namespace signet::authority {

struct CrlSettings {
  std::chrono::seconds validity = std::chrono::hours{24};  ///< from thisUpdate to nextUpdate
  /// A new one follows so long before nextUpdate, whatever was revoked.
  std::chrono::seconds overlap = std::chrono::hours{12};
};

/// Signs CRLs and keeps them in the store, numbered one after another; of several nodes, one makes
/// each number. Safe for many threads.
class CrlPublisher {
 public:
  struct Parts {
    const issuance::Issuer& issuer;
    pkix::AlgorithmIdentifier signature_algorithm;
    const store::Engine& store;
    store::Committer& committer;
    const Clock& clock;
    CrlSettings settings;
  };
  explicit CrlPublisher(Parts parts) : parts_(std::move(parts)) {}

  /// Makes one from what is revoked now. Durable when it returns. Faults: storage_failed, busy
  /// (another node made this number), signing_failed, internal.
  Result<store::CrlRecord> publish();
  /// The same, when there is none or the latest is due for another. Whether it was.
  Result<bool> publish_if_due();

 private:
  Parts parts_;
};

}  // namespace signet::authority
