#pragma once

#include <gtest/gtest.h>

#include <csignal>

#include "adapters/ldap/directory_publisher.h"
#include "support/directory.h"
#include "support/unwrap.h"

namespace signet::test {

/// A directory of people into which certificates are published: one for all tests of a suite, since
/// starting it is slow.
class PublishedScene : public testing::Test {
 protected:
  static constexpr const char* kUserDn = "uid=$subj.UID,ou=people,dc=example,dc=test";
  static constexpr const char* kAuthorityDn = "cn=$subj.CN,ou=people,dc=example,dc=test";
  static constexpr const char* kAuthorityEntry = "cn=Test CA,ou=people,dc=example,dc=test";

  static void SetUpTestSuite() {
    if (!Directory::installed()) return;
    std::signal(SIGPIPE, SIG_IGN);  // as signetd does
    directory = std::make_unique<Directory>(
        person("alice", "alice") + person("bob", "bob") + person("twin 1", "twin") +
        person("twin 2", "twin") + "dn: uid=plain,ou=people,dc=example,dc=test\n" +
        "objectClass: account\nuid: plain\n\n" + "dn: cn=Known CA,ou=people,dc=example,dc=test\n" +
        "objectClass: applicationProcess\ncn: Known CA\n\n" +
        "dn: uid=elsewhere,ou=people,dc=example,dc=test\nobjectClass: referral\n" +
        "objectClass: extensibleObject\nuid: elsewhere\nref: ldap://localhost/dc=test\n\n");
  }
  static void TearDownTestSuite() { directory.reset(); }
  void SetUp() override {
    if (directory == nullptr) GTEST_SKIP() << "slapd is not installed here";
  }

  static std::string person(const std::string& cn, const std::string& uid) {
    const auto rdn = cn == uid ? "uid=" + uid : "cn=" + cn;
    return "dn: " + rdn + "," + Directory::kBase + "\nobjectClass: inetOrgPerson\ncn: " + cn +
           "\nsn: Test\nuid: " + uid + "\nmail: " + uid + "@example.com\n\n";
  }
  static ldap::DirectoryAddress address() {
    ldap::DirectoryAddress address;
    address.uri = directory->uri();
    address.ca_file = directory->authority();
    address.bind_dn = Directory::kAdmin;
    address.bind_password = SecretBytes(std::string_view(Directory::kPassword));
    address.timeout = std::chrono::seconds{2};
    return address;
  }
  static ldap::PublishingPlaces places() {
    using ldap::EntryPattern;
    ldap::PublishingPlaces places;
    places.users = unwrap(EntryPattern::parse(kUserDn, EntryPattern::Form::dn));
    places.authority = unwrap(EntryPattern::parse(kAuthorityDn, EntryPattern::Form::dn));
    places.create_authority = true;
    return places;
  }
  /// What an entry has of an attribute; nothing where there is no such entry.
  static std::vector<Bytes> values(const std::string& dn, const std::string& attribute) {
    auto connection = unwrap(ldap::DirectoryConnection::open(address()));
    const auto entries =
        unwrap(connection->find({.base = dn, .filter = "(objectClass=*)", .attribute = attribute}));
    std::vector<Bytes> values;
    for (const auto& entry : entries) {
      for (const auto& value : entry.values) values.push_back(to_bytes(as_bytes(value)));
    }
    return values;
  }
  static std::vector<Bytes> certificates_of(const std::string& uid) {
    return values("uid=" + uid + "," + Directory::kBase, "userCertificate;binary");
  }

  static inline std::unique_ptr<Directory> directory;
};

}  // namespace signet::test
