// What our client makes of OCSP answers and CRLs: the authority's own, and the nearest that must
// not pass.
#include <gtest/gtest.h>

#include "authority/crl_maker.h"
#include "authority/ocsp_responder.h"
#include "client/check_crl.h"
#include "client/retrieved.h"
#include "codec/ocsp/oids.h"
#include "codec/pkix/oids.h"
#include "support/change_status.h"
#include "support/checked_response.h"
#include "support/message_builder.h"
#include "support/test_authority.h"
#include "support/unwrap.h"

namespace signet::test {
namespace {

using client::CertificateStanding;
using Status = CertificateStanding::Status;

class StatusCheck : public testing::Test {
 protected:
  StatusCheck() : committer(ca.engine(), journal) {}

  authority::OcspResponder& responder() {
    if (!responder_) {
      responder_ = std::make_unique<authority::OcspResponder>(authority::OcspResponder::Parts{
          .issuer = ca.authority().issuer(),
          .signature_algorithm = unwrap(crypto::default_signature_algorithm(ca.key())),
          .store = ca.engine(),
          .committer = committer,
          .clock = ca.clock,
          .random = crypto::system_random(),
          .log = log,
          .settings = {}});
      EXPECT_TRUE(unwrap(responder_->renew_if_due()));
    }
    return *responder_;
  }
  Bytes crl() {
    authority::CrlMaker maker{
        {.issuer = ca.authority().issuer(),
         .signature_algorithm = unwrap(crypto::default_signature_algorithm(ca.key())),
         .store = ca.engine(),
         .committer = committer,
         .clock = ca.clock,
         .settings = {}}};
    return unwrap(maker.make()).der;
  }
  client::StatusQuestion ask(const Holder& holder) {
    return unwrap(
        client::ask_status(holder.certificate, ca.certificate(), crypto::system_random()));
  }
  void revoke(const Holder& holder, pkix::CRLReason reason) {
    ASSERT_TRUE(change_status(ca.engine(), holder.certificate->serial_number,
                              store::CertificateStatus::revoked, ca.clock.now(), reason)
                    .ok());
  }
  Fault fault_of(ByteView answer, const client::StatusQuestion& question) {
    const auto read = client::read_status(answer, question, ca.certificate(), ca.clock.now());
    EXPECT_FALSE(read.ok());
    return read.ok() ? Fault::internal : read.error().fault;
  }
  /// A basic answer of these data, signed by this key, with these certificates.
  static Bytes sealed(const ocsp::ResponseData& data, const crypto::PrivateKey& key,
                      const std::vector<pkix::Certificate>& certs) {
    const auto der = ocsp::write_response_data(data);
    const auto algorithm = unwrap(crypto::default_signature_algorithm(key));
    auto basic =
        ocsp::write_basic_ocsp_response({.tbs_response_data_der = der,
                                         .signature_algorithm = algorithm,
                                         .signature = {unwrap(key.sign(algorithm, der)), 0},
                                         .certs = certs});
    return ocsp::write_ocsp_response({ocsp::OCSPResponseStatus::successful,
                                      ocsp::ResponseBytes{ocsp::oid::kBasic, std::move(basic)}});
  }
  /// "good", by this signer.
  Bytes good_by(const Holder& signer, const client::StatusQuestion& question) {
    ocsp::ResponseData data;
    data.responder_id = signer.certificate->subject;
    data.produced_at = ca.clock.now();
    data.responses.push_back(
        {{{}, question.cert_id_der}, ocsp::Good{}, ca.clock.now(), std::nullopt, {}});
    data.response_extensions.push_back(
        {ocsp::oid::kNonce, false, ocsp::write_nonce(question.nonce)});
    return sealed(data, *signer.key, {signer.certificate});
  }

  TestAuthority ca;
  audit::MemoryJournal journal;
  SilentLog log;
  store::Committer committer;

