#include "codec/pkix/crl_reason.h"

#include <gtest/gtest.h>

#include "codec/asn1/whole.h"
#include "codec/pkix/extension.h"

namespace signet::pkix {
namespace {

TEST(CRLReason, HasANameForEachNumberThatIsUsed) {
  EXPECT_EQ(to_text(*to_crl_reason(0)), "unspecified");
  EXPECT_EQ(to_text(*to_crl_reason(1)), "keyCompromise");
  EXPECT_EQ(to_text(*to_crl_reason(2)), "cACompromise");
  EXPECT_EQ(to_text(*to_crl_reason(3)), "affiliationChanged");
  EXPECT_EQ(to_text(*to_crl_reason(4)), "superseded");
  EXPECT_EQ(to_text(*to_crl_reason(5)), "cessationOfOperation");
  EXPECT_EQ(to_text(*to_crl_reason(6)), "certificateHold");
  EXPECT_EQ(to_text(*to_crl_reason(8)), "removeFromCRL");
  EXPECT_EQ(to_text(*to_crl_reason(9)), "privilegeWithdrawn");
  EXPECT_EQ(to_text(*to_crl_reason(10)), "aACompromise");
}

TEST(CRLReason, HasTheNumberOfItsName) {
  EXPECT_EQ(*to_crl_reason(1), CRLReason::keyCompromise);
  EXPECT_EQ(*to_crl_reason(2), CRLReason::cACompromise);
  EXPECT_EQ(*to_crl_reason(3), CRLReason::affiliationChanged);
  EXPECT_EQ(*to_crl_reason(5), CRLReason::cessationOfOperation);
  EXPECT_EQ(*to_crl_reason(9), CRLReason::privilegeWithdrawn);
}

TEST(CRLReason, RefusesNumbersThatAreNone) {
  for (const std::int64_t number : {-1, 7, 11, 256}) {
    const auto reason = to_crl_reason(number);
    ASSERT_FALSE(reason.ok()) << number;
    EXPECT_EQ(reason.error().fault, Fault::malformed);
    EXPECT_NE(reason.error().detail.find(std::to_string(number)), std::string::npos);
  }
}

TEST(CRLReason, IsReadAsItIsWritten) {
  const auto der = write_reason_code(CRLReason::privilegeWithdrawn);
  EXPECT_EQ(der, (Bytes{0x0A, 0x01, 0x09}));
  EXPECT_EQ(*asn1::read_whole(der, asn1::Limits::der(), read_crl_reason),
            CRLReason::privilegeWithdrawn);
  EXPECT_FALSE(
      asn1::read_whole(Bytes{0x0A, 0x01, 0x07}, asn1::Limits::der(), read_crl_reason).ok());
  EXPECT_FALSE(
      asn1::read_whole(Bytes{0x02, 0x01, 0x01}, asn1::Limits::der(), read_crl_reason).ok());
}

}  // namespace
}  // namespace signet::pkix
