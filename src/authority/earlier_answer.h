#pragma once

#include "authority/enrollment.h"
#include "authority/forwarding.h"

namespace signet::authority {

/// A message that asks for something, as a retry of it will be known, and what is on record of one
/// that was known so.
struct Recalled {
  store::AnsweredRequest asked;
  store::Seen seen;
};

/// A message is a retry while what it was granted stands: under the same profile, its challenge
/// open, its certificates not ended, what it revoked still so. After that, the same octets are
/// refused where they hold a senderNonce; where they do not (Dogtag's clients, a bare PKCS#10),
/// nothing can tell another request from a retry but time: they are a new request, and after
/// Settings::retry_window too. Such a request is known by the digest of the earlier one's digest.
/// Faults: replayed; storage_failed.
Result<Recalled> recall(const CertificateAuthority::Parts& parts, const Inquiry& inquiry,
                        const envelope::OpenedRequest& opened,
                        const proof::ProvenIdentity& identity);

/// Who asks, and what for. References live for the call only.
struct Asking {
  const envelope::OpenedRequest& request;
  const proof::ProvenIdentity& identity;
  const Asserted& asserted;  ///< by agents, of the message
};

/// What the very message was granted when it came before, from the same requester; none when it did
/// not. Faults: not_allowed (all withdrawn since); those of reading it from the store.
Result<std::optional<Enrollment>> find_earlier(const CertificateAuthority::Parts& parts,
                                               const store::AnsweredRequest& asked,
                                               const store::Seen& seen, const Asking& asking);

}  // namespace signet::authority
