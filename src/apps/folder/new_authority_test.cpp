#include "apps/folder/new_authority.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "adapters/files/file.h"
#include "adapters/sqlite/sqlite_engine.h"
#include "apps/folder/authority_configuration.h"
#include "apps/folder/find_profiles.h"
#include "apps/folder/folder_in_the_making.h"
#include "apps/tool/credentials.h"
#include "base/encoding.h"
#include "codec/pkix/oids.h"
#include "support/fakes.h"
#include "support/file_size_limit.h"
#include "support/shared_data.h"
#include "support/temporary_folder.h"
#include "support/unwrap.h"

namespace signet::tool {
namespace {

using test::unwrap;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(TomlString, QuotesWhateverIsInIt) {
  EXPECT_EQ(toml_string("plain/path"), "\"plain/path\"");
  EXPECT_EQ(toml_string("a\"b\\c"), "\"a\\\"b\\\\c\"");
  EXPECT_EQ(toml_string("a\nkey = 1\x7F"), "\"a\\u000Akey = 1\\u007F\"");
  EXPECT_EQ(toml_string("Jörg"), "\"Jörg\"");
}

TEST(ProfilesNotOffered, NamesTheFirstErrorOfThoseThatAreEnabled) {
  const test::TemporaryFolder folder;
  const auto good = std::string(
      as_text(test::file(test::source_folder() + "/profiles/caFullCMCUserSignedCert.cfg")));
  const auto write = [&](const std::string& name, const std::string& text) {
    std::ofstream(folder / name) << text;
  };
  write("caGood.cfg", good);
  write("caOff.cfg", good + "\nauth.instance_id=Nobody\nenable=false\n");
  EXPECT_TRUE(unwrap(profiles_not_offered(folder / "")).empty());
  write("caBad.cfg", good + "\nauth.instance_id=Nobody\n");
  EXPECT_THAT(unwrap(profiles_not_offered(folder / "")),
              ::testing::ElementsAre(
                  AllOf(HasSubstr("caBad.cfg:"), HasSubstr("error: "), HasSubstr("'Nobody'"))));
}

TEST(ConfigurationText, NamesTheHeaderLinesOfBothKindsOfHttpClient) {
  EXPECT_THAT(configuration_text({}),
              AllOf(HasSubstr("\n# header_lines = 4 "), HasSubstr("10.8"), HasSubstr("5: ")));
}

class NewAuthorityTest : public ::testing::Test {
 protected:
  NewAuthorityTest() {
    wanted.directory = folder / "ca";
    wanted.subject = "CN=New CA,O=Test";
    wanted.profiles = test::source_folder() + "/profiles";
  }

  Result<MadeAuthority> make() { return make_authority(wanted, clock); }
  [[nodiscard]] std::string file(const std::string& name) const {
    return wanted.directory + "/" + name;
  }
  [[nodiscard]] std::string text(const std::string& name) const {
    return std::string(as_text(unwrap(files::read_file(file(name)))));
  }
  [[nodiscard]] pkix::Certificate certificate(const std::string& name) const {
    return unwrap(read_certificates_file(file(name))).front();
  }
  [[nodiscard]] pkix::GeneralNames tls_names() const {
    const auto tls = certificate("tls.pem");
    const auto* names = pkix::find_extension(tls->extensions, pkix::oid::kSubjectAltName);
    return unwrap(pkix::read_alternative_name(names->extn_value));
  }
  void expect_nothing_made(Fault fault, const std::string& words) {
    const auto made = make();
    ASSERT_FALSE(made.ok());
    EXPECT_EQ(made.error().fault, fault);
    EXPECT_THAT(made.error().detail, HasSubstr(words));
    EXPECT_FALSE(std::filesystem::exists(wanted.directory));
  }

