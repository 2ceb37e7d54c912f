#include "apps/signetd/client_standing.h"

#include <gtest/gtest.h>

#include "support/change_status.h"
#include "support/test_authority.h"
#include "support/test_ca.h"
#include "support/unwrap.h"

namespace signet::server {
namespace {

using store::CertificateStatus;
using test::Holder;

constexpr std::chrono::seconds kForgotten{11};

class ClientStandingTest : public ::testing::Test {
 protected:
  bool is_in_force(const pkix::Certificate& certificate) {
    return standing.is_in_force(certificate.der, crypto::sha256(certificate.der));
  }
  void change_status(CertificateStatus status) {
    ASSERT_TRUE(test::change_status(ca.engine(), ca.alice.certificate->serial_number, status,
                                    ca.clock.now(), pkix::CRLReason::keyCompromise)
                    .ok());
  }

  test::TestAuthority ca;
  test::TestCa foreign{"CN=Elsewhere,O=Test"};
  ClientStanding standing{
      {ca.engine(), ca.clock, ca.certificate()->subject, {foreign.certificate()}}};
};

TEST_F(ClientStandingTest, IsThatOfCertificatesOnRecordAndOfForeignIssuers) {
  EXPECT_TRUE(is_in_force(ca.alice.certificate));
  EXPECT_TRUE(is_in_force(ca.agent.certificate));
  EXPECT_TRUE(is_in_force(foreign.issue().certificate));
}

TEST_F(ClientStandingTest, IsNobodysWhoseIssuerTheHandshakeTrustsAndNoSignatureWould) {
  test::TestCa sibling{"CN=Sibling,O=Test"};
  EXPECT_FALSE(is_in_force(sibling.issue().certificate));
  test::TestCa namesake{"CN=Elsewhere,O=Test"};
  EXPECT_FALSE(is_in_force(namesake.issue().certificate));
}

TEST_F(ClientStandingTest, IsLostByRevocationAndHoldAndComesBackWithRelease) {
  for (const auto status : {CertificateStatus::on_hold, CertificateStatus::valid}) {
    change_status(status);
    ca.clock.advance(kForgotten);
    EXPECT_EQ(is_in_force(ca.alice.certificate), status == CertificateStatus::valid);
  }
  change_status(CertificateStatus::revoked);
  ca.clock.advance(kForgotten);
  EXPECT_FALSE(is_in_force(ca.alice.certificate));
  EXPECT_TRUE(is_in_force(ca.agent.certificate));
}

TEST_F(ClientStandingTest, IsKeptForSomeSecondsAlone) {
  EXPECT_TRUE(is_in_force(ca.alice.certificate));
  change_status(CertificateStatus::revoked);
  EXPECT_TRUE(is_in_force(ca.alice.certificate));
  ca.clock.advance(-std::chrono::hours{1});
  EXPECT_FALSE(is_in_force(ca.alice.certificate)) << "by a clock that was set back";
}

TEST_F(ClientStandingTest, EndsWithTheCertificate) {
  ca.clock.set(ca.alice.certificate->validity.not_after);
  EXPECT_TRUE(is_in_force(ca.alice.certificate));
  ca.clock.advance(kForgotten);
  EXPECT_FALSE(is_in_force(ca.alice.certificate));
}

TEST_F(ClientStandingTest, IsNobodysWhoseCertificateIsOnNoRecord) {
  const auto& serial = ca.alice.certificate->serial_number;
  EXPECT_FALSE(is_in_force(ca.forge("CN=Alice,O=Test", serial, false).certificate));
  EXPECT_FALSE(is_in_force(ca.forge("CN=New,O=Test", pkix::Integer::from(99), false).certificate));
  EXPECT_FALSE(standing.is_in_force(Bytes{1, 2, 3}, crypto::sha256(Bytes{1, 2, 3})));
}

}  // namespace
}  // namespace signet::server
