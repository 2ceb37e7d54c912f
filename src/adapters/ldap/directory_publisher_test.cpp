// Against a real directory: Debian's slapd on loopback.
#include "adapters/ldap/directory_publisher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <utility>

#include "codec/pkix/oids.h"
#include "support/loopback_listener.h"
#include "support/published_scene.h"
#include "support/test_ca.h"

namespace signet::ldap {
namespace {

using test::unwrap;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

/// A directory that lets whoever asks see one entry, and says so: others may match.
class ShortSighted {
 public:
  ShortSighted() : thread_([this] { serve(); }) {}
  ~ShortSighted() {
    ::shutdown(listener_.socket(), SHUT_RDWR);
    thread_.join();
  }
  ShortSighted(const ShortSighted&) = delete;
  ShortSighted& operator=(const ShortSighted&) = delete;

  [[nodiscard]] std::string uri() const {
    return "ldap://127.0.0.1:" + std::to_string(listener_.port());
  }

 private:
  void serve() const {
    // RFC 4511: a bind that succeeded; an entry, uid=bob, and sizeLimitExceeded (4).
    const Bytes bound{0x30, 0x0C, 2, 1, 1, 0x61, 7, 10, 1, 0, 4, 0, 4, 0};
    const Bytes found{0x30, 0x10, 2,   1,   2,   0x64, 0x0B, 4,    7,    'u', 'i',
                      'd',  '=',  'b', 'o', 'b', 0x30, 0,    0x30, 0x0C, 2,   1,
                      2,    0x65, 7,   10,  1,   4,    4,    0,    4,    0};
    const auto next = [this] { return ::accept(listener_.socket(), nullptr, nullptr); };
    for (int peer = next(); peer >= 0; peer = next()) {
      char request[1000];
      for (const auto& answer : {bound, found}) {
        if (::recv(peer, request, sizeof request, 0) <= 0) break;
        CHECK(::send(peer, answer.data(), answer.size(), MSG_NOSIGNAL) > 0);
      }
      static_cast<void>(::recv(peer, request, sizeof request, 0));
      ::close(peer);
    }
  }

  test::LoopbackListener listener_;
  std::thread thread_;  ///< ends before what it listens on
};

class DirectoryPublisherTest : public test::PublishedScene {
 protected:
  pkix::Certificate certificate_of(const std::string& uid) {
    return ca.issue({.subject = "CN=Somebody,UID=" + uid + ",O=Test", .key = test::test_key()})
        .certificate;
  }
  /// A CRL with so many entries; nobody there looks at its signature.
  static Bytes crl_of(std::uint8_t entries) {
    const pkix::AlgorithmIdentifier algorithm{pkix::oid::kEcdsaWithSha256, {}};
    pkix::TBSCertList tbs;
    tbs.signature = algorithm;
    tbs.issuer = unwrap(pkix::name_from_text("CN=Test CA,O=Test"));
    tbs.this_update = test::kTestTime;
    tbs.next_update = test::kTestTime + std::chrono::days{1};
    for (std::uint8_t at = 1; at <= entries; ++at) {
      tbs.revoked_certificates.push_back({pkix::Integer{.octets = Bytes{at}}, test::kTestTime, {}});
    }
    return pkix::write_certificate_list(pkix::write_tbs_cert_list(tbs), algorithm,
                                        {Bytes(64, 1), 0});
  }
  static DirectoryPublisher publisher(PublishingPlaces to = places()) {
    return {address(), std::move(to)};
  }
  static PublishingPlaces by_mail(const std::string& filter) {
    auto by_mail = places();
    by_mail.users = unwrap(EntryPattern::parse(filter, EntryPattern::Form::filter));
    by_mail.base = test::Directory::kBase;
    return by_mail;
  }
  static PublishingPlaces with_authority_at(const std::string& dn, bool create) {
    auto made = places();
    made.authority = unwrap(EntryPattern::parse(dn, EntryPattern::Form::dn));
    made.create_authority = create;
    return made;
  }
  static void expect_refused(const Result<void>& told, Fault fault, const std::string& words) {
    ASSERT_FALSE(told.ok());
    EXPECT_EQ(told.error().fault, fault) << told.error().detail;
    EXPECT_THAT(told.error().detail, HasSubstr(words));
  }

