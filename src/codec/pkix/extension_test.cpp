#include "codec/pkix/extension.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "codec/asn1/whole.h"
#include "codec/pkix/certificate.h"
#include "codec/pkix/distribution_point.h"
#include "codec/pkix/oids.h"
#include "support/octets.h"
#include "support/one_more_element.h"
#include "support/shared_data.h"

namespace signet::pkix {
namespace {

using test::hex;

Result<Extensions> extensions_in(std::string_view octets) {
  return asn1::read_whole(hex(octets), asn1::Limits::der(),
                          [](asn1::Reader& reader) { return read_extensions(reader); });
}

Fault fault_of(const Oid& extension, std::string_view value) {
  const auto checked = check_extension_value({extension, false, hex(value)});
  if (checked.ok()) ADD_FAILURE() << extension.to_text() << " takes " << value;
  return checked.ok() ? Fault::internal : checked.error().fault;
}

bool takes(const Oid& extension, std::string_view value) {
  const auto checked = check_extension_value({extension, false, hex(value)});
  if (!checked.ok()) ADD_FAILURE() << checked.error().detail;
  return checked.ok();
}

TEST(ReadExtensions, AreReadBackAsWritten) {
  const Extensions extensions = {{oid::kKeyUsage, true, hex("03020780")},
                                 {oid::kSubjectKeyIdentifier, false, hex("040107")}};
  asn1::Writer writer;
  write_extensions(writer, extensions, asn1::context_constructed(9));
  const auto read_back = asn1::read_whole(
      writer.view(), asn1::Limits::der(),
      [](asn1::Reader& reader) { return read_extensions(reader, asn1::context_constructed(9)); });
  EXPECT_EQ(read_back.value(), extensions);
  EXPECT_EQ(find_extension(extensions, oid::kKeyUsage), &extensions[0]);
  EXPECT_EQ(find_extension(extensions, oid::kExtendedKeyUsage), nullptr);
}

TEST(ReadExtensions, RefusesWhatIsNoExtension) {
  EXPECT_EQ(extensions_in("3000").error().fault, Fault::malformed);
  EXPECT_EQ(extensions_in("3002 3000").error().fault, Fault::malformed);
  EXPECT_EQ(extensions_in("3007 3005 0603551D0F").error().fault, Fault::malformed);
  EXPECT_EQ(extensions_in("300C 300A 0603551D0F 010101 0400").error().fault, Fault::malformed);
  EXPECT_EQ(extensions_in("300B 3009 0603551D0F 0400 0400").error().fault, Fault::trailing_data);
}

TEST(KeyUsage, IsReadAndWrittenBitByBit) {
  const std::vector<std::pair<KeyUsageBit, const char*>> bits = {
      {KeyUsageBit::digitalSignature, "03020780"}, {KeyUsageBit::nonRepudiation, "03020640"},
      {KeyUsageBit::keyEncipherment, "03020520"},  {KeyUsageBit::dataEncipherment, "03020410"},
      {KeyUsageBit::keyAgreement, "03020308"},     {KeyUsageBit::keyCertSign, "03020204"},
      {KeyUsageBit::cRLSign, "03020102"},          {KeyUsageBit::encipherOnly, "03020001"},
      {KeyUsageBit::decipherOnly, "0303070080"}};
  for (const auto& [bit, octets] : bits) {
    const KeyUsage usage{static_cast<std::uint16_t>(bit)};
    EXPECT_EQ(to_hex(write_key_usage(usage)), octets);
    EXPECT_EQ(read_key_usage(hex(octets)).value(), usage);
    EXPECT_TRUE(usage.has(bit));
  }
  EXPECT_EQ(to_hex(write_key_usage({0x1FF})), "030307ff80");
}

TEST(ReadKeyUsage, RefusesNoBitAndBitsWithoutMeaning) {
  EXPECT_EQ(read_key_usage(hex("030100")).error().fault, Fault::malformed);
  EXPECT_EQ(read_key_usage(hex("03020000")).error().fault, Fault::malformed);
  EXPECT_EQ(read_key_usage(hex("0303060040")).error().fault, Fault::malformed);
  EXPECT_EQ(read_key_usage(hex("0302078000")).error().fault, Fault::trailing_data);
  EXPECT_EQ(read_key_usage(hex("040107")).error().fault, Fault::malformed);
}

TEST(ReadKeyUsage, PassesOverZeroBitsAtTheEnd) {
  EXPECT_TRUE(read_key_usage(hex("03020080")).value().has(KeyUsageBit::digitalSignature));
}

TEST(BasicConstraints, AreReadBackAsWritten) {
  const BasicConstraints authority{true, 3};
  EXPECT_EQ(to_hex(write_basic_constraints(authority)), "30060101ff020103");
  EXPECT_EQ(read_basic_constraints(write_basic_constraints(authority)).value(), authority);
  EXPECT_EQ(to_hex(write_basic_constraints({})), "3000");
  EXPECT_EQ(read_basic_constraints(hex("3000")).value(), BasicConstraints{});
  EXPECT_EQ(read_basic_constraints(hex("3003010100")).value(), BasicConstraints{});
}

TEST(ReadBasicConstraints, RefusesNegativePathLengthsAndMore) {
  EXPECT_EQ(read_basic_constraints(hex("30060101FF0201FF")).error().fault, Fault::malformed);
  EXPECT_EQ(read_basic_constraints(hex("30080101FF0201000500")).error().fault,
            Fault::trailing_data);
}

TEST(ExtendedKeyUsage, IsReadBackAsWritten) {
  const std::vector<Oid> purposes = {oid::kServerAuth, oid::kCmcRA};
  EXPECT_EQ(read_extended_key_usage(write_extended_key_usage(purposes)).value(), purposes);
  EXPECT_EQ(read_extended_key_usage(hex("3000")).error().fault, Fault::malformed);
}

TEST(AuthorityKeyIdentifier, IsReadBackAsWritten) {
  const AuthorityKeyIdentifier key{Bytes{1, 2}, std::nullopt, std::nullopt};
  EXPECT_EQ(to_hex(write_authority_key_identifier(key)), "300480020102");
  EXPECT_EQ(read_authority_key_identifier(write_authority_key_identifier(key)).value(), key);
  const AuthorityKeyIdentifier all{Bytes{1, 2}, GeneralNames{name_from_text("CN=a").value()},
                                   Integer::from(200)};
  EXPECT_EQ(read_authority_key_identifier(write_authority_key_identifier(all)).value(), all);
  EXPECT_EQ(read_authority_key_identifier(hex("3000")).value(), AuthorityKeyIdentifier{});
}

TEST(ReadAuthorityKeyIdentifier, RefusesIssuerAndSerialNumberWithoutEachOther) {
  EXPECT_EQ(read_authority_key_identifier(hex("3003 820105")).error().fault, Fault::malformed);
  EXPECT_EQ(read_authority_key_identifier(hex("3005 A103 820161")).error().fault, Fault::malformed);
}

TEST(InformationAccess, IsReadBackAsWritten) {
  const std::vector<AccessDescription> places = {
      {oid::kOcsp, UniformResourceIdentifier{"http://ocsp.example"}},
      {oid::kCaIssuers, name_from_text("CN=a").value()}};
  EXPECT_EQ(read_information_access(write_information_access(places)).value(), places);
  EXPECT_EQ(read_information_access(hex("3000")).error().fault, Fault::malformed);
}

TEST(CertificatePolicies, AreReadBackAsWritten) {
  const std::vector<PolicyInformation> policies = {{Oid{"1.2.3"}, std::nullopt},
                                                   {Oid{"1.2.4"}, "https://a/cps"}};
  EXPECT_EQ(read_certificate_policies(write_certificate_policies(policies)).value(), policies);
}

TEST(ReadCertificatePolicies, RefusesThePolicyTwice) {
  EXPECT_EQ(read_certificate_policies(hex("300C 3004 06022A03 3004 06022A03")).error().fault,
            Fault::malformed);
}

TEST(CrlDistributionPoints, ArePassedByTheirCheck) {
  const auto value = write_crl_distribution_points(
      {{UniformResourceIdentifier{"http://a/1.crl"}, UniformResourceIdentifier{"ldap://a/1"}},
       {UniformResourceIdentifier{"http://a/2.crl"}}});
  EXPECT_TRUE(check_extension_value({oid::kCrlDistributionPoints, false, value}).ok());
}

template <auto read>
std::optional<Fault> fault_by(ByteView extn_value) {
  const auto value = read(extn_value);
  return value.ok() ? std::nullopt : std::optional(value.error().fault);
}

Result<void> read_key_usage_without_defaults(ByteView extn_value) {
  return check_leaves_out_defaults({oid::kKeyUsage, true, to_bytes(extn_value)});
}

TEST(EveryExtensionValue, IsReadInDERAndRefusedInBER) {
  struct Sound {
    const char* reader;
    std::optional<Fault> (*fault)(ByteView extn_value);
    const char* value;
  };
  const std::vector<Sound> sound = {
      {"keyUsage", fault_by<read_key_usage>, "03020780"},
      {"keyUsage as requested", fault_by<read_key_usage_without_defaults>, "03020780"},
      {"basicConstraints", fault_by<read_basic_constraints>, "30030101FF"},
      {"extKeyUsage", fault_by<read_extended_key_usage>, "3004 06022A03"},
      {"subjectKeyIdentifier", fault_by<read_subject_key_identifier>, "040107"},
      {"authorityKeyIdentifier", fault_by<read_authority_key_identifier>, "3003 800107"},
      {"subjectAltName", fault_by<read_alternative_name>, "3003 820161"},
      {"authorityInfoAccess", fault_by<read_information_access>, "3009 3007 06022A03 820161"},
      {"certificatePolicies", fault_by<read_certificate_policies>, "3006 3004 06022A03"},
      {"cRLDistributionPoints", fault_by<read_crl_distribution_points>,
       "300B 3009 A007 A005 8603 613A62"},
      {"issuingDistributionPoint", fault_by<read_issuing_distribution_point>,
       "3009 A007 A005 8603 613A62"}};
  for (const auto& [reader, fault, value] : sound) {
    auto octets = hex(value);
    EXPECT_EQ(fault(octets), std::nullopt) << reader;
    octets.insert(octets.begin() + 1, 0x81);  // the long form of a short length
    EXPECT_EQ(fault(octets), Fault::malformed) << reader;
  }
}

TEST(CheckLeavesOutDefaults, RefusesZeroBitsAtTheEndAndAnEncodedFalse) {
  const auto passes = [](const Oid& extension, std::string_view value) {
    return check_leaves_out_defaults({extension, false, hex(value)}).ok();
  };
  EXPECT_TRUE(passes(oid::kKeyUsage, "03020780"));
  for (const auto* padded : {"03020680", "0303078000", "030100"}) {
    EXPECT_FALSE(passes(oid::kKeyUsage, padded)) << padded;
  }
  EXPECT_TRUE(passes(oid::kBasicConstraints, "3000"));
  EXPECT_TRUE(passes(oid::kBasicConstraints, "30030101FF"));
  EXPECT_FALSE(passes(oid::kBasicConstraints, "3003010100"));
}

TEST(CheckExtensionValue, PassesEveryExtensionOfCertificates) {
  for (const auto* name : {"rsa-ca", "ec-server", "ed25519-user"}) {
    const auto der =
        test::file(test::source_folder() + "/fuzz/certificate_corpus/" + name + ".der");
    const auto certificate = read_certificate(der).value();
    for (const auto& extension : certificate->extensions) {
      const auto checked = check_extension_value(extension);
      EXPECT_TRUE(checked.ok()) << name << " " << checked.error().detail;
    }
  }
}

TEST(CheckExtensionValue, NamesTheExtensionInItsFault) {
  const auto checked = check_extension_value({oid::kKeyUsage, true, hex("0500")});
  EXPECT_EQ(checked.error().detail,
            "in extension 2.5.29.15: BIT STRING wanted at octet 0, not NULL");
}

TEST(CheckExtensionValue, RefusesWrongTypeAndTrailingOctetsInAllSeventeen) {
  const std::vector<std::pair<Oid, const char*>> sound = {
      {oid::kAuthorityKeyIdentifier, "3000"},
      {oid::kSubjectKeyIdentifier, "040107"},
      {oid::kKeyUsage, "03020780"},
      {oid::kCertificatePolicies, "3006 3004 06022A03"},
      {oid::kPolicyMappings, "300A 3008 06022A03 06022A04"},
      {oid::kSubjectAltName, "3003 820161"},
      {oid::kIssuerAltName, "3003 820161"},
      {oid::kSubjectDirectoryAttributes, "300B 3009 06022A03 3103 020105"},
      {oid::kBasicConstraints, "3000"},
      {oid::kNameConstraints, "3007 A005 3003 820161"},
      {oid::kPolicyConstraints, "3003 800100"},
      {oid::kExtendedKeyUsage, "3004 06022A03"},
      {oid::kCrlDistributionPoints, "30163014A212A410300E310C300A06035504030C03416C65"},
      {oid::kInhibitAnyPolicy, "020100"},
      {oid::kFreshestCrl, "300B 3009 A007 A005 8603 613A62"},
      {oid::kAuthorityInfoAccess, "3009 3007 06022A03 820161"},
      {oid::kSubjectInfoAccess, "3009 3007 06022A03 820161"}};
  for (const auto& [extension, value] : sound) {
    EXPECT_TRUE(takes(extension, value)) << extension.to_text();
    EXPECT_EQ(fault_of(extension, "0500"), Fault::malformed) << extension.to_text();
    EXPECT_EQ(fault_of(extension, ""), Fault::malformed) << extension.to_text();
    EXPECT_EQ(fault_of(extension, std::string(value) + " 00"), Fault::trailing_data);
  }
}

TEST(CheckExtensionValue, RefusesAnElementTooManyInAnyPartOfIt) {
  const AuthorityKeyIdentifier key{Bytes{1, 2}, GeneralNames{name_from_text("CN=a").value()},
                                   Integer::from(200)};
  const std::vector<std::pair<Oid, Bytes>> sound = {
      {oid::kAuthorityKeyIdentifier, write_authority_key_identifier(key)},
      {oid::kBasicConstraints, hex("3006 0101FF 020101")},
      {oid::kPolicyMappings, hex("300A 3008 06022A03 06022A04")},
      {oid::kSubjectAltName, hex("300C A00A 06022A03 A004 0C026162")},
      {oid::kSubjectAltName, hex("3010 A40E 300C 310A 3008 0603550403 0C0161")},
      {oid::kNameConstraints, hex("3007 A005 3003 820161")},
      {oid::kNameConstraints, hex("3007 A105 3003 820161")},
      {oid::kPolicyConstraints, hex("3006 800100 810100")},
      {oid::kExtendedKeyUsage, hex("3004 06022A03")},
      {oid::kCrlDistributionPoints, hex("300B 3009 A007 A005 8603 613A62")},
      {oid::kFreshestCrl, hex("300B 3009 A007 A005 8603 613A62")},
      {oid::kAuthorityInfoAccess, hex("3009 3007 06022A03 820161")}};
  for (const auto& [extension, value] : sound) {
    EXPECT_TRUE(check_extension_value({extension, false, value}).ok()) << to_hex(value);
    for (const auto& longer : test::with_one_more_element(value)) {
      EXPECT_FALSE(check_extension_value({extension, false, longer}).ok()) << to_hex(longer);
    }
  }
}

TEST(CheckExtensionValue, RefusesPolicyMappingsOfAnyPolicy) {
  EXPECT_EQ(fault_of(oid::kPolicyMappings, "300C 300A 0604551D2000 06022A03"), Fault::malformed);
  EXPECT_EQ(fault_of(oid::kPolicyMappings, "300C 300A 06022A03 0604551D2000"), Fault::malformed);
  EXPECT_EQ(fault_of(oid::kPolicyMappings, "3006 3004 06022A03"), Fault::malformed);
}

TEST(CheckExtensionValue, RefusesConstraintsThatConstrainNothing) {
  EXPECT_EQ(fault_of(oid::kNameConstraints, "3000"), Fault::malformed);
  EXPECT_EQ(fault_of(oid::kNameConstraints, "3002 A000"), Fault::malformed);
  EXPECT_EQ(fault_of(oid::kPolicyConstraints, "3000"), Fault::malformed);
  EXPECT_EQ(fault_of(oid::kPolicyConstraints, "3003 8001FF"), Fault::malformed);
  EXPECT_EQ(fault_of(oid::kInhibitAnyPolicy, "0201FF"), Fault::malformed);
}

TEST(CheckExtensionValue, RefusesDistancesInNameConstraints) {
  EXPECT_EQ(fault_of(oid::kNameConstraints, "300A A008 3006 820161 800101"), Fault::trailing_data);
  EXPECT_EQ(fault_of(oid::kNameConstraints, "300A A008 3006 820161 810101"), Fault::trailing_data);
}

TEST(CheckExtensionValue, ReadsAddressRangesInNameConstraints) {
  EXPECT_TRUE(takes(oid::kNameConstraints, "300E A10C 300A 8708 C0000200 FFFFFF00"));
  EXPECT_EQ(fault_of(oid::kNameConstraints, "300A A108 3006 8704 C0000207"), Fault::malformed);
}

TEST(CheckExtensionValue, RefusesDistributionPointsOfReasonsOnly) {
  EXPECT_EQ(fault_of(oid::kCrlDistributionPoints, "3006 3004 81020640"), Fault::malformed);
  EXPECT_EQ(fault_of(oid::kCrlDistributionPoints, "3002 3000"), Fault::malformed);
  EXPECT_EQ(fault_of(oid::kFreshestCrl, "3004 3002 A000"), Fault::malformed);
}

TEST(CheckExtensionValue, ReadsPointsRelativeToTheirIssuer) {
  EXPECT_TRUE(takes(oid::kCrlDistributionPoints,
                    "30263024A00EA10C300A06035504030C03416C65A212A410300E310C300A0603"
                    "5504030C03416C65"));
}

TEST(CheckExtensionValue, RefusesDirectoryAttributesWithoutValue) {
  EXPECT_EQ(fault_of(oid::kSubjectDirectoryAttributes, "3008 3006 06022A03 3100"),
            Fault::malformed);
}

TEST(CheckExtensionValue, LooksIntoPolicyQualifiers) {
  const auto qualified = [](std::string_view qualifier) {
    asn1::Writer writer;
    writer.sequence([&] {
      writer.sequence([&] {
        writer.oid(Oid{"1.2.3"});
        writer.sequence([&] { writer.sequence([&] { writer.raw(hex(qualifier)); }); });
      });
    });
    return to_hex(writer.view());
  };
  const std::string cps = "06082B06010505070201";
  const std::string notice = "06082B06010505070202";
  EXPECT_TRUE(takes(oid::kCertificatePolicies, qualified(cps + "160161")));
  EXPECT_TRUE(takes(oid::kCertificatePolicies, qualified(notice + "3000")));
  for (const auto* text : {"3003 0C0161", "3003 160161", "3003 1A0161", "3004 1E020061"}) {
    EXPECT_TRUE(takes(oid::kCertificatePolicies, qualified(notice + text))) << text;
  }
  EXPECT_TRUE(takes(oid::kCertificatePolicies, qualified(notice + "300A 3008 0C0161 3003 020101")));
  EXPECT_TRUE(takes(oid::kCertificatePolicies, qualified("06022A03 0500")));
  EXPECT_EQ(fault_of(oid::kCertificatePolicies, qualified(cps + "0C0161")), Fault::malformed);
  EXPECT_EQ(fault_of(oid::kCertificatePolicies, qualified(notice + "3003 130161")),
            Fault::malformed);
  EXPECT_EQ(fault_of(oid::kCertificatePolicies, qualified(notice + "0C0161")), Fault::malformed);
  EXPECT_EQ(fault_of(oid::kCertificatePolicies, qualified(notice + "3005 0C0161 0500")),
            Fault::trailing_data);
  EXPECT_EQ(fault_of(oid::kCertificatePolicies, qualified("06022A03")), Fault::malformed);
  for (const auto& qualifier :
       {cps + "160161", notice + "300A 3008 0C0161 3003 020101", std::string("06022A03 0500")}) {
    for (const auto& longer : test::with_one_more_element(hex(qualified(qualifier)))) {
      fault_of(oid::kCertificatePolicies, to_hex(longer));
    }
  }
}

TEST(CheckExtensionValue, LooksIntoValuesOfAnyType) {
  EXPECT_TRUE(takes(oid::kSubjectAltName, "300C A00A 06022A03 A004 3002 0500"));
  EXPECT_EQ(fault_of(oid::kSubjectAltName, "300C A00A 06022A03 A004 3002 0501"), Fault::malformed);
  EXPECT_EQ(fault_of(oid::kSubjectAltName, "3004 A302 0501"), Fault::malformed);
  EXPECT_EQ(fault_of(oid::kSubjectDirectoryAttributes, "300A 3008 06022A03 3102 0501"),
            Fault::malformed);
}

TEST(CheckExtensionValue, ChecksUnknownOnesToBeOneElement) {
  const Oid unknown{"1.2.3.4.5"};
  EXPECT_TRUE(takes(unknown, "3003 020105"));
  EXPECT_EQ(fault_of(unknown, "3003 020105 00"), Fault::trailing_data);
  EXPECT_EQ(fault_of(unknown, "3003 0202"), Fault::malformed);
  EXPECT_EQ(fault_of(unknown, "308103 020105"), Fault::malformed) << "BER";
  EXPECT_EQ(fault_of(unknown, ""), Fault::malformed);
}

}  // namespace
}  // namespace signet::pkix
