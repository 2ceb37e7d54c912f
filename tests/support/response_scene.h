#pragma once

#include <gtest/gtest.h>

#include "client/read_response.h"
#include "codec/cmc/oids.h"
#include "envelope/signed_data.h"
#include "support/message_builder.h"
#include "support/test_ca.h"
#include "support/unwrap.h"

namespace signet::test {

/// One exchange: what Alice sent, and an authority that may answer rightly or wrongly.
class ResponseScene : public ::testing::Test {
 protected:
  static constexpr cmc::BodyPartID kRequest{1};

  ResponseScene() {
    sent.transaction_id = asn1::Integer::from(0x1234);
    sent.sender_nonce = Bytes(32, 0x5A);
    sent.request_ids = {kRequest};
    sent.keys = {alice.key->public_key_info()};
  }

  static cmc::TaggedAttribute status(cmc::CMCStatus word, std::vector<cmc::BodyPartReference> parts,
                                     std::optional<cmc::CMCFailInfo> fail_info = {}) {
    cmc::CMCStatusInfoV2 value{word, std::move(parts), std::nullopt, std::nullopt};
    if (fail_info) value.other_info = *fail_info;
    return {cmc::BodyPartID{}, cmc::oid::kStatusInfoV2, {cmc::write_cmc_status_info_v2(value)}};
  }
  [[nodiscard]] std::vector<cmc::TaggedAttribute> echo() const {
    return {{cmc::BodyPartID{},
             cmc::oid::kTransactionId,
             {cmc::write_integer_value(sent.transaction_id)}},
            {cmc::BodyPartID{},
             cmc::oid::kRecipientNonce,
             {cmc::write_octets_value(sent.sender_nonce)}},
            {cmc::BodyPartID{}, cmc::oid::kSenderNonce, {cmc::write_octets_value(Bytes(16, 1))}}};
  }
  /// A Full PKI Response with these controls besides what is echoed.
  [[nodiscard]] SignedMessage answer(std::vector<cmc::TaggedAttribute> controls,
                                     bool with_certificate = true) const {
    for (auto& control : echo()) controls.push_back(std::move(control));
    return unanswered(std::move(controls), with_certificate);
  }
  /// The same without what is echoed.
  [[nodiscard]] SignedMessage unanswered(std::vector<cmc::TaggedAttribute> controls,
                                         bool with_certificate = true) const {
    std::uint32_t id = 100;
    for (auto& control : controls) control.body_part_id = cmc::BodyPartID{id++};
    const cmc::PKIResponse response{std::move(controls), {}, {}};
    SignedMessage message{.content = cmc::write_pki_response(response),
                          .content_type = cmc::oid::kPKIResponse,
                          .signers = {signed_by(ca_credential())},
                          .certificates = {ca.certificate().der}};
    if (with_certificate) message.certificates.push_back(alice.certificate.der);
    return message;
  }
  [[nodiscard]] Credential ca_credential() const { return {ca_key, ca.certificate()}; }
  /// A Simple PKI Response.
  static Bytes certificates_only(const std::vector<Bytes>& certificates) {
    return envelope::seal_certificates_only(certificates);
  }
  void ask_simply() {
    sent.transaction_id = {};
    sent.sender_nonce.clear();
  }
  [[nodiscard]] Result<client::CheckedResponse> read(ByteView octets) const {
    return client::read_response(octets, sent, trust, kTestTime);
  }
  [[nodiscard]] Fault fault_of(ByteView octets) const {
    const auto checked = read(octets);
    return checked.ok() ? Fault::internal : checked.error().fault;
  }

  Key ca_key = test_key("ec:p256", 0);
  TestCa ca{"CN=Test CA,O=Test", ca_key};
  Credential alice = ca.issue({.key = test_key("ec:p256", 1)});
  proof::Trust trust = unwrap(proof::Trust::make({ca.certificate()}, {}));
  client::SentRequest sent;
};

}  // namespace signet::test
