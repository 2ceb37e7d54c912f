// Against a real directory: Debian's slapd on loopback.
#include "adapters/ldap/ldap_secret_source.h"

#include <gtest/gtest.h>

#include <csignal>

#include "crypto/digest.h"
#include "proof/identity/wrapped_secret.h"
#include "support/directory.h"
#include "support/losable_key.h"

namespace signet::ldap {
namespace {

using test::Directory;
using test::unwrap;

constexpr const char* kSecret = "Sup3rS3cretSharedToken";

TEST(Filter, EscapesWhatAFilterWouldUnderstand) {
  EXPECT_EQ(escaped("alice"), "alice");
  EXPECT_EQ(escaped("a*(b)\\c"), "a\\2a\\28b\\29\\5cc");
  EXPECT_EQ(escaped(std::string_view("a\0b", 3)), "a\\00b");
  EXPECT_EQ(escaped("é"), "\\c3\\a9");
}

/// One directory for all of this file's tests; starting it is slow.
class LdapSecretSourceTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!Directory::installed()) return;
    std::signal(SIGPIPE, SIG_IGN);  // as signetd does
    key = test::test_key("rsa:2048", 1);
    const auto wrapped = wrap();
    directory = std::make_unique<Directory>(
        person("alice", "alice", "shrTok: " + wrapped) + person("bob", "bob", "") +
        person("carol", "carol", "shrTok: " + wrap(proof::SecretTransport::oaep)) +
        person("twin one", "twin", "shrTok: " + wrapped) +
        person("twin two", "twin", "shrTok: " + wrap()) +
        person("broken", "broken", "shrTok: no base64 at all!") +
        person("double", "double", "shrTok: " + wrapped + "\nshrTok: " + wrap()) +
        person("star", "st*r", "shrTok: " + wrap()));
  }
  static void TearDownTestSuite() { directory.reset(); }
  void SetUp() override {
    if (directory == nullptr) GTEST_SKIP() << "slapd is not installed here";
  }

  static std::string wrap(proof::SecretTransport transport = proof::SecretTransport::pkcs1) {
    const auto public_key = unwrap(crypto::PublicKey::from(key->public_key_info()));
    return unwrap(proof::wrap_secret(SecretBytes(std::string_view(kSecret)), public_key,
                                     crypto::system_random(), transport));
  }
  static std::string person(const std::string& cn, const std::string& uid,
                            const std::string& more) {
    return "dn: cn=" + cn + "," + Directory::kBase +
           "\nobjectClass: inetOrgPerson\nobjectClass: extensibleObject\ncn: " + cn +
           "\nsn: Test\nuid: " + uid + "\n" + more + (more.empty() ? "\n" : "\n\n");
  }
  static DirectorySettings settings() {
    DirectorySettings settings;
    settings.uri = directory->uri();
    settings.ca_file = directory->authority();
    settings.bind_dn = Directory::kAdmin;
    settings.bind_password = SecretBytes(std::string_view(Directory::kPassword));
    settings.base = Directory::kBase;
    settings.timeout = std::chrono::seconds{2};
    return settings;
  }
  static std::unique_ptr<LdapSecretSource> source(DirectorySettings with = settings(),
                                                  const test::Key& protection = key) {
    return unwrap(LdapSecretSource::make(std::move(with), {protection}, 1));
  }
  static void expect_unreachable(DirectorySettings with, const std::string& words) {
    const auto refused = source(std::move(with))->find("alice");
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().fault, Fault::directory_unreachable);
    EXPECT_NE(refused.error().detail.find(words), std::string::npos) << refused.error().detail;
  }
  static void expect_no_single(const std::string& who, const std::string& words) {
    const auto refused = source()->find(who);
    ASSERT_FALSE(refused.ok()) << who;
    EXPECT_EQ(refused.error().fault, Fault::unknown_identity);
    EXPECT_NE(refused.error().detail.find(words), std::string::npos) << refused.error().detail;
  }

  static inline std::unique_ptr<Directory> directory;
  static inline test::Key key;
};

TEST_F(LdapSecretSourceTest, FindsTheSecretOverStartTlsAndNamesItsOwner) {
  const auto from = source();
  const auto found = unwrap(from->find("alice"));
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->octets.text(), kSecret);
  EXPECT_EQ(found->subject, "cn=alice,ou=people,dc=example,dc=test");
  EXPECT_EQ(found->uses_allowed, 1U);
  EXPECT_EQ(unwrap(from->find("alice"))->token_id, found->token_id) << "over the kept connection";
  EXPECT_EQ(unwrap(from->find(" ALICE"))->token_id, found->token_id);
  EXPECT_TRUE(found->any_spelling);
}

TEST_F(LdapSecretSourceTest, OpensSecretsWrappedByTheTransportThatItIsToldOnly) {
  const auto by_oaep =
      unwrap(LdapSecretSource::make(settings(), {key, proof::SecretTransport::oaep}, 1));
  EXPECT_EQ(unwrap(by_oaep->find("carol"))->octets.text(), kSecret);
  const auto refused = by_oaep->find("alice");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault, Fault::unknown_identity);
  expect_no_single("carol", "does not open");
}

