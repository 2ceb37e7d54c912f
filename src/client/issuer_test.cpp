#include "client/issuer.h"

#include <gtest/gtest.h>

#include "client/retrieved.h"
#include "support/checked_response.h"
#include "support/test_ca.h"
#include "support/unwrap.h"

namespace signet::client {
namespace {

using test::unwrap;

/// An authority with two keys of one name, as after a roll-over, and another authority.
class FindIssuer : public ::testing::Test {
 protected:
  test::TestCa old{"CN=Test CA,O=Test", test::test_key("ec:p256", 0)};
  test::TestCa fresh{"CN=Test CA,O=Test", test::test_key("ec:p256", 1)};
  test::TestCa other{"CN=Other CA,O=Test", test::test_key("ec:p256", 0)};
  std::vector<pkix::Certificate> both{old.certificate(), fresh.certificate()};
};

TEST_F(FindIssuer, GoesByTheSignatureWhereTwoHaveTheName) {
  EXPECT_EQ(*find_issuer(old.issue().certificate, both), old.certificate());
  EXPECT_EQ(*find_issuer(fresh.issue().certificate, both), fresh.certificate());
}

TEST_F(FindIssuer, GoesByTheNameWhereTwoHaveTheKey) {
  const std::vector<pkix::Certificate> all{other.certificate(), old.certificate()};
  EXPECT_EQ(*find_issuer(old.issue().certificate, all), old.certificate());
}

TEST_F(FindIssuer, IsNobodyWhoHasTheNameOrTheKeyAlone) {
  const auto certificate = old.issue().certificate;
  EXPECT_EQ(find_issuer(certificate, {fresh.certificate()}), nullptr);
  EXPECT_EQ(find_issuer(certificate, {other.certificate()}), nullptr);
  EXPECT_EQ(find_issuer(certificate, {}), nullptr);
}

TEST_F(FindIssuer, RetrievedCertificatesAreOfAnyKeyOfTheName) {
  const auto user = fresh.issue().certificate;
  auto checked = test::checked_response();
  checked.chain = {user};
  const auto& serial_number = user->serial_number;
  EXPECT_EQ(unwrap(retrieved_certificate(checked, both, serial_number)), user);
  EXPECT_EQ(retrieved_certificate(checked, {old.certificate()}, serial_number).error().fault,
            Fault::bad_signature);
  EXPECT_EQ(retrieved_certificate(checked, {other.certificate()}, serial_number).error().fault,
            Fault::certificate_not_found);
}

}  // namespace
}  // namespace signet::client
