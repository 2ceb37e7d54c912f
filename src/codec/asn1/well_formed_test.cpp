#include <gtest/gtest.h>

#include "base/encoding.h"
#include "codec/asn1/reader.h"
#include "support/octets.h"

namespace signet::asn1 {
namespace {

using test::hex;

TEST(CheckWellFormed, TakesExactlyOneElement) {
  EXPECT_TRUE(check_well_formed(hex("3003020105"), Limits::der()).ok());
  EXPECT_EQ(check_well_formed(hex("3003020105 00"), Limits::der()).error().fault,
            Fault::trailing_data);
  EXPECT_EQ(check_well_formed({}, Limits::der()).error().fault, Fault::malformed);
}

TEST(CheckWellFormed, LooksIntoTheInnermost) {
  EXPECT_EQ(check_well_formed(hex("3005 3003 020205"), Limits::der()).error().fault,
            Fault::malformed);
  EXPECT_EQ(check_well_formed(hex("3006 A004 0202 0005"), Limits::der()).error().fault,
            Fault::malformed);
  EXPECT_EQ(check_well_formed(hex("3003 010101"), Limits::der()).error().fault, Fault::malformed);
  EXPECT_TRUE(check_well_formed(hex("3003 010101"), Limits::ber()).ok());
  EXPECT_EQ(check_well_formed(hex("1000"), Limits::der()).error().fault, Fault::malformed);
  EXPECT_EQ(check_well_formed(hex("2403 040161"), Limits::der()).error().fault, Fault::malformed);
  EXPECT_TRUE(check_well_formed(hex("2403 040161"), Limits::ber()).ok());
  EXPECT_EQ(check_well_formed(hex("2203 020105"), Limits::ber()).error().fault, Fault::malformed);
}

TEST(CheckWellFormed, LooksAtEachTypeThatHasOneEncoding) {
  for (const auto* octets : {"0A02007F", "030208FF", "050100", "06025580", "0C01E9"}) {
    EXPECT_EQ(check_well_formed(hex(octets), Limits::der()).error().fault, Fault::malformed)
        << octets;
    EXPECT_EQ(check_well_formed(hex(octets), Limits::ber()).error().fault, Fault::malformed)
        << octets;
  }
  EXPECT_EQ(check_well_formed(hex("03020561"), Limits::der()).error().fault, Fault::malformed);
  EXPECT_TRUE(check_well_formed(hex("03020561"), Limits::ber()).ok());
  // The same octets under a tag that says nothing of their type.
  for (const auto* octets : {"8A02007F", "8302 08FF", "8501 00", "86025580", "8C01E9"}) {
    EXPECT_TRUE(check_well_formed(hex(octets), Limits::der()).ok()) << octets;
  }
}

TEST(CheckWellFormed, KnowsWhichTypesAreConstructed) {
  for (const auto* octets : {"3000", "3100", "2800", "2B00", "3D00"}) {
    EXPECT_TRUE(check_well_formed(hex(octets), Limits::der()).ok()) << octets;
  }
  for (const auto* octets : {"1000", "1100", "0800", "0B00", "1D00"}) {
    EXPECT_EQ(check_well_formed(hex(octets), Limits::der()).error().fault, Fault::malformed)
        << octets;
    EXPECT_EQ(check_well_formed(hex(octets), Limits::ber()).error().fault, Fault::malformed)
        << octets;
  }
  for (const auto* octets : {"2304 03020061", "2403 040161", "2C03 040161", "3603 040161"}) {
    EXPECT_EQ(check_well_formed(hex(octets), Limits::der()).error().fault, Fault::malformed)
        << octets;
    EXPECT_TRUE(check_well_formed(hex(octets), Limits::ber()).ok()) << octets;
  }
  for (const auto* octets : {"2103 0101FF", "2500", "2603 060155", "2A03 0A0101"}) {
    EXPECT_EQ(check_well_formed(hex(octets), Limits::ber()).error().fault, Fault::malformed)
        << octets;
  }
}

TEST(CheckWellFormed, StopsAtDepth) {
  std::string octets = "0500";
  for (int i = 0; i < 33; ++i) {
    octets = "30" + to_hex(Bytes{static_cast<std::uint8_t>(octets.size() / 2)}) + octets;
  }
  EXPECT_EQ(check_well_formed(hex(octets), Limits::der()).error().fault, Fault::too_deep);
  EXPECT_TRUE(check_well_formed(hex(octets.substr(4)), Limits::der()).ok());
}

}  // namespace
}  // namespace signet::asn1
