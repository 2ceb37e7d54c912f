#pragma once

#include "codec/pkix/certificate.h"

namespace signet::authority {

/// PublishTrustAnchors (RFC 10002 §6.15): by their SHA-256, the certificates that are to be trusted
/// from now on. `sequence_number` grows from each set to the next.
Bytes announce_anchors(std::uint64_t sequence_number,
                       const std::vector<pkix::Certificate>& anchors);

}  // namespace signet::authority
