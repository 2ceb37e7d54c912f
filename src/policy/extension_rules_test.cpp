#include "policy/extension_rules.h"

#include <gtest/gtest.h>

#include "codec/pkix/oids.h"
#include "support/policy_scene.h"
#include "support/sample_extensions.h"

namespace signet::policy {
namespace {

namespace oid = pkix::oid;
using pkix::Extension;
using pkix::Extensions;
using pkix::KeyUsageBit;
using test::basic_constraints;
using test::fault_of;
using test::key_usage;
using test::name;

Extension key_identifier() {
  return {oid::kSubjectKeyIdentifier, false, pkix::write_subject_key_identifier(Bytes(20, 1))};
}
Extension alternative_name(const pkix::GeneralName& general_name, bool critical = false) {
  return {oid::kSubjectAltName, critical, pkix::write_alternative_name({general_name})};
}
Extension purposes(const std::vector<asn1::Oid>& oids) {
  return {oid::kExtendedKeyUsage, false, pkix::write_extended_key_usage(oids)};
}
Extension information_access(const asn1::Oid& method, const pkix::GeneralName& location) {
  return {oid::kSubjectInfoAccess, false, pkix::write_information_access({{method, location}})};
}
Extensions authority() {
  return {basic_constraints(true), key_usage({KeyUsageBit::keyCertSign}), key_identifier()};
}

Result<void> check(const Extensions& extensions) {
  return check_extension_rules(extensions, name("CN=Alice"));
}

TEST(ExtensionRules, AllowAUsersAndAnAuthoritysExtensions) {
  EXPECT_TRUE(check({}).ok());
  EXPECT_TRUE(check({key_usage({KeyUsageBit::digitalSignature}), key_identifier(),
                     purposes({oid::kClientAuth})})
                  .ok());
  EXPECT_TRUE(check(authority()).ok());
}

TEST(ExtensionRules, RefuseAValueThatIsNotOfItsType) {
  EXPECT_EQ(fault_of(check({{oid::kKeyUsage, true, {0x05, 0x00}}})), Fault::malformed);
  EXPECT_EQ(fault_of(check({{oid::kExtendedKeyUsage, false, {0x30, 0x00}}})), Fault::malformed);
}

TEST(ExtensionRules, RefuseTheWrongCriticality) {
  for (const auto& id : {oid::kSubjectKeyIdentifier, oid::kAuthorityInfoAccess}) {
    Extension extension =
        id == oid::kSubjectKeyIdentifier
            ? key_identifier()
            : Extension{
                  id, false,
                  pkix::write_information_access(
                      {{oid::kOcsp, pkix::UniformResourceIdentifier{"http://ocsp.example/"}}})};
    EXPECT_TRUE(check({extension}).ok());
    extension.critical = true;
    EXPECT_EQ(fault_of(check({extension})), Fault::extension_not_allowed) << id.to_text();
  }
}

TEST(ExtensionRules, DemandCriticalBasicConstraintsOfAnAuthority) {
  auto extensions = authority();
  extensions[0].critical = false;
  EXPECT_EQ(fault_of(check(extensions)), Fault::extension_not_allowed);
  EXPECT_TRUE(check({basic_constraints(false, {}, false)}).ok());
}

TEST(ExtensionRules, BindKeyCertSignAndAuthorityToEachOther) {
  EXPECT_EQ(fault_of(check({key_usage({KeyUsageBit::keyCertSign})})), Fault::extension_not_allowed);
  EXPECT_EQ(fault_of(check({basic_constraints(false), key_usage({KeyUsageBit::keyCertSign})})),
            Fault::extension_not_allowed);
  EXPECT_EQ(fault_of(check({basic_constraints(true), key_identifier()})),
            Fault::extension_not_allowed);
  EXPECT_EQ(fault_of(check({basic_constraints(true), key_usage({KeyUsageBit::digitalSignature}),
                            key_identifier()})),
            Fault::extension_not_allowed);
  EXPECT_EQ(fault_of(check({basic_constraints(true), key_usage({KeyUsageBit::keyCertSign})})),
            Fault::extension_not_allowed);
}

TEST(ExtensionRules, AllowAPathLengthOnlyForAnAuthority) {
  auto extensions = authority();
  extensions[0] = basic_constraints(true, 0);
  EXPECT_TRUE(check(extensions).ok());
  EXPECT_EQ(fault_of(check({basic_constraints(false, 0)})), Fault::extension_not_allowed);
}

TEST(ExtensionRules, AllowNameConstraintsOnlyForAnAuthorityAndCritical) {
  // permittedSubtrees { dNSName "example" }
  const Bytes value{0x30, 0x0D, 0xA0, 0x0B, 0x30, 0x09, 0x82, 0x07,
                    'e',  'x',  'a',  'm',  'p',  'l',  'e'};
  auto extensions = authority();
  extensions.push_back({oid::kNameConstraints, true, value});
  EXPECT_TRUE(check(extensions).ok());
  extensions.back().critical = false;
  EXPECT_EQ(fault_of(check(extensions)), Fault::extension_not_allowed);
  EXPECT_EQ(fault_of(check({{oid::kNameConstraints, true, value}})), Fault::extension_not_allowed);
}

TEST(ExtensionRules, DemandACriticalAlternativeNameWithoutASubject) {
  const auto dns = pkix::DnsName{"host.example"};
  EXPECT_TRUE(check_extension_rules({alternative_name(dns, true)}, {}).ok());
  EXPECT_EQ(fault_of(check_extension_rules({alternative_name(dns)}, {})),
            Fault::extension_not_allowed);
  EXPECT_EQ(fault_of(check_extension_rules({}, {})), Fault::extension_not_allowed);
}

TEST(ExtensionRules, DemandTheFormOfEachAlternativeName) {
  EXPECT_TRUE(check({alternative_name(pkix::DnsName{"host.example"})}).ok());
  EXPECT_EQ(fault_of(check({alternative_name(pkix::DnsName{"host_a.example"})})), Fault::malformed);
}

TEST(ExtensionRules, DemandACmcPurposeOfWhoeverOffersCmc) {
  /* matrix: E159 */
  const auto place = information_access(oid::kCmcAccess,
                                        pkix::UniformResourceIdentifier{"https://ca.example/cmc"});
  EXPECT_EQ(fault_of(check({place})), Fault::extension_not_allowed);
  EXPECT_EQ(fault_of(check({place, purposes({oid::kServerAuth})})), Fault::extension_not_allowed);
  EXPECT_TRUE(check({place, purposes({oid::kCmcCA})}).ok());
  EXPECT_TRUE(check({place, purposes({oid::kServerAuth, oid::kCmcRA})}).ok());
}

TEST(ExtensionRules, AllowFourFormsOfPlaceForCmc) {
  /* matrix: E160 */
  const auto may_be = [](const pkix::GeneralName& place) {
    return check({information_access(oid::kCmcAccess, place), purposes({oid::kCmcCA})}).ok();
  };
  EXPECT_TRUE(may_be(pkix::UniformResourceIdentifier{"https://ca.example/cmc"}));
  EXPECT_TRUE(may_be(pkix::Rfc822Name{"cmc@ca.example"}));
  EXPECT_TRUE(may_be(pkix::DnsName{"ca.example"}));
  EXPECT_TRUE(may_be(pkix::IpAddress{{192, 0, 2, 1}}));
  EXPECT_FALSE(may_be(name("CN=CA")));
  EXPECT_FALSE(may_be(pkix::RegisteredId{asn1::Oid{"1.2.3"}}));
}

TEST(ExtensionRules, KnowTheExtensionsOfRfc5280) {
  EXPECT_TRUE(is_known_extension(oid::kKeyUsage));
  EXPECT_TRUE(is_known_extension(oid::kInhibitAnyPolicy));
  EXPECT_FALSE(is_known_extension(asn1::Oid{"1.2.3.4"}));
}

}  // namespace
}  // namespace signet::policy
