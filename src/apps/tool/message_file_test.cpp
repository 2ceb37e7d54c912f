#include "apps/tool/message_file.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "support/unwrap.h"

namespace signet::tool {
namespace {

using test::unwrap;

TEST(Unwrap, GivesBinaryAsItIs) {
  const Bytes binary{0x30, 0x80, 0x00, 0x00};
  const auto objects = unwrap(tool::unwrap(binary));
  ASSERT_EQ(objects.size(), 1U);
  EXPECT_EQ(objects.front().octets, binary);
}

TEST(Unwrap, GivesEachPemBlock) {
  const auto text = to_pem("CERTIFICATE", Bytes{1}) + "between\n" + to_pem("CMS", Bytes{2});
  const auto objects = unwrap(tool::unwrap(as_bytes(text)));
  ASSERT_EQ(objects.size(), 2U);
  EXPECT_EQ(objects.back().label, "CMS");
  EXPECT_EQ(objects.back().octets, Bytes{2});
}

TEST(Unwrap, TakesBase64WithLineEnds) {
  const auto objects = unwrap(tool::unwrap(as_bytes("MIIB\r\nAAEC\n")));
  EXPECT_EQ(objects.front().wrapping, Wrapping::base64);
  EXPECT_EQ(objects.front().octets.front(), 0x30);
}

TEST(Unwrap, RefusesPrivateKeysAndEmptyFiles) {
  for (const auto* label : {"PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "EC PRIVATE KEY"}) {
    const auto refused = tool::unwrap(as_bytes(to_pem(label, Bytes{1})));
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().fault, Fault::not_allowed);
  }
  EXPECT_EQ(tool::unwrap({}).error().fault, Fault::malformed);
}

TEST(Unwrap, RefusesTextThatStandsForNothing) {
  for (const auto* text : {"hello, world\n", "hello\n", "[http]\nport = 1\n"}) {
    const auto refused = tool::unwrap(as_bytes(text));
    ASSERT_FALSE(refused.ok()) << text;
    EXPECT_EQ(refused.error().fault, Fault::malformed);
    EXPECT_EQ(refused.error().detail, "it is text, neither PEM nor base64");
  }
}

}  // namespace
}  // namespace signet::tool
