#include "apps/signet/renewal_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "adapters/files/file.h"
#include "apps/signet/authority_key.h"
#include "apps/signet/file_pair.h"
#include "support/temporary_folder.h"
#include "support/test_authority.h"
#include "support/unwrap.h"

namespace signet::tool {
namespace {

namespace fs = std::filesystem;
using test::unwrap;
using ::testing::StartsWith;

/// web.pem and web.key are the old pair (the agent's); the renewal's is Alice's.
class RenewalFolder : public ::testing::Test {
 protected:
  RenewalFolder() {
    fs::create_directory(renewal_folder(web));
    put(web, authority.agent);
    put(renewed, authority.alice);
  }

  static void put(const HolderFiles& files, const test::Holder& holder) {
    put_certificate(files, holder);
    ASSERT_TRUE(write_key(files.key, *holder.key, SecretBytes()).ok());
  }
  static void put_certificate(const HolderFiles& files, const test::Holder& holder) {
    const auto pem = pkix::to_pem({holder.certificate});
    ASSERT_TRUE(files::write_file(files.certificate, as_bytes(pem)).ok());
  }
  Result<bool> install() { return install_renewal(web, authority.clock.now()); }
  static bool are(const HolderFiles& files, const test::Holder& holder) {
    const auto key = unwrap(read_key_file(files.key, files.passphrase_file));
    return unwrap(read_certificates_file(files.certificate)).front() == holder.certificate &&
           key->public_key_info() == holder.key->public_key_info();
  }
  static mode_t mode_of(const std::string& path) {
    struct stat state {};
    EXPECT_EQ(::stat(path.c_str(), &state), 0) << path;
    return state.st_mode & 07777U;
  }

  test::TestAuthority authority;
  test::TemporaryFolder folder;
  HolderFiles web{folder / "web.pem", folder / "web.key", ""};
  HolderFiles renewed{folder / "web.pem.renewal/certificate.pem",
                      folder / "web.pem.renewal/key.pem", ""};
};

TEST_F(RenewalFolder, IsPutInPlaceAndTheOldPairStaysBeside) {
  EXPECT_TRUE(unwrap(install()));
  EXPECT_TRUE(are(web, authority.alice));
  EXPECT_TRUE(are({web.certificate + ".old", web.key + ".old", ""}, authority.agent));
  EXPECT_FALSE(fs::exists(renewal_folder(web)));
  EXPECT_FALSE(unwrap(install())) << "there is none any more";
}

TEST_F(RenewalFolder, IsKeptAndTheOldPairWithItWhereTheCertificateCannotBeReplaced) {
  fs::create_directory(web.certificate + ".old");
  EXPECT_EQ(install().error().fault, Fault::storage_failed);
  EXPECT_TRUE(are(web, authority.agent));
  EXPECT_TRUE(are(renewed, authority.alice));
  fs::remove(web.certificate + ".old");
  EXPECT_TRUE(unwrap(install()));
  EXPECT_TRUE(are(web, authority.alice));
}

TEST_F(RenewalFolder, LetsTheCertificateFollowAKeyThatHasItsPlace) {
  put(web, authority.alice);
  put_certificate(web, authority.agent);
  EXPECT_TRUE(unwrap(install()));
  EXPECT_TRUE(are(web, authority.alice));
  EXPECT_FALSE(fs::exists(web.key + ".old")) << "that would be the new key";
}

TEST_F(RenewalFolder, LetsTheCertificateFollowAKeyThatWasMovedOutOfIt) {
  fs::rename(renewed.key, web.key);
  EXPECT_TRUE(unwrap(install()));
  EXPECT_TRUE(are(web, authority.alice));
}

TEST_F(RenewalFolder, LeavesTheOldPairBesideWhereItWasInPlaceAlready) {
  put({web.certificate + ".old", web.key + ".old", ""}, authority.agent);
  put(web, authority.alice);
  EXPECT_TRUE(unwrap(install()));
  EXPECT_TRUE(are({web.certificate + ".old", web.key + ".old", ""}, authority.agent));
}

TEST_F(RenewalFolder, IsPutInPlaceThoughItsPendingFileStayed) {
  ASSERT_TRUE(files::write_file(renewal_folder(web) + "/pending.json", as_bytes("{}")).ok());
  EXPECT_TRUE(unwrap(install()));
  EXPECT_TRUE(are(web, authority.alice));
}

TEST_F(RenewalFolder, OfAnotherKeyOrExpiredIsNoRenewal) {
  authority.clock.advance(std::chrono::hours{24} * 365 * 30);
  EXPECT_FALSE(unwrap(install())) << "expired";
  authority.clock.advance(-std::chrono::hours{24} * 365 * 30);
  put(renewed, authority.agent);
  put_certificate(renewed, authority.alice);
  EXPECT_FALSE(unwrap(install())) << "another key";
  EXPECT_TRUE(are(web, authority.agent));
}

TEST_F(RenewalFolder, IsLeftAloneWhereAKeyCannotBeRead) {
  const auto passphrase = folder / "passphrase";
  ASSERT_TRUE(
      write_key(renewed.key, *authority.alice.key, SecretBytes(std::string_view("x"))).ok());
  ASSERT_FALSE(install().ok());
  EXPECT_TRUE(fs::exists(renewed.certificate));
  EXPECT_TRUE(are(web, authority.agent));
}

TEST_F(RenewalFolder, PutsAnEncryptedKeyInPlaceEncrypted) {
  web.passphrase_file = folder / "passphrase";
  ASSERT_TRUE(files::write_secret_file(web.passphrase_file, as_bytes("word\n")).ok());
  const SecretBytes word{std::string_view("word")};
  ASSERT_TRUE(write_key(renewed.key, *authority.alice.key, word).ok());
  EXPECT_TRUE(unwrap(install()));
  EXPECT_THAT(std::string(as_text(unwrap(files::read_file(web.key)))),
              StartsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
  EXPECT_TRUE(are(web, authority.alice));
}

TEST_F(RenewalFolder, TakesOverModeOwnerAndGroup) {
  ASSERT_EQ(::chmod(web.key.c_str(), 0640), 0);
  ASSERT_EQ(::chmod(web.certificate.c_str(), 0600), 0);
  const bool root = ::getuid() == 0;
  if (root) {
    ASSERT_EQ(::chown(web.key.c_str(), 12, 34), 0);
  }
  EXPECT_TRUE(unwrap(install()));
  EXPECT_EQ(mode_of(web.key), 0640U);
  EXPECT_EQ(mode_of(web.certificate), 0600U);
  struct stat state {};
  ASSERT_EQ(::stat(web.key.c_str(), &state), 0);
  EXPECT_TRUE(!root || (state.st_uid == 12 && state.st_gid == 34));
}

TEST_F(RenewalFolder, IsClearedUnlessItWaitsForADecision) {
  fs::remove(renewed.certificate);
  ASSERT_TRUE(files::write_file(renewal_folder(web) + "/pending.json", as_bytes("{}")).ok());
  EXPECT_EQ(clear_renewal(web).error().fault, Fault::not_allowed);
  EXPECT_TRUE(fs::exists(renewed.key));
  fs::remove(renewal_folder(web) + "/pending.json");
  EXPECT_TRUE(clear_renewal(web).ok());
  EXPECT_FALSE(fs::exists(renewal_folder(web)));
}

}  // namespace
}  // namespace signet::tool
