#pragma once

#include "client/published_anchors.h"
#include "codec/cmc/oids.h"
#include "crypto/digest.h"
#include "support/message_builder.h"
#include "support/test_ca.h"
#include "support/unwrap.h"

namespace signet::test {

/// What an authority announces in an answer of its own (trustedAnchors), read by somebody who
/// trusts all of it already.
inline client::PublishedAnchors announced_anchors(const Credential& authority, std::uint64_t number,
                                                  const std::vector<pkix::Certificate>& anchors) {
  cmc::PublishTrustAnchors value;
  value.seq_number = asn1::Integer::from(number);
  value.hash_algorithm = crypto::algorithm_identifier(crypto::DigestAlgorithm::sha256);
  for (const auto& each : anchors) value.anchor_hashes.push_back(crypto::sha256(each.der));
  const cmc::PKIResponse response{
      {control(1, cmc::oid::kTrustedAnchors, cmc::write_publish_trust_anchors(value))}, {}, {}};
  SignedMessage message{.content = cmc::write_pki_response(response),
                        .content_type = cmc::oid::kPKIResponse,
                        .signers = {signed_by(authority)}};
  message.signers.front().signing_time = kTestTime;
  for (const auto& each : anchors) message.certificates.push_back(each.der);
  const auto info = unwrap(cms::read_content_info(message.encode()));
  const auto data = unwrap(cms::read_signed_data(info.content));
  const auto trust = unwrap(proof::Trust::make(anchors, {}));
  const auto signers = unwrap(
      client::verify_response_signature(data, trust, kTestTime, client::Answerer::authority));
  return unwrap(
      client::find_published_anchors(data, response, {signers, trust, kTestTime}).value());
}

}  // namespace signet::test
