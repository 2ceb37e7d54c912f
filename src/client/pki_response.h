#pragma once

#include <variant>

#include "codec/cmc/pki_data.h"
#include "codec/cms/cms.h"

// An answer taken apart: its PKIResponse, and those that stand in it. Nothing here verifies
// anything.
namespace signet::client {

/// An answer may hold those to a hundred other messages, up to what is read of an HTTP response.
inline constexpr auto kAnswerLimits = [] {
  auto limits = asn1::Limits::ber();
  limits.octets = 16 * 1024 * 1024;
  return limits;
}();

/// How many responses may stand in each other, by responseBody.
inline constexpr std::size_t kMostResponsesDeep = 4;

/// An answer taken apart, once: nobody vouches for any of it yet (authentic_response.h).
struct UnverifiedResponse {
  std::variant<cms::SignedData, cms::AuthenticatedData> layer;
  Result<cmc::PKIResponse> response;  ///< or why it holds none

  /// Those around the response.
  [[nodiscard]] const std::vector<pkix::Certificate>& certificates() const;
  /// Neither content nor signers: the shape of a Simple PKI Response (RFC 10002 §4.1).
  [[nodiscard]] bool has_certificates_alone() const;
};
/// Faults: malformed (neither a SignedData nor an AuthenticatedData, or none that can be read).
Result<UnverifiedResponse> read_unverified(const cms::ContentInfo& message);

/// That the content is said to be a PKIResponse. Faults: malformed.
Result<void> check_is_pki_response(const cms::EncapsulatedContentInfo& content);

/// The messages in `response` whose PKIResponse is to be processed too, as its responseBody
/// controls have it (RFC 10002 §6.21): each once, in their order. Not those that stand in these.
/// Faults: malformed (a path that leads to nothing, or to no PKIResponse); too_large (more than
/// eight).
Result<std::vector<UnverifiedResponse>> response_bodies(const cmc::PKIResponse& response);

}  // namespace signet::client
