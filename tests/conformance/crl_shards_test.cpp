// CRLs in shards: each certificate stands on one of them, and names it (RFC 5280 §5.2.5).
#include <gtest/gtest.h>

#include <map>

#include "client/check_crl.h"
#include "support/crl_scene.h"
#include "support/faulty_engine.h"
#include "support/message_builder.h"

namespace signet::test {
namespace {

namespace oid = pkix::oid;
using namespace std::chrono_literals;
using authority::CrlMaker;
using pkix::CRLReason;
using store::CertificateStatus;

TEST_F(Shards, EachBeginsWithTheFirstNumberAndCountsOn) {
  settings.first_number = 4711;
  EXPECT_EQ(full(0).number, 4711U);
  EXPECT_EQ(find(full(0), oid::kCrlNumber)->extn_value, number(4712));
  settings.first_number = 20;
  EXPECT_EQ(full(0).number, 4713U) << "only a shard without CRL begins anew";
  EXPECT_EQ(full(1).number, 20U);
}

TEST_F(Shards, AreEachPublishedWhateverIsWrongWithAnother) {
  constexpr std::size_t kFirstLookAtTheFirst = 2;  // the number of shards is asked before
  FaultPlan plan(Mishap::error, kFirstLookAtTheFirst);
  const FaultyEngine store(ca.engine(), plan);
  CrlMaker making{{.issuer = ca.authority().issuer(),
                   .signature_algorithm = unwrap(crypto::default_signature_algorithm(ca.key())),
                   .store = store,
                   .committer = committer,
                   .clock = ca.clock,
                   .settings = settings}};
  plan.arm();
  const auto told = making.make_due();
  ASSERT_FALSE(told.ok());
  EXPECT_EQ(told.error().detail, "as the fault plan has it");
  EXPECT_FALSE(unwrap(ca.engine().find_crl({.shard = 0})));
  for (const std::uint32_t shard : {1U, 2U}) {
    EXPECT_TRUE(unwrap(ca.engine().find_crl({.shard = shard}))) << shard;
  }
  EXPECT_EQ(unwrap(making.make_due()).made, 1U);
}

TEST_F(Shards, ACertificateStandsOnTheCrlThatItNamesAndOnNoOther) {
  std::map<std::uint32_t, Entries> wanted{{0, {}}, {1, {}}, {2, {}}};
  for (int at = 0; at < 12; ++at) {
    const auto certificate = issue();
    const auto shard = shard_of(certificate);
    EXPECT_EQ(point(certificate), pkix::write_crl_distribution_points(
                                      {issuance::names_of_shard(settings.points, shard)}));
    change(certificate->serial_number, CertificateStatus::revoked, CRLReason::keyCompromise);
    wanted.at(shard)[certificate->serial_number] = 1;
  }
  for (const auto& [shard, entries] : wanted) {
    const auto crl = full(shard);
    EXPECT_EQ(entries_of(crl), entries) << shard;
    EXPECT_EQ(crl.number, 1U) << "each shard has its own sequence";
    EXPECT_EQ(find(crl, oid::kIssuingDistributionPoint),
              (pkix::Extension{oid::kIssuingDistributionPoint, true,
                               pkix::write_issuing_distribution_point(
                                   issuance::names_of_shard(settings.points, shard))}));
  }
}

TEST_F(Shards, StayWhenTheirNumberChanges) {
  settings.delta_every = 10min;
  EXPECT_EQ(due(), 3U);
  auto certificate = issue();
  while (shard_of(certificate) != 2) certificate = issue();
  settings.points.shards = 1;
  ca.clock.advance(1s);
  change(certificate->serial_number, CertificateStatus::revoked, CRLReason::keyCompromise);
  EXPECT_EQ(unwrap(maker().shards()), 3U);
  EXPECT_EQ(due(), 1U) << "the delta of the shard that changed";
  const auto crl = latest({.shard = 2, .kind = store::CrlKind::delta});
  EXPECT_EQ(entries_of(crl), (Entries{{certificate->serial_number, 1}}));
  EXPECT_EQ(crl.issuing_point, latest({.shard = 2}).issuing_point);
}

TEST_F(Shards, OneAloneIsAboutAllCertificatesUntilThereAreMore) {
  settings.points = points(1);
  EXPECT_EQ(due(), 1U);
  EXPECT_EQ(find(latest({}), oid::kIssuingDistributionPoint), std::nullopt);
  settings.points = points(2);
  settings.points.earlier_uris = {"http://old.test/crl"};
  while (due() != 0) {
  }
  EXPECT_EQ(latest({}).number, 2U) << "again, with its scope";
  EXPECT_EQ(latest({.shard = 1}).number, 1U);
  const auto scope = find(latest({}), oid::kIssuingDistributionPoint);
  ASSERT_TRUE(scope);
  EXPECT_EQ(unwrap(pkix::read_issuing_distribution_point(scope->extn_value)).full_name,
            (pkix::GeneralNames{Uri{"http://ca.test/crl/0"}, Uri{"http://old.test/crl"}}));
}

TEST_F(Shards, TheClientTakesNoCrlOfAnotherShardAndNoDelta) {
  settings.delta_every = 10min;
  const auto certificate = issue();
  const auto shard = shard_of(certificate);
  const auto look_up = [&](const store::CrlRecord& crl) {
    return client::look_up(crl.der, certificate, ca.certificate(), ca.clock.now());
  };
  const auto own = full(shard);
  EXPECT_EQ(unwrap(look_up(own)).status, client::CertificateStanding::Status::good);
  change(certificate->serial_number, CertificateStatus::revoked, CRLReason::keyCompromise);
  EXPECT_EQ(unwrap(look_up(full(shard))).status, client::CertificateStanding::Status::revoked);
  EXPECT_EQ(look_up(full((shard + 1) % 3)).error().fault, Fault::crl_not_found);
  ca.clock.advance(1s);
  EXPECT_EQ(look_up(delta(shard)).error().fault, Fault::unsupported_message);
  EXPECT_EQ(client::look_up(own.der, ca.alice.certificate, ca.certificate(), ca.clock.now())
                .error()
                .fault,
            Fault::crl_not_found)
      << "a certificate that names no place";
  EXPECT_EQ(client::crl_address(certificate), "http://ca.test/crl/" + std::to_string(shard));
  EXPECT_EQ(client::crl_address(ca.alice.certificate), "");
}

TEST_F(Shards, GetCrlChoosesByTheNameOfADistributionPoint) {
  /* matrix: C54, E118 */
  settings.delta_every = 10min;
  std::vector<store::CrlRecord> crls;
  for (std::uint32_t shard = 0; shard < 3; ++shard) crls.push_back(full(shard));
  ca.clock.advance(1s);
  const auto latest_delta = delta(1);
  std::uint8_t nonce = 1;
  const auto ask = [&](cmc::GetCRL wanted) {
    wanted.issuer_name = ca.certificate()->subject;
    const auto octets = Bytes(16, nonce++);
    return ca.send(
        full_request({ca.alice.key, ca.alice.certificate}, {},
                     {control(60, cmc::oid::kGetCRL, cmc::write_get_crl(wanted)),
                      control(1, cmc::oid::kSenderNonce, cmc::write_octets_value(octets))})
            .encode(),
        &ca.alice);
  };
  const auto named = [&](const pkix::GeneralName& name) {
    cmc::GetCRL wanted;
    wanted.crl_name = name;
    return ask(wanted);
  };
  for (std::uint32_t shard = 0; shard < 3; ++shard) {
    const auto told = named(Uri{"http://ca.test/crl/" + std::to_string(shard)});
    ASSERT_EQ(told.crls.size(), 1U) << told.text();
    EXPECT_EQ(told.crls[0].der, crls[shard].der);
  }
  EXPECT_EQ(ask({}).crls.at(0).der, crls[0].der);
  EXPECT_EQ(named(Uri{"http://ca.test/crl/delta/1"}).crls.at(0).der, latest_delta.der);
  const auto refused = [&](const Told& told) {
    EXPECT_EQ(told.fail_info(), cmc::CMCFailInfo::badCertId) << told.text();
    EXPECT_TRUE(told.crls.empty());
    EXPECT_TRUE(told.names(60));
  };
  refused(named(Uri{"http://ca.test/crl/3"}));
  refused(named(Uri{"http://ca.test/crl/"}));
  refused(named(Uri{"http://ca.test/crl/{shard}"}));
  refused(named(Uri{"http://ca.test/crl/delta/2"}));  // none was made
  refused(named(pkix::DnsName{"ca.test"}));
  cmc::GetCRL of_reasons;
  of_reasons.reasons = asn1::BitString{{0x40}, 6};
  refused(ask(of_reasons));
}

}  // namespace
}  // namespace signet::test
