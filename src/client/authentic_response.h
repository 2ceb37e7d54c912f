#pragma once

#include "client/read_response.h"
#include "client/response_signature.h"

namespace signet::client {

/// A PKIResponse whose signatures, or MAC, have verified, and what stands around it.
struct AuthenticResponse {
  cmc::PKIResponse response;
  std::vector<pkix::Certificate> certificates;
  std::vector<pkix::CertificateList> crls = {};
  std::vector<ResponseSigner> signers = {};  ///< none: who knows the secret made it
  std::optional<Result<PublishedAnchors>> published_anchors = {};
};

/// What shows whose a response is.
struct ResponseTrust {
  const proof::Trust& trust;
  Time now;
  const std::optional<SecretHolder>& holder;
};

/// Faults: those of verify_response_signature; mac_mismatch; malformed.
Result<AuthenticResponse> open_response(const cms::ContentInfo& message,
                                        const ResponseTrust& trust);
Result<AuthenticResponse> open_signed_response(cms::SignedData signed_data,
                                               const ResponseTrust& trust);

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
