#include "apps/tool/token_credentials.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "issuance/authority_certificates.h"
#include "support/token_scene.h"

namespace signet::tool {
namespace {

using test::unwrap;
using ::testing::HasSubstr;

class TokenSigner : public ::testing::Test {
 protected:
  [[nodiscard]] std::string name(const std::string& nickname) const {
    return "nss:" + database.path() + "?nickname=" + nickname;
  }
  [[nodiscard]] Result<Signer> read(const std::string& nickname) const {
    return read_signer({.certificate_file = {},
                        .key_file = name(nickname),
                        .pkcs12_file = {},
                        .passphrase_file = database / "password"});
  }
  static pkix::Certificate certificate_of(const crypto::PrivateKey& key, Time now) {
    return unwrap(issuance::make_root(
        {.subject = unwrap(pkix::name_from_text("CN=Alice")), .key = key, .now = now},
        crypto::system_random()));
  }

  test::NssDatabase database;
  std::shared_ptr<pkcs11::Token> token = database.open();
};

TEST_F(TokenSigner, IsTheKeyWithItsNewestCertificate) {
  const auto key = unwrap(token->generate_key("ec:p256", "alice"));
  const auto now = SystemClock().now();
  const auto newest = certificate_of(*key, now);
  ASSERT_TRUE(token->store_certificate(newest, "alice").ok());
  ASSERT_TRUE(
      token->store_certificate(certificate_of(*key, now - std::chrono::hours{48}), "alice").ok());
  const auto signer = unwrap(read("alice"));
  EXPECT_EQ(signer.certificate, newest);
  EXPECT_EQ(signer.key->public_key_info(), key->public_key_info());
}

TEST_F(TokenSigner, NeedsACertificateBesideTheKey) {
  unwrap(token->generate_key("ec:p256", "alone"));
  const auto signer = read("alone");
  ASSERT_FALSE(signer.ok());
  EXPECT_EQ(signer.error().fault, Fault::certificate_not_found);
  EXPECT_THAT(signer.error().detail, HasSubstr("--signer"));
  EXPECT_TRUE(read_key_file(name("alone"), database / "password").ok());
}

TEST_F(TokenSigner, IsRefusedWhenItIsNotThereOrTheFileHasNoCertificate) {
  const auto absent = read("bob");
  ASSERT_FALSE(absent.ok());
  EXPECT_EQ(absent.error().fault, Fault::key_not_found);
  const auto file = read_signer(
      {.certificate_file = {}, .key_file = "bob.key", .pkcs12_file = {}, .passphrase_file = {}});
  ASSERT_FALSE(file.ok());
  EXPECT_EQ(file.error().fault, Fault::bad_configuration);
}

}  // namespace
}  // namespace signet::tool
