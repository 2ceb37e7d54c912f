#pragma once

#include <utility>

#include "client/build_request.h"
#include "client/pki_response.h"
#include "client/published_anchors.h"

namespace signet::client {

/// What shows whose a response is.
struct ResponseTrust {
  const proof::Trust& trust;
  Time now;
  const std::optional<SecretHolder>& holder;
};

/// A PKIResponse whose signatures, or MAC, have verified, and what stands around it. Made by
/// open_response alone.
class AuthenticResponse {
 public:
  [[nodiscard]] const cmc::PKIResponse& response() const { return response_; }
  [[nodiscard]] const std::vector<pkix::Certificate>& certificates() const { return certificates_; }
  /// None: who knows the secret made it.
  [[nodiscard]] const std::vector<ResponseSigner>& signers() const { return signers_; }
  [[nodiscard]] const std::optional<Result<PublishedAnchors>>& published_anchors() const {
    return published_anchors_;
  }
  /// Leaves none here: they may be large.
  [[nodiscard]] std::vector<pkix::CertificateList> take_crls() { return std::exchange(crls_, {}); }

 private:
  friend Result<AuthenticResponse> open_response(UnverifiedResponse answer,
                                                 const ResponseTrust& trust);
  AuthenticResponse() = default;

  cmc::PKIResponse response_;
  std::vector<pkix::Certificate> certificates_;
  std::vector<pkix::CertificateList> crls_;
  std::vector<ResponseSigner> signers_;
  std::optional<Result<PublishedAnchors>> published_anchors_;
};

/// Faults: those of verify_response_signature; mac_mismatch; malformed.
Result<AuthenticResponse> open_response(UnverifiedResponse answer, const ResponseTrust& trust);

/// The response, then those that stand in it and are to be processed too (responseBody, RFC 10002
/// §6.21), and those in these. Faults: as open_response and response_bodies; too_deep.
Result<std::vector<AuthenticResponse>> with_bodies(AuthenticResponse outermost,
                                                   const ResponseTrust& trust);

/// Behind what is there.
template <typename Element>
void append_all(std::vector<Element>& to, std::vector<Element> more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace signet::client
