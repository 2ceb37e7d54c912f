#include "policy/name_rules.h"

#include <gtest/gtest.h>

#include "codec/pkix/oids.h"
#include "support/policy_scene.h"
#include "support/unwrap.h"

namespace signet::policy {
namespace {

using test::fault_of;
using test::name;

Result<void> check_written(const pkix::Name& subject, const pkix::Name& authority = {}) {
  return check_attributes(subject, authority);
}

TEST(AttributeSizes, AllowACommonNameOf64CharactersAndRefuse65) {
  EXPECT_TRUE(check_written(name("CN=" + std::string(64, 'a'))).ok());
  EXPECT_EQ(fault_of(check_written(name("CN=" + std::string(65, 'a')))), Fault::name_not_allowed);
}

TEST(AttributeSizes, CountCharactersNotOctets) {
  std::string sixty_four;
  for (int i = 0; i < 64; ++i) sixty_four += "\u00e4";
  EXPECT_TRUE(check_written(name("CN=" + sixty_four)).ok());
  EXPECT_FALSE(check_written(name("CN=" + sixty_four + "\u00e4")).ok());
}

TEST(AttributeSizes, HoldForEveryAttributeOfTheName) {
  const auto error = check_written(name("CN=Alice,OU=" + std::string(65, 'b') + ",O=Example"));
  ASSERT_FALSE(error.ok());
  EXPECT_NE(error.error().detail.find("organizationalUnitName"), std::string::npos);
  EXPECT_NE(error.error().detail.find("65"), std::string::npos);
}

/// As no text of ours makes it, but as a request may have it.
pkix::Name country(std::string_view code) {
  asn1::Writer writer;
  writer.sequence([&] {
    writer.set_of([&] {
      writer.sequence([&] {
        writer.oid(pkix::oid::kCountryName);
        writer.primitive(asn1::kPrintableString, as_bytes(code));
      });
    });
  });
  const auto der = std::move(writer).take();
  asn1::Budget budget{asn1::Limits::der()};
  asn1::Reader reader{der, budget};
  return test::unwrap(pkix::read_name(reader));
}

TEST(AttributeSizes, DemandACountryOfTwoLetters) {
  EXPECT_TRUE(check_written(country("DE")).ok());
  for (const auto* code : {"DEU", "D", "D1"}) {
    EXPECT_EQ(fault_of(check_written(country(code))), Fault::name_not_allowed) << code;
  }
}

TEST(AttributeSizes, DemandACharacter) {
  EXPECT_EQ(fault_of(check_written(name("CN=#0c00,O=Test"))), Fault::name_not_allowed);
  EXPECT_TRUE(check_written(name("CN=#0c0161,O=Test")).ok());
}

TEST(AttributeSizes, AllowAnEmptyName) {
  EXPECT_TRUE(check_written({}).ok());
}

TEST(AttributeStrings, AreOfTheOnlyTypeThatTheStandardGives) {
  for (const auto* good : {"C=DE", "serialNumber=7", "dnQualifier=7", "DC=example", "E=a@b.example",
                           "CN=#1303426f62", "CN=#0c03426f62",
                           "CN=#1e06004200"
                           "6f0062"}) {
    EXPECT_TRUE(check_written(name(good)).ok()) << good;
  }
  for (const auto* wrong : {"C=#0c024445", "serialNumber=#0c0137",
                            "dnQualifier=#16"
                            "0137",
                            "DC=#0c0161", "E=#0c03614062", "E=#130161", "CN=#0403426f62",
                            "CN=#1603426f62", "O=#1a03426f62", "UID=#020107"}) {
    EXPECT_EQ(fault_of(check_written(name(wrong))), Fault::name_not_allowed) << wrong;
  }
}

TEST(AttributeStrings, HoldOnlyWhatTheirTypeMayHold) {
  for (const auto* wrong : {"CN=#13056140622a63", "CN=#13015f", "CN=#120161"}) {
    EXPECT_EQ(fault_of(check_written(name(wrong))), Fault::name_not_allowed) << wrong;
  }
  EXPECT_TRUE(check_written(name("CN=#1308612028622f3a3d3f")).ok());
}

TEST(AttributeStrings, HoldNoControlCharacters) {
  for (const auto* wrong :
       {"CN=a\\00b", "CN=a\\0a", "CN=\\7f", "CN=a\\c2\\85b", "E=a\\00@b.example",
        "CN=#1e040061"
        "0000"}) {
    const auto refused = check_written(name(wrong));
    ASSERT_EQ(fault_of(refused), Fault::name_not_allowed) << wrong;
    EXPECT_NE(refused.error().detail.find("control character"), std::string::npos) << wrong;
  }
  EXPECT_TRUE(check_written(name("CN=\\c2\\a1\\c3\\a4")).ok());
}

TEST(AttributeStrings, HoldNoCharacterThatNobodySees) {
  for (const auto* wrong :
       {"CN=alice\u200B", "CN=\u202Eecila\u202C", "CN=al\u00ADice", "CN=alice,O=Exam\u2060ple",
        "CN=alice\U000E0041", "CN=alice\u2028", "CN=#1e040061200b"}) {
    const auto refused = check_written(name(wrong));
    ASSERT_EQ(fault_of(refused), Fault::name_not_allowed) << wrong;
    EXPECT_NE(refused.error().detail.find("which nobody sees"), std::string::npos);
  }
  EXPECT_NE(check_written(name("CN=alice\u200B")).error().detail.find("\\u{200b}"),
            std::string::npos);
  const auto authority = name("CN=CA\u200B");
  EXPECT_TRUE(check_written(authority, authority).ok()) << "written by others";
  EXPECT_TRUE(check_written(name("CN=Zo\u00EB \u6F22")).ok());
}

pkix::Name with_first_set_turned(const pkix::Name& name) {
  auto rdns = name.rdns();
  std::swap(rdns.front().front(), rdns.front().back());
  return {rdns, name.der()};
}

TEST(AttributeSets, StandInTheOrderOfDer) {
  const auto good = name("CN=Alice+UID=a");
  EXPECT_TRUE(check_written(good).ok());
  EXPECT_EQ(fault_of(check_written(with_first_set_turned(good))), Fault::name_not_allowed);
}

TEST(AttributeStrings, MayBeAsInTheAuthoritysOwnName) {
  const auto authority = name("CN=CA,C=#0c024445");
  EXPECT_TRUE(check_written(name("CN=OCSP,C=#0c024445"), authority).ok());
  EXPECT_FALSE(check_written(name("CN=OCSP,C=#0c024652"), authority).ok());
  const auto turned = with_first_set_turned(name("CN=CA+UID=a"));
  EXPECT_TRUE(check_written(turned, turned).ok());
}

bool is_good(pkix::GeneralName general_name) {
  return check_name_form(general_name).ok();
}

TEST(NameForm, AllowsDnsNamesInPreferredSyntax) {
  for (const auto* dns :
       {"host.example", "a", "xn--bcher-kva.example", "*.example", "1.2.example"}) {
    EXPECT_TRUE(is_good(pkix::DnsName{dns})) << dns;
  }
}

TEST(NameForm, RefusesOtherDnsNames) {
  for (const auto* dns :
       {"", " ", "a b.example", "host_name.example", "-a.example", "a-.example", "a..example",
        "host.example.", ".example", "a.*.example", "*.*.example", "*", "a*.b"}) {
    EXPECT_FALSE(is_good(pkix::DnsName{dns})) << dns;
  }
  EXPECT_FALSE(is_good(pkix::DnsName{std::string(64, 'a') + ".example"}));
  EXPECT_TRUE(is_good(pkix::DnsName{std::string(63, 'a') + ".example"}));
  std::string long_name;
  while (long_name.size() < 252) long_name += "a.";
  EXPECT_TRUE(is_good(pkix::DnsName{long_name + "a"}));
  EXPECT_FALSE(is_good(pkix::DnsName{long_name + "aa"}));
}

TEST(NameForm, AllowsMailAddressesAndRefusesWhatIsNone) {
  EXPECT_TRUE(is_good(pkix::Rfc822Name{"alice@host.example"}));
  EXPECT_TRUE(is_good(pkix::Rfc822Name{"o'brien+x@host.example"}));
  EXPECT_TRUE(is_good(pkix::Rfc822Name{std::string(64, 'a') + "@host.example"}));
  EXPECT_FALSE(is_good(pkix::Rfc822Name{std::string(65, 'a') + "@host.example"}));
  for (const auto* mail : {"alice", "@host.example", "alice@", "alice@ho st", "al ice@host.example",
                           "Alice <alice@host.example>", "a@b@host.example"}) {
    EXPECT_FALSE(is_good(pkix::Rfc822Name{mail})) << mail;
  }
}

TEST(NameForm, AllowsAbsoluteUrisAndRefusesRelativeOnes) {
  for (const auto* uri : {"http://host.example/path", "ldap:///CN=x?y", "urn:uuid:1",
                          "https://user@host.example:8443/a?b#c", "http://[2001:db8::1]/"}) {
    EXPECT_TRUE(is_good(pkix::UniformResourceIdentifier{uri})) << uri;
  }
  for (const auto* uri : {"", "/path", "host.example", "http:", "://x", "http://", "1http://x",
                          "http://host.example/a b"}) {
    EXPECT_FALSE(is_good(pkix::UniformResourceIdentifier{uri})) << uri;
  }
}

TEST(NameForm, DemandsFourOrSixteenOctetsOfAnAddress) {
  EXPECT_TRUE(is_good(pkix::IpAddress{Bytes(4)}));
  EXPECT_TRUE(is_good(pkix::IpAddress{Bytes(16)}));
  for (const std::size_t octets : {0U, 3U, 5U, 8U, 15U, 17U, 32U}) {
    EXPECT_FALSE(is_good(pkix::IpAddress{Bytes(octets)})) << octets;
  }
}

pkix::GeneralName principal(std::string_view text, asn1::Tag kind = asn1::kUtf8String,
                            bool is_inside = false) {
  asn1::Writer writer;
  const auto write = [&] { writer.primitive(kind, as_bytes(text)); };
  is_inside ? writer.sequence(write) : write();
  return pkix::OtherName{test::unwrap(asn1::Oid::from_text("1.3.6.1.4.1.311.20.2.3")),
                         std::move(writer).take()};
}

TEST(NameForm, RefusesWhatNobodySees) {
  EXPECT_TRUE(is_good(principal("alice@example")));
  const auto refused = check_name_form(principal("alice\u200B@example"));
  ASSERT_EQ(fault_of(refused), Fault::malformed);
  EXPECT_EQ(refused.error().detail.find("\u200B"), std::string::npos);
  EXPECT_FALSE(is_good(name("CN=alice\u200B")));
  EXPECT_FALSE(is_good(name("CN=a\\0ab")));
}

TEST(NameForm, RefusesWhatNobodySeesInAnyStringOfAnOtherName) {
  EXPECT_TRUE(is_good(principal("alice@example", asn1::kIa5String)));
  EXPECT_TRUE(is_good(principal("alice@example", asn1::kUtf8String, true)));
  EXPECT_FALSE(is_good(principal("alice\u200B", asn1::kUtf8String, true)));
  EXPECT_FALSE(is_good(principal(std::string_view("alice\0b", 7), asn1::kIa5String)));
}

void expect_not_seen(const pkix::GeneralName& name, std::string_view why) {
  const auto refused = check_name_form(name);
  ASSERT_EQ(fault_of(refused), Fault::malformed) << why;
  EXPECT_NE(refused.error().detail.find(why), std::string::npos) << refused.error().detail;
}

constexpr auto kGeneralString = asn1::universal(27);
constexpr auto kObjectDescriptor = asn1::universal(7);

TEST(NameForm, ReadsTheIdentifiersOfAnOtherNameThatAreText) {
  constexpr auto kOidIri = asn1::universal(35);
  constexpr auto kRelativeOidIri = asn1::universal(36);
  for (const auto kind : {kOidIri, kRelativeOidIri}) {
    EXPECT_TRUE(is_good(principal("/ISO/B\u00fccher", kind)));
    expect_not_seen(principal("/ISO/ali\u200Bce", kind), "holds the character \\u{200b}");
    EXPECT_FALSE(is_good(principal("/ISO/a\tb", kind, true)));
  }
}

TEST(NameForm, ReadsOtherStringsOfAnOtherNameAsFarAsTheyAreVisibleAscii) {
  for (const auto kind : {kGeneralString, kObjectDescriptor, asn1::universal(25),
                          asn1::universal(21), asn1::kTeletexString}) {
    EXPECT_TRUE(is_good(principal("krbtgt/EXAMPLE ~", kind)));
    for (const auto* other : {"a\x1b(B", "a\x7f", "ali\u200Bce", "\xe4"}) {
      expect_not_seen(principal(other, kind), to_text(kind));
    }
  }
  expect_not_seen(principal("a\tb", kGeneralString, true), "GeneralString");
  for (const auto kind : {asn1::kBmpString, asn1::kUniversalString}) {
    expect_not_seen(principal("abcd", kind), to_text(kind));
  }
}

TEST(NameForm, SaysWhichCharacterOfAnOtherNameIsNotSeen) {
  expect_not_seen(principal("ali\u200Bce"), "UTF8String holds the character \\u{200b}");
  expect_not_seen(principal("ali\u200Bce", asn1::context(0), true), "[0] holds the character");
}

TEST(NameForm, LooksAtWhatAnImplicitTagHidesWhereItIsText) {
  EXPECT_TRUE(is_good(principal("alice", asn1::context(0))));
  EXPECT_TRUE(is_good(principal("b\u00fccher", asn1::context(0))));
  EXPECT_TRUE(is_good(principal(std::string_view("\x01\x00\x01", 3), asn1::context(0))))
      << "a number";
  EXPECT_TRUE(is_good(principal("\xe2\x80\x8b\xe2\x80", asn1::context(0)))) << "no UTF-8";
  EXPECT_FALSE(is_good(principal("ali\u200Bce", asn1::context(0))));
}

TEST(NameForm, RefusesAnEmptyDirectoryName) {
  EXPECT_TRUE(is_good(name("CN=x")));
  EXPECT_EQ(fault_of(check_name_form(pkix::Name{})), Fault::malformed);
}

}  // namespace
}  // namespace signet::policy
