#include <gtest/gtest.h>

#include "adapters/pkcs11/token.h"
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

}  // namespace
}  // namespace signet::pkcs11