 private:
  std::unique_ptr<authority::OcspResponder> responder_;
};

TEST_F(StatusCheck, ByOcspTellsGoodAndRevokedWithReason) {
  const auto before = ask(ca.alice);
  const auto good = unwrap(client::read_status(responder().respond(before.octets).octets, before,
                                               ca.certificate(), ca.clock.now()));
  EXPECT_EQ(good.status, Status::good);
  revoke(ca.alice, pkix::CRLReason::superseded);
  const auto after = ask(ca.alice);
  const auto revoked = unwrap(client::read_status(responder().respond(after.octets).octets, after,
                                                  ca.certificate(), ca.clock.now()));
  EXPECT_EQ(revoked.status, Status::revoked);
  EXPECT_EQ(revoked.reason, pkix::CRLReason::superseded);
  EXPECT_EQ(revoked.revoked_at, ca.clock.now());
}

TEST_F(StatusCheck, ByOcspTellsUnknownOfWhatWasNeverIssued) {
  auto stranger = ca.alice;
  stranger.certificate.tbs.value.serial_number = asn1::Integer{Bytes{0x7A}};
  const auto question = ask(stranger);
  const auto told = unwrap(client::read_status(responder().respond(question.octets).octets,
                                               question, ca.certificate(), ca.clock.now()));
  EXPECT_EQ(told.status, Status::unknown);
}

TEST_F(StatusCheck, ByOcspTakesNoAnswerToAnotherQuestion) {
  const auto first = ask(ca.alice);
  const auto again = ask(ca.alice);
  const auto answer = responder().respond(first.octets).octets;
  EXPECT_EQ(fault_of(answer, again), Fault::replayed);
  auto of_agent = ask(ca.agent);
  of_agent.nonce = first.nonce;
  EXPECT_EQ(fault_of(answer, of_agent), Fault::certificate_not_found);
}

TEST_F(StatusCheck, ByOcspTakesNoOldAnswer) {
  const auto question = ask(ca.alice);
  const auto answer = responder().respond(question.octets).octets;
  ca.clock.advance(std::chrono::hours{2});
  EXPECT_EQ(fault_of(answer, question), Fault::stale_time);
}

TEST_F(StatusCheck, ByOcspTakesNoAnswerThatWasChanged) {
  const auto question = ask(ca.alice);
  auto answer = responder().respond(question.octets).octets;
  const auto nonce_at = std::search(answer.begin(), answer.end(), question.cert_id_der.begin(),
                                    question.cert_id_der.end());
  ASSERT_NE(nonce_at, answer.end());
  *(nonce_at + static_cast<long>(question.cert_id_der.size()) - 1) ^= 1;  // the serial number
  EXPECT_EQ(fault_of(answer, question), Fault::bad_signature);
}

TEST_F(StatusCheck, ByOcspTakesTheIssuersDelegateAlone) {
  const auto question = ask(ca.alice);
  // a certificate of the issuer, but not one for OCSP
  EXPECT_EQ(fault_of(good_by(ca.agent, question), question), Fault::untrusted_signer);
  // one for OCSP, but of somebody else
  auto tbs = ca.agent.certificate.tbs.value;
  tbs.extensions = {{pkix::oid::kExtendedKeyUsage, false,
                     pkix::write_extended_key_usage({pkix::oid::kOcspSigning})}};
  Holder stranger{ca.agent.key, TestAuthority::sign(tbs, *ca.alice.key)};
  EXPECT_EQ(fault_of(good_by(stranger, question), question), Fault::bad_signature);
  // the issuer's, for OCSP
  const Holder delegate{ca.agent.key, TestAuthority::sign(tbs, ca.key())};
  EXPECT_EQ(unwrap(client::read_status(good_by(delegate, question), question, ca.certificate(),
                                       ca.clock.now()))
                .status,
            Status::good);
  // and when its time is over
  ca.clock.advance(std::chrono::days{100});
  EXPECT_EQ(fault_of(good_by(delegate, question), question), Fault::untrusted_signer);
}

TEST_F(StatusCheck, ByOcspTellsTheRespondersRefusal) {
  const auto question = ask(ca.alice);
  const auto refusal = [](ocsp::OCSPResponseStatus status) {
    return ocsp::write_ocsp_response({status, std::nullopt});
  };
  EXPECT_EQ(fault_of(refusal(ocsp::OCSPResponseStatus::tryLater), question), Fault::busy);
  EXPECT_EQ(fault_of(refusal(ocsp::OCSPResponseStatus::unauthorized), question),
            Fault::directory_unreachable);
}

TEST_F(StatusCheck, WhatGetCertAndGetCrlBroughtIsVerifiedByItself) {
  auto checked = checked_response();
  const auto& serial = ca.alice.certificate->serial_number;
  const auto certificate_fault = [&] {
    return client::retrieved_certificate(checked, {ca.certificate()}, serial).error().fault;
  };
  const auto crl_fault = [&] {
    return client::retrieved_crl(checked, {ca.certificate()}, ca.clock.now()).error().fault;
  };
  EXPECT_EQ(certificate_fault(), Fault::certificate_not_found);
  EXPECT_EQ(crl_fault(), Fault::crl_not_found);

  checked.chain = {ca.certificate(), ca.agent.certificate};
  EXPECT_EQ(certificate_fault(), Fault::certificate_not_found);
  checked.chain = {ca.forge("CN=Alice,O=Test", serial, true).certificate};
  EXPECT_EQ(certificate_fault(), Fault::bad_signature);
  checked.chain = {ca.agent.certificate, ca.alice.certificate};
  EXPECT_EQ(unwrap(client::retrieved_certificate(checked, {ca.certificate()}, serial)),
            ca.alice.certificate);

  const auto list = unwrap(pkix::read_certificate_list(crl()));
  checked.crls = {list};
  EXPECT_EQ(unwrap(client::retrieved_crl(checked, {ca.certificate()}, ca.clock.now())).der,
            list.der);
  // nothing but a nonce shows that it is not an old one
  ca.clock.advance(std::chrono::days{9});
  EXPECT_TRUE(client::retrieved_crl(checked, {ca.certificate()}, ca.clock.now()).ok());
  checked.simple = true;
  EXPECT_EQ(crl_fault(), Fault::stale_time);
  checked.simple = false;
  checked.crls = {unwrap(pkix::read_certificate_list(with_last_bit_changed(list.der)))};
  EXPECT_FALSE(client::retrieved_crl(checked, {ca.certificate()}, ca.clock.now()).ok());
  const TestAuthority other;  // of the same name, with another key
  checked.crls = {list};
  EXPECT_EQ(client::retrieved_crl(checked, {other.certificate()}, ca.clock.now()).error().fault,
            Fault::bad_signature);
}

TEST_F(StatusCheck, ByCrlTellsGoodAndRevoked) {
  revoke(ca.alice, pkix::CRLReason::keyCompromise);
  const auto list = crl();
  const auto alice =
      unwrap(client::look_up(list, ca.alice.certificate, ca.certificate(), ca.clock.now()));
  EXPECT_EQ(alice.status, Status::revoked);
  EXPECT_EQ(alice.reason, pkix::CRLReason::keyCompromise);
  const auto agent =
      unwrap(client::look_up(list, ca.agent.certificate, ca.certificate(), ca.clock.now()));
  EXPECT_EQ(agent.status, Status::good);
}

TEST_F(StatusCheck, ByCrlTakesNoneThatIsOldChangedOrAnothers) {
  const auto list = crl();
  const auto fault = [&](ByteView der, const pkix::Certificate& issuer, Time now) {
    const auto read = client::look_up(der, ca.alice.certificate, issuer, now);
    EXPECT_FALSE(read.ok());
    return read.ok() ? Fault::internal : read.error().fault;
  };
  EXPECT_EQ(fault(list, ca.certificate(), ca.clock.now() + std::chrono::days{2}),
            Fault::stale_time);
  EXPECT_EQ(fault(list, ca.agent.certificate, ca.clock.now()), Fault::untrusted_signer);
  auto changed = list;
  changed.back() ^= 1;
  EXPECT_NE(fault(changed, ca.certificate(), ca.clock.now()), Fault::internal);
  const TestAuthority other;  // of the same name, with another key
  EXPECT_EQ(fault(list, other.certificate(), ca.clock.now()), Fault::bad_signature);
}

}  // namespace
}  // namespace signet::test
