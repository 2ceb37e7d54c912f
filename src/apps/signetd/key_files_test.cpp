#include "apps/signetd/key_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/token_scene.h"

namespace signet::server {
namespace {

using test::SoftHsm;
using test::unwrap;
using ::testing::HasSubstr;

class ReadTokenKey : public ::testing::Test {
 protected:
  ReadTokenKey() {
    made = unwrap(SoftHsm::open()->generate_key("ec:p256", "ca"))->public_key_info();
    test::write_text(folder / "pin", "1234\n");
    test::write_text(folder / "wrong", "4321\n");
  }
  void expect_refused(const std::string& key, const std::string& pin_file, Fault fault,
                      const std::string& named) const {
    const auto read = read_key(key, pin_file);
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().fault, fault) << read.error().detail;
    EXPECT_THAT(read.error().detail, HasSubstr(named));
  }

  test::TemporaryFolder folder;
  SoftHsm hsm;
  pkix::SubjectPublicKeyInfo made;
  std::string uri = SoftHsm::uri("token=one;object=ca");
};

TEST_F(ReadTokenKey, TakesThePinOfTheFileOrOfThePinSource) {
  EXPECT_EQ(unwrap(read_key(uri, folder / "pin"))->public_key_info(), made);
  const auto with_source = uri + "&pin-source=file:" + (folder / "pin");
  EXPECT_EQ(unwrap(read_key(with_source, ""))->public_key_info(), made);
}

TEST_F(ReadTokenKey, RefusesAMissingOrWrongPinAndAKeyThatIsNotThere) {
  expect_refused(uri, "", Fault::bad_configuration, "key_passphrase_file");
  expect_refused(uri, folder / "wrong", Fault::decryption_failed, "refuses the PIN");
  expect_refused(uri, folder / "none", Fault::storage_failed, "none");
  expect_refused(SoftHsm::uri("token=one;object=cb"), folder / "pin", Fault::key_not_found,
                 "there is: ca");
  expect_refused("pkcs11:token=one;what=else", folder / "pin", Fault::bad_configuration, "what");
}

TEST_F(ReadTokenKey, TakesAnNssDatabaseWithoutPasswordWithoutAFile) {
  const test::NssDatabase database("");
  const auto key = unwrap(database.open()->generate_key("rsa:2048", "ca"));
  EXPECT_EQ(unwrap(read_key("nss:" + database.path() + "?nickname=ca", ""))->public_key_info(),
            key->public_key_info());
}

}  // namespace
}  // namespace signet::server
