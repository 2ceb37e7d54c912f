// What an agent who approves a request may change in its certificate, and what not.
#include "policy/agent_changes.h"

#include <gtest/gtest.h>

#include "codec/pkix/oids.h"
#include "support/approval_scene.h"
#include "support/sample_extensions.h"
#include "support/unwrap.h"

namespace signet::policy {
namespace {

namespace oid = pkix::oid;
using pkix::KeyUsageBit;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;
using test::ApprovalScene;
using test::dns_name;
using test::fault_of;
using test::key_usage;
using test::kSet;
using test::one_more_policy;
using test::purpose;
using test::unwrap;

const pkix::Extension kNull{asn1::Oid{"1.2.3.4"}, false, {0x05, 0x00}};
const std::string kFreeUsage = std::string(kSet) + "6.constraint.class_id=noConstraintImpl\n";
const std::string kFreeValidity = std::string(kSet) + "2.constraint.class_id=noConstraintImpl\n";

/// The profile of who signs with a certificate, which gives clientAuth and emailProtection.
std::shared_ptr<const Profile> users_profile(const std::string& more_lines = "") {
  return test::shipped_profile("caFullCMCUserSignedCert", more_lines);
}
std::string copying(const asn1::Oid& id) {
  return one_more_policy("userExtensionDefaultImpl", "userExtOID=" + id.to_text());
}
pkix::Extension purposes_named(const std::vector<asn1::Oid>& ids) {
  return {oid::kExtendedKeyUsage, false, pkix::write_extended_key_usage(ids)};
}
pkix::Extension no_check() {
  return {oid::kOcspNoCheck, false, {0x05, 0x00}};
}

/// Alice's request, approved with these changes.
Result<ApprovedCertificate> approved_with(const AgentChanges& changes, const Profile& profile,
                                          ApprovalScene scene = {},
                                          const pkix::Extensions& asked = {}) {
  scene.agent_changes = changes;
  return scene.approve(profile, scene.alice,
                       test::request_for("CN=Alice,O=Test", test::test_key("ec:p256", 1), asked));
}
Result<ApprovedCertificate> giving(const pkix::Extensions& extensions,
                                   const std::string& more_lines = "") {
  return approved_with({.extensions = extensions}, *users_profile(more_lines));
}
Result<ApprovedCertificate> leaving_out(const asn1::Oid& id, const std::string& more_lines = "") {
  return approved_with({.left_out = {id}}, *users_profile(more_lines));
}
const pkix::Extension* extension_in(const Result<ApprovedCertificate>& approved,
                                    const asn1::Oid& id) {
  return pkix::find_extension(approved->extensions(), id);
}

// ------------------------------------------------------------ what is the profile's to give

TEST(AgentChanges, GiveAnotherValueOfWhatTheProfileGivesOrCopies) {
  const auto replaced = giving({purpose(oid::kClientAuth)});
  ASSERT_TRUE(replaced.ok()) << replaced.error().detail;
  EXPECT_EQ(*extension_in(replaced, oid::kExtendedKeyUsage), purpose(oid::kClientAuth));
  const auto copied = giving({kNull}, copying(kNull.extn_id));
  ASSERT_TRUE(copied.ok()) << copied.error().detail;
  EXPECT_EQ(*extension_in(copied, kNull.extn_id), kNull);
  EXPECT_TRUE(leaving_out(kNull.extn_id).ok()) << "it is not there";
}

TEST(AgentChanges, GiveNothingThatTheProfileNeitherGivesNorCopies) {
  for (const auto& other : {kNull, test::basic_constraints(false), dns_name("host.example")}) {
    const auto refused = giving({other});
    ASSERT_EQ(fault_of(refused), Fault::extension_not_allowed) << other.extn_id.to_text();
    EXPECT_NE(refused.error().detail.find("neither gives it nor copies"), std::string::npos);
  }
}

TEST(AgentChanges, AreHeldToTheConstraintsAllTheSame) {
  EXPECT_EQ(fault_of(giving({key_usage({KeyUsageBit::digitalSignature})})),
            Fault::extension_not_allowed);
  EXPECT_TRUE(giving({key_usage({KeyUsageBit::digitalSignature})}, kFreeUsage).ok());
}

TEST(AgentChanges, TurnNoKeyUsageThatWasAskedForIntoItsOpposite) {
  const auto with = [](KeyUsageBit bit) {
    return approved_with({.extensions = {key_usage({bit})}}, *users_profile(kFreeUsage), {},
                         {key_usage({KeyUsageBit::digitalSignature})});
  };
  EXPECT_TRUE(with(KeyUsageBit::digitalSignature).ok());
  EXPECT_EQ(fault_of(with(KeyUsageBit::nonRepudiation)), Fault::extension_not_allowed);
}

TEST(AgentChanges, LeaveTheAuthoritysWordsAboutTheCertificateAlone) {
  const auto profile = users_profile(one_more_policy(
      "genericExtDefaultImpl", "genericExtOID=2.5.29.32\n" + std::string(kSet) +
                                   "20.default.params.genericExtData=3006300406022a03"));
  const ApprovalScene scene;
  const auto granted = approved_with({}, *profile, scene);
  ASSERT_TRUE(granted.ok()) << granted.error().detail;
  for (const auto& id :
       {oid::kAuthorityKeyIdentifier, oid::kAuthorityInfoAccess, oid::kCertificatePolicies}) {
    auto extension = *extension_in(granted, id);
    const auto same = approved_with({.extensions = {extension}}, *profile, scene);
    EXPECT_TRUE(same.ok()) << same.error().detail;
    EXPECT_EQ(fault_of(approved_with({.left_out = {id}}, *profile, scene)),
              Fault::extension_not_allowed);
    extension.critical = true;
    EXPECT_EQ(fault_of(approved_with({.extensions = {extension}}, *profile, scene)),
              Fault::extension_not_allowed);
  }
  const pkix::Extension points{
      oid::kCrlDistributionPoints, false,
      pkix::write_crl_distribution_points(
          {{pkix::UniformResourceIdentifier{"http://mallory.example/crl"}}})};
  EXPECT_EQ(fault_of(giving({points}, copying(points.extn_id))), Fault::extension_not_allowed);
}

/// As an extension that the profile writes out itself.
std::string written_out(const pkix::Extension& extension) {
  return one_more_policy("genericExtDefaultImpl",
                         "genericExtOID=" + extension.extn_id.to_text() + "\n" + kSet +
                             "20.default.params.genericExtData=" + to_hex(extension.extn_value));
}

TEST(AgentChanges, LeaveWhatTheProfileWritesOutAlone) {
  auto other = kNull;
  other.extn_value = {0x0c, 0x01, 'x'};
  const auto lines = written_out(kNull);
  EXPECT_TRUE(giving({kNull}, lines).ok()) << "no change";
  EXPECT_EQ(fault_of(giving({other}, lines)), Fault::extension_not_allowed);
  EXPECT_EQ(fault_of(leaving_out(kNull.extn_id, lines)), Fault::extension_not_allowed);
  EXPECT_TRUE(giving({other}, copying(kNull.extn_id)).ok()) << "what is copied stays open";
}

TEST(AgentChanges, TakeNoTlsFeatureAway) {
  const pkix::Extension must_staple{
      asn1::Oid{"1.3.6.1.5.5.7.1.24"}, false, {0x30, 0x03, 0x02, 0x01, 0x05}};
  const pkix::Extension none{must_staple.extn_id, false, {0x30, 0x00}};
  const auto profile = users_profile(copying(must_staple.extn_id));
  const auto with = [&](const AgentChanges& changes, const pkix::Extensions& asked) {
    return fault_of(approved_with(changes, *profile, {}, asked));
  };
  EXPECT_EQ(with({.left_out = {must_staple.extn_id}}, {must_staple}), Fault::extension_not_allowed);
  EXPECT_EQ(with({.extensions = {none}}, {must_staple}), Fault::extension_not_allowed);
  EXPECT_EQ(with({.extensions = {must_staple}}, {must_staple}), std::nullopt);
  EXPECT_EQ(with({.extensions = {must_staple}}, {}), std::nullopt) << "narrows";
  EXPECT_EQ(with({.left_out = {must_staple.extn_id}}, {}), std::nullopt) << "it is not there";
}

TEST(AgentChanges, LeaveOutNothingWithoutWhichACertificateIsGoodForEverything) {
  EXPECT_EQ(fault_of(leaving_out(oid::kExtendedKeyUsage)), Fault::extension_not_allowed);
  EXPECT_EQ(fault_of(leaving_out(oid::kKeyUsage, kFreeUsage)), Fault::extension_not_allowed);
  const auto both = approved_with(
      {.extensions = {purpose(oid::kClientAuth)}, .left_out = {oid::kExtendedKeyUsage}},
      *users_profile());
  EXPECT_EQ(fault_of(both), Fault::extension_not_allowed);
  const auto profile = users_profile(copying(kNull.extn_id));
  const auto left = approved_with({.left_out = {kNull.extn_id}}, *profile, {}, {kNull});
  ASSERT_TRUE(left.ok()) << left.error().detail;
  EXPECT_EQ(extension_in(left, kNull.extn_id), nullptr);
}

// ------------------------------------------------------------ powers

TEST(AgentChanges, MakeNoAgentAndNobodyWhoSpeaksForTheAuthority) {
  for (const auto& reserved :
       {oid::kCmcRA, oid::kCmcCA, oid::kCmcArchive, oid::kOcspSigning, oid::kAnyExtendedKeyUsage,
        asn1::Oid{"1.3.6.1.4.1.311.10.12.1"}, asn1::Oid{"1.3.6.1.4.1.311.20.2.1"}}) {
    for (const auto& lines : {std::string(), copying(oid::kExtendedKeyUsage)}) {
      EXPECT_EQ(fault_of(giving({purposes_named({oid::kClientAuth, reserved})}, lines)),
                Fault::extension_not_allowed)
          << reserved.to_text();
    }
  }
  EXPECT_TRUE(giving({purposes_named({oid::kClientAuth, oid::kServerAuth})}).ok());
}

TEST(AgentChanges, KeepPurposesThatTheProfileItselfGives) {
  const auto lines =
      std::string(kSet) + "7.default.params.exKeyUsageOIDs=1.3.6.1.5.5.7.3.9,1.3.6.1.5.5.7.3.2\n";
  EXPECT_TRUE(giving({purpose(oid::kOcspSigning)}, lines).ok());
  EXPECT_EQ(fault_of(giving({purpose(oid::kCmcRA)}, lines)), Fault::extension_not_allowed);
}

TEST(AgentChanges, FreeNobodyOfQuestionsAfterItsRevocation) {
  EXPECT_EQ(fault_of(giving({no_check()})), Fault::extension_not_allowed);
  EXPECT_EQ(fault_of(giving({no_check()}, copying(oid::kOcspNoCheck))),
            Fault::extension_not_allowed);
  const auto given = one_more_policy("ocspNoCheckExtDefaultImpl", "ocspNoCheckCritical=true");
  EXPECT_TRUE(giving({no_check()}, given).ok()) << "the profile gives it";
}

TEST(AgentChanges, MakeNoAuthority) {
  const auto usage = key_usage({KeyUsageBit::keyCertSign, KeyUsageBit::cRLSign});
  const auto lines = copying(oid::kBasicConstraints) + kFreeUsage;
  EXPECT_EQ(fault_of(giving({test::basic_constraints(true), usage}, lines)),
            Fault::extension_not_allowed);
  EXPECT_TRUE(giving({test::basic_constraints(false)}, lines).ok());
  for (const auto bit : {KeyUsageBit::keyCertSign, KeyUsageBit::cRLSign}) {
    const auto refused = giving({key_usage({KeyUsageBit::digitalSignature, bit})}, kFreeUsage);
    ASSERT_EQ(fault_of(refused), Fault::extension_not_allowed);
    EXPECT_NE(refused.error().detail.find("to whom the profile gives them"), std::string::npos);
  }
}

/// A profile that makes authorities with at most one below them, for clients' certificates alone.
std::shared_ptr<const Profile> authority_profile() {
  const std::string set = kSet;
  return users_profile(set + "list=1,2,3,4,6,7,8,20,21,22\n" + set +
                       "6.default.params.keyUsageKeyCertSign=true\n" + set +
                       "6.default.params.keyUsageCrlSign=true\n" + kFreeUsage + set +
                       "20.default.class_id=basicConstraintsExtDefaultImpl\n" + set +
                       "20.default.params.basicConstraintsIsCA=true\n" + set +
                       "20.default.params.basicConstraintsCritical=true\n" + set +
                       "20.default.params.basicConstraintsPathLen=1\n" + set +
                       "20.constraint.class_id=noConstraintImpl\n" + set +
                       "21.default.class_id=subjectKeyIdentifierExtDefaultImpl\n" + set +
                       "21.constraint.class_id=noConstraintImpl\n" + set +
                       "22.default.class_id=genericExtDefaultImpl\n" + set +
                       "22.default.params.genericExtOID=2.5.29.30\n" + set +
                       "22.default.params.genericExtCritical=true\n" + set +
                       "22.default.params.genericExtData=300fa00d300b8209612e6578616d706c65\n" +
                       set + "22.constraint.class_id=noConstraintImpl\n");
}

TEST(AgentChanges, BindAnAuthorityMoreCloselyAndNeverLess) {
  const auto profile = authority_profile();
  const auto granted = approved_with({}, *profile);
  ASSERT_TRUE(granted.ok()) << granted.error().detail;
  const auto with = [&](const pkix::Extension& extension) {
    return fault_of(approved_with({.extensions = {extension}}, *profile));
  };
  EXPECT_EQ(with(test::basic_constraints(true, 0)), std::nullopt);
  EXPECT_EQ(with(test::basic_constraints(true, 2)), Fault::extension_not_allowed);
  EXPECT_EQ(with(test::basic_constraints(true)), Fault::extension_not_allowed);
  EXPECT_EQ(with(key_usage({KeyUsageBit::keyCertSign})), std::nullopt);
  EXPECT_EQ(with(purpose(oid::kClientAuth)), std::nullopt);
  EXPECT_EQ(with(purpose(oid::kServerAuth)), Fault::extension_not_allowed);
  auto names = *extension_in(granted, oid::kNameConstraints);
  names.extn_value.back() = 'x';
  EXPECT_EQ(with(names), Fault::extension_not_allowed);
  for (const auto& id : {oid::kNameConstraints, oid::kExtendedKeyUsage, oid::kKeyUsage}) {
    EXPECT_EQ(fault_of(approved_with({.left_out = {id}}, *profile)), Fault::extension_not_allowed);
  }
}

// ------------------------------------------------------------ names

TEST(AgentChanges, GiveNoAlternativeNamesButTheHoldersOwn) {
  const auto profile = users_profile(copying(oid::kSubjectAltName));
  const auto holder_of_names = [] {
    ApprovalScene scene;
    scene.alice = scene.ca.issue({.alternative_names = {pkix::DnsName{"alice.example"}}});
    auto record = scene.store.records.back();
    record.serial_number = scene.alice.certificate->serial_number;
    record.certificate_der = scene.alice.certificate.der;
    record.key_hash = {};
    scene.store.records.push_back(std::move(record));
    return scene;
  };
  const auto with = [&](const pkix::Extension& names, const ApprovalScene& scene) {
    return fault_of(approved_with({.extensions = {names}}, *profile, scene));
  };
  EXPECT_EQ(with(dns_name("www.bank.example"), {}), Fault::name_not_allowed);
  EXPECT_EQ(with(dns_name("alice.example"), {}), Fault::name_not_allowed) << "its subject alone";
  EXPECT_EQ(with(dns_name("alice.example"), holder_of_names()), std::nullopt);
  EXPECT_EQ(with(dns_name("www.bank.example"), holder_of_names()), Fault::name_not_allowed);
}

TEST(AgentChanges, KeepAlternativeNamesThatTheProfileItselfGives) {
  const auto lines = std::string(kSet) + "20.default.params.subjAltExtGNEnable_0=true\n" + kSet +
                     "20.default.params.subjAltExtType_0=DNSName\n" + kSet +
                     "20.default.params.subjAltExtPattern_0=all.example\n";
  const auto profile =
      one_more_policy("subjectAltNameExtDefaultImpl", "subjAltNameNumGNs=1") + lines;
  auto critical = dns_name("all.example");
  critical.critical = true;
  EXPECT_TRUE(giving({critical}, profile).ok());
  EXPECT_EQ(fault_of(giving({dns_name("other.example")}, profile)), Fault::name_not_allowed);
}

// ------------------------------------------------------------ validity

TEST(AgentChanges, EndNoLaterThanAConstraintAllows) {
  const auto ending = [](days after, const std::string& lines) {
    return fault_of(approved_with({.not_after = test::kTestTime + after}, *users_profile(lines)));
  };
  EXPECT_EQ(ending(days{365}, ""), std::nullopt);
  EXPECT_EQ(ending(days{366}, ""), Fault::validity_not_allowed);
  EXPECT_EQ(ending(days{180}, kFreeValidity), std::nullopt);
  EXPECT_EQ(ending(days{10}, kFreeValidity), std::nullopt);
  EXPECT_EQ(ending(days{181}, kFreeValidity), Fault::validity_not_allowed)
      << "no constraint says that it may be longer than the default's";
}

TEST(AgentChanges, EndNoLaterThanAConstraintAllowsFromTheProfilesOwnBeginningOn) {
  const auto later = [](days begins, days ends) {
    return fault_of(
        approved_with({.not_before = test::kTestTime + begins, .not_after = test::kTestTime + ends},
                      *users_profile()));
  };
  EXPECT_EQ(later(days{180}, days{365}), std::nullopt);
  EXPECT_EQ(later(days{180}, days{366}), Fault::validity_not_allowed);
  EXPECT_EQ(later(days{180}, days{500}), Fault::validity_not_allowed);
}

TEST(AgentChanges, EndWithinTheAuthoritysValidityOnlyWhereThatBindsTheCertificate) {
  const auto ending = [](const std::string& bypass) {
    const std::string policy = std::string(kSet) + "2.";
    const auto lines = policy + "default.class_id=caValidityDefaultImpl\n" + policy +
                       "default.params.bypassCAnotafter=" + bypass + "\n" + policy +
                       "constraint.class_id=caValidityConstraintImpl\n";
    return fault_of(
        approved_with({.not_after = test::kTestTime + days{200}}, *users_profile(lines)));
  };
  EXPECT_EQ(ending("false"), std::nullopt);
  EXPECT_EQ(ending("true"), Fault::validity_not_allowed);
}

TEST(AgentChanges, BeginWithinTheValidityOfTheProfileOrADayBefore) {
  const auto beginning = [](seconds after) {
    const auto not_before = test::kTestTime + after;
    return fault_of(approved_with({.not_before = not_before, .not_after = not_before + days{30}},
                                  *users_profile()));
  };
  EXPECT_EQ(beginning(-hours{24}), std::nullopt);
  EXPECT_EQ(beginning(-hours{24} - seconds{1}), Fault::validity_not_allowed);
  EXPECT_EQ(beginning(days{180}), std::nullopt);
  EXPECT_EQ(beginning(days{180} + seconds{1}), Fault::validity_not_allowed);
}

}  // namespace
}  // namespace signet::policy
