#pragma once

#include <gmock/gmock.h>

#include "apps/exchange/pending_file.h"
#include "codec/cmc/controls.h"
#include "codec/cmc/oids.h"
#include "codec/cmc/pki_request.h"
#include "support/commands_scene.h"
#include "support/message_builder.h"
#include "support/reseal.h"

namespace signet::tool {

/// An authority that answers as the test says: `first` to a request, whose certificate it brings
/// unless that waits for a decision, `then` to whoever asks for the rest.
class AnsweredInPart : public Commands {
 protected:
  AnsweredInPart() {
    surroundings.post = [this](const http::TransportSettings& settings, const std::string&,
                               const std::string&, ByteView body) -> Result<http::Reply> {
      ++posted;
      return http::Reply{200, "application/pkcs7-mime", answer_to(body, settings)};
    };
  }

  Bytes answer_to(ByteView message, const http::TransportSettings& settings) {
    const auto request = test::unwrap(cmc::read_pki_request(message));
    const auto& controls = cmc::controls_of(request);
    if (const auto* query = cmc::find_control(controls, cmc::oid::kQueryPending)) {
      asked_for = test::unwrap(cmc::read_octets_value(query->attr_values.front()));
      asked_by = as_text(test::unwrap(files::read_file(settings.client_certificate_file)));
      return response(controls, then, brings_later ? granted : std::vector<Bytes>{});
    }
    last_request = to_bytes(message);
    authority::Inquiry inquiry;
    inquiry.octets = last_request;
    const auto pem = test::unwrap(files::read_file(settings.client_certificate_file));
    inquiry.peer.tls_client_certificate = test::unwrap(from_pem(as_text(pem))).front().octets;
    const auto answered = authority.deliver_octets(std::move(inquiry));
    granted.clear();
    for (const auto& each : test::signed_data_of(answered.octets).certificates) {
      granted.push_back(each.der);
    }
    return response(controls, first,
                    first == cmc::CMCStatus::pending ? std::vector<Bytes>{} : granted);
  }
  [[nodiscard]] Bytes response(const std::vector<cmc::TaggedAttribute>& asked, cmc::CMCStatus word,
                               const std::vector<Bytes>& certificates) const {
    cmc::CMCStatusInfoV2 status;
    status.cmc_status = word;
    status.body_list = {cmc::kThisPKIData};
    const bool comes_later = word == cmc::CMCStatus::partial || word == cmc::CMCStatus::pending;
    if (comes_later && names_token)
      status.other_info = cmc::PendInfo{Bytes{0xAB, 0xCD}, authority.clock.now()};
    if (word == cmc::CMCStatus::failed) status.other_info = cmc::CMCFailInfo::badRequest;
    const auto* id = cmc::find_control(asked, cmc::oid::kTransactionId);
    const auto* nonce = cmc::find_control(asked, cmc::oid::kSenderNonce);
    const cmc::PKIResponse made{
        {test::control(1, cmc::oid::kStatusInfoV2, cmc::write_cmc_status_info_v2(status)),
         test::control(2, cmc::oid::kTransactionId, id->attr_values.front()),
         test::control(3, cmc::oid::kRecipientNonce, nonce->attr_values.front()),
         test::control(4, cmc::oid::kSenderNonce, cmc::write_octets_value(Bytes(16, 7)))},
        {},
        {}};
    test::SignedMessage message{
        .content = cmc::write_pki_response(made),
        .content_type = cmc::oid::kPKIResponse,
        .signers = {test::signed_by({authority.estate().key, authority.certificate()})},
        .certificates = certificates};
    message.certificates.push_back(authority.certificate().der);
    return message.encode();
  }

  int ask(const std::vector<std::string>& more = {}) {
    return enroll("alice", "CN=Alice,O=Test", "new", more);
  }
  int poll(const std::string& output = "new", const std::string& signer = "alice.pem",
           const std::string& key = "alice.key") {
    return signet({"poll", "--url", "https://ca.test:8443", "--ca", "@ca.pem", "--signer",
                   "@" + signer, "--signer-key", "@" + key, "--output", "@" + output});
  }
  int renew(const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{
        "renew",    "--url",      "https://ca.test:8443", "--ca",       "@ca.pem",
        "--signer", "@alice.pem", "--signer-key",         "@alice.key", "--in-place"};
    words.insert(words.end(), more.begin(), more.end());
    return signet(words);
  }
  [[nodiscard]] bool has_key(const std::string& certificate_file, const std::string& key) const {
    return test::unwrap(crypto::read_private_key(read(key), {}))->public_key_info() ==
           certificate(certificate_file)->subject_public_key_info;
  }

  cmc::CMCStatus first = cmc::CMCStatus::partial;
  cmc::CMCStatus then = cmc::CMCStatus::success;
  bool names_token = true;
  bool brings_later = false;  ///< with the rest, the certificate comes (again)
  std::vector<Bytes> granted;
  Bytes last_request;
  Bytes asked_for;
  std::string asked_by;
  int posted = 0;
};

}  // namespace signet::tool
