#include "client/authentic_response.h"

#include "client/pki_response.h"
#include "codec/cmc/oids.h"
#include "envelope/authenticated_data.h"
#include "proof/witness/shared_knowledge.h"

namespace signet::client {
namespace {

// Each is a signature to verify.
constexpr std::size_t kMostLayers = 16;

Error no_pki_response(const asn1::Oid& type) {
  return {Fault::malformed, "the answer is a ContentInfo of type " + type.to_text() +
                                " instead of a SignedData: no PKI Response"};
}

Answerer answerer_of(const cmc::PKIResponse& response) {
  const auto* body = cmc::find_control(response.control_sequence, cmc::oid::kResponseBody);
  return body == nullptr ? Answerer::authority : Answerer::authority_or_ra;
}

/// RFC 10002 §3.2: who knows the secret is the authority, or whoever asked.
Result<AuthenticResponse> open_authenticated(const cms::AuthenticatedData& authenticated,
                                             const std::optional<SecretHolder>& holder) {
  if (!holder) {
    return Error{Fault::mac_mismatch,
                 "the answer is MACed under a shared secret, which was not given: give the "
                 "identification and the secret that the request went under"};
  }
  const auto content = TRY(pki_response_in(authenticated.encap_content_info));
  const std::string_view identification = holder->identification;
  const proof::SharedKnowledge both{holder->secret, identification};
  TRY(envelope::verify_mac(authenticated, both.password()));
  auto response = TRY(cmc::read_pki_response(content, kAnswerLimits));
  const auto& info = authenticated.originator_info;
  return AuthenticResponse{std::move(response),
                           info ? info->certificates : std::vector<pkix::Certificate>{}};
}

/// Adds what stands in the last of them.
Result<void> add_bodies(std::vector<AuthenticResponse>& layers, const ResponseTrust& trust,
                        std::size_t depth) {
  const auto bodies = TRY(response_bodies(layers.back().response));
  if (!bodies.empty() && depth == kMostResponsesDeep) {
    return Error{Fault::too_deep,
                 "the answer holds responses in responses (responseBody), which "
                 "are read " +
                     std::to_string(kMostResponsesDeep) + " deep"};
  }
  if (layers.size() + bodies.size() > kMostLayers) {
    return Error{Fault::too_large, "the answer holds more than " + std::to_string(kMostLayers) +
                                       " responses that are to be processed (responseBody)"};
  }
  for (const auto& message : bodies) {
    layers.push_back(TRY(open_response(message, trust)));
    TRY(add_bodies(layers, trust, depth + 1));
  }
  return {};
}

}  // namespace

//= E54 RFC 10002 §4.2: a Full PKI Response is read
Result<AuthenticResponse> open_signed_response(cms::SignedData signed_data,
                                               const ResponseTrust& trust) {
  const auto content = TRY(pki_response_in(signed_data.encap_content_info));
  // What it is decides who may have signed it; nothing more is made of it before that is verified.
  auto response = cmc::read_pki_response(content, kAnswerLimits);
  const auto answerer = response.ok() ? answerer_of(*response) : Answerer::authority;
  auto signers = TRY(verify_response_signature(signed_data, trust.trust, trust.now, answerer));
  if (!response.ok()) return std::move(response).error();
  auto published = find_published_anchors(signed_data, content, {signers, trust.trust, trust.now});
  return AuthenticResponse{std::move(response).value(), std::move(signed_data.certificates),
                           std::move(signed_data.crls), std::move(signers), std::move(published)};
}

Result<AuthenticResponse> open_response(const cms::ContentInfo& message,
                                        const ResponseTrust& trust) {
  if (message.content_type == cms::oid::kAuthenticatedData) {
    const auto authenticated = TRY(cms::read_authenticated_data(message.content, kAnswerLimits));
    return open_authenticated(authenticated, trust.holder);
  }
  if (message.content_type != cms::oid::kSignedData) return no_pki_response(message.content_type);
  return open_signed_response(TRY(cms::read_signed_data(message.content, kAnswerLimits)), trust);
}

Result<std::vector<AuthenticResponse>> with_bodies(AuthenticResponse outermost,
                                                   const ResponseTrust& trust) {
  std::vector<AuthenticResponse> layers;
  layers.push_back(std::move(outermost));
  TRY(add_bodies(layers, trust, 1));
  return layers;
}

}  // namespace signet::client
