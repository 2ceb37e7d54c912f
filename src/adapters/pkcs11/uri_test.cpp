#include <gtest/gtest.h>

#include "adapters/pkcs11/token_name.h"
#include "support/unwrap.h"

namespace signet::pkcs11 {
namespace {

TEST(ReadUri, TakesEachAttributeThatWeUse) {
  const auto uri = test::unwrap(
      read_uri("pkcs11:token=Example%20CA;manufacturer=M;model=X;serial=12;object=ca%20signing;"
               "id=%01%fe;type=private?module-path=/usr/lib/m.so&pin-source=/etc/pin"));
  EXPECT_EQ(uri.token, "Example CA");
  EXPECT_EQ(uri.manufacturer, "M");
  EXPECT_EQ(uri.model, "X");
  EXPECT_EQ(uri.serial, "12");
  EXPECT_EQ(uri.object, "ca signing");
  EXPECT_EQ(uri.id, (Bytes{0x01, 0xfe}));
  EXPECT_EQ(uri.module_path, "/usr/lib/m.so");
  EXPECT_EQ(uri.pin_source, "/etc/pin");
}

TEST(ReadUri, LeavesEmptyWhatIsNotSaid) {
  const auto uri = test::unwrap(read_uri("pkcs11:"));
  EXPECT_TRUE(uri.token.empty() && uri.serial.empty() && uri.object.empty() && uri.id.empty());
  EXPECT_TRUE(uri.module_path.empty() && uri.pin_source.empty());
}

void expect_refused(std::string_view text, std::string_view named) {
  const auto read = read_uri(text);
  ASSERT_FALSE(read.ok()) << text;
  EXPECT_EQ(read.error().fault, Fault::bad_configuration);
  EXPECT_NE(read.error().detail.find(named), std::string::npos) << read.error().detail;
}

TEST(ReadUri, RefusesWhatIsNoPkcs11Uri) {
  expect_refused("", "pkcs11:");
  expect_refused("/etc/ca.key", "/etc/ca.key");
  expect_refused("pkcs11:token=%zz", "RFC 7512");
  expect_refused("pkcs11:token", "RFC 7512");
}

TEST(ReadUri, RefusesAttributesThatItDoesNotUnderstandByName) {
  expect_refused("pkcs11:token=a;slot-id=3", "slot-id");
  expect_refused("pkcs11:token=a;x-ours=3", "x-ours");
  expect_refused("pkcs11:token=a?module-name=b", "module-name");
}

TEST(ReadUri, RefusesAPinInTheUriWithoutRepeatingIt) {
  const auto read = read_uri("pkcs11:token=a?pin-value=4711");
  ASSERT_FALSE(read.ok());
  EXPECT_NE(read.error().detail.find("pin-value"), std::string::npos);
  EXPECT_EQ(read.error().detail.find("4711"), std::string::npos);
}

TEST(TokenName, IsAUriOrAFolderWithANickname) {
  const auto uri =
      test::unwrap(read_token_name("pkcs11:token=a;object=ca;id=%01?pin-source=file:/etc/pin"));
  EXPECT_EQ(std::get<Uri>(uri.token).token, "a");
  EXPECT_EQ(uri.key.label, "ca");
  EXPECT_EQ(uri.key.id, Bytes{0x01});
  EXPECT_EQ(uri.pin_file, "/etc/pin");
  EXPECT_FALSE(uri.may_lack_pin());
  const auto nss = test::unwrap(read_token_name("nss:/a?b/db?nickname=Alice's, 2nd"));
  EXPECT_EQ(std::get<std::string>(nss.token), "/a?b/db");
  EXPECT_EQ(nss.key.label, "Alice's, 2nd");
  EXPECT_TRUE(nss.may_lack_pin());
  EXPECT_EQ(test::unwrap(read_token_name("nss:db")).key.label, "");
}

TEST(TokenName, IsNoPathAndNoEmptyFolder) {
  EXPECT_TRUE(is_token_name("pkcs11:") && is_token_name("nss:db"));
  EXPECT_FALSE(is_token_name("ca.key") || is_token_name("./nss:db") || is_token_name(""));
  for (const auto* text : {"nss:", "nss:?nickname=a", "ca.key"}) {
    const auto read = read_token_name(text);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.error().fault, Fault::bad_configuration);
  }
}

}  // namespace
}  // namespace signet::pkcs11
