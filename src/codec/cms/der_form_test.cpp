#include "codec/cms/der_form.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "support/octets.h"
#include "support/unwrap.h"

namespace signet::cms {
namespace {

using test::hex;
using test::unwrap;

std::string der_of(std::string_view ber) {
  return to_hex(unwrap(der_form(hex(ber), asn1::Limits::der())));
}

TEST(DerForm, JoinsThePiecesOfEveryKindOfString) {
  struct Kind {
    const char* in_pieces;
    const char* whole;
  };
  for (const auto& [in_pieces, whole] :
       {Kind{"24", "04"}, Kind{"2c", "0c"}, Kind{"32", "12"}, Kind{"33", "13"}, Kind{"34", "14"},
        Kind{"35", "15"}, Kind{"36", "16"}, Kind{"39", "19"}, Kind{"3a", "1a"}, Kind{"3b", "1b"},
        Kind{"3c", "1c"}, Kind{"3e", "1e"}}) {
    EXPECT_EQ(der_of(in_pieces + std::string("80 040161 040162 0000")),
              whole + std::string("026162"));
  }
  EXPECT_EQ(der_of("2380 030200aa 030204b0 0000"), "030304aab0");
}

TEST(DerForm, LeavesPiecesUnderAContextTag) {
  EXPECT_EQ(der_of("a480 040161 0000"), "a403040161");
}

TEST(DerForm, WritesTrueAsAllOnes) {
  EXPECT_EQ(der_of("010101"), "0101ff");
  EXPECT_EQ(der_of("0101ff"), "0101ff");
  EXPECT_EQ(der_of("010100"), "010100");
}

TEST(DerForm, SortsSetsButNoSequence) {
  EXPECT_EQ(der_of("3180 0500 020105 0000"), "31050201050500");
  EXPECT_EQ(der_of("3080 0500 020105 0000"), "30050500020105");
}

}  // namespace
}  // namespace signet::cms
