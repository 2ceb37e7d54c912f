// Who signs OCSP answers: a delegated certificate that the authority issues to itself and renews.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/certification_path.h"
#include "support/ocsp_scene.h"

namespace signet::test {
namespace {

using namespace std::chrono_literals;
using ocsp::CertStatus;
using ocsp::Good;
using ocsp::OCSPResponseStatus;
using pkix::CRLReason;
using store::CertificateStatus;

class FailingJournal final : public audit::Journal {
 public:
  Result<void> append(const std::vector<const audit::Event*>&) override {
    return Error{Fault::storage_failed, "the disk is full"};
  }
};

class OcspOfRsa : public Ocsp {
 protected:
  OcspOfRsa() : Ocsp({.ca_key = "rsa:2048"}) {}
};

TEST_F(Ocsp, TheSignersCertificateIsDelegatedAndOnRecord) {
  const auto certificate = signer();
  EXPECT_EQ(pkix::to_text(certificate->subject), "CN=OCSP responder of Test CA,O=Test");
  EXPECT_EQ(certificate->issuer, ca.certificate()->subject);
  EXPECT_TRUE(certificate.has_extended_key_usage(pkix::oid::kOcspSigning));
  const auto value_of = [&](const asn1::Oid& id) {
    return pkix::find_extension(certificate->extensions, id)->extn_value;
  };
  EXPECT_EQ(value_of(pkix::oid::kOcspNoCheck), (Bytes{0x05, 0x00}));
  EXPECT_EQ(unwrap(pkix::read_key_usage(value_of(pkix::oid::kKeyUsage))).bits,
            static_cast<std::uint16_t>(pkix::KeyUsageBit::digitalSignature));
  EXPECT_EQ(
      unwrap(pkix::read_authority_key_identifier(value_of(pkix::oid::kAuthorityKeyIdentifier)))
          .key_identifier,
      ca.certificate().subject_key_identifier());
  EXPECT_TRUE(certificate.subject_key_identifier());
  EXPECT_EQ(pkix::find_extension(certificate->extensions, pkix::oid::kBasicConstraints), nullptr);
  const auto record = unwrap(ca.engine().find_certificate(certificate->serial_number));
  ASSERT_TRUE(record);
  EXPECT_EQ(record->profile_id, "ocspResponder");
  EXPECT_EQ(record->certificate_der, certificate.der);
  ASSERT_EQ(journal.events().size(), 1U);
  EXPECT_EQ(journal.events()[0].name, "CERT_REQUEST_PROCESSED");
}

TEST_F(OcspOfRsa, AnRsaAuthoritysResponderHasAnRsaKey) {
  const auto key = unwrap(crypto::PublicKey::from(signer()->subject_public_key_info));
  EXPECT_EQ(key.kind(), crypto::KeyKind::rsa);
  EXPECT_EQ(key.bits(), 2048);
}

TEST_F(Ocsp, WithoutACertificateItSaysTryLater) {
  responder = make_responder({});
  EXPECT_FALSE(responder->signs_until());
  expect_refused(request({cert_id(ca.alice)}), OCSPResponseStatus::tryLater);
  EXPECT_TRUE(unwrap(responder->renew_if_due()));
  EXPECT_EQ(status(ca.alice), CertStatus(Good{}));
}

TEST_F(Ocsp, RenewsItsCertificateWhenHalfOfItsLifeIsOver) {
  const auto first = signer();
  const auto& validity = first->validity;
  ca.clock.set(validity.not_before + (validity.not_after - validity.not_before) / 2 - 1s);
  EXPECT_FALSE(unwrap(responder->renew_if_due()));
  EXPECT_EQ(signer(), first);
  ca.clock.advance(1s);
  EXPECT_EQ(signer(), first) << "nobody waits for the next one";
  EXPECT_TRUE(unwrap(responder->renew_if_due()));
  EXPECT_FALSE(unwrap(responder->renew_if_due()));
  const auto second = signer();
  EXPECT_EQ(responder->signs_until(), second->validity.not_after);
  EXPECT_NE(second->serial_number, first->serial_number);
  EXPECT_NE(second->subject_public_key_info, first->subject_public_key_info);
}

TEST_F(Ocsp, ACertificateOfAClockAYearAheadIsReplaced) {
  const auto now = ca.clock.now();
  ca.clock.advance(24h * 365);
  EXPECT_TRUE(unwrap(responder->renew_if_due())) << "the one of a year ago has expired";
  EXPECT_EQ(status(ca.alice), CertStatus(Good{}));
  ca.clock.set(now);
  expect_refused(request({cert_id(ca.alice)}), OCSPResponseStatus::tryLater);
  EXPECT_TRUE(unwrap(responder->renew_if_due()));
  EXPECT_EQ(status(ca.alice), CertStatus(Good{}));
  EXPECT_LE(ask(request({cert_id(ca.alice)})).freshness->this_update, now);
}

TEST_F(Ocsp, SignsNothingWithAnExpiredCertificateAndNothingThatOutlivesIt) {
  const auto end = signer()->validity.not_after;
  ca.clock.set(end - 10min);
  const auto answer = ask(request({cert_id(ca.alice)}));
  EXPECT_EQ(answer.freshness->next_update, end);
  ca.clock.set(end);
  expect_refused(request({cert_id(ca.alice)}), OCSPResponseStatus::tryLater);
  EXPECT_TRUE(unwrap(responder->renew_if_due()));
  EXPECT_EQ(status(ca.alice), CertStatus(Good{}));
}

TEST_F(Ocsp, ARevokedOneIsReplacedAndWhatItSignedWithIt) {
  const auto first = signer();
  change({nullptr, first}, CertificateStatus::revoked, CRLReason::keyCompromise);
  EXPECT_TRUE(unwrap(responder->renew_if_due()));
  EXPECT_NE(signer()->serial_number, first->serial_number);
}

TEST_F(Ocsp, NeverOutlivesTheAuthority) {
  const auto end = ca.certificate()->validity.not_after;
  ca.clock.set(end - 3 * 24h);
  EXPECT_TRUE(unwrap(responder->renew_if_due()));
  EXPECT_EQ(signer()->validity.not_after, end);
  ca.clock.set(end - 1min);
  EXPECT_FALSE(unwrap(responder->renew_if_due())) << "another would not live longer";
  ca.clock.set(end);
  expect_refused(request({cert_id(ca.alice)}), OCSPResponseStatus::tryLater);
  EXPECT_EQ(responder->renew_if_due().error().fault, Fault::bad_configuration);
}

TEST_F(Ocsp, ACertificateThatIsOnNoRecordSignsNothing) {
  FailingJournal failing;
  store::Committer refusing(ca.engine(), failing);
  responder = make_responder({}, refusing);
  EXPECT_EQ(responder->renew_if_due().error().fault, Fault::storage_failed);
  expect_refused(request({cert_id(ca.alice)}), OCSPResponseStatus::tryLater);
}

}  // namespace
}  // namespace signet::test
