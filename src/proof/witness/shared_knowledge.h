#pragma once

#include <optional>
#include <string_view>

#include "base/secret_bytes.h"
#include "crypto/digest.h"

namespace signet::proof {

/// What prover and checker both know. References live for the call only.
struct SharedKnowledge {
  const SecretBytes& secret;  ///< the UTF-8 of the shared secret, no terminator
  /// Contents of the identification control; none when the message has no such control.
  std::optional<std::string_view> identification;

  /// secret || identification (RFC 10002 §6.2.3).
  [[nodiscard]] SecretBytes joined() const;
  /// identification || secret: what the key of an AuthenticatedData is derived from (§3.2, AMB-9).
  [[nodiscard]] SecretBytes password() const;
  /// H(secret || identification), full length (AMB-3).
  [[nodiscard]] SecretBytes hashed(crypto::DigestAlgorithm algorithm) const;
};

}  // namespace signet::proof
