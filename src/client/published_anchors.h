#pragma once

#include "client/response_signature.h"

namespace signet::client {

/// Certificates that an authority wants to be trusted from now on (RFC 10002 §6.15).
struct PublishedAnchors {
  pkix::Name authority;                    ///< who says so: each authority has a set of its own
  asn1::Integer sequence_number;           ///< grows with each set
  std::vector<pkix::Certificate> anchors;  ///< those that the answer carries
};

struct AnchorChecks {
  /// As verify_response_signature gave them, so that the signature lies on a path to a present
  /// anchor, and is by who may speak for the authority.
  const std::vector<ResponseSigner>& signers;
  const proof::Trust& trust;  ///< the present anchors
  Time now;
};

/// What a signed answer says of trust anchors; none where it says nothing. `pki_response`: its
/// content.
/// Demanded besides what the signers show: a signed time within an hour of `now`; SHA-256, SHA-384
/// or SHA-512; that each named certificate which is there and not trusted yet is a self-signed
/// authority of the signer's name, and that the answer carries a cross-certificate for its key: a
/// present anchor's key of that name signed it, or the key of another cross-certificate that leads
/// there. A delegate's key signs answers, not certificates: it cannot make a root by itself.
/// Faults: stale_time, unsupported_algorithm, untrusted_signer (an anchor of another name, or one
/// that no present anchor vouches for), certificate_not_found (none that is named is there),
/// malformed.
std::optional<Result<PublishedAnchors>> find_published_anchors(const cms::SignedData& signed_data,
                                                               ByteView pki_response,
                                                               const AnchorChecks& checks);

/// Whether a set came after the last one that was accepted from the same authority.
/// Faults: replayed.
Result<void> check_is_newer(const PublishedAnchors& published, const asn1::Integer& last_accepted);

}  // namespace signet::client
