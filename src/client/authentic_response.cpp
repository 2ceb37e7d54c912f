#include "client/authentic_response.h"

#include "codec/cmc/oids.h"
#include "envelope/authenticated_data.h"
#include "proof/witness/shared_knowledge.h"

namespace signet::client {
namespace {

// Each is a signature to verify.
constexpr std::size_t kMostLayers = 16;

/// Whose a response may be, by what it says; one that cannot be read is nobody else's.
Answerer answerer_of(const Result<cmc::PKIResponse>& response) {
  if (!response.ok()) return Answerer::authority;
  const auto* body = cmc::find_control(response->control_sequence, cmc::oid::kResponseBody);
  return body == nullptr ? Answerer::authority : Answerer::authority_or_ra;
}

/// RFC 10002 §3.2: who knows the secret is the authority, or whoever asked.
Result<void> verify_response_mac(const cms::AuthenticatedData& authenticated,
                                 const std::optional<SecretHolder>& holder) {
  if (!holder) {
    return Error{Fault::mac_mismatch,
                 "the answer is MACed under a shared secret, which was not given: give the "
                 "identification and the secret that the request went under"};
  }
  TRY(check_is_pki_response(authenticated.encap_content_info));
  const std::string_view identification = holder->identification;
  const proof::SharedKnowledge both{holder->secret, identification};
  return envelope::verify_mac(authenticated, both.password());
}

/// Adds what stands in the last of them.
Result<void> add_bodies(std::vector<AuthenticResponse>& layers, const ResponseTrust& trust,
                        std::size_t depth) {
  auto bodies = TRY(response_bodies(layers.back().response()));
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
  for (auto& body : bodies) {
    layers.push_back(TRY(open_response(std::move(body), trust)));
    TRY(add_bodies(layers, trust, depth + 1));
  }
  return {};
}

}  // namespace

//= E54 RFC 10002 §4.2: a Full PKI Response is read
Result<AuthenticResponse> open_response(UnverifiedResponse answer, const ResponseTrust& trust) {
  AuthenticResponse opened;
  // What the response is decides who may have signed it; nothing more is made of it, not even of
  // its being none, before that is verified.
  if (auto* signed_data = std::get_if<cms::SignedData>(&answer.layer)) {
    TRY(check_is_pki_response(signed_data->encap_content_info));
    opened.signers_ = TRY(verify_response_signature(*signed_data, trust.trust, trust.now,
                                                    answerer_of(answer.response)));
    if (!answer.response.ok()) return std::move(answer.response).error();
    opened.published_anchors_ = find_published_anchors(*signed_data, *answer.response,
                                                       {opened.signers_, trust.trust, trust.now});
    opened.crls_ = std::move(signed_data->crls);
  } else {
    TRY(verify_response_mac(std::get<cms::AuthenticatedData>(answer.layer), trust.holder));
    if (!answer.response.ok()) return std::move(answer.response).error();
  }
  opened.certificates_ = answer.certificates();
  opened.response_ = std::move(answer.response).value();
  return opened;
}

Result<std::vector<AuthenticResponse>> with_bodies(AuthenticResponse outermost,
                                                   const ResponseTrust& trust) {
  std::vector<AuthenticResponse> layers;
  layers.push_back(std::move(outermost));
  TRY(add_bodies(layers, trust, 1));
  return layers;
}

}  // namespace signet::client
