// Who is refused: the nearest to somebody who may ask, each with a CMCFailInfo, a text, an audit
// record, and no certificate.
#include "codec/pkix/oids.h"
#include "support/change_status.h"
#include "support/refusal_scene.h"
#include "support/shared_data.h"
#include "support/unwrap.h"

namespace signet::test {
namespace {

using cmc::CMCFailInfo;

TEST_F(Refusal, UserAskingForAnotherNameIsBadIdentityAndNamed) {
  const auto sent = ca.request(ca.alice, "CN=Bob,O=Test");
  const auto told = ca.send(sent.octets, &ca.alice);
  expect_refused(told, CMCFailInfo::badIdentity, "CN=Bob");
  EXPECT_TRUE(told.names(sent.request_ids[0].value));
}

TEST_F(Refusal, ReplaceSubjectSwitchTakesTheSignersNameAndTheAuditSaysSo) {
  authority::Settings settings;
  settings.replace_subject = true;
  TestAuthority lenient({.settings = settings});
  const auto told =
      lenient.send(lenient.request(lenient.alice, "CN=Bob,O=Test").octets, &lenient.alice);
  ASSERT_EQ(told.certificates.size(), 1U) << told.text();
  EXPECT_EQ(pkix::to_text(told.certificates[0]->subject), "CN=Alice,O=Test");
  bool said = false;
  for (const auto& event : told.events) {
    for (const auto& field : event.fields)
      said |= field.value.find("replaces") != std::string::npos;
  }
  EXPECT_TRUE(said);
}

TEST_F(Refusal, ReplaceSubjectSwitchMakesNoOtherNameOfTheSubjectReplaced) {
  const std::string entry = "policyset.cmcUserCertSet.11.";
  const std::string name = entry + "default.params.subjAlt";
  TestAuthority::Choices choices;
  choices.settings.replace_subject = true;
  choices.more_profiles =
      std::string(as_text(file(source_folder() + "/profiles/caFullCMCUserSignedCert.cfg"))) +
      "\npolicyset.cmcUserCertSet.list=1,9,10,2,3,4,5,6,7,8,11\n" + entry +
      "default.class_id=subjectAltNameExtDefaultImpl\n" + name + "NameNumGNs=1\n" + name +
      "ExtGNEnable_0=true\n" + name + "ExtType_0=DNSName\n" + name +
      "ExtPattern_0=$request.req_subject_name.cn$\n" + entry +
      "constraint.class_id=noConstraintImpl\n";
  TestAuthority lenient{choices};
  const auto told = lenient.send(lenient.request(lenient.alice, "CN=www.victim.example").octets,
                                 &lenient.alice, "extra");
  ASSERT_EQ(told.certificates.size(), 1U) << told.text();
  const auto* names =
      pkix::find_extension(told.certificates[0]->extensions, pkix::oid::kSubjectAltName);
  ASSERT_NE(names, nullptr);
  EXPECT_EQ(unwrap(pkix::read_alternative_name(names->extn_value)),
            pkix::GeneralNames{pkix::DnsName{"Alice"}});
}

TEST_F(Refusal, MissingOrOtherTlsClientCertificateIsRefused) {
  /* matrix: F12 */
  const auto other = ca.enroll("CN=Alice,O=Test");
  on_record = ca.certificates_on_record();
  expect_refused(ca.send(ca.request(ca.alice, "CN=Alice,O=Test").octets, nullptr),
                 CMCFailInfo::badIdentity, "TLS");
  expect_refused(ca.send(ca.request(ca.alice, "CN=Alice,O=Test").octets, &other),
                 CMCFailInfo::badIdentity, "TLS");
  expect_refused(ca.send(ca.request(ca.agent, "CN=Bob,O=Test").octets, nullptr),
                 CMCFailInfo::badIdentity, "TLS");
}

TEST_F(Refusal, TlsMatchBySubjectTakesAnotherCertificateOfTheSameName) {
  TestAuthority lenient({.tls_match = proof::TlsMatch::subject});
  const auto other = lenient.enroll("CN=Alice,O=Test");
  const auto message = lenient.request(lenient.alice, "CN=Alice,O=Test").octets;
  EXPECT_FALSE(lenient.send(message, &lenient.agent).issued());
  EXPECT_TRUE(lenient.send(message, &other).issued());
}

TEST_F(Refusal, RevokedAndHeldSignersAreRefusedAtOnce) {
  const auto& serial = ca.alice.certificate->serial_number;
  for (const auto status : {store::CertificateStatus::revoked, store::CertificateStatus::on_hold}) {
    ASSERT_TRUE(
        change_status(ca.engine(), serial, status, ca.clock.now(), pkix::CRLReason::keyCompromise)
            .ok());
    expect_refused(ca.send(ca.request(ca.alice, "CN=Alice,O=Test").octets, &ca.alice),
                   CMCFailInfo::badIdentity);
  }
  ASSERT_TRUE(change_status(ca.engine(), serial, store::CertificateStatus::valid, ca.clock.now(),
                            pkix::CRLReason::unspecified)
                  .ok());
  EXPECT_TRUE(ca.send(ca.request(ca.alice, "CN=Alice,O=Test").octets, &ca.alice).issued());
}

TEST_F(Refusal, ExpiredAndNotYetValidSignersAreRefused) {
  const auto message = ca.request(ca.alice, "CN=Alice,O=Test").octets;
  ca.clock.advance(std::chrono::days{91});
  expect_refused(ca.send(message, &ca.alice), CMCFailInfo::badIdentity);
  ca.clock.advance(-std::chrono::days{91} - std::chrono::hours{2});
  expect_refused(ca.send(message, &ca.alice), CMCFailInfo::badIdentity);
}

TEST_F(Refusal, MadeUpSignersAreRefused) {
  const auto& serial = ca.alice.certificate->serial_number;
  const auto unknown = pkix::Integer::from(4711);
  for (const bool by_stranger : {true, false}) {
    for (const auto& each : {serial, unknown}) {
      const auto forged = ca.forge("CN=Alice,O=Test", each, by_stranger);
      expect_refused(ca.send(ca.request(forged, "CN=Alice,O=Test").octets, &forged),
                     CMCFailInfo::badIdentity);
    }
  }
}

TEST_F(Refusal, SignerOfAnotherAuthorityIsRefused) {
  TestAuthority other;
  expect_refused(ca.send(other.request(other.alice, "CN=Alice,O=Test").octets, &other.alice),
                 CMCFailInfo::badIdentity);
}

TEST_F(Refusal, SignerNotInTheMessageIsFoundOnOurRecord) {
  auto data = signed_data_of(ca.request(ca.alice, "CN=Alice,O=Test").octets);
  data.certificates.clear();
  EXPECT_TRUE(ca.send(write_message(data), &ca.alice).issued());
}

TEST_F(Refusal, ProfilesTakeOnlyTheirOwnKindOfIdentity) {
  expect_refused(
      ca.send(ca.request(ca.alice, "CN=Alice,O=Test").octets, &ca.alice, "caFullCMCUserCert"),
      CMCFailInfo::badIdentity);
  expect_refused(
      ca.send(ca.request(ca.alice, "CN=Alice,O=Test").octets, &ca.alice, "caSimpleCMCUserCert"),
      CMCFailInfo::badIdentity);
}

TEST_F(Refusal, SimpleRequestByNobodyAndByAUserIsRefusedOnBodyPartOne) {
  /* matrix: E02, E03 */
  const auto simple = ca.certification_request("CN=Alice,O=Test");
  const Holder* nobody = nullptr;
  const Holder* user = &ca.alice;
  for (const Holder* client : {nobody, user}) {
    const auto told = ca.send(simple, client);
    expect_refused(told, CMCFailInfo::badIdentity);
    EXPECT_TRUE(told.names(1));
  }
  expect_refused(ca.send(simple, &ca.agent, "caFullCMCUserCert"), CMCFailInfo::badRequest,
                 "bare PKCS#10");
}

}  // namespace
}  // namespace signet::test
