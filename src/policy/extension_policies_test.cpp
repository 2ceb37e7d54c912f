#include <gtest/gtest.h>

#include "codec/pkix/oids.h"
#include "support/policy_scene.h"
#include "support/unwrap.h"

namespace signet::policy {
namespace {

using test::fault_of;
using test::name;
using test::PolicyScene;
using test::unwrap;

Bytes value_of(const PolicyScene& scene, const asn1::Oid& id) {
  const auto* extension = scene.draft.find(id);
  return extension == nullptr ? Bytes{} : extension->extn_value;
}

// ------------------------------------------------------------ key identifiers

TEST(AuthorityKeyIdentifierDefault, IsTheAuthoritysOwnSubjectKeyIdentifier) {
  PolicyScene scene;
  ASSERT_TRUE(scene.apply("authorityKeyIdentifierExtDefaultImpl").ok());
  const auto identifier = unwrap(
      pkix::read_authority_key_identifier(value_of(scene, pkix::oid::kAuthorityKeyIdentifier)));
  EXPECT_EQ(identifier.key_identifier, scene.ca.certificate().subject_key_identifier());
  EXPECT_EQ(identifier.authority_cert_issuer, std::nullopt);
}

TEST(SubjectKeyIdentifierDefault, IsTheDigestOfTheKey) {
  PolicyScene scene;
  ASSERT_TRUE(scene.apply("subjectKeyIdentifierExtDefaultImpl").ok());
  EXPECT_EQ(
      unwrap(pkix::read_subject_key_identifier(value_of(scene, pkix::oid::kSubjectKeyIdentifier))),
      crypto::key_identifier(scene.key->public_key_info()));
  ASSERT_TRUE(scene.apply("subjectKeyIdentifierExtDefaultImpl", "messageDigest=SHA-256").ok());
  EXPECT_EQ(
      unwrap(pkix::read_subject_key_identifier(value_of(scene, pkix::oid::kSubjectKeyIdentifier)))
          .size(),
      32U);
}

TEST(SubjectKeyIdentifierDefault, TakesTheRequestedOneOnlyWhereToldSo) {
  PolicyScene scene;
  scene.extensions = {{pkix::oid::kSubjectKeyIdentifier, false,
                       pkix::write_subject_key_identifier(Bytes{1, 2, 3})}};
  ASSERT_TRUE(scene.apply("subjectKeyIdentifierExtDefaultImpl").ok());
  EXPECT_EQ(
      unwrap(pkix::read_subject_key_identifier(value_of(scene, pkix::oid::kSubjectKeyIdentifier)))
          .size(),
      20U);
  ASSERT_TRUE(scene.apply("subjectKeyIdentifierExtDefaultImpl", "useSKIFromCertRequest=true").ok());
  EXPECT_EQ(
      unwrap(pkix::read_subject_key_identifier(value_of(scene, pkix::oid::kSubjectKeyIdentifier))),
      (Bytes{1, 2, 3}));
}

TEST(SubjectKeyIdentifierDefault, RefusesARequestedOneOfMoreThan64Octets) {
  PolicyScene scene;
  const auto ask_for = [&](std::size_t octets) {
    scene.extensions = {{pkix::oid::kSubjectKeyIdentifier, false,
                         pkix::write_subject_key_identifier(Bytes(octets, 7))}};
    return scene.apply("subjectKeyIdentifierExtDefaultImpl", "useSKIFromCertRequest=true");
  };
  EXPECT_TRUE(ask_for(64).ok());
  EXPECT_EQ(fault_of(ask_for(65)), Fault::extension_not_allowed);
}

// ------------------------------------------------------------ where to ask

constexpr auto* kOcsp =
    "authInfoAccessNumADs=1\nauthInfoAccessADEnable_0=true\n"
    "authInfoAccessADMethod_0=1.3.6.1.5.5.7.48.1\nauthInfoAccessADLocationType_0=URIName\n"
    "authInfoAccessADLocation_0=";

TEST(AuthorityInfoAccessDefault, PutsTheServersOcspUriInTheEmptyPlace) {
  PolicyScene scene;
  scene.authority.ocsp_uri = "http://ocsp.example/";
  ASSERT_TRUE(scene.apply("authInfoAccessExtDefaultImpl", kOcsp).ok());
  const auto descriptions =
      unwrap(pkix::read_information_access(value_of(scene, pkix::oid::kAuthorityInfoAccess)));
  ASSERT_EQ(descriptions.size(), 1U);
  EXPECT_EQ(descriptions[0].access_method, pkix::oid::kOcsp);
  EXPECT_EQ(descriptions[0].access_location,
            pkix::GeneralName{pkix::UniformResourceIdentifier{"http://ocsp.example/"}});
}

TEST(AuthorityInfoAccessDefault, IsLeftOutWhenTheServerHasNoOcspUri) {
  PolicyScene scene;
  ASSERT_TRUE(scene.apply("authInfoAccessExtDefaultImpl", kOcsp).ok());
  EXPECT_EQ(scene.draft.find(pkix::oid::kAuthorityInfoAccess), nullptr);
}

TEST(AuthorityInfoAccessDefault, KeepsTheLocationsThatTheProfileNames) {
  PolicyScene scene;
  ASSERT_TRUE(scene
                  .apply("authInfoAccessExtDefaultImpl",
                         "authInfoAccessNumADs=2\nauthInfoAccessADEnable_0=true\n"
                         "authInfoAccessADMethod_0=1.3.6.1.5.5.7.48.2\n"
                         "authInfoAccessADLocation_0=http://ca.example/ca.crt\n"
                         "authInfoAccessADEnable_1=false\n"
                         "authInfoAccessADMethod_1=1.3.6.1.5.5.7.48.1\n"
                         "authInfoAccessADLocation_1=http://ocsp.example/")
                  .ok());
  const auto descriptions =
      unwrap(pkix::read_information_access(value_of(scene, pkix::oid::kAuthorityInfoAccess)));
  ASSERT_EQ(descriptions.size(), 1U);
  EXPECT_EQ(descriptions[0].access_method, pkix::oid::kCaIssuers);
}

TEST(AuthorityInfoAccessDefault, RefusesAProfileWithABadMethodOrLocation) {
  EXPECT_FALSE(test::faults_in_default("authInfoAccessExtDefaultImpl",
                                       "authInfoAccessNumADs=1\nauthInfoAccessADEnable_0=true\n"
                                       "authInfoAccessADMethod_0=ocsp")
                   .empty());
  const auto faults = test::faults_in_default(
      "authInfoAccessExtDefaultImpl",
      "authInfoAccessNumADs=1\nauthInfoAccessADEnable_0=true\n"
      "authInfoAccessADMethod_0=1.3.6.1.5.5.7.48.1\nauthInfoAccessADLocation_0=ocsp.example");
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_EQ(faults[0].find("error: authInfoAccessADLocation_0"), 0U);
}

TEST(CrlDistributionPointsDefault, WritesAUriAsFullName) {
  PolicyScene scene;
  ASSERT_TRUE(scene
                  .apply("crlDistributionPointsExtDefaultImpl",
                         "crlDistPointsNum=1\ncrlDistPointsEnable_0=true\n"
                         "crlDistPointsPointType_0=URIName\n"
                         "crlDistPointsPointName_0=http://ca.example/a.crl\n"
                         "crlDistPointsIssuerName_0=\ncrlDistPointsIssuerType_0=\n"
                         "crlDistPointsReasons_0=\ncrlDistPointsCritical=false")
                  .ok());
  EXPECT_EQ(value_of(scene, pkix::oid::kCrlDistributionPoints),
            pkix::write_crl_distribution_points(
                {{pkix::UniformResourceIdentifier{"http://ca.example/a.crl"}}}));
}

TEST(CrlDistributionPointsDefault, WritesReasonsAndTheCrlIssuer) {
  PolicyScene scene;
  ASSERT_TRUE(scene
                  .apply("crlDistributionPointsExtDefaultImpl",
                         "crlDistPointsNum=1\ncrlDistPointsEnable_0=true\n"
                         "crlDistPointsIssuerName_0=CN=X\ncrlDistPointsIssuerType_0=DirectoryName\n"
                         "crlDistPointsReasons_0=keyCompromise,aACompromise")
                  .ok());
  // SEQUENCE { SEQUENCE { [1] 7 unused bits 0100 0000 1, [2] { [4] { CN=X } } } }
  EXPECT_EQ(to_hex(value_of(scene, pkix::oid::kCrlDistributionPoints)),
            "301930178103074080a210a40e300c310a300806035504030c0158");
}

TEST(CrlDistributionPointsDefault, RefusesAProfileWithAnUnknownReasonOrRelativeName) {
  const std::string point =
      "crlDistPointsNum=1\ncrlDistPointsEnable_0=true\n"
      "crlDistPointsPointName_0=http://ca.example/a.crl\n";
  EXPECT_FALSE(test::faults_in_default("crlDistributionPointsExtDefaultImpl",
                                       point + "crlDistPointsReasons_0=lost")
                   .empty());
  EXPECT_FALSE(test::faults_in_default("crlDistributionPointsExtDefaultImpl",
                                       point + "crlDistPointsPointType_0=RelativeToIssuer")
                   .empty());
}

TEST(CrlDistributionPointsDefault, IsLeftOutWhenNoPointIsEnabled) {
  PolicyScene scene;
  ASSERT_TRUE(scene
                  .apply("crlDistributionPointsExtDefaultImpl",
                         "crlDistPointsNum=1\ncrlDistPointsEnable_0=false\n"
                         "crlDistPointsPointName_0=http://ca.example/a.crl")
                  .ok());
  EXPECT_EQ(scene.draft.find(pkix::oid::kCrlDistributionPoints), nullptr);
}

// ------------------------------------------------------------ alternative names

pkix::GeneralNames alternative_names(const PolicyScene& scene) {
  return unwrap(pkix::read_alternative_name(value_of(scene, pkix::oid::kSubjectAltName)));
}

TEST(SubjectAltNameDefault, FillsItsPatternsAndDropsWhatTheRequestLacks) {
  PolicyScene scene;
  scene.subject = name("CN=host.example,O=Test");
  ASSERT_TRUE(
      scene
          .apply("subjectAltNameExtDefaultImpl",
                 "subjAltNameNumGNs=3\nsubjAltExtGNEnable_0=true\nsubjAltExtType_0=DNSName\n"
                 "subjAltExtPattern_0=$request.req_subject_name.cn$\n"
                 "subjAltExtGNEnable_1=true\nsubjAltExtType_1=RFC822Name\n"
                 "subjAltExtPattern_1=$request.req_san_pattern_0$\n"
                 "subjAltExtGNEnable_2=true\nsubjAltExtType_2=IPAddress\n"
                 "subjAltExtPattern_2=192.0.2.1")
          .ok());
  EXPECT_EQ(alternative_names(scene),
            (pkix::GeneralNames{pkix::DnsName{"host.example"}, pkix::IpAddress{{192, 0, 2, 1}}}));
}

TEST(SubjectAltNameDefault, GivesNoExtensionWhenNoNameIsLeft) {
  PolicyScene scene;
  ASSERT_TRUE(
      scene
          .apply("subjectAltNameExtDefaultImpl",
                 "subjAltNameNumGNs=1\nsubjAltExtGNEnable_0=true\nsubjAltExtType_0=DNSName\n"
                 "subjAltExtPattern_0=")
          .ok());
  EXPECT_EQ(scene.draft.find(pkix::oid::kSubjectAltName), nullptr);
}

TEST(SubjectAltNameDefault, RefusesARequestThatFillsInNoSuchName) {
  PolicyScene scene;  // CN=Alice; an address needs digits
  EXPECT_EQ(fault_of(scene.apply("subjectAltNameExtDefaultImpl",
                                 "subjAltNameNumGNs=1\nsubjAltExtGNEnable_0=true\n"
                                 "subjAltExtType_0=IPAddress\n"
                                 "subjAltExtPattern_0=$request.req_subject_name.cn$")),
            Fault::name_not_allowed);
}

TEST(SubjectAltNameDefault, RefusesAProfileWithATypeThatIsNotOffered) {
  EXPECT_FALSE(test::faults_in_default("subjectAltNameExtDefaultImpl",
                                       "subjAltNameNumGNs=1\nsubjAltExtGNEnable_0=true\n"
                                       "subjAltExtType_0=OtherName\nsubjAltExtPattern_0=x")
                   .empty());
}

TEST(CommonNameToSanDefault, AddsAHostNameOnce) {
  PolicyScene scene;
  scene.draft.subject = name("CN=Host.example,O=Test");
  ASSERT_TRUE(scene.apply("commonNameToSANDefaultImpl").ok());
  EXPECT_EQ(alternative_names(scene), pkix::GeneralNames{pkix::DnsName{"Host.example"}});
  ASSERT_TRUE(scene.apply("commonNameToSANDefaultImpl").ok());
  EXPECT_EQ(alternative_names(scene).size(), 1U);
}

TEST(CommonNameToSanDefault, KeepsTheNamesThatAreThereAndFoldsCase) {
  PolicyScene scene;
  scene.draft.subject = name("CN=HOST.example");
  scene.draft.set({pkix::oid::kSubjectAltName, true,
                   pkix::write_alternative_name(
                       {pkix::DnsName{"host.example"}, pkix::Rfc822Name{"a@b.example"}})});
  ASSERT_TRUE(scene.apply("commonNameToSANDefaultImpl").ok());
  EXPECT_EQ(alternative_names(scene).size(), 2U);
  EXPECT_TRUE(scene.draft.find(pkix::oid::kSubjectAltName)->critical);
}

TEST(CommonNameToSanDefault, LeavesOtherCommonNamesAlone) {
  PolicyScene scene;
  for (const auto* subject : {"CN=Alice Smith", "CN=Alice", "O=Test", "CN=a_b.example"}) {
    scene.draft.subject = name(subject);
    ASSERT_TRUE(scene.apply("commonNameToSANDefaultImpl").ok());
    EXPECT_EQ(scene.draft.find(pkix::oid::kSubjectAltName), nullptr) << subject;
  }
}

// ------------------------------------------------------------ policies, fixed and copied ones

TEST(CertificatePoliciesDefault, WritesPoliciesWithACpsUri) {
  PolicyScene scene;
  ASSERT_TRUE(
      scene
          .apply("certificatePoliciesExtDefaultImpl",
                 "PoliciesExt.num=2\nPoliciesExt.certPolicy0.enable=true\n"
                 "PoliciesExt.certPolicy0.policyId=1.2.3.4\n"
                 "PoliciesExt.certPolicy0.PolicyQualifiers.num=1\n"
                 "PoliciesExt.certPolicy0.PolicyQualifiers0.CPSURI.enable=true\n"
                 "PoliciesExt.certPolicy0.PolicyQualifiers0.CPSURI.value=http://cps.example\n"
                 "PoliciesExt.certPolicy1.enable=true\n"
                 "PoliciesExt.certPolicy1.policyId=1.2.3.5")
          .ok());
  EXPECT_EQ(value_of(scene, pkix::oid::kCertificatePolicies),
            pkix::write_certificate_policies({{asn1::Oid{"1.2.3.4"}, "http://cps.example"},
                                              {asn1::Oid{"1.2.3.5"}, std::nullopt}}));
}

TEST(CertificatePoliciesDefault, WritesAUserNotice) {
  PolicyScene scene;
  const std::string prefix = "PoliciesExt.certPolicy0.PolicyQualifiers0.usernotice.";
  ASSERT_TRUE(scene
                  .apply("certificatePoliciesExtDefaultImpl",
                         "PoliciesExt.num=1\nPoliciesExt.certPolicy0.enable=true\n"
                         "PoliciesExt.certPolicy0.policyId=1.2.3.4\n"
                         "PoliciesExt.certPolicy0.PolicyQualifiers.num=1\n" +
                             prefix + "enable=true\n" + prefix + "explicitText.value=Hi\n" +
                             prefix + "noticeReference.organization=Us\n" + prefix +
                             "noticeReference.noticeNumbers=1,2")
                  .ok());
  EXPECT_EQ(to_hex(value_of(scene, pkix::oid::kCertificatePolicies)),
            "3029302706032a03043020301e06082b060105050702023012300c0c0255733006020101020102"
            "0c024869");
  EXPECT_TRUE(pkix::check_extension_value(*scene.draft.find(pkix::oid::kCertificatePolicies)).ok());
}

TEST(CertificatePoliciesDefault, LeavesADisabledPolicyOut) {
  PolicyScene scene;
  ASSERT_TRUE(scene
                  .apply("certificatePoliciesExtDefaultImpl",
                         "PoliciesExt.num=1\nPoliciesExt.certPolicy0.enable=false\n"
                         "PoliciesExt.certPolicy0.policyId=")
                  .ok());
  EXPECT_EQ(scene.draft.find(pkix::oid::kCertificatePolicies), nullptr);
}

TEST(UserExtensionDefault, CopiesWhatTheRequestAsksFor) {
  PolicyScene scene;
  const pkix::Extension asked{pkix::oid::kSubjectAltName, true,
                              pkix::write_alternative_name({pkix::DnsName{"host.example"}})};
  scene.extensions = {asked};
  ASSERT_TRUE(scene.apply("userExtensionDefaultImpl", "userExtOID=2.5.29.17").ok());
  EXPECT_EQ(scene.draft.extensions, pkix::Extensions{asked});
  ASSERT_TRUE(scene.apply("userExtensionDefaultImpl", "userExtOID=2.5.29.15").ok());
  EXPECT_EQ(scene.draft.extensions.size(), 1U);
}

TEST(GenericExtensionDefault, GivesTheOctetsOfTheProfile) {
  PolicyScene scene;
  ASSERT_TRUE(scene
                  .apply("genericExtDefaultImpl",
                         "genericExtOID=1.2.3.4\ngenericExtCritical=true\ngenericExtData=0C0161")
                  .ok());
  EXPECT_EQ(scene.draft.extensions,
            (pkix::Extensions{{asn1::Oid{"1.2.3.4"}, true, {0x0C, 0x01, 0x61}}}));
}

TEST(GenericExtensionDefault, RefusesAProfileWithBadHexOrOid) {
  EXPECT_FALSE(test::faults_in_default("genericExtDefaultImpl",
                                       "genericExtOID=1.2.3.4\ngenericExtData=0C016")
                   .empty());
  EXPECT_FALSE(
      test::faults_in_default("genericExtDefaultImpl", "genericExtOID=x\ngenericExtData=0500")
          .empty());
  EXPECT_FALSE(test::faults_in_default("genericExtDefaultImpl",
                                       "genericExtOID=2.5.29.15\ngenericExtData=0500")
                   .empty());
}

TEST(OcspNoCheckDefault, GivesNull) {
  PolicyScene scene;
  ASSERT_TRUE(scene.apply("ocspNoCheckExtDefaultImpl", "ocspNoCheckCritical=false").ok());
  EXPECT_EQ(value_of(scene, pkix::oid::kOcspNoCheck), (Bytes{0x05, 0x00}));
}

TEST(ExtensionConstraint, DemandsTheExtensionAndItsCriticality) {
  PolicyScene scene;
  const std::string demand = "extOID=1.3.6.1.5.5.7.48.1.5\n";
  EXPECT_EQ(fault_of(scene.check("extensionConstraintImpl", demand)), Fault::extension_not_allowed);
  ASSERT_TRUE(scene.apply("ocspNoCheckExtDefaultImpl").ok());
  EXPECT_TRUE(scene.check("extensionConstraintImpl", demand + "extCritical=false").ok());
  EXPECT_TRUE(scene.check("extensionConstraintImpl", demand + "extCritical=-").ok());
  EXPECT_EQ(fault_of(scene.check("extensionConstraintImpl", demand + "extCritical=true")),
            Fault::extension_not_allowed);
}

TEST(CertificateVersionDefault, IsThreeOrRefused) {
  EXPECT_TRUE(test::faults_in_default("certificateVersionDefaultImpl", "certVersionNum=3").empty());
  EXPECT_FALSE(
      test::faults_in_default("certificateVersionDefaultImpl", "certVersionNum=1").empty());
}

// ------------------------------------------------------------ signature algorithms

TEST(SigningAlgorithmDefault, TakesTheAuthoritysOwnOrTheOneNamed) {
  PolicyScene scene;
  ASSERT_TRUE(scene.apply("signingAlgDefaultImpl", "signingAlg=-").ok());
  EXPECT_EQ(scene.draft.signature_algorithm, scene.authority.default_signature_algorithm);
  ASSERT_TRUE(scene.apply("signingAlgDefaultImpl", "signingAlg=SHA512withEC").ok());
  EXPECT_EQ(scene.draft.signature_algorithm.algorithm, pkix::oid::kEcdsaWithSha512);
}

TEST(SigningAlgorithmDefault, RefusesOneThatTheAuthoritysKeyCannotMake) {
  PolicyScene scene;
  EXPECT_EQ(fault_of(scene.apply("signingAlgDefaultImpl", "signingAlg=SHA256withRSA")),
            Fault::internal);
}

TEST(SigningAlgorithmDefault, RefusesAProfileThatNamesAWeakOne) {
  EXPECT_FALSE(test::faults_in_default("signingAlgDefaultImpl", "signingAlg=SHA1withRSA").empty());
}

TEST(UserSigningAlgorithmDefault, TakesWhatTheRequestAsksForWhenTheKeyCan) {
  PolicyScene scene;
  ASSERT_TRUE(scene.apply("userSigningAlgDefaultImpl").ok());
  EXPECT_EQ(scene.draft.signature_algorithm, scene.authority.default_signature_algorithm);
  scene.signing_algorithm = unwrap(crypto::signature_algorithm_by_name("SHA384withEC"));
  ASSERT_TRUE(scene.apply("userSigningAlgDefaultImpl").ok());
  EXPECT_EQ(scene.draft.signature_algorithm, scene.signing_algorithm);
  scene.signing_algorithm = unwrap(crypto::signature_algorithm_by_name("SHA256withRSA"));
  EXPECT_EQ(fault_of(scene.apply("userSigningAlgDefaultImpl")), Fault::unsupported_algorithm);
}

TEST(SigningAlgorithmConstraint, AllowsWhatIsNamedAndWarnsOfWhatIsWeak) {
  PolicyScene scene;
  const auto* allowed = "signingAlgsAllowed=SHA256withEC,MD5withRSA";
  EXPECT_TRUE(scene.check("signingAlgConstraintImpl", allowed).ok());
  EXPECT_EQ(fault_of(scene.check("signingAlgConstraintImpl", "signingAlgsAllowed=SHA256withRSA")),
            Fault::unsupported_algorithm);
  EXPECT_EQ(test::faults_in_constraint("signingAlgConstraintImpl", allowed).size(), 1U);
}

}  // namespace
}  // namespace signet::policy
