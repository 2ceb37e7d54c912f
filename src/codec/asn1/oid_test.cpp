#include "codec/asn1/oid.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "support/octets.h"

namespace signet::asn1 {
namespace {

using test::hex;

Fault fault_of_text(std::string_view text) {
  return Oid::from_text(text).error().fault;
}
Fault fault_of_value(std::string_view text) {
  return Oid::from_value(hex(text)).error().fault;
}

TEST(Oid, EncodesTheFirstTwoArcsAsOneNumber) {
  EXPECT_EQ(to_hex(Oid{"1.2.840.113549.1.7.1"}.value()), "2a864886f70d010701");
  EXPECT_EQ(to_hex(Oid{"2.5.4.3"}.value()), "550403");
  EXPECT_EQ(to_hex(Oid{"2.999.3"}.value()), "883703");
}

TEST(Oid, ReadsItsOwnText) {
  for (const auto* text :
       {"0.0", "0.39", "1.0", "1.39.1", "2.0", "2.40", "2.47", "2.48", "2.999.3",
        "1.3.6.1.5.5.7.7.18", "0.9.2342.19200300.100.1.1",
        "2.25.329800735698586629295641978511506172918", "1.2.18446744073709551616"}) {
    const auto oid = Oid::from_text(text);
    ASSERT_TRUE(oid.ok()) << text;
    EXPECT_EQ(oid->to_text(), text);
  }
}

TEST(Oid, FromTextEqualsTheOneMadeAtCompileTime) {
  EXPECT_EQ(*Oid::from_text("1.2.840.113549.1.9.14"), Oid{"1.2.840.113549.1.9.14"});
  EXPECT_EQ(*Oid::from_text("2.100.3"), Oid{"2.100.3"});
}

TEST(Oid, RefusesTextThatIsNoIdentifier) {
  for (const auto* text : {"", "1", "1.", ".1", "3.1", "1.40", "0.40.1", "1.2.", "1..2", "1.02",
                           "01.2", "1.2.x", "1.-2", "1.2 ", "10.2", "CN"}) {
    ASSERT_FALSE(Oid::from_text(text).ok()) << text;
    EXPECT_EQ(fault_of_text(text), Fault::malformed) << text;
  }
  EXPECT_EQ(fault_of_text("1.2" + std::string(64, '0')), Fault::malformed);
  EXPECT_EQ(fault_of_text("1.2." + std::string(5000, '9')), Fault::malformed);
}

TEST(Oid, RefusesContentsThatEndWithinAnArc) {
  EXPECT_EQ(fault_of_value(""), Fault::malformed);
  EXPECT_EQ(fault_of_value("80"), Fault::malformed);
  EXPECT_EQ(fault_of_value("2a86"), Fault::malformed);
}

TEST(Oid, RefusesPaddedArcs) {
  EXPECT_EQ(fault_of_value("8055"), Fault::malformed);
  EXPECT_EQ(fault_of_value("558003"), Fault::malformed);
  EXPECT_TRUE(Oid::from_value(hex("55818003")).ok());  // 80 inside an arc is a digit of it
}

TEST(Oid, HoldsSixtyThreeOctetsAndNotOneMore) {
  EXPECT_TRUE(Oid::from_value(Bytes(63, 1)).ok());
  EXPECT_EQ(Oid::from_value(Bytes(64, 1)).error().fault, Fault::too_large);
}

TEST(Oid, PrintsArcsLargerThanAMachineWord) {
  const auto oid = Oid::from_value(hex("6983f09da7ebcfdee0c7a1a7b2c0948cc8f9d776")).value();
  EXPECT_EQ(oid.to_text(), "2.25.329800735698586629295641978511506172918");
}

TEST(Oid, OrdersByOctets) {
  EXPECT_LT(Oid{"2.5.4.3"}, Oid{"2.5.4.6"});
  EXPECT_LT(Oid{"2.5.4"}, Oid{"2.5.4.3"});
  EXPECT_TRUE(Oid{}.empty());
}

}  // namespace
}  // namespace signet::asn1