  test::TemporaryFolder folder;
  test::FixedClock clock;
  NewAuthority wanted;
};

TEST_F(NewAuthorityTest, CertifiesItselfItsServerAndItsAgent) {
  ASSERT_TRUE(make().ok());
  const auto root = certificate("ca.pem");
  EXPECT_EQ(pkix::to_text(root->subject), "CN=New CA,O=Test");
  for (const auto* name : {"ca.pem", "tls.pem", "agent.pem"}) {
    EXPECT_TRUE(
        crypto::verify_certificate_signature(certificate(name), root->subject_public_key_info)
            .ok());
  }
}

TEST_F(NewAuthorityTest, PutsItsFirstCertificatesOnRecord) {
  ASSERT_TRUE(make().ok());
  const auto store = unwrap(sqlite::SqliteEngine::open(file("store.db")));
  for (const auto* name : {"tls.pem", "agent.pem"}) {
    const auto own = certificate(name);
    const auto record = unwrap(store->find_certificate(own->serial_number));
    ASSERT_TRUE(record) << name;
    EXPECT_EQ(record->certificate_der, own.der);
    EXPECT_THAT(text("audit.jsonl"), HasSubstr(own->serial_number.to_hex()));
  }
}

TEST_F(NewAuthorityTest, KeepsSecretsToTheOwner) {
  ASSERT_TRUE(make().ok());
  for (const auto* name : {"ca.key", "tls.key", "agent.key", "agent.p12", "agent.p12.passphrase"}) {
    struct stat about {};
    ASSERT_EQ(::stat(file(name).c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777U, 0600U) << name;
  }
}

TEST_F(NewAuthorityTest, GivesTheAgentAPkcs12) {
  const auto made = unwrap(make());
  const auto passphrase = unwrap(files::read_passphrase_file(made.agent_pkcs12_passphrase_file));
  const auto opened =
      unwrap(crypto::read_pkcs12(unwrap(files::read_file(made.agent_pkcs12)), passphrase));
  EXPECT_EQ(opened.certificates.front().der, certificate("agent.pem").der);
  EXPECT_EQ(opened.key->public_key_info(), certificate("agent.pem")->subject_public_key_info);
}

TEST_F(NewAuthorityTest, NamesTheAgentInTheConfiguration) {
  ASSERT_TRUE(make().ok());
  EXPECT_THAT(text("signetd.toml"),
              AllOf(HasSubstr(to_hex(crypto::sha256(certificate("agent.pem").der))),
                    HasSubstr("address = \"127.0.0.1\"\nport = 8443\n")));
}

TEST_F(NewAuthorityTest, CopiesTheProfiles) {
  ASSERT_TRUE(make().ok());
  EXPECT_TRUE(std::filesystem::exists(file("profiles/caFullCMCUserCert.cfg")));
}

TEST_F(NewAuthorityTest, NamesHostsAndItsAddressInTheTlsCertificate) {
  wanted.hosts = {"ca.test", "192.0.2.1"};
  wanted.address = "192.0.2.7";
  ASSERT_TRUE(make().ok());
  EXPECT_EQ(tls_names(),
            (pkix::GeneralNames{pkix::DnsName{"ca.test"}, pkix::IpAddress{Bytes{192, 0, 2, 1}},
                                pkix::IpAddress{Bytes{192, 0, 2, 7}}}));
}

TEST_F(NewAuthorityTest, NamesNoAddressThatMeansAny) {
  for (const auto* any : {"0.0.0.0", "::"}) {
    wanted.directory = folder / any;
    wanted.address = any;
    ASSERT_TRUE(make().ok());
    EXPECT_EQ(tls_names(), (pkix::GeneralNames{pkix::DnsName{"localhost"}}));
  }
}

TEST_F(NewAuthorityTest, EncryptsItsKeyWhereAPassphraseIsGiven) {
  wanted.passphrase_file = folder / "pass\"phrase";
  ASSERT_TRUE(files::write_file(wanted.passphrase_file, as_bytes("sesame\n")).ok());
  ASSERT_TRUE(make().ok());
  const auto pem = unwrap(files::read_file(file("ca.key")));
  const auto open = [&](std::string_view passphrase) {
    return crypto::read_private_key(pem, SecretBytes(passphrase));
  };
  EXPECT_TRUE(open("sesame").ok());
  EXPECT_EQ(open("barley").error().fault, Fault::decryption_failed);
  EXPECT_EQ(open("").error().fault, Fault::decryption_failed);
  EXPECT_THAT(text("signetd.toml"),
              HasSubstr("key_passphrase_file = \"" + (folder / "pass\\\"phrase") + "\"\n"));
}

TEST_F(NewAuthorityTest, IsNeverMadeOverAnother) {
  ASSERT_TRUE(make().ok());
  const auto before = text("ca.key");
  const auto again = make();
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().fault, Fault::bad_configuration);
  EXPECT_EQ(text("ca.key"), before);
}

TEST_F(NewAuthorityTest, IsItsOwnersAloneWhateverTheUmask) {
  wanted.directory = folder / "above/ca/";
  const auto before = ::umask(0);
  const auto made = make();
  ::umask(before);
  ASSERT_TRUE(made.ok());
  const auto mode = [&](const std::string& name) {
    struct stat about {};
    EXPECT_EQ(::stat((folder / ("above/ca" + name)).c_str(), &about), 0) << name;
    return about.st_mode & 0777U;
  };
  EXPECT_EQ(mode(""), 0700U);
  EXPECT_EQ(mode("/store.db"), 0600U);
  EXPECT_EQ(mode("/ca.key"), 0600U);
}

TEST_F(NewAuthorityTest, TakesAFolderAndNoFile) {
  ASSERT_TRUE(files::write_file(wanted.directory, {}).ok());
  EXPECT_EQ(make().error().fault, Fault::storage_failed);
}

TEST_F(NewAuthorityTest, TakesAnEmptyFolder) {
  std::filesystem::create_directory(wanted.directory);
  EXPECT_TRUE(make().ok());
}

TEST_F(NewAuthorityTest, WritesNothingWhereItIsAskedWrongly) {
  const auto right = wanted;
  wanted.subject = "New CA";
  expect_nothing_made(Fault::malformed, "");
  (wanted = right).agent = "Agent";
  expect_nothing_made(Fault::malformed, "");
  (wanted = right).hosts = {};
  expect_nothing_made(Fault::malformed, "--host");
  (wanted = right).hosts = {"not a host"};
  expect_nothing_made(Fault::malformed, "");
  (wanted = right).address = "localhost\"\nport = 1";
  expect_nothing_made(Fault::malformed, "--address");
  (wanted = right).key = "ec:p999";
  expect_nothing_made(Fault::unsupported_algorithm, "ec:p256");
  (wanted = right).profiles = folder / "none";
  expect_nothing_made(Fault::bad_configuration, "--profiles");
}

TEST_F(NewAuthorityTest, WritesNothingWhereTheDatabaseCannotBeReached) {
  wanted.store = "postgresql:///x?host=" + folder.path().string();
  expect_nothing_made(Fault::storage_failed, "cannot be reached");
}

TEST_F(NewAuthorityTest, LeavesTheDirectoryAsItWasWhereItFails) {
  {
    const test::FileSizeLimit full_disk(4096);  // keys and certificates, no store
    expect_nothing_made(Fault::storage_failed, "");
    std::filesystem::create_directory(wanted.directory);
    EXPECT_FALSE(make().ok());
  }
  EXPECT_TRUE(std::filesystem::is_empty(wanted.directory)) << "it was there before";
  EXPECT_TRUE(make().ok());
}

TEST_F(NewAuthorityTest, TakesNoFilesOfAnotherOneThatIsMadeThere) {
  const auto other = unwrap(FolderInTheMaking::begin(wanted.directory));
  const auto made = make();
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(made.error().fault, Fault::busy);
  EXPECT_TRUE(std::filesystem::exists(wanted.directory));
}

TEST_F(NewAuthorityTest, SaysWhatOneThatWasKilledMayHaveLeft) {
  ASSERT_TRUE(make().ok());
  EXPECT_THAT(make().error().detail, Not(HasSubstr("killed")));
  std::filesystem::remove(file("signetd.toml"));
  EXPECT_THAT(make().error().detail, HasSubstr("killed"));
}

TEST_F(NewAuthorityTest, WritesNothingWhereThePassphraseIsMissing) {
  wanted.passphrase_file = folder / "passphrase";
  expect_nothing_made(Fault::storage_failed, "passphrase");
  ASSERT_TRUE(files::write_file(wanted.passphrase_file, as_bytes("\n")).ok());
  const auto made = make();
  ASSERT_FALSE(made.ok());
  EXPECT_FALSE(std::filesystem::exists(wanted.directory));
}

}  // namespace
}  // namespace signet::tool
