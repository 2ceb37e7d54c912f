// The keys, certificates and secrets that the server is put together with.
#include "support/assembly_scene.h"

namespace signet::server {
namespace {

using test::unwrap;
using ::testing::HasSubstr;

// -------------------------------------------------------------------------
// what proofs rest on

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
  configuration.secrets.source = SecretsFrom::file;
  configuration.secrets.file = scene.folder / "secrets.txt";
  write("secrets.txt", "no secrets\n");
  expect_refused("secrets.txt");
}

// ------------------------------------------------------------------------- key
// and certificates

TEST_F(AssemblyTest, RefusesSecretsThatOthersMayRead) {
  write("secrets", "alice\tsixteen octets or more\n");
  write("store.key", std::string(32, 'k'));
  write("pass", "word\n");
  configuration.authority.key_passphrase_file = scene.folder / "pass";
  configuration.store.key = scene.folder / "store.key";
  configuration.secrets.source = SecretsFrom::file;
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

// -------------------------------------------------------------------------
// identity

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
  EXPECT_THAT(made->listening.http.client_authorities_pem, HasSubstr(scene.authority.root_pem()));
}

TEST_F(AssemblyTest, RefusesAForeignIssuerThatIsNotThere) {
  configuration.identity.foreign_issuers = {scene.folder / "absent.pem"};
  EXPECT_EQ(check(configuration, log).error().fault, Fault::storage_failed);
}

}  // namespace
}  // namespace signet::server
