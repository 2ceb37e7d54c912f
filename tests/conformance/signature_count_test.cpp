// Whatever may refuse a message is asked before the authority's key signs the first certificate.
#include "support/counting_key.h"
#include "support/life_scene.h"
#include "support/statuses_in.h"

namespace signet::test {
namespace {

using cmc::CMCFailInfo;
using cmc::CMCStatus;

class SignatureCount : public testing::Test {
 protected:
  /// Responses are signed by another key, so that certificates alone are counted.
  SignatureCount() : key(std::make_shared<CountingKey>(test_key("ec:p256", 9))) {
    TestAuthority::Choices choices;
    choices.own_key = key;
    choices.delegates = true;
    choices.settings.confirmed_profiles = {kLifeProfile};
    ca = std::make_unique<TestAuthority>(choices);
  }
  static cmc::TaggedAttribute confirming(std::uint32_t id, const pkix::Certificate& certificate) {
    return control(id, cmc::oid::kConfirmCertAcceptance,
                   cmc::write_cmc_cert_id({certificate->issuer, certificate->serial_number}));
  }
  static Bytes request(std::uint32_t id, int key_number) {
    return tagged(id,
                  pkcs10({.subject = "CN=Alice,O=Test", .key = test_key("ec:p256", key_number)}));
  }
  /// Signed by Alice, with a fresh nonce; how many certificates were signed meanwhile is `signed_`.
  Told send(std::vector<cmc::TaggedAttribute> controls, const std::vector<Bytes>& requests,
            const Holder* signer = nullptr) {
    const auto& by = signer != nullptr ? *signer : ca->alice;
    Bytes nonce(16, 3);
    nonce[0] = next_nonce_++;
    controls.push_back(control(1, cmc::oid::kSenderNonce, cmc::write_octets_value(nonce)));
    const auto octets = full_request({by.key, by.certificate}, requests, controls).encode();
    const auto before = key->signatures();
    auto told = ca->send(octets, &by, kLifeProfile);
    signed_ = key->signatures() - before;
    return told;
  }
  /// A certificate that Alice is to confirm.
  pkix::Certificate awaited(int key_number) {
    const auto told = send({}, {request(60, key_number)});
    EXPECT_EQ(told.status.cmc_status, CMCStatus::confirmRequired) << told.text();
    return told.certificates.at(0);
  }
  void expect_unsigned(const Told& told, CMCFailInfo why) {
    EXPECT_EQ(told.fail_info(), why) << told.text();
    EXPECT_FALSE(told.issued());
    EXPECT_EQ(signed_, 0U) << told.text();
  }

  std::shared_ptr<CountingKey> key;
  std::unique_ptr<TestAuthority> ca;
  std::size_t signed_ = 0;

 private:
  std::uint8_t next_nonce_ = 1;
};

TEST_F(SignatureCount, IsOneForEachCertificate) {
  send({}, {request(60, 1)});
  EXPECT_EQ(signed_, 1U);
  send({}, {request(60, 2), request(61, 3)});
  EXPECT_EQ(signed_, 2U);
}

TEST_F(SignatureCount, IsOneBesideAConfirmationThatHolds) {
  const auto fresh = awaited(1);
  const auto told = send({confirming(70, fresh)}, {request(60, 2)});
  EXPECT_EQ(told.certificates.size(), 1U) << told.text();
  const auto statuses = statuses_in(told);
  ASSERT_EQ(statuses.size(), 2U);
  EXPECT_EQ(statuses[0].cmc_status, cmc::CMCStatus::confirmRequired);
  EXPECT_EQ(named_by(statuses[0]), std::vector<std::uint32_t>{60});
  EXPECT_EQ(statuses[1].cmc_status, cmc::CMCStatus::success);
  EXPECT_EQ(named_by(statuses[1]), std::vector<std::uint32_t>{70});
  EXPECT_EQ(signed_, 1U);
  EXPECT_FALSE(unwrap(ca->engine().find_awaited(fresh->serial_number)).has_value());
  const auto& next = told.certificates.at(0)->serial_number;
  EXPECT_TRUE(unwrap(ca->engine().find_awaited(next)).has_value());
}

TEST_F(SignatureCount, IsNoneBesideAConfirmationOfWhatIsUnknown) {
  const auto unknown = ca->forge("CN=X", asn1::Integer::from(77), false).certificate;
  expect_unsigned(send({confirming(70, unknown)}, {request(60, 1)}), CMCFailInfo::badCertId);
}

TEST_F(SignatureCount, IsNoneBesideAConfirmationOfAnothersOrAnotherOfTheSame) {
  const auto fresh = awaited(1);
  const auto bob = ca->enroll("CN=Bob,O=Test");
  const auto bobs = tagged(60, pkcs10({.subject = "CN=Bob,O=Test", .key = test_key("ec:p256", 2)}));
  expect_unsigned(send({confirming(70, fresh)}, {bobs}, &bob), CMCFailInfo::badIdentity);
  expect_unsigned(send({confirming(70, fresh), confirming(71, fresh)}, {request(60, 3)}),
                  CMCFailInfo::badRequest);
  EXPECT_TRUE(unwrap(ca->engine().find_awaited(fresh->serial_number)).has_value());
}

TEST_F(SignatureCount, IsNoneBesideAConfirmationThatComesTooLate) {
  const auto fresh = awaited(1);
  ca->clock.advance(std::chrono::hours{25});
  ASSERT_EQ(unwrap(ca->settle_overdue()), 1U);
  expect_unsigned(send({confirming(70, fresh)}, {request(60, 2)}), CMCFailInfo::badRequest);
}

TEST_F(SignatureCount, IsNoneWhereTheSecondOfTwoRequestsIsRefused) {
  const auto bobs = tagged(61, pkcs10({.subject = "CN=Bob,O=Test", .key = test_key("ec:p256", 2)}));
  expect_unsigned(send({}, {request(60, 1), bobs}), CMCFailInfo::badIdentity);
  expect_unsigned(send({}, {request(60, 1), request(61, 1)}), CMCFailInfo::noKeyReuse);
}

TEST_F(SignatureCount, IsNoneBesideACertificateThatIsAskedForAndUnknown) {
  const auto asking =
      control(50, cmc::oid::kGetCert,
              cmc::write_get_cert({ca->certificate()->subject, asn1::Integer::from(77)}));
  expect_unsigned(send({asking}, {request(60, 1)}), CMCFailInfo::badCertId);
}

}  // namespace
}  // namespace signet::test
