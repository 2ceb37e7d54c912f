#include "policy/name_rules.h"

#include <gtest/gtest.h>

#include "codec/pkix/oids.h"
#include "support/policy_scene.h"
#include "support/unwrap.h"

namespace signet::policy {
namespace {

using test::fault_of;
using test::name;

TEST(AttributeSizes, AllowACommonNameOf64CharactersAndRefuse65) {
  EXPECT_TRUE(check_attribute_sizes(name("CN=" + std::string(64, 'a'))).ok());
  EXPECT_EQ(fault_of(check_attribute_sizes(name("CN=" + std::string(65, 'a')))),
            Fault::name_not_allowed);
}

TEST(AttributeSizes, CountCharactersNotOctets) {
  std::string sixty_four;
  for (int i = 0; i < 64; ++i) sixty_four += "\u00e4";
  EXPECT_TRUE(check_attribute_sizes(name("CN=" + sixty_four)).ok());
  EXPECT_FALSE(check_attribute_sizes(name("CN=" + sixty_four + "\u00e4")).ok());
}

TEST(AttributeSizes, HoldForEveryAttributeOfTheName) {
  const auto error =
      check_attribute_sizes(name("CN=Alice,OU=" + std::string(65, 'b') + ",O=Example"));
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
  EXPECT_TRUE(check_attribute_sizes(country("DE")).ok());
  for (const auto* code : {"DEU", "D", "D1"}) {
    EXPECT_EQ(fault_of(check_attribute_sizes(country(code))), Fault::name_not_allowed) << code;
  }
}

TEST(AttributeSizes, AllowAnEmptyName) {
  EXPECT_TRUE(check_attribute_sizes({}).ok());
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
  for (const auto* dns : {"", " ", "a b.example", "host_name.example", "-a.example", "a-.example",
                          "a..example", "host.example.", ".example", "a.*.example", "*", "a*.b"}) {
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

TEST(NameForm, RefusesAnEmptyDirectoryName) {
  EXPECT_TRUE(is_good(name("CN=x")));
  EXPECT_EQ(fault_of(check_name_form(pkix::Name{})), Fault::malformed);
}

}  // namespace
}  // namespace signet::policy
