#include "apps/dogtag/response_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "base/encoding.h"
#include "support/test_ca.h"

namespace signet::dogtag {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(OctetsText, IsTheTextWhereItIsReadAsTheSame) {
  EXPECT_EQ(octets_text(as_bytes("12")), "12");
  EXPECT_EQ(octets_text(as_bytes("a b")), "a b");
  EXPECT_EQ(octets_text(as_bytes("0x12")), "0x30783132");
  EXPECT_EQ(octets_text(as_bytes(" 1")), "0x2031");
  EXPECT_EQ(octets_text(as_bytes("1\n")), "0x310a");
}

/// What print_certificates says of one with this serial number.
std::string printed_with_serial(std::uint64_t serial_number) {
  const auto made = test::TestCa().issue({.serial_number = asn1::Integer::from(serial_number)});
  std::ostringstream text;
  print_certificates(text, {made.certificate});
  return text.str();
}

TEST(PrintCertificates, WritesWhatScriptsLookForAsDogtagDoes) {
  EXPECT_THAT(printed_with_serial(0x0F96),
              AllOf(HasSubstr("            Version:  v3\n"),
                    HasSubstr("            Serial Number: 0xf96\n"),
                    HasSubstr("Signature Algorithm: SHA256withEC - 1.2.840.10045.4.3.2\n")));
  EXPECT_THAT(printed_with_serial(0x1000), HasSubstr("Serial Number: 0x1000\n"));
  EXPECT_THAT(printed_with_serial(0xA0), HasSubstr("Serial Number: 0xa0\n"));
}

}  // namespace
}  // namespace signet::dogtag
