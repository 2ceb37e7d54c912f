#pragma once

#include <optional>
#include <vector>

#include "codec/cmc/controls.h"
#include "crypto/digest.h"

// What holds of trust anchors that an answer names (RFC 10002 §6.15), whoever vouches for them.
namespace signet::client {

/// The one control that names them; none when there is none. Faults: malformed.
Result<std::optional<cmc::PublishTrustAnchors>> read_anchor_control(
    const std::vector<cmc::TaggedAttribute>& controls);

/// Whether the time under the signature or MAC is within an hour of `now`. Faults: stale_time.
Result<void> check_near_now(const std::optional<Time>& at, Time now);

/// Those of `certificates` whose hashes the control holds, by SHA-256, SHA-384 or SHA-512. Faults:
/// unsupported_algorithm; certificate_not_found when there is none.
Result<std::vector<pkix::Certificate>> named_anchors(
    const cmc::PublishTrustAnchors& control, const std::vector<pkix::Certificate>& certificates);

/// By basicConstraints. Faults: malformed.
Result<bool> is_authority(const pkix::Certificate& certificate);
/// An authority's certificate that its own key signed, under its own name. Faults: malformed.
Result<bool> is_root(const pkix::Certificate& certificate);

}  // namespace signet::client
