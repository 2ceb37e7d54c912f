#include "base/encoding.h"

#include <gtest/gtest.h>
#include <malloc.h>

namespace signet {
namespace {

TEST(Base64, GivesTheVectorsOfRfc4648) {
  EXPECT_EQ(to_base64(as_bytes("")), "");
  EXPECT_EQ(to_base64(as_bytes("f")), "Zg==");
  EXPECT_EQ(to_base64(as_bytes("fo")), "Zm8=");
  EXPECT_EQ(to_base64(as_bytes("foo")), "Zm9v");
  EXPECT_EQ(to_base64(as_bytes("foobar")), "Zm9vYmFy");
}

TEST(Base64, ReadsWhatItWritesForEveryLength) {
  Bytes octets;
  for (int i = 0; i < 200; ++i) {
    EXPECT_EQ(from_base64(to_base64(octets)).value(), octets);
    octets.push_back(static_cast<std::uint8_t>(i * 37));
  }
}

TEST(Base64, PassesOverWhiteSpace) {
  /* matrix: G09 */
  EXPECT_EQ(from_base64("Zm9v\r\n Ym\tFy\n").value(), to_bytes("foobar"));
}

TEST(Base64, RefusesWhatIsCutPaddedWronglyOrForeign) {
  for (const auto* text : {"Z", "Zg", "Zg=", "Zm9v=", "Zg==Zg==", "Zm9%", "=", "Zm-_"}) {
    const auto octets = from_base64(text);
    ASSERT_FALSE(octets.ok()) << text;
    EXPECT_EQ(octets.error().fault, Fault::malformed);
  }
}

TEST(Hex, ReadsEitherCaseWithColons) {
  EXPECT_EQ(from_hex("00:Ff a1").value(), (Bytes{0x00, 0xFF, 0xA1}));
  EXPECT_EQ(to_hex(Bytes{0x00, 0xFF, 0xA1}), "00ffa1");
  EXPECT_FALSE(from_hex("0").ok());
  EXPECT_FALSE(from_hex("0g").ok());
}

TEST(Pem, ReadsWhatItWritesAndKeepsTheOrder) {
  const Bytes long_octets(100, 0x42);
  const auto text = "some text\n" + to_pem("CERTIFICATE", long_octets) + to_pem("CMS", Bytes{1});
  const auto blocks = from_pem(text).value();
  ASSERT_EQ(blocks.size(), 2U);
  EXPECT_EQ(blocks[0].label, "CERTIFICATE");
  EXPECT_EQ(blocks[0].octets, long_octets);
  EXPECT_EQ(blocks[1].label, "CMS");
}

TEST(Pem, RefusesABlockWithoutEndAndOneWithHeaders) {
  EXPECT_FALSE(from_pem("-----BEGIN CERTIFICATE-----\nZg==\n").ok());
  EXPECT_FALSE(from_pem("-----BEGIN CERTIFICATE-----\nZg==\n-----END CMS-----\n").ok());
  EXPECT_FALSE(
      from_pem("-----BEGIN X-----\nProc-Type: 4,ENCRYPTED\n\nZg==\n-----END X-----\n").ok());
}

TEST(Pem, WhatIsRefusedLeavesNothingInMemory) {
  // A label as long as the sender likes, over what is no base64.
  const std::string label(100'000, 'A');
  const auto text = "-----BEGIN " + label + "-----\n!\n-----END " + label + "-----\n";
  const auto held = [] { return mallinfo2().uordblks + mallinfo2().hblkhd; };
  ASSERT_FALSE(from_pem(text).ok());
  const auto before = held();
  for (int times = 0; times < 10; ++times) ASSERT_FALSE(from_pem(text).ok());
  EXPECT_LT(held(), before + label.size());
}

TEST(Pem, OfTextWithoutBlocksIsNothing) {
  EXPECT_TRUE(from_pem("nothing here").value().empty());
}

}  // namespace
}  // namespace signet