TEST_F(LdapSecretSourceTest, FindsTheSecretOverLdaps) {
  auto with = settings();
  with.uri = directory->tls_uri();
  EXPECT_TRUE(unwrap(source(std::move(with))->find("alice")).has_value());
}

TEST_F(LdapSecretSourceTest, AsksInPlaintextOnlyWhereTheOperatorSaysSo) {
  auto with = settings();
  with.plaintext = true;
  EXPECT_TRUE(unwrap(source(std::move(with))->find("alice")).has_value());
}

TEST_F(LdapSecretSourceTest, FindsNothingForWhoIsNotThereOrHasNoSecret) {
  EXPECT_FALSE(unwrap(source()->find("nobody")).has_value());
  EXPECT_FALSE(unwrap(source()->find("bob")).has_value());
  EXPECT_FALSE(unwrap(source()->find("")).has_value());
}

TEST_F(LdapSecretSourceTest, AFilterInTheIdentificationFindsNobodyElse) {
  EXPECT_FALSE(unwrap(source()->find("*")).has_value());
  EXPECT_FALSE(unwrap(source()->find("ali*")).has_value());
  EXPECT_FALSE(unwrap(source()->find("x)(uid=alice")).has_value());
  EXPECT_FALSE(unwrap(source()->find("alice)(cn=*")).has_value());
  const auto star = unwrap(source()->find("st*r"));
  ASSERT_TRUE(star.has_value());
  EXPECT_EQ(star->subject, "cn=star,ou=people,dc=example,dc=test");
}

TEST_F(LdapSecretSourceTest, RefusesWhatIsNoSingleSecret) {
  expect_no_single("twin", "more than one entry");
  expect_no_single("broken", "no base64");
  expect_no_single("double", "more than once");
}

TEST_F(LdapSecretSourceTest, RefusesASecretWrappedForAnotherKey) {
  const auto from = source(settings(), test::test_key("rsa:2048", 2));
  const auto refused = from->find("alice");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault, Fault::unknown_identity);
}

TEST_F(LdapSecretSourceTest, TellsOfWhoeverIsAskedForThatItsKeyIsAway) {
  const auto losable = std::make_shared<test::LosableKey>(key);
  const auto made = source(settings(), losable);
  losable->lost = true;
  for (const auto* who : {"alice", "bob", "nobody"}) {
    const auto refused = made->find(who);
    ASSERT_FALSE(refused.ok()) << who;
    EXPECT_EQ(refused.error().fault, Fault::token_failed) << who;
  }
  losable->lost = false;
  EXPECT_TRUE(unwrap(made->find("alice")).has_value());
  EXPECT_FALSE(unwrap(made->find("nobody")).has_value());
}

TEST_F(LdapSecretSourceTest, DoesNotTrustADirectoryOfAnotherAuthority) {
  auto with = settings();
  with.ca_file = directory->stranger();
  expect_unreachable(std::move(with), "StartTLS");
}

TEST_F(LdapSecretSourceTest, SaysThatThePasswordIsWrong) {
  auto with = settings();
  with.bind_password = SecretBytes(std::string_view("another password"));
  expect_unreachable(std::move(with), "bind");
}

TEST_F(LdapSecretSourceTest, GivesUpOnADirectoryThatSaysNothing) {
  const test::LoopbackListener silent;
  auto with = settings();
  with.uri = "ldap://127.0.0.1:" + std::to_string(silent.port());
  with.timeout = std::chrono::seconds{1};
  const auto start = std::chrono::steady_clock::now();
  expect_unreachable(std::move(with), "ldap://127.0.0.1:");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds{8});
}

TEST_F(LdapSecretSourceTest, KeepsNobodyElseWaitingForADirectoryThatSaysNothing) {
  const test::LoopbackListener silent;
  auto with = settings();
  with.uri = "ldap://127.0.0.1:" + std::to_string(silent.port());
  with.timeout = std::chrono::seconds{1};
  const auto from = source(std::move(with));
  ASSERT_FALSE(from->find("alice").ok());
  for (int i = 0; i < 20; ++i) {  // each by itself would take a second at least
    const auto refused = from->find("alice");
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().fault, Fault::directory_unreachable);
    EXPECT_NE(refused.error().detail.find("left alone"), std::string::npos);
  }
}

TEST_F(LdapSecretSourceTest, FindsAgainOnceTheDirectoryIsBack) {
  const auto from = source();
  ASSERT_TRUE(unwrap(from->find("alice")).has_value());
  directory->stop();
  const auto down = from->find("alice");
  ASSERT_FALSE(down.ok());
  EXPECT_EQ(down.error().fault, Fault::directory_unreachable);
  directory->start();
  EXPECT_TRUE(unwrap(from->find("alice")).has_value());
  // Restarted between two questions: the kept connection is dead, and nobody notices.
  directory->stop();
  directory->start();
  EXPECT_TRUE(unwrap(from->find("alice")).has_value());
}

TEST_F(LdapSecretSourceTest, NeedsAnRsaKey) {
  const auto refused = LdapSecretSource::make(settings(), {test::test_key()}, 1);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault, Fault::unsupported_algorithm);
}

}  // namespace
}  // namespace signet::ldap
