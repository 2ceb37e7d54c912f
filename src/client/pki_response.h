#pragma once

#include "codec/cmc/pki_data.h"
#include "codec/cms/cms.h"

// The PKIResponse of an answer, and those that stand in it. Nothing here verifies anything.
namespace signet::client {

/// An answer may hold those to a hundred other messages, up to what is read of an HTTP response.
inline constexpr auto kAnswerLimits = [] {
  auto limits = asn1::Limits::ber();
  limits.octets = 16 * 1024 * 1024;
  return limits;
}();

/// How many responses may stand in each other, by responseBody.
inline constexpr std::size_t kMostResponsesDeep = 4;

/// The octets of a PKIResponse in a SignedData or an AuthenticatedData. Faults: malformed.
Result<ByteView> pki_response_in(const cms::EncapsulatedContentInfo& content);

/// The messages in `response` whose PKIResponse is to be processed too, as its responseBody
/// controls have it (RFC 10002 §6.21): each once, in their order. Not those that stand in these.
/// Faults: malformed (a path that leads to nothing, or to no PKIResponse); too_large (more than
/// eight).
Result<std::vector<cms::ContentInfo>> response_bodies(const cmc::PKIResponse& response);

}  // namespace signet::client
