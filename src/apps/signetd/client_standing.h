#pragma once

#include "base/clock.h"
#include "crypto/recently_used.h"
#include "store/certificate_store.h"

namespace signet::server {

/// Whether a TLS client certificate makes its holder a client of its own to [limits]: one of
/// ours that is in time and on record as valid, or in time and by a foreign issuer whose
/// certificates may sign. Who has one that has
/// expired, is revoked, on hold or on no record, is anybody. Answers are kept for some seconds:
/// limits are no decision, and the message is judged by the store itself. Safe for many threads.
class ClientStanding {
 public:
  struct Parts {
    const store::CertificateStore& store;
    const Clock& clock;
    pkix::Name authority;  ///< what we issued, our records must hold
    std::vector<pkix::Certificate> foreign_issuers;
  };
  explicit ClientStanding(Parts parts) : parts_(std::move(parts)) {}

  /// `certificate`: DER, on a path to an authority that the handshake accepts. `hash`: its SHA-256.
  /// Where the store fails, nobody is.
  bool is_in_force(ByteView certificate, ByteView hash);

 private:
  struct Verdict {
    bool is_in_force;
    Time until;
  };
  [[nodiscard]] Result<bool> judge(ByteView certificate, Time now) const;
  [[nodiscard]] bool is_by_foreign_issuer(const pkix::Certificate& certificate) const;

  Parts parts_;
  crypto::RecentlyUsed<Verdict> verdicts_{4096};
};

}  // namespace signet::server
