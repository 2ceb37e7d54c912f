#include "apps/signetd/assembly.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "adapters/sqlite/sqlite_engine.h"
#include "support/keeping_log.h"
#include "support/shared_data.h"
#include "support/tls_scene.h"

namespace signet::server {
namespace {

using test::KeepingLog;
using test::unwrap;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

/// The files of a small authority, and the configuration that names them.
class AssemblyTest : public ::testing::Test {
 protected:
  AssemblyTest() {
    const auto tls = scene.authority.server(test::TlsScene::loopback());
    write("authority.pem", to_pem("CERTIFICATE", ca.certificate().der));
    write("authority.key", key_pem(ca.key()));
    write("tls.pem", to_pem("CERTIFICATE", tls.certificate.der));
    write("tls.key", key_pem(*tls.key));
    std::filesystem::copy(test::source_folder() + "/profiles", scene.folder / "profiles");
    configuration.authority.certificate = scene.folder / "authority.pem";
    configuration.authority.key = scene.folder / "authority.key";
    configuration.authority.profiles = scene.folder / "profiles";
    configuration.store.engine = "memory";
    configuration.audit.journal = scene.folder / "audit.jsonl";
    configuration.http.certificate = scene.folder / "tls.pem";
    configuration.http.key = scene.folder / "tls.key";
  }

  void write(const std::string& name, std::string_view text) const { scene.write(name, text); }
  static std::string key_pem(const crypto::PrivateKey& key, std::string_view passphrase = "") {
    return std::string(unwrap(crypto::write_private_key(key, SecretBytes(passphrase))).text());
  }
  [[nodiscard]] std::string journal() const {
    std::ifstream file(scene.folder / "audit.jsonl");
    return {std::istreambuf_iterator<char>(file), {}};
  }
  /// Both doors refuse with the same words.
  void expect_refused(const std::string& words) {
    for (const bool only_check : {true, false}) {
      const Result<void> done = only_check ? check(configuration, log) : start();
      ASSERT_FALSE(done.ok());
      EXPECT_EQ(done.error().fault, Fault::bad_configuration);
      EXPECT_THAT(done.error().detail, HasSubstr(words));
    }
  }
  Result<void> start() {
    TRY(assemble(configuration, log));
    return {};
  }

