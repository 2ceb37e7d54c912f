#include "adapters/ldap/entry_pattern.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/test_ca.h"
#include "support/unwrap.h"

namespace signet::ldap {
namespace {

using test::unwrap;
using Form = EntryPattern::Form;
using ::testing::HasSubstr;

constexpr const char* kPeople = "UID=$subj.UID,OU=people,DC=example,DC=com";

pkix::NameAttribute attribute(const std::string& type, const std::string& value) {
  const auto named = unwrap(pkix::name_from_text(type + "=x"));
  auto made = named.rdns().front().front();
  made.value = to_bytes(as_bytes(value));
  return made;
}

/// One RDN for each attribute, its value as it stands.
pkix::Certificate holder_of(const std::vector<pkix::NameAttribute>& attributes,
                            pkix::GeneralNames names = {}) {
  static test::TestCa ca;
  std::vector<pkix::RelativeDistinguishedName> rdns;
  for (const auto& each : attributes) rdns.push_back({each});
  test::CertificateInput input;
  input.key = test::test_key();
  input.alternative_names = std::move(names);
  auto tbs = ca.issue(input).certificate.tbs.value;
  tbs.subject = unwrap(pkix::make_name(rdns));
  return test::sign_certificate(std::move(tbs), ca.key());
}

std::string dn_for(const std::string& pattern, const pkix::Certificate& certificate) {
  return unwrap(unwrap(EntryPattern::parse(pattern, Form::dn)).text_for(certificate));
}

void expect_no_entry(const std::string& pattern, const pkix::Certificate& certificate,
                     const std::string& words) {
  const auto text = unwrap(EntryPattern::parse(pattern, Form::dn)).text_for(certificate);
  ASSERT_FALSE(text.ok()) << *text;
  EXPECT_EQ(text.error().fault, Fault::unknown_identity);
  EXPECT_THAT(text.error().detail, HasSubstr(words));
}

TEST(EntryPattern, TakesValuesOfTheSubject) {
  const auto alice = holder_of(
      {attribute("O", "Example"), attribute("CN", "Alice Example"), attribute("UID", "alice")});
  EXPECT_EQ(dn_for(kPeople, alice), "UID=alice,OU=people,DC=example,DC=com");
  EXPECT_EQ(dn_for("uid=$subj.uid,OU=people", alice), "uid=alice,OU=people");
  EXPECT_EQ(dn_for("cn=$SUBJ.Cn, o=$subj.o", alice), "cn=Alice Example, o=Example");
  EXPECT_EQ(dn_for("cn=$subj.CN+uid=$subj.0.9.2342.19200300.100.1.1,o=Test", alice),
            "cn=Alice Example+uid=alice,o=Test");
  EXPECT_EQ(dn_for("cn=Price \\24 of $subj.UID,o=Test", alice), "cn=Price \\24 of alice,o=Test");
}

TEST(EntryPattern, TakesTheMailAddressOfTheExtension) {
  const auto alice = holder_of({attribute("CN", "Alice")},
                               {pkix::DnsName{"host.test"}, pkix::Rfc822Name{"alice@example.com"}});
  EXPECT_EQ(dn_for("mail=$ext.SubjectAlternativeName.RFC822Name,OU=people", alice),
            "mail=alice@example.com,OU=people");
  const auto filter =
      unwrap(EntryPattern::parse("(mail=$ext.SubjectAlternativeName.RFC822Name)", Form::filter));
  EXPECT_EQ(unwrap(filter.text_for(alice)), "(mail=alice@example.com)");
}

TEST(EntryPattern, LetsNoSubjectNameAnotherEntry) {
  const std::vector<std::pair<std::string, std::string>> attacks{
      {"admin,OU=people,DC=example,DC=com", "admin\\2COU\\3Dpeople\\2CDC\\3Dexample\\2CDC\\3Dcom"},
      {"bob+cn=admin", "bob\\2Bcn\\3Dadmin"},
      {"bob;ou=admins", "bob\\3Bou\\3Dadmins"},
      {"\"admin\"", "\\22admin\\22"},
      {"bob\\2Cou=admins", "bob\\5C2Cou\\3Dadmins"},
      {"#04054D", "\\2304054D"},
      {"<admin>", "\\3Cadmin\\3E"},
      {"bob\nou=admins", "bob\\0Aou\\3Dadmins"},
      {"$subj.CN", "\\24subj.CN"},
      {"Zoë", "Zo\\C3\\AB"}};
  for (const auto& [value, safe] : attacks) {
    const auto certificate = holder_of({attribute("CN", "Eve"), attribute("UID", value)});
    EXPECT_EQ(dn_for(kPeople, certificate), "UID=" + safe + ",OU=people,DC=example,DC=com");
  }
}

TEST(EntryPattern, RefusesBlanksThatADirectoryTakesForNone) {
  for (const auto* value : {" bob", "bob ", " ", "b  ob"}) {
    expect_no_entry(kPeople, holder_of({attribute("UID", value)}), "for $subj.UID has blanks");
  }
  EXPECT_EQ(dn_for("UID=$subj.UID", holder_of({attribute("UID", "b o b")})), "UID=b o b");
}

TEST(EntryPattern, RefusesAFilterThatFindsOthers) {
  for (const auto* text :
       {"(uid=$subj.UID*)", "(uid=*$subj.UID)", "(mail=$subj.UID@*)", "(uid~=$subj.UID)",
        "(uid>=$subj.UID)", "(uid<=$subj.UID)", "($subj.CN=x)",
        "(&(objectClass=person)(uid=*$subj.UID))", "(|(uid=$subj.UID)(cn=$subj.CN*))"}) {
    const auto pattern = EntryPattern::parse(text, Form::filter);
    ASSERT_FALSE(pattern.ok()) << text;
    EXPECT_THAT(pattern.error().detail, HasSubstr("entries of others"));
  }
  for (const auto* text :
       {"(&(objectClass=*)(uid=$subj.UID))", "(mail=$subj.UID@example.com)",
        "(cn:caseExactMatch:=$subj.CN)", "(&(uidNumber>=1000)(cn=$subj.CN $subj.UID))"}) {
    EXPECT_TRUE(EntryPattern::parse(text, Form::filter).ok()) << text;
  }
}

TEST(EntryPattern, EscapesANulThatNoNameReaderLetsThrough) {
  EXPECT_EQ(escaped_in_dn(std::string_view("bob\0,ou=x", 9)), "bob\\00\\2Cou\\3Dx");
  EXPECT_EQ(escaped_in_dn(" bob "), "\\20bob\\20");
}

TEST(EntryPattern, LetsNoValueChangeAFilter) {
  const auto filter =
      unwrap(EntryPattern::parse("(&(objectClass=person)(uid=$subj.UID))", Form::filter));
  const std::vector<std::pair<std::string, std::string>> attacks{
      {"*", "\\2a"},
      {"a*", "a\\2a"},
      {"x)(uid=admin", "x\\29\\28uid=admin"},
      {"\\2a", "\\5c2a"},
      {"Zoë", "Zo\\c3\\ab"}};
  for (const auto& [value, safe] : attacks) {
    EXPECT_EQ(unwrap(filter.text_for(holder_of({attribute("UID", value)}))),
              "(&(objectClass=person)(uid=" + safe + "))");
  }
}

TEST(EntryPattern, RefusesACertificateWithoutOneValueOfItsOwn) {
  expect_no_entry(kPeople, holder_of({attribute("CN", "Alice")}), "no value for $subj.UID");
  expect_no_entry(kPeople, holder_of({attribute("UID", "alice"), attribute("UID", "bob")}),
                  "several values for $subj.UID");
  expect_no_entry("mail=$ext.SubjectAlternativeName.RFC822Name,O=Test",
                  holder_of({attribute("CN", "Alice")}), "no value for $ext");
  auto number = attribute("UID", "x");
  number.string_tag = asn1::kInteger;
  number.value = Bytes{0x05};
  expect_no_entry(kPeople, holder_of({number}), "no value for $subj.UID");
}

TEST(EntryPattern, RefusesWhatIsNoPattern) {
  for (const auto* text :
       {"", "people", "UID=$subj.UID,", "UID=$subj.UID,OU", "UID=$subj.,O=Test", "UID=$,O=Test",
        "UID=$subj.Nickname,O=Test", "UID=$req.HTTP_PARAMS.uid,O=Test", "UID=$ext.KeyUsage,O=Test",
        "UID=$subj.UID\\,O=Test,"}) {
    const auto pattern = EntryPattern::parse(text, Form::dn);
    ASSERT_FALSE(pattern.ok()) << text;
    EXPECT_EQ(pattern.error().fault, Fault::bad_configuration);
  }
  for (const auto* text : {"", "uid=$subj.UID", "(uid=$subj.UID", "(uid=$subj.UID))",
                           "(uid=$subj.UID)(cn=x)", "()", "(uid)", "(uid=$subj.Nickname)"}) {
    EXPECT_FALSE(EntryPattern::parse(text, Form::filter).ok()) << text;
  }
}

TEST(EntryPattern, KnowsWhetherAllCertificatesAreOfOneEntry) {
  EXPECT_TRUE(unwrap(EntryPattern::parse(kPeople, Form::dn)).has_variables());
  EXPECT_FALSE(unwrap(EntryPattern::parse("CN=CA,O=Test", Form::dn)).has_variables());
}

TEST(NamingAttribute, IsTheFirstOfTheDn) {
  const auto named = unwrap(naming_attribute("cn=Test \\2C CA,ou=people,o=Test"));
  EXPECT_EQ(named.type, "cn");
  EXPECT_EQ(named.value, "Test , CA");
  EXPECT_FALSE(naming_attribute("").ok());
  EXPECT_FALSE(naming_attribute("no name").ok());
}

}  // namespace
}  // namespace signet::ldap
