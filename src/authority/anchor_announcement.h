#pragma once

#include "codec/pkix/certificate.h"

namespace signet::authority {

/// PublishTrustAnchors (RFC 10002 §6.15): by their SHA-256, the certificates that are to be trusted
/// from now on. `sequence_number` grows from each set to the next.
Bytes announce_anchors(std::uint64_t sequence_number,
                       const std::vector<pkix::Certificate>& anchors);

/// What is told to somebody who has no trust anchor yet, under a MAC of the secret that he shares
/// with the authority (§6.16).
struct AnchorSet {
  Bytes control;                    ///< PublishTrustAnchors; empty: there is none to name
  std::vector<Bytes> certificates;  ///< those that it names, DER
};
/// Empty without anchors.
AnchorSet anchor_set(std::uint64_t sequence_number, const std::vector<pkix::Certificate>& anchors);

}  // namespace signet::authority