  test::TlsScene scene;
  test::TestCa ca{"CN=Authority,O=Test"};
  Configuration configuration;
  KeepingLog log;
};

TEST_F(AssemblyTest, MakesAnAuthorityThatServes) {
  const auto made = unwrap(assemble(configuration, log));
  EXPECT_FALSE(made->authority->certificate_chain().empty());
  EXPECT_EQ(made->chain_pem, to_pem("CERTIFICATE", ca.certificate().der));
  EXPECT_EQ(made->http.client_authorities_pem, made->chain_pem);
}

TEST_F(AssemblyTest, MakesAStoreOfItsOwn) {
  configuration.store.engine = "sqlite";
  configuration.store.path = scene.folder / "store.db";
  for (int time = 0; time < 2; ++time) ASSERT_TRUE(start().ok());
  EXPECT_TRUE(check(configuration, log).ok());
}

TEST_F(AssemblyTest, PutsNoEmptyStoreInThePlaceOfOneThatIsGone) {
  configuration.store.engine = "sqlite";
  configuration.store.path = scene.folder / "store.db";
  ASSERT_TRUE(start().ok());
  std::filesystem::remove(configuration.store.path);
  expect_refused("signet ca restore");
  EXPECT_FALSE(std::filesystem::exists(configuration.store.path));
  write("store.db", "");
  expect_refused("signet ca restore");
  std::filesystem::remove(configuration.audit.journal);
  EXPECT_TRUE(start().ok()) << "who has neither begins";
}

TEST_F(AssemblyTest, RefusesAStoreThatOthersMayRead) {
  configuration.store.engine = "sqlite";
  configuration.store.path = scene.folder / "store.db";
  ASSERT_TRUE(start().ok());
  for (const auto* end : {"", "-wal", "-shm"}) {
    const auto file = configuration.store.path + end;
    write("store.db" + std::string(end), "");
    std::filesystem::permissions(file, std::filesystem::perms{0604});
    expect_refused("chmod 600 " + file);
    std::filesystem::permissions(file, std::filesystem::perms{0600});
  }
}

TEST_F(AssemblyTest, RecordsTheStartWithItsTolerances) {
  configuration.compatibility.replace_subject = true;
  ASSERT_TRUE(assemble(configuration, log).ok());
  EXPECT_THAT(journal(), AllOf(HasSubstr("AUDIT_LOG_STARTUP"), HasSubstr("replace_subject")));
  EXPECT_THAT(log.lines, Contains("settings tls_match=certificate secrets=none challenges=off "
                                  "ra_witness=off record_intent=off tolerances=replace_subject "
                                  "header_lines=0"));
}

TEST_F(AssemblyTest, AnswersOcspUnlessToldNotTo) {
  const auto of_profile = [](const Assembly& made) {
    const auto all = unwrap(made.engine->find_certificates({}));
    return std::count_if(all.begin(), all.end(),
                         [](const auto& each) { return each.profile_id == "ocspResponder"; });
  };
  {
    const auto made = unwrap(assemble(configuration, log));
    ASSERT_EQ(made->ocsp.size(), 1U);
    EXPECT_EQ(of_profile(*made), 1);
    EXPECT_THAT(log.lines, Contains("ocsp_certificate_made"));
  }
  configuration.ocsp.enabled = false;
  const auto made = unwrap(assemble(configuration, log));
  EXPECT_TRUE(made->ocsp.empty());
  EXPECT_EQ(of_profile(*made), 0);
}

TEST_F(AssemblyTest, ListensWithoutTlsOnlyWhereToldTo) {
  EXPECT_FALSE(unwrap(assemble(configuration, log))->plain_http);
  configuration.http.plain_port = 8080;
  const auto beside = unwrap(assemble(configuration, log));
  ASSERT_TRUE(beside->plain_http);
  EXPECT_EQ(beside->plain_http->protection, http::Protection::plain);
  EXPECT_EQ(beside->plain_http->port, 8080);
  EXPECT_EQ(beside->plain_http->address, configuration.http.address);
  EXPECT_TRUE(beside->plain_http->private_key_pem.empty());
}

TEST_F(AssemblyTest, TakesMessagesOverTcpOnlyWhereToldToAndWithinTheLimitsOfHttp) {
  EXPECT_FALSE(unwrap(assemble(configuration, log))->tcp);
  configuration.tcp.port = 5318;
  configuration.http.maximum_body_octets = 5000;
  configuration.http.read_timeout_seconds = 7;
  configuration.limits.address_connections = 3;
  const auto tcp = unwrap(assemble(configuration, log))->tcp;
  ASSERT_TRUE(tcp);
  EXPECT_EQ(tcp->port, 5318);
  EXPECT_EQ(tcp->address, configuration.http.address);
  EXPECT_EQ(tcp->message.octets, 5000U);
  EXPECT_EQ(tcp->read_timeout, std::chrono::seconds{7});
  EXPECT_EQ(tcp->maximum_connections_of_one, 3U);
  configuration.tcp.address = "::1";
  EXPECT_EQ(unwrap(assemble(configuration, log))->tcp->address, "::1");
}

TEST_F(AssemblyTest, HoldsClientsToTheLimitsOfTheConfiguration) {
  configuration.http.maximum_connections = 1000;
  configuration.limits = {.address_connections = 7,
                          .address_connections_per_second = 3,
                          .address_requests_per_second = 0,
                          .certificate_requests_per_second = 4,
                          .burst_seconds = 2};
  const auto limited = unwrap(assemble(configuration, log));
  EXPECT_EQ(limited->http.maximum_connections_of_one, 7U);
  EXPECT_EQ(limited->http.new_connections.per_second, 3);
  EXPECT_EQ(limited->http.new_connections.burst, 6);
  EXPECT_EQ(limited->limits.of_address.per_second, 0);
  EXPECT_EQ(limited->limits.of_certificate.burst, 8);
}

TEST_F(AssemblyTest, LimitsNobodysConnectionsWhereToldSo) {
  configuration.http.maximum_connections = 1000;
  configuration.limits.address_connections = 0;
  EXPECT_EQ(unwrap(assemble(configuration, log))->http.maximum_connections_of_one, 1000U);
}

TEST_F(AssemblyTest, OpensAStoreOnDisk) {
  configuration.store.engine = "sqlite";
  configuration.store.path = scene.folder / "store.db";
  ASSERT_TRUE(assemble(configuration, log).ok());
  EXPECT_TRUE(std::filesystem::exists(configuration.store.path));
}

TEST_F(AssemblyTest, DoesNotShareAJournal) {
  const auto first = unwrap(assemble(configuration, log));
  EXPECT_FALSE(assemble(configuration, log).ok());
}

TEST_F(AssemblyTest, TellsOfAJournalThatTheStoreKnowsAndThatIsGone) {
  configuration.store.engine = "sqlite";
  configuration.store.path = scene.folder / "store.db";
  for (int time = 0; time < 2; ++time) ASSERT_TRUE(start().ok());
  EXPECT_THAT(log.lines, Not(Contains(HasSubstr("journal_incomplete"))));
  std::filesystem::remove(scene.folder / "audit.jsonl");
  ASSERT_TRUE(start().ok()) << "it may have been moved away because it did not hold";
  EXPECT_THAT(log.lines, Contains(HasSubstr("journal_incomplete journal=audit.jsonl")));
  EXPECT_THAT(journal(), HasSubstr("AUDIT_JOURNAL_INCOMPLETE"));
}

TEST_F(AssemblyTest, TellsOfAStoreThatLostItsLastCommits) {
  configuration.store.engine = "sqlite";
  configuration.store.path = scene.folder / "store.db";
  ASSERT_TRUE(start().ok());
  std::filesystem::copy(scene.folder / "store.db", scene.folder / "earlier.db");
  ASSERT_TRUE(start().ok());  // makes an OCSP certificate
  EXPECT_THAT(log.lines, Not(Contains(HasSubstr("store_incomplete"))));
  std::filesystem::rename(scene.folder / "earlier.db", configuration.store.path);
  ASSERT_TRUE(start().ok());
  EXPECT_THAT(log.lines, Contains(HasSubstr("store_incomplete certificates=1")));
  EXPECT_THAT(journal(), HasSubstr("AUDIT_STORE_INCOMPLETE"));
}

TEST_F(AssemblyTest, WarnsOfAJournalTailThatWasCutOff) {
  ASSERT_TRUE(assemble(configuration, log).ok());
  std::ofstream(configuration.audit.journal, std::ios::app) << "{\"cut";
  ASSERT_TRUE(assemble(configuration, log).ok());
  EXPECT_THAT(log.lines, Contains(HasSubstr("journal_tail_cut_off")));
}

// ------------------------------------------------------------------------- check

TEST_F(AssemblyTest, CheckTakesWhatStartTakesAndLeavesNoTrace) {
  configuration.store.engine = "sqlite";
  configuration.store.path = scene.folder / "store.db";
  EXPECT_TRUE(check(configuration, log).ok());
  EXPECT_FALSE(std::filesystem::exists(configuration.store.path));
  EXPECT_FALSE(std::filesystem::exists(configuration.audit.journal));
}

TEST_F(AssemblyTest, CheckWorksBesideARunningServer) {
  const auto running = unwrap(assemble(configuration, log));
  const auto before = journal();
  EXPECT_TRUE(check(configuration, log).ok());
  EXPECT_EQ(journal(), before);
}

TEST_F(AssemblyTest, CheckRefusesATlsKeyOfAnotherCertificate) {
  write("tls.key", key_pem(*test::test_key("ec:p256", 9)));
  const auto checked = check(configuration, log);
  ASSERT_FALSE(checked.ok());
  EXPECT_THAT(checked.error().detail, HasSubstr("does not belong to the TLS certificate"));
}

// ------------------------------------------------------------------------- what proofs rest on

TEST_F(AssemblyTest, OpensTheStoreKeyOfItsFullLengthOnly) {
  configuration.store.key = scene.folder / "store.key";
  write("store.key", std::string(31, 'k'));
  expect_refused("store.key: the sealing key has 31 octets");
  write("store.key", std::string(32, 'k'));
  EXPECT_TRUE(check(configuration, log).ok());
  EXPECT_TRUE(start().ok());
}

TEST_F(AssemblyTest, OpensAnEncryptionKeyOfItsCertificateOnly) {
  configuration.encryption.certificate = scene.folder / "tls.pem";
  configuration.encryption.key = scene.folder / "authority.key";
  expect_refused("is not the key of");
  configuration.encryption.key = scene.folder / "tls.key";
  EXPECT_TRUE(check(configuration, log).ok());
  EXPECT_TRUE(start().ok());
}

TEST_F(AssemblyTest, OpensAFileOfSecretsThatIsOneOnly) {
  configuration.secrets.source = "file";
  configuration.secrets.file = scene.folder / "secrets.txt";
  write("secrets.txt", "no secrets\n");
  expect_refused("secrets.txt");
}

// ------------------------------------------------------------------------- key and certificates

TEST_F(AssemblyTest, RefusesSecretsThatOthersMayRead) {
  write("secrets", "alice\tsixteen octets or more\n");
  write("store.key", std::string(32, 'k'));
  write("pass", "word\n");
  configuration.authority.key_passphrase_file = scene.folder / "pass";
  configuration.store.key = scene.folder / "store.key";
  configuration.secrets.source = "file";
  configuration.secrets.file = scene.folder / "secrets";
  ASSERT_TRUE(check(configuration, log).ok());
  for (const auto* name : {"authority.key", "tls.key", "store.key", "secrets", "pass"}) {
    const std::filesystem::path file(scene.folder / name);
    using std::filesystem::perms;
    std::filesystem::permissions(file, perms::others_read, std::filesystem::perm_options::add);
    expect_refused(file.string() + " holds a secret");
    std::filesystem::permissions(file, perms::others_read, std::filesystem::perm_options::remove);
  }
}

TEST_F(AssemblyTest, RefusesAnAuthorityWithAnotherKey) {
  write("authority.key", key_pem(*test::test_key("ec:p256", 9)));
  expect_refused("is not the one in its certificate");
}

TEST_F(AssemblyTest, RefusesACertificateThatIsNoAuthoritys) {
  const auto user = ca.issue();
  write("authority.pem", to_pem("CERTIFICATE", user.certificate.der));
  write("authority.key", key_pem(*user.key));
  expect_refused("is none of an authority");
}

TEST_F(AssemblyTest, RefusesAFileWithoutCertificates) {
  write("authority.pem", key_pem(ca.key()));
  expect_refused("holds no PEM certificate");
}

TEST_F(AssemblyTest, OpensAnEncryptedKeyWithItsPassphraseFileOnly) {
  write("authority.key", key_pem(ca.key(), "sesame"));
  EXPECT_EQ(check(configuration, log).error().fault, Fault::decryption_failed);
  configuration.authority.key_passphrase_file = scene.folder / "pass";
  EXPECT_EQ(check(configuration, log).error().fault, Fault::storage_failed);
  write("pass", "barley\n");
  EXPECT_EQ(check(configuration, log).error().fault, Fault::decryption_failed);
  write("pass", "sesame\n");
  EXPECT_TRUE(check(configuration, log).ok());
}

TEST_F(AssemblyTest, TakesASigningAlgorithmThatFitsTheKeyOnly) {
  configuration.authority.signing_algorithm = "SHA256withEC";
  EXPECT_TRUE(check(configuration, log).ok());
  configuration.authority.signing_algorithm = "SHA256withRSA";
  expect_refused("does not fit the EC nistp256 key");
  configuration.authority.signing_algorithm = "SHA1withEC";
  expect_refused("signing_algorithm");
}

// ------------------------------------------------------------------------- identity

TEST_F(AssemblyTest, RefusesAnAgentThatIsNoSha256) {
  for (const auto& agent :
       std::vector<std::string>{"", "zz", std::string(62, 'a'), std::string(66, 'a')}) {
    configuration.identity.agents = {agent};
    expect_refused("is no SHA-256");
  }
  configuration.identity.agents = {std::string(64, 'a')};
  EXPECT_TRUE(check(configuration, log).ok());
}

TEST_F(AssemblyTest, AsksTlsClientsForCertificatesOfForeignIssuersToo) {
  configuration.identity.foreign_issuers = {scene.folder / "ca.pem"};
  const auto made = unwrap(assemble(configuration, log));
  EXPECT_THAT(made->http.client_authorities_pem, HasSubstr(scene.authority.root_pem()));
}

TEST_F(AssemblyTest, RefusesAForeignIssuerThatIsNotThere) {
  configuration.identity.foreign_issuers = {scene.folder / "absent.pem"};
  EXPECT_EQ(check(configuration, log).error().fault, Fault::storage_failed);
}

// ------------------------------------------------------------------------- profiles

TEST_F(AssemblyTest, TellsTheFaultsOfAllProfiles) {
  write("profiles/first.cfg", "nonsense\n");
  write("profiles/second.cfg", "nonsense\n");
  expect_refused("first.cfg");
  expect_refused("second.cfg");
}

TEST_F(AssemblyTest, RefusesAFolderWithoutProfiles) {
  configuration.authority.profiles = scene.folder / "none";
  expect_refused("none: ");
  std::filesystem::create_directory(configuration.authority.profiles);
  expect_refused("holds no enabled profile");
}

TEST_F(AssemblyTest, WarnsWhereADefaultProfileIsAbsent) {
  configuration.authority.user_profile = "caNowhere";
  EXPECT_TRUE(check(configuration, log).ok());
  EXPECT_THAT(log.lines, Contains("profile default_absent=caNowhere"));
}

TEST_F(AssemblyTest, RecordsWithWhichProfilesItStarts) {
  ASSERT_TRUE(assemble(configuration, log).ok());
  EXPECT_THAT(journal(),
              AllOf(HasSubstr("\"ProfileSource\":\"" + configuration.authority.profiles + "\""),
                    HasSubstr("ProfileDigest")));
}

TEST_F(AssemblyTest, TakesItsProfilesFromTheStoreWhereToldTo) {
  configuration.store.engine = "sqlite";
  configuration.store.path = scene.folder / "store.db";
  const auto published = [&] {
    return *unwrap(sqlite::SqliteEngine::open(configuration.store.path))->find_profiles(0);
  };
  ASSERT_TRUE(assemble(configuration, log).ok());
  EXPECT_FALSE(published()) << "its folder is its own";
  configuration.authority.profiles_from = "store";
  ASSERT_TRUE(assemble(configuration, log).ok());
  ASSERT_TRUE(published());
  EXPECT_THAT(journal(), HasSubstr("\"ProfileSource\":\"edition 1\""));
  std::filesystem::remove_all(configuration.authority.profiles);
  EXPECT_TRUE(check(configuration, log).ok());
  ASSERT_TRUE(assemble(configuration, log).ok()) << "the store has them";
  EXPECT_EQ(published()->number, 1U);
}

TEST_F(AssemblyTest, RefusesAFaultyFolderThatWouldBecomeTheFirstEdition) {
  configuration.authority.profiles_from = "store";
  write("profiles/first.cfg", "nonsense\n");
  expect_refused("first.cfg: error: ");
}

TEST_F(AssemblyTest, WarnsWhereAProfileIsAbsentWhoseCertificatesArePublished) {
  configuration.publishing.uri = "ldap://127.0.0.1:1";
  configuration.publishing.plaintext = true;
  configuration.publishing.user_dn = "UID=$subj.UID,O=Test";
  configuration.publishing.profiles = {"caNowhere"};
  EXPECT_TRUE(check(configuration, log).ok());
  EXPECT_THAT(log.lines, Contains("profile published_absent=caNowhere"));
  log.lines.clear();
  ASSERT_TRUE(assemble(configuration, log).ok());
  EXPECT_THAT(log.lines, Contains("profile published_absent=caNowhere"));
}

TEST_F(AssemblyTest, WarnsWhereUsersChooseInWhoseEntryTheyArePublished) {
  const std::string profile = "profiles/caFullCMCUserSignedCert.cfg";
  std::ofstream(scene.folder / profile, std::ios::app)
      << "\nauth.changeSubjectNameAllowed=true\nauth.changeSubjectNameApprovalRequired=false\n";
  const auto words = "profile published_by_free_names=caFullCMCUserSignedCert";
  ASSERT_TRUE(check(configuration, log).ok());
  EXPECT_THAT(log.lines, Not(Contains(words))) << "nothing is published";
  configuration.publishing.uri = "ldap://127.0.0.1:1";
  configuration.publishing.plaintext = true;
  configuration.publishing.user_dn = "UID=$subj.UID,O=Test";
  ASSERT_TRUE(check(configuration, log).ok());
  EXPECT_THAT(log.lines, Contains(words));
  log.lines.clear();
  configuration.publishing.profiles = {"caFullCMCUserCert"};
  ASSERT_TRUE(assemble(configuration, log).ok());
  EXPECT_THAT(log.lines, Not(Contains(words)));
}

TEST_F(AssemblyTest, RefusesPublishingIntoNobodysEntry) {
  configuration.publishing.uri = "ldap://127.0.0.1:1";
  configuration.publishing.plaintext = true;
  configuration.publishing.user_dn = "UID=alice,O=Test";
  expect_refused("[publishing] user_dn has no variable");
  configuration.publishing.user_dn = "UID=$req.uid,O=Test";
  expect_refused("[publishing] user_dn: \"UID=$req.uid,O=Test\": $req.uid is no variable");
  configuration.publishing.user_dn = "UID=$subj.UID,O=Test";
  configuration.publishing.ca_dn = "Test CA";
  expect_refused("[publishing] ca_dn");
  configuration.publishing.ca_dn = "CN=$subj.CN,O=Test";
  EXPECT_TRUE(check(configuration, log).ok());
  EXPECT_TRUE(start().ok()) << "a directory may start later";
}

}  // namespace
}  // namespace signet::server
