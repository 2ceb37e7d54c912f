// A delta as the client reads it beside its base (RFC 5280 §6.3).
#include <gtest/gtest.h>

#include <functional>

#include "client/check_crl.h"
#include "support/crl_scene.h"

namespace signet::test {
namespace {

namespace oid = pkix::oid;
using namespace std::chrono_literals;
using pkix::CRLReason;
using store::CertificateStatus;

/// A full CRL and a delta of the shard of one certificate, as the client sees them.
class ClientsDeltas : public Shards {
 protected:
  using Status = client::CertificateStanding::Status;
  ClientsDeltas() {
    settings.delta_every = 10min;
    certificate = issue();
    shard = shard_of(certificate);
  }
  client::CrlFinding finding(const store::CrlRecord& crl) {
    return unwrap(client::look_through(crl.der, certificate, ca.certificate()));
  }
  Result<client::CertificateStanding> look(const client::CrlFinding& base,
                                           const client::CrlFinding& delta) {
    return client::standing_by(base, delta, certificate, ca.clock.now());
  }
  void change_later(CertificateStatus status, pkix::CRLReason reason) {
    ca.clock.advance(1s);
    change(certificate->serial_number, status, reason);
  }
  /// The same CRL with other extensions, signed again.
  store::CrlRecord edited(const store::CrlRecord& crl,
                          const std::function<void(pkix::Extensions&)>& edit) {
    auto tbs = read(crl);
    edit(tbs.crl_extensions);
    const auto der = pkix::write_tbs_cert_list(tbs);
    auto made = crl;
    made.der = pkix::write_certificate_list(der, tbs.signature,
                                            {unwrap(ca.key().sign(tbs.signature, der)), 0});
    return made;
  }
  static void replace(pkix::Extensions& extensions, const asn1::Oid& type, const Bytes& value) {
    for (auto& each : extensions) {
      if (each.extn_id == type) each.extn_value = value;
    }
  }

  pkix::Certificate certificate;
  std::uint32_t shard = 0;
};

TEST_F(ClientsDeltas, TellWhatTheirBaseDoesNotKnowYet) {
  const auto base = finding(full(shard));
  EXPECT_EQ(client::delta_address(certificate, base),
            "http://ca.test/crl/delta/" + std::to_string(shard));
  change_later(CertificateStatus::on_hold, CRLReason::certificateHold);
  auto told = unwrap(look(base, finding(delta(shard))));
  EXPECT_EQ(told.status, Status::revoked);
  EXPECT_EQ(told.reason, CRLReason::certificateHold);
  EXPECT_TRUE(told.by_delta);
  EXPECT_EQ(told.this_update, ca.clock.now());
  const auto held = finding(full(shard));
  EXPECT_EQ(unwrap(client::standing_by(held, certificate, ca.clock.now())).status, Status::revoked);
  change_later(CertificateStatus::valid, CRLReason::unspecified);
  told = unwrap(look(held, finding(delta(shard))));
  EXPECT_EQ(told.status, Status::good) << "removeFromCRL";
  EXPECT_FALSE(told.reason);
}

TEST_F(ClientsDeltas, OlderThanTheFullCrlAddNothing) {
  full(shard);
  change_later(CertificateStatus::on_hold, CRLReason::certificateHold);
  const auto old = finding(delta(shard));
  change_later(CertificateStatus::valid, CRLReason::unspecified);
  const auto told = unwrap(look(finding(full(shard)), old));
  EXPECT_EQ(told.status, Status::good);
  EXPECT_FALSE(told.by_delta);
}

TEST_F(ClientsDeltas, OfAnotherBaseScopeKeyOrTimeAreRefused) {
  const auto base = full(shard);
  change_later(CertificateStatus::revoked, CRLReason::keyCompromise);
  const auto good = delta(shard);
  ASSERT_EQ(unwrap(look(finding(base), finding(good))).status, Status::revoked);
  const auto fault = [&](const asn1::Oid& type, const Bytes& value) {
    const auto wrong = edited(good, [&](auto& each) { replace(each, type, value); });
    return look(finding(base), finding(wrong)).error().fault;
  };
  EXPECT_EQ(fault(oid::kDeltaCrlIndicator, number(base.number + 1)), Fault::crl_not_found);
  EXPECT_EQ(fault(oid::kAuthorityKeyIdentifier, Bytes{0x30, 0x03, 0x80, 0x01, 0x09}),
            Fault::crl_not_found);
  const pkix::GeneralNames both{Uri{"http://ca.test/crl/" + std::to_string(shard)},
                                Uri{"http://ca.test/crl/9"}};
  EXPECT_EQ(fault(oid::kIssuingDistributionPoint, pkix::write_issuing_distribution_point(both)),
            Fault::crl_not_found);
  EXPECT_EQ(fault(oid::kIssuingDistributionPoint,
                  pkix::write_issuing_distribution_point({Uri{"http://ca.test/crl/9"}})),
            Fault::crl_not_found);
  const auto without = edited(base, [](auto& extensions) {
    std::erase_if(extensions, [](const auto& each) { return each.extn_id == oid::kCrlNumber; });
  });
  EXPECT_EQ(look(finding(without), finding(good)).error().fault, Fault::crl_not_found);
  EXPECT_EQ(look(finding(good), finding(good)).error().fault, Fault::unsupported_message)
      << "a delta is no base";
  EXPECT_EQ(look(finding(base), finding(base)).error().fault, Fault::crl_not_found)
      << "nor a full one a delta";
  ca.clock.advance(24h * 30);
  EXPECT_EQ(look(finding(base), finding(good)).error().fault, Fault::stale_time);
}

TEST_F(ClientsDeltas, OfAnotherIssuerOrChangedAreRefused) {
  full(shard);
  change_later(CertificateStatus::revoked, CRLReason::keyCompromise);
  auto octets = delta(shard).der;
  octets.back() ^= 1;
  EXPECT_FALSE(client::look_through(octets, certificate, ca.certificate()).ok());
  octets.back() ^= 1;
  const TestAuthority other;  // of the same name, with another key
  EXPECT_EQ(client::look_through(octets, certificate, other.certificate()).error().fault,
            Fault::bad_signature);
  EXPECT_EQ(client::look_through(octets, certificate, ca.alice.certificate).error().fault,
            Fault::untrusted_signer);
}

}  // namespace
}  // namespace signet::test
