#pragma once

#include <gtest/gtest.h>

#include "authority/ocsp_responder.h"
#include "codec/ocsp/oids.h"
#include "codec/pkix/oids.h"
#include "support/change_status.h"
#include "support/test_authority.h"
#include "support/unwrap.h"

namespace signet::test {

/// The memory store, which fails when told to.
class WatchedStore final : public store::CertificateStore {
 public:
  explicit WatchedStore(const store::CertificateStore& under) : under_(under) {}
  bool fails = false;

  Result<std::optional<store::CertificateRecord>> find_certificate(
      const pkix::Integer& serial) const override {
    if (fails) return Error{Fault::storage_failed, "the disk is gone"};
    return under_.find_certificate(serial);
  }
  Result<std::vector<store::CertificateRecord>> find_by_subject(ByteView der) const override {
    return under_.find_by_subject(der);
  }
  Result<std::vector<store::CertificateRecord>> find_some_by_subject(
      ByteView der, std::size_t most) const override {
    return under_.find_some_by_subject(der, most);
  }
  Result<std::vector<store::CertificateRecord>> find_by_key(ByteView hash) const override {
    return under_.find_by_key(hash);
  }
  Result<std::vector<store::CertificateRecord>> find_certificates(
      const Query& query) const override {
    return under_.find_certificates(query);
  }
  Result<store::Seen> seen_before(const store::AnsweredRequest& asked) const override {
    return under_.seen_before(asked);
  }

 private:
  const store::CertificateStore& under_;
};

class Ocsp : public testing::Test {
 protected:
  explicit Ocsp(TestAuthority::Choices choices = {})
      : ca(std::move(choices)), committer(ca.engine(), journal), watched(ca.engine()) {
    responder = make_responder({});
    EXPECT_TRUE(unwrap(responder->renew_if_due()));
  }

  std::unique_ptr<authority::OcspResponder> make_responder(authority::OcspSettings settings) {
    return make_responder(settings, committer);
  }
  std::unique_ptr<authority::OcspResponder> make_responder(authority::OcspSettings settings,
                                                           store::Committer& with) {
    return std::make_unique<authority::OcspResponder>(authority::OcspResponder::Parts{
        .issuer = ca.authority().issuer(),
        .signature_algorithm = unwrap(crypto::default_signature_algorithm(ca.key())),
        .store = watched,
        .committer = with,
        .clock = ca.clock,
        .random = crypto::system_random(),
        .log = log,
        .settings = settings});
  }

  asn1::Encoded<ocsp::CertID> cert_id(
      const pkix::Integer& serial,
      crypto::DigestAlgorithm algorithm = crypto::DigestAlgorithm::sha1) const {
    ocsp::CertID made{crypto::algorithm_identifier(algorithm),
                      crypto::digest(algorithm, ca.certificate()->subject.der()),
                      crypto::key_identifier(ca.certificate()->subject_public_key_info, algorithm),
                      serial};
    auto der = ocsp::write_cert_id(made);
    return {std::move(made), std::move(der)};
  }
  asn1::Encoded<ocsp::CertID> cert_id(const Holder& holder) const {
    return cert_id(holder.certificate->serial_number);
  }
  static asn1::Encoded<ocsp::CertID> encoded(const ocsp::CertID& cert_id) {
    return {cert_id, ocsp::write_cert_id(cert_id)};
  }
  asn1::Encoded<ocsp::CertID> of_another_issuer() const {
    auto other = cert_id(ca.alice).value;
    other.issuer_key_hash.back() ^= 1;
    return encoded(other);
  }
  static Bytes request(std::vector<asn1::Encoded<ocsp::CertID>> cert_ids,
                       pkix::Extensions extensions = {}) {
    ocsp::TBSRequest tbs;
    for (auto& each : cert_ids) tbs.request_list.push_back({std::move(each), {}});
    tbs.request_extensions = std::move(extensions);
    return ocsp::write_ocsp_request(ocsp::write_tbs_request(tbs));
  }
  static pkix::Extension nonce(std::size_t octets) {
    return {ocsp::oid::kNonce, false, ocsp::write_nonce(Bytes(octets, 9))};
  }

  authority::OcspAnswer ask(const Bytes& octets) { return responder->respond(octets); }
  /// Read back, its signature and its signer's certificate verified.
  ocsp::BasicOCSPResponse told(const authority::OcspAnswer& answer) {
    EXPECT_EQ(answer.status, ocsp::OCSPResponseStatus::successful);
    const auto response = unwrap(ocsp::read_ocsp_response(answer.octets));
    EXPECT_EQ(response.response_bytes->response_type, ocsp::oid::kBasic);
    auto basic = unwrap(ocsp::read_basic_ocsp_response(response.response_bytes->response));
    const auto& signer = basic.certs.at(0);
    EXPECT_TRUE(
        crypto::verify_certificate_signature(signer, ca.certificate()->subject_public_key_info)
            .ok());
    const auto key = unwrap(crypto::PublicKey::from(signer->subject_public_key_info));
    EXPECT_TRUE(
        key.verify(basic.signature_algorithm, basic.tbs_response_data.der, basic.signature.octets)
            .ok());
    EXPECT_EQ(std::get<ocsp::KeyHash>(basic.tbs_response_data.value.responder_id).octets,
              crypto::key_identifier(signer->subject_public_key_info));
    return basic;
  }
  std::vector<ocsp::CertStatus> statuses(const Bytes& octets) {
    std::vector<ocsp::CertStatus> all;
    for (const auto& each : told(ask(octets)).tbs_response_data.value.responses) {
      all.push_back(each.cert_status);
    }
    return all;
  }
  ocsp::CertStatus status(const Holder& holder) {
    return statuses(request({cert_id(holder)})).at(0);
  }
  pkix::Certificate signer() { return told(ask(request({cert_id(ca.alice)}))).certs.at(0); }

  void expect_refused(const Bytes& octets, ocsp::OCSPResponseStatus why) {
    const auto answer = ask(octets);
    EXPECT_EQ(answer.status, why) << ocsp::to_text(answer.status);
    const auto read = unwrap(ocsp::read_ocsp_response(answer.octets));
    EXPECT_EQ(read.response_status, why);
    EXPECT_FALSE(answer.freshness);
  }
  void change(const Holder& holder, store::CertificateStatus to, pkix::CRLReason reason) {
    ASSERT_TRUE(
        change_status(ca.engine(), holder.certificate->serial_number, to, ca.clock.now(), reason)
            .ok());
  }

  TestAuthority ca;
  audit::MemoryJournal journal;
  store::Committer committer;
  WatchedStore watched;
  SilentLog log;
  std::unique_ptr<authority::OcspResponder> responder;
};

}  // namespace signet::test
