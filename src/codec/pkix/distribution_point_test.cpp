#include "codec/pkix/distribution_point.h"

#include <gtest/gtest.h>

#include "codec/pkix/extension.h"
#include "support/octets.h"

namespace signet::pkix {
namespace {

using test::hex;

const GeneralNames kFirst{UniformResourceIdentifier{"http://a/1"},
                          UniformResourceIdentifier{"http://b/1"}};
const GeneralNames kSecond{UniformResourceIdentifier{"http://a/2"}};

TEST(IssuingDistributionPoint, IsReadBackAsWritten) {
  const auto read = read_issuing_distribution_point(write_issuing_distribution_point(kFirst));
  EXPECT_EQ(read.value(), (IssuingDistributionPoint{kFirst, false}));
  // http://a, onlyContainsUserCerts
  const auto narrowed =
      read_issuing_distribution_point(hex("3011a00ca00a8608687474703a2f2f618101ff"));
  EXPECT_EQ(narrowed->full_name, (GeneralNames{UniformResourceIdentifier{"http://a"}}));
  EXPECT_TRUE(narrowed->narrowed);
}

TEST(IssuingDistributionPoint, TellsWhatItDoesNotUnderstand) {
  EXPECT_FALSE(read_issuing_distribution_point(hex("3000"))->narrowed);
  EXPECT_TRUE(read_issuing_distribution_point(hex("30038401ff"))->narrowed) << "indirectCRL";
  EXPECT_TRUE(
      read_issuing_distribution_point(hex("3010a00ea10c300a06035504030c0343524c"))->narrowed)
      << "a name relative to the issuer's";
}

TEST(IssuingDistributionPoint, RefusesWhatIsNoneAndWhatFollows) {
  EXPECT_EQ(read_issuing_distribution_point(hex("300000")).error().fault, Fault::trailing_data);
  EXPECT_EQ(read_issuing_distribution_point(hex("0500")).error().fault, Fault::malformed);
  EXPECT_EQ(read_issuing_distribution_point(hex("3004a002a000")).error().fault, Fault::malformed)
      << "no names";
}

TEST(DistributionPointName, RefusesAnElementAfterTheNames) {
  // http://a, then a NULL inside DistributionPointName
  const auto* point = "3010a00ea00a8608687474703a2f2f610500";
  EXPECT_EQ(read_issuing_distribution_point(hex(point)).error().fault, Fault::trailing_data);
  EXPECT_EQ(read_crl_distribution_points(hex(std::string("3012") + point)).error().fault,
            Fault::trailing_data);
}

TEST(ReadCrlDistributionPoints, GivesTheFullNamesOfEachPoint) {
  const auto written = write_crl_distribution_points({kFirst, kSecond});
  EXPECT_EQ(read_crl_distribution_points(written).value(),
            (std::vector<GeneralNames>{kFirst, kSecond}));
}

TEST(ReadCrlDistributionPoints, LeavesOutPointsOfSomeReasonsOrOtherIssuers) {
  // one point: http://a, reasons keyCompromise
  EXPECT_TRUE(
      read_crl_distribution_points(hex("30143012a00ca00a8608687474703a2f2f6181020640"))->empty());
  EXPECT_EQ(read_crl_distribution_points(hex("3010300ea00ca00a8608687474703a2f2f61"))->size(), 1U);
  EXPECT_EQ(read_crl_distribution_points(hex("3000")).error().fault, Fault::malformed);
}

}  // namespace
}  // namespace signet::pkix
