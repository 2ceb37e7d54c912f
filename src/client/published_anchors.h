#pragma once

#include "client/response_signature.h"
#include "codec/cmc/pki_data.h"

namespace signet::client {

struct AnchorChecks;
struct SecretChecks;

/// Certificates that an authority wants to be trusted from now on (RFC 10002 §6.15). Made by
/// find_published_anchors and find_anchors_by_secret alone.
class PublishedAnchors {
 public:
  /// Who says so: each authority has a set of its own.
  [[nodiscard]] const pkix::Name& authority() const { return authority_; }
  /// Grows with each set.
  [[nodiscard]] const asn1::Integer& sequence_number() const { return sequence_number_; }
  /// Those that the answer carries.
  [[nodiscard]] const std::vector<pkix::Certificate>& anchors() const { return anchors_; }

 private:
  friend std::optional<Result<PublishedAnchors>> find_published_anchors(
      const cms::SignedData& signed_data, const cmc::PKIResponse& response,
      const AnchorChecks& checks);
  friend std::optional<Result<PublishedAnchors>> find_anchors_by_secret(
      const cmc::PKIResponse& response, const std::vector<pkix::Certificate>& certificates,
      const SecretChecks& checks);
  PublishedAnchors(pkix::Name authority, asn1::Integer sequence_number,
                   std::vector<pkix::Certificate> anchors)
      : authority_(std::move(authority)),
        sequence_number_(std::move(sequence_number)),
        anchors_(std::move(anchors)) {}

  pkix::Name authority_;
  asn1::Integer sequence_number_;
  std::vector<pkix::Certificate> anchors_;
};

struct AnchorChecks {
  /// As verify_response_signature gave them, so that the signature lies on a path to a present
  /// anchor, and is by who may speak for the authority.
  const std::vector<ResponseSigner>& signers;
  const proof::Trust& trust;  ///< the present anchors
  Time now;
};

/// What a signed answer says of trust anchors; none where it says nothing. `response`: its content.
/// Demanded besides what the signers show: a signed time within an hour of `now`; SHA-256, SHA-384
/// or SHA-512; that each named certificate which is there and not trusted yet is a self-signed
/// authority of the signer's name, and that the answer carries a cross-certificate for its key: a
/// present anchor's key of that name signed it, or the key of another cross-certificate that leads
/// there. A delegate's key signs answers, not certificates: it cannot make a root by itself.
/// Faults: stale_time, unsupported_algorithm, untrusted_signer (an anchor of another name, or one
/// that no present anchor vouches for), certificate_not_found (none that is named is there),
/// malformed.
std::optional<Result<PublishedAnchors>> find_published_anchors(const cms::SignedData& signed_data,
                                                               const cmc::PKIResponse& response,
                                                               const AnchorChecks& checks);

/// Whether a set came after the last one that was accepted from the same authority.
/// Faults: replayed.
Result<void> check_is_newer(const PublishedAnchors& published, const asn1::Integer& last_accepted);

}  // namespace signet::client
