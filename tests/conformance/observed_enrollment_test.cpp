// Cases observed with a live Dogtag: enrollment signed by agents and users. Each says what Dogtag
// answered, and holds what is answered here.
#include "support/change_status.h"
#include "support/observed_scene.h"
#include "support/unwrap.h"

namespace signet::test {
namespace {

using cmc::CMCFailInfo;

class ObservedEnrollment : public Observed {
 protected:
  TestAuthority::Choices choices;
};

// Dogtag: success, bodyList [request], the certificate and the authority's.
TEST_F(ObservedEnrollment, Row01AgentSignedPkcs10AndCrmfOfRsaAndEcAreGranted) {
  for (const auto* kind : {"rsa:2048", "ec:p256"}) {
    const auto by_pkcs10 =
        send(ca.agent, {tagged(20, pkcs10({.subject = "CN=P10,O=Test", .key = test_key(kind)}))});
    expect_granted(by_pkcs10);
    EXPECT_TRUE(by_pkcs10.names(20));
    const auto by_crmf =
        send(ca.agent,
             {tagged(crmf({.id = 21, .subject = "CN=CRMF,O=Test", .key = test_key(kind, 1)}))});
    expect_granted(by_crmf);
    EXPECT_TRUE(by_crmf.names(21));
  }
}

// Dogtag: badRequest [0] "Invalid Credential."
TEST_F(ObservedEnrollment, Row02AgentSignedWithoutTlsClientCertificateIsBadIdentity) {
  const auto sent = message(ca.agent, {tagged(20, pkcs10())}).encode();
  expect_refused(ca.send(sent, nullptr), CMCFailInfo::badIdentity, "no client certificate");
}

// Dogtag: success.
TEST_F(ObservedEnrollment, Row11UserSignedOverTlsWithTheSameCertificateIsGranted) {
  const auto told = send(ca.alice, {tagged(20, pkcs10({.subject = kAlice}))});
  expect_granted(told);
  EXPECT_EQ(subject_of(told), kAlice);
}

// Dogtag: badRequest [0] with a text.
TEST_F(ObservedEnrollment, Row12UserSignedWithoutTlsOrAsAnotherIsBadIdentity) {
  const auto bob = ca.enroll("CN=Bob,O=Test");
  const auto sent = message(ca.alice, {tagged(20, pkcs10({.subject = kAlice}))}).encode();
  expect_refused(ca.send(sent, nullptr), CMCFailInfo::badIdentity, "no client certificate");
  expect_refused(ca.send(sent, &bob), CMCFailInfo::badIdentity, "CN=Bob,O=Test");
}

// Dogtag: success, the subject replaced by the signer's.
TEST_F(ObservedEnrollment, Row13AnotherSubjectThanTheSignersIsBadIdentity) {
  const auto told = send(ca.alice, {tagged(20, pkcs10({.subject = "CN=Mallory,O=Test"}))});
  expect_refused(told, CMCFailInfo::badIdentity, "CN=Mallory,O=Test", 20);
}

TEST_F(ObservedEnrollment, Row13AnotherSubjectIsReplacedUnderTheSwitchAndTheAuditSaysSo) {
  choices.settings.replace_subject = true;
  TestAuthority tolerant{choices};
  const auto told =
      tolerant.send(full_request(credential(tolerant.alice),
                                 {tagged(20, pkcs10({.subject = "CN=Mallory,O=Test"}))})
                        .encode(),
                    &tolerant.alice);
  expect_granted(told);
  EXPECT_EQ(subject_of(told), kAlice);
  const auto says_so = [&] {
    for (const auto& event : told.events) {
      for (const auto& field : event.fields) {
        if (event.name == "PROFILE_CERT_REQUEST" && field.name == "Info")
          return field.value.find("replaces the requested one") != std::string::npos;
      }
    }
    return false;
  };
  EXPECT_TRUE(says_so());
}

// Dogtag: accepted for up to 120 seconds.
TEST_F(ObservedEnrollment, Row14ASignerRevokedThisMomentIsRefused) {
  const std::vector<Bytes> requests{tagged(20, pkcs10({.subject = kAlice}))};
  expect_granted(send(ca.alice, requests));
  ASSERT_TRUE(change_status(ca.engine(), ca.alice.certificate->serial_number,
                            store::CertificateStatus::revoked, ca.clock.now(),
                            pkix::CRLReason::keyCompromise)
                  .ok());
  expect_refused(send(ca.alice, requests), CMCFailInfo::badIdentity, "revoked");
}

// Must never pass, whatever of our certificates it resembles.
TEST_F(ObservedEnrollment, Row15AForgedSignerWithASerialOfOursIsRefused) {
  const auto bob = ca.enroll("CN=Bob,O=Test");
  for (const auto& serial : {asn1::Integer::from(987654321), bob.certificate->serial_number,
                             ca.alice.certificate->serial_number}) {
    const auto forged = ca.forge(kAlice, serial, true);
    EXPECT_EQ(forged.certificate->issuer, ca.certificate()->subject);
    expect_refused(send(forged, {tagged(20, pkcs10({.subject = kAlice}))}),
                   CMCFailInfo::badIdentity, "");
  }
}

TEST_F(ObservedEnrollment, Row15ACertificateOfOursThatIsOnNoRecordIsRefused) {
  const auto unrecorded = ca.forge(kAlice, asn1::Integer::from(987654321), false);
  expect_refused(send(unrecorded, {tagged(20, pkcs10({.subject = kAlice}))}),
                 CMCFailInfo::badIdentity, "");
}

// Dogtag: badRequest.
TEST_F(ObservedEnrollment, Row16WithoutCertificateInTheMessageTheSignerIsFoundOnRecord) {
  auto without = message(ca.alice, {tagged(20, pkcs10({.subject = kAlice}))});
  without.certificates.clear();
  expect_granted(ca.send(without.encode(), &ca.alice));
}

TEST_F(ObservedEnrollment, Row16WithoutCertificateAnUnknownSignerIsBadIdentity) {
  const auto stranger = ca.forge(kAlice, asn1::Integer::from(4711), false);
  auto without = message(stranger, {tagged(20, pkcs10({.subject = kAlice}))});
  without.certificates.clear();
  expect_refused(ca.send(without.encode(), &stranger), CMCFailInfo::badIdentity, "");
}

// Dogtag: success, the agent's own subject.
TEST_F(ObservedEnrollment, Row17AnAgentUnderTheUsersProfileGetsItsOwnSubject) {
  const auto told = send(ca.agent, {tagged(20, pkcs10({.subject = "CN=Agent,O=Test"}))},
                         "caFullCMCUserSignedCert");
  expect_granted(told);
  EXPECT_EQ(subject_of(told), "CN=Agent,O=Test");
}

// Dogtag: badRequest.
TEST_F(ObservedEnrollment, Row18AUserUnderTheAgentsProfileIsBadIdentity) {
  expect_refused(send(ca.alice, {tagged(20, pkcs10({.subject = kAlice}))}, "caFullCMCUserCert"),
                 CMCFailInfo::badIdentity, "demands a message signed by an agent");
}

// Dogtag: internalCAError [0] with the constraint's text.
TEST_F(ObservedEnrollment, Row30TheGracePeriodRefusesWithItsDates) {
  const auto request = tagged(20, pkcs10({.subject = kAlice, .key = ca.alice.key}));
  const auto told = send(ca.alice, {request});
  expect_refused(told, CMCFailInfo::badRequest, "it may be renewed from", 20);
  EXPECT_NE(told.text().find(to_text(ca.alice.certificate->validity.not_after)), std::string::npos);
}

TEST_F(ObservedEnrollment, Row30TheKeyOfAnotherSubjectIsNoKeyReuse) {
  const auto bob = ca.enroll("CN=Bob,O=Test");
  const auto request = tagged(20, pkcs10({.subject = kAlice, .key = bob.key}));
  expect_refused(send(ca.alice, {request}), CMCFailInfo::noKeyReuse, "for another subject", 20);
}

TEST_F(ObservedEnrollment, Row30TheKeyOfARevokedCertificateIsNoKeyReuse) {
  const auto second = ca.enroll(kAlice);
  ASSERT_TRUE(change_status(ca.engine(), second.certificate->serial_number,
                            store::CertificateStatus::revoked, ca.clock.now(),
                            pkix::CRLReason::keyCompromise)
                  .ok());
  const auto request = tagged(20, pkcs10({.subject = kAlice, .key = second.key}));
  expect_refused(send(ca.alice, {request}), CMCFailInfo::noKeyReuse, "revoked", 20);
}

TEST_F(ObservedEnrollment, Row30AKeyOfAnotherTypeIsBadAlgAndTheTextSaysWhichAreAllowed) {
  const auto request = tagged(20, pkcs10({.subject = "CN=x,O=Test", .key = test_key("rsa:2048")}));
  const auto told = send(ca.agent, {request}, "caECFullCMCUserCert");
  expect_refused(told, CMCFailInfo::badAlg, "RSA 2048", 20);
  EXPECT_NE(told.text().find("nistp256"), std::string::npos) << told.text();
}

// Dogtag: refused only by the grace period.
TEST_F(ObservedEnrollment, Row31TheSameRequestAgainGetsTheFirstAnswer) {
  const auto sent = message(ca.alice, {tagged(20, pkcs10({.subject = kAlice}))}).encode();
  const auto first = ca.send(sent, &ca.alice);
  const auto on_record = ca.certificates_on_record();
  const auto again = ca.send(sent, &ca.alice);
  expect_granted(again);
  EXPECT_EQ(again.certificates, first.certificates);
  EXPECT_EQ(ca.certificates_on_record(), on_record);
}

// Dogtag: success.
TEST_F(ObservedEnrollment, Row32TheSameKeyAgainIsTheProfilesToSay) {
  const auto ask = [&](const std::string& profile) {
    return send(ca.agent, {tagged(20, pkcs10({.subject = "CN=Agent,O=Test"}))}, profile);
  };
  expect_granted(ask("caFullCMCUserCert"));
  expect_granted(ask("caFullCMCUserCert"));
  expect_refused(ask("caFullCMCUserSignedCert"), CMCFailInfo::badRequest, "renewed", 20);
}

}  // namespace
}  // namespace signet::test
