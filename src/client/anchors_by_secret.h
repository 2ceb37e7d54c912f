#pragma once

#include <optional>
#include <vector>

#include "client/build_request.h"
#include "client/published_anchors.h"

namespace signet::client {

struct UnverifiedResponse;

/// Where an answer is looked at by who shares a secret with the authority. References live for the
/// call only.
struct SecretChecks {
  const SentRequest& sent;
  const SecretHolder& holder;
  Time now;
};

/// What an answer says of trust anchors under a MAC (authData, RFC 10002 §6.16); none where it has
/// no authData. `certificates`: those around it.
///
/// Demanded: one authData, which names an AuthenticatedData over a PKIData of controls alone; its
/// MAC under the holder's secret; a signing time under that MAC within an hour; identification,
/// transactionId and recipientNonce, where they stand in it, those of what was sent; one
/// trustedAnchors, by SHA-256, SHA-384 or SHA-512; and that each named certificate which came along
/// is a root. Nothing else in it is acted on. Whether the answer around it is to be believed is
/// another question: read_response, by these anchors.
/// Faults: auth_data_failed (who made it does not know the secret, or made it for another message),
/// dangling_reference, malformed, stale_time, unsupported_algorithm, untrusted_signer (an anchor
/// that is no root), certificate_not_found; those of envelope::verify_mac.
std::optional<Result<PublishedAnchors>> find_anchors_by_secret(
    const cmc::PKIResponse& response, const std::vector<pkix::Certificate>& certificates,
    const SecretChecks& checks);

/// The same of an answer that nobody vouches for yet. Faults: also why it holds no PKIResponse;
/// untrusted_signer where it says nothing under the secret, with what it says otherwise.
Result<PublishedAnchors> demand_anchors_by_secret(const UnverifiedResponse& answer,
                                                  const SecretChecks& checks);

}  // namespace signet::client
