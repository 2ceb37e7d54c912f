#include "apps/tool/file_kind.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "crypto/private_key.h"
#include "support/test_ca.h"
#include "support/unwrap.h"

namespace signet::tool {
namespace {

using test::unwrap;

TEST(WhatFileIs, NamesWhatIsPlain) {
  EXPECT_EQ(what_file_is({}), "it is empty");
  EXPECT_EQ(what_file_is(as_bytes("hello, world\n")), "it is text, neither PEM nor base64");
  EXPECT_EQ(what_file_is(as_bytes(to_pem("CERTIFICATE REQUEST", Bytes{1}))),
            "it holds CERTIFICATE REQUEST (PEM)");
  EXPECT_EQ(what_file_is(as_bytes(to_pem("A", Bytes{1}) + to_pem("B", Bytes{2}))),
            "it holds A, B (PEM)");
  EXPECT_EQ(what_file_is(as_bytes("-----BEGIN CERTIFICATE-----\nMIIB\n")), "its PEM is damaged");
}

TEST(WhatFileIs, LooksIntoDerAlsoInBase64) {
  const test::TestCa ca{"CN=Test CA", test::test_key("ec:p256", 0)};
  const auto& der = ca.certificate().der;
  EXPECT_EQ(what_file_is(der), "it is a certificate (DER)");
  EXPECT_EQ(what_file_is(as_bytes(to_base64(der))), "it is a certificate (DER)");
  const Bytes pfx{0x30, 0x05, 0x02, 0x01, 0x03, 0x30, 0x00};
  EXPECT_EQ(what_file_is(pfx), "it looks like PKCS#12");
  const Bytes pkcs8{0x30, 0x05, 0x02, 0x01, 0x00, 0x30, 0x00};
  EXPECT_EQ(what_file_is(pkcs8), "it looks like a private key (DER)");
}

TEST(WhatFileIs, SaysNothingOfWhatIsNotPlain) {
  const Bytes other{0x30, 0x05, 0x02, 0x01, 0x07, 0x30, 0x00};
  EXPECT_EQ(what_file_is(other), "");
  EXPECT_EQ(what_file_is(Bytes{0x00, 0x01}), "");
}

}  // namespace
}  // namespace signet::tool