  test::TestCa ca{"CN=Test CA,O=Test"};
};

TEST_F(DirectoryPublisherTest, AddsAndTakesAwayOneValueAndLeavesTheOthers) {
  auto to = publisher();
  const auto first = certificate_of("alice");
  const auto second = certificate_of("alice");
  ASSERT_TRUE(to.publish(first).ok());
  ASSERT_TRUE(to.publish(second).ok());
  EXPECT_THAT(certificates_of("alice"), UnorderedElementsAre(first.der, second.der));
  ASSERT_TRUE(to.withdraw(first).ok());
  EXPECT_THAT(certificates_of("alice"), ElementsAre(second.der));
  ASSERT_TRUE(to.withdraw(second).ok());
  EXPECT_THAT(certificates_of("alice"), IsEmpty());
}

TEST_F(DirectoryPublisherTest, SaysTheSameOfWhatIsSoAlready) {
  auto to = publisher();
  const auto certificate = certificate_of("bob");
  for (int time = 0; time < 2; ++time) EXPECT_TRUE(to.publish(certificate).ok());
  EXPECT_THAT(certificates_of("bob"), ElementsAre(certificate.der));
  for (int time = 0; time < 2; ++time) EXPECT_TRUE(to.withdraw(certificate).ok());
  EXPECT_THAT(certificates_of("bob"), IsEmpty());
  EXPECT_TRUE(to.withdraw(certificate_of("nobody")).ok()) << "there is no entry";
}

TEST_F(DirectoryPublisherTest, RefusesACertificateThatHasNoPlaceThere) {
  auto to = publisher();
  expect_refused(to.publish(certificate_of("nobody")), Fault::unknown_identity, "No such object");
  expect_refused(to.publish(certificate_of("plain")), Fault::unknown_identity, "Object class");
  expect_refused(to.publish(ca.issue({.subject = "CN=Alice,O=Test"}).certificate),
                 Fault::unknown_identity, "$subj.UID");
}

TEST_F(DirectoryPublisherTest, PutsNothingIntoAnotherEntryThanTheSubjects) {
  auto to = publisher();
  for (const auto* uid : {"x\\2Cuid\\3Dbob", "bob\\2Buid\\3Dalice", "*", "bob\\00", "b*b"}) {
    EXPECT_FALSE(to.publish(certificate_of(uid)).ok()) << uid;
  }
  auto by_uid = publisher(by_mail("(uid=$subj.UID)"));
  for (const auto* uid : {"*", "b*", "x)(uid\\3Dbob", "bob)(uid\\3Dalice"}) {
    EXPECT_FALSE(by_uid.publish(certificate_of(uid)).ok()) << uid;
  }
  EXPECT_THAT(certificates_of("alice"), IsEmpty());
  EXPECT_THAT(certificates_of("bob"), IsEmpty());
}

TEST_F(DirectoryPublisherTest, FindsTheOneEntryByAFilter) {
  auto to = publisher(by_mail("(mail=$subj.E)"));
  const auto by_name = [&](const std::string& mail) {
    return ca.issue({.subject = "CN=Somebody,E=" + mail + ",O=Test"}).certificate;
  };
  const auto alices = by_name("alice@example.com");
  ASSERT_TRUE(to.publish(alices).ok());
  EXPECT_THAT(certificates_of("alice"), ElementsAre(alices.der));
  ASSERT_TRUE(to.withdraw(alices).ok());
  EXPECT_THAT(certificates_of("alice"), IsEmpty());
  expect_refused(to.publish(by_name("nobody@example.com")), Fault::unknown_identity, "no entry");
  EXPECT_TRUE(to.withdraw(by_name("nobody@example.com")).ok());
  expect_refused(to.publish(by_name("twin@example.com")), Fault::unknown_identity, "several");
}

TEST_F(DirectoryPublisherTest, MakesTheAuthoritysEntryAndReplacesWhatItHas) {
  auto to = publisher();
  for (const std::uint8_t entries : {std::uint8_t{1}, std::uint8_t{2}, std::uint8_t{2}}) {
    const auto crl = crl_of(entries);
    ASSERT_TRUE(to.publish_crls(ca.certificate(), {crl}).ok()) << int{entries};
    EXPECT_THAT(values(kAuthorityEntry, "certificateRevocationList;binary"), ElementsAre(crl));
  }
  ASSERT_TRUE(to.publish_authority({ca.certificate()}).ok());
  ASSERT_TRUE(to.publish_authority({ca.certificate()}).ok());
  EXPECT_THAT(values(kAuthorityEntry, "cACertificate;binary"), ElementsAre(ca.certificate().der));
  const test::TestCa earlier{"CN=Test CA,O=Test", test::test_key("ec:p256", 3)};
  ASSERT_TRUE(to.publish_authority({earlier.certificate(), ca.certificate()}).ok());
  EXPECT_THAT(values(kAuthorityEntry, "cACertificate;binary"),
              UnorderedElementsAre(earlier.certificate().der, ca.certificate().der));
  ASSERT_TRUE(to.publish_authority({ca.certificate()}).ok());
  EXPECT_THAT(values(kAuthorityEntry, "cACertificate;binary"), ElementsAre(ca.certificate().der));
}

TEST_F(DirectoryPublisherTest, GivesAKnownEntryTheClassThatItLacks) {
  auto to = publisher(with_authority_at("cn=Known CA,ou=people,dc=example,dc=test", false));
  ASSERT_TRUE(to.publish_authority({ca.certificate()}).ok());
  ASSERT_TRUE(to.publish_authority({ca.certificate()}).ok());
  EXPECT_THAT(values("cn=Known CA,ou=people,dc=example,dc=test", "cACertificate;binary"),
              ElementsAre(ca.certificate().der));
  EXPECT_THAT(values("cn=Known CA,ou=people,dc=example,dc=test", "objectClass"),
              Contains(to_bytes(as_bytes(std::string_view("pkiCA")))));
}

TEST_F(DirectoryPublisherTest, MakesNoEntryThatItWasNotToldToMakeOrCannot) {
  auto told_not_to =
      publisher(with_authority_at("cn=Other CA,ou=people,dc=example,dc=test", false));
  expect_refused(told_not_to.publish_authority({ca.certificate()}), Fault::unknown_identity,
                 "No such object");
  auto named_oddly = publisher(with_authority_at("l=Other CA,ou=people,dc=example,dc=test", true));
  expect_refused(named_oddly.publish_authority({ca.certificate()}), Fault::unknown_identity,
                 "named by");
  auto nowhere = publisher(with_authority_at("cn=CA,ou=nowhere,dc=example,dc=test", true));
  expect_refused(nowhere.publish_authority({ca.certificate()}), Fault::unknown_identity,
                 "No such object");
}

TEST_F(DirectoryPublisherTest, SaysThatItIsNotLet) {
  auto nobody = address();
  nobody.bind_dn.clear();
  nobody.bind_password = {};
  DirectoryPublisher to(std::move(nobody), places());
  const auto told = to.publish(certificate_of("alice"));
  expect_refused(told, Fault::not_allowed, directory->uri());
  expect_refused(to.publish_authority({ca.certificate()}), Fault::not_allowed, directory->uri());
}

TEST_F(DirectoryPublisherTest, SaysThatTheDirectoryIsAwayAndGoesOnWhenItIsBack) {
  auto to = publisher();
  const auto certificate = certificate_of("bob");
  ASSERT_TRUE(to.publish(certificate).ok());
  directory->stop();
  expect_refused(to.withdraw(certificate), Fault::directory_unreachable, directory->uri());
  expect_refused(to.withdraw(certificate), Fault::directory_unreachable, directory->uri());
  directory->start();
  EXPECT_TRUE(to.withdraw(certificate).ok());
  ASSERT_TRUE(to.publish(certificate).ok());
  directory->stop();
  directory->start();
  EXPECT_TRUE(to.withdraw(certificate).ok()) << "the connection died in between";
  EXPECT_THAT(certificates_of("bob"), IsEmpty());
}

TEST_F(DirectoryPublisherTest, DoesNotTrustADirectoryOfAnotherAuthority) {
  auto strange = address();
  strange.ca_file = directory->stranger();
  DirectoryPublisher to(std::move(strange), places());
  expect_refused(to.publish(certificate_of("alice")), Fault::directory_unreachable, "StartTLS");
}

TEST_F(DirectoryPublisherTest, DoesNotTrustADirectoryThatIsCertifiedForAnotherName) {
  for (const auto& [uri, step] :
       {std::pair{directory->uri(), ": StartTLS"}, std::pair{directory->tls_uri(), ": TLS"}}) {
    auto there = address();
    there.uri = uri;
    ASSERT_TRUE(DirectoryConnection::open(there).ok()) << uri;
    there.uri.replace(uri.find("127.0.0.1"), 9, "localhost");
    DirectoryPublisher to(std::move(there), places());
    expect_refused(to.publish(certificate_of("alice")), Fault::directory_unreachable, step);
  }
}

TEST_F(DirectoryPublisherTest, TakesNoEntryForTheOnlyOneWhereTheDirectoryShowsNoMore) {
  const ShortSighted other;
  auto there = address();
  there.uri = other.uri();
  there.plaintext = true;
  DirectoryPublisher publisher{std::move(there), by_mail("(mail=$subj.UID@example.com)")};
  expect_refused(publisher.publish(certificate_of("bob")), Fault::busy, "Size limit exceeded");
}

}  // namespace
}  // namespace signet::ldap
