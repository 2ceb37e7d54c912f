#pragma once

#include <optional>

#include "authority/confidentiality.h"
#include "authority/enrollment.h"

namespace signet::authority {

/// What was decided on one message.
struct Decision {
  Enrollment enrollment;
  /// By which a retry will be known; none when this is such a retry.
  std::optional<store::AnsweredRequest> answered;
  /// What the answer is MACed under instead of signed; none unless the message came so.
  std::optional<SecretBytes> password;
};

/// Steps 3 to 7 of the straight line (docs/REQUEST-PATH.md). Faults: those of the steps, in their
/// order.
Result<Decision> decide(const CertificateAuthority::Parts& parts, crypto::PublicKeyCache& keys,
                        const ReceivedMessage& received, const Traces& traces);

}  // namespace signet::authority
