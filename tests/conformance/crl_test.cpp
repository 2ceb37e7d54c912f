// CRLs in shards, and deltas (RFC 5280 §5).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <map>
#include <thread>

#include "authority/crl_maker.h"
#include "client/check_crl.h"
#include "codec/pkix/distribution_point.h"
#include "codec/pkix/oids.h"
#include "support/faulty_engine.h"
#include "support/reseal.h"
#include "support/test_authority.h"
#include "support/unwrap.h"

namespace signet::test {
namespace {

namespace oid = pkix::oid;
using namespace std::chrono_literals;
using authority::CrlMaker;
using pkix::Integer;
using store::CertificateStatus;
using Entries = std::map<Integer, int>;  ///< serial number, reason
using Uri = pkix::UniformResourceIdentifier;

issuance::CrlPoints points(std::uint32_t shards) {
  issuance::CrlPoints made;
  made.shards = shards;
  made.uri = "http://ca.test/crl/{shard}";
  made.delta_uri = "http://ca.test/crl/delta/{shard}";
  return made;
}

pkix::TBSCertList read(const store::CrlRecord& crl) {
  return unwrap(pkix::read_certificate_list(crl.der)).tbs.value;
}
std::optional<pkix::Extension> find(const store::CrlRecord& crl, const asn1::Oid& kind) {
  const auto list = read(crl);
  const auto* found = pkix::find_extension(list.crl_extensions, kind);
  return found == nullptr ? std::nullopt : std::optional(*found);
}
int reason_of(const pkix::RevokedCertificate& entry) {
  const auto* found = pkix::find_extension(entry.crl_entry_extensions, oid::kReasonCode);
  return found == nullptr ? 0 : found->extn_value.back();
}
Entries entries_of(const store::CrlRecord& crl) {
  Entries entries;
  for (const auto& entry : read(crl).revoked_certificates) {
    EXPECT_TRUE(entries.emplace(entry.user_certificate, reason_of(entry)).second) << "twice";
  }
  return entries;
}
Bytes number(std::uint64_t value) {
  return pkix::write_crl_number(Integer::from(value));
}

class Crls : public testing::Test {
 protected:
  explicit Crls(const issuance::CrlPoints& crl_points = {})
      : ca({.crl_points = crl_points}), committer(ca.engine(), journal) {
    settings.points = crl_points;
  }
  CrlMaker maker() {
    return CrlMaker{{.issuer = ca.authority().issuer(),
                     .signature_algorithm = unwrap(crypto::default_signature_algorithm(ca.key())),
                     .store = ca.engine(),
                     .committer = committer,
                     .clock = ca.clock,
                     .settings = settings}};
  }
  store::CrlRecord full(std::uint32_t shard = 0) { return unwrap(maker().make(shard)); }
  store::CrlRecord delta(std::uint32_t shard = 0) { return unwrap(maker().make_delta(shard)); }
  std::size_t due() { return unwrap(maker().make_due()).made; }
  store::CrlRecord latest(const store::CrlQuery& query) {
    return unwrap(ca.engine().find_crl(query)).value();
  }
  void change(const Integer& serial, CertificateStatus to, int reason) {
    ASSERT_TRUE(ca.engine().change_status(serial, to, ca.clock.now(), reason).ok());
  }
  Integer enroll(const std::string& name) {
    return ca.enroll("CN=" + name + ",O=Test").certificate->serial_number;
  }
  /// By a whole request, as users get theirs.
  pkix::Certificate issue() {
    const auto told = ca.send(ca.request(ca.alice, "CN=Alice,O=Test").octets, &ca.alice);
    EXPECT_EQ(told.certificates.size(), 1U) << told.text();
    return told.certificates.at(0);
  }
  std::uint32_t shard_of(const pkix::Certificate& certificate) {
    return unwrap(ca.engine().find_certificate(certificate->serial_number))->crl_shard;
  }
  static Bytes point(const pkix::Certificate& certificate) {
    const auto* found = pkix::find_extension(certificate->extensions, oid::kCrlDistributionPoints);
    return found == nullptr ? Bytes{} : found->extn_value;
  }

  authority::CrlSettings settings;
  TestAuthority ca;
  audit::MemoryJournal journal;
  store::Committer committer;
};

// ------------------------------------------------------------ deltas

class Deltas : public Crls {
 protected:
  Deltas() {
    settings.delta_every = 10min;
    settings.points.delta_uri = "http://ca.test/delta";
  }
};

TEST_F(Deltas, TellWhatChangedSinceTheirBase) {
  const auto before = enroll("Before");
  const auto revoked = enroll("Revoked");
  const auto held = enroll("Held");
  const auto released = enroll("Released");
  change(before, CertificateStatus::revoked, 4);
  change(released, CertificateStatus::on_hold, 6);
  const auto base = full();
  EXPECT_EQ(entries_of(base), (Entries{{before, 4}, {released, 6}}));
  ca.clock.advance(1min);
  change(revoked, CertificateStatus::revoked, 1);
  change(held, CertificateStatus::on_hold, 6);
  change(released, CertificateStatus::valid, 0);
  const auto made = delta();
  EXPECT_EQ(entries_of(made), (Entries{{revoked, 1}, {held, 6}, {released, 8}}));
  EXPECT_EQ(made.number, base.number + 1) << "one sequence for both";
  EXPECT_EQ(find(made, oid::kCrlNumber)->extn_value, number(made.number));
  EXPECT_EQ(find(made, oid::kDeltaCrlIndicator),
            (pkix::Extension{oid::kDeltaCrlIndicator, true, number(base.number)}));
  EXPECT_EQ(made.next_update - made.this_update, 20min);
  EXPECT_EQ(find(made, oid::kFreshestCrl), std::nullopt) << "RFC 5280 §5.2.6";
  EXPECT_EQ(find(base, oid::kDeltaCrlIndicator), std::nullopt);
  EXPECT_EQ(
      find(base, oid::kFreshestCrl),
      (pkix::Extension{oid::kFreshestCrl, false,
                       pkix::write_crl_distribution_points({{Uri{"http://ca.test/delta"}}})}));
  EXPECT_EQ(journal.events().back().name, "DELTA_CRL_GENERATION");
}

TEST_F(Deltas, ListOneThatWasHeldAndReleasedBetween) {
  const auto serial = enroll("Short");
  full();
  ca.clock.advance(1min);
  change(serial, CertificateStatus::on_hold, 6);
  EXPECT_EQ(entries_of(delta()), (Entries{{serial, 6}}));
  change(serial, CertificateStatus::valid, 0);
  EXPECT_EQ(entries_of(delta()), (Entries{{serial, 8}}));
  EXPECT_EQ(entries_of(delta()), (Entries{{serial, 8}})) << "until the base is a later one";
  EXPECT_TRUE(entries_of(full()).empty());
}

TEST_F(Deltas, TellOfOneThatExpiredUntilAFullOneDid) {
  settings.validity = 3000h;
  const auto serial = enroll("Short");
  const auto end = unwrap(ca.engine().find_certificate(serial))->not_after;
  full();
  ca.clock.set(end - 1s);
  change(serial, CertificateStatus::revoked, 1);
  ca.clock.set(end + 49h);
  EXPECT_EQ(entries_of(delta()), (Entries{{serial, 1}}));
  EXPECT_EQ(entries_of(full()), (Entries{{serial, 1}})) << "on one full CRL at least";
  ca.clock.advance(1min);
  EXPECT_TRUE(entries_of(full()).empty());
}

TEST_F(Deltas, ServeWhoeverHasAFullCrlThatIsStillGood) {
  const auto one = enroll("One");
  const auto other = enroll("Other");
  full();
  ca.clock.advance(12h);
  const auto still_good = full();
  change(one, CertificateStatus::revoked, 1);
  ca.clock.advance(12h);
  full();
  change(other, CertificateStatus::revoked, 1);
  ca.clock.advance(1s);
  const auto made = delta();
  EXPECT_EQ(made.base_number, still_good.number) << "the first one is over";
  EXPECT_EQ(entries_of(made), (Entries{{one, 1}, {other, 1}}));
}

TEST_F(Deltas, NeedAFullCrlOfTheSameCertificates) {
  EXPECT_EQ(maker().make_delta().error().fault, Fault::crl_not_found);
  full();
  EXPECT_TRUE(maker().make_delta().ok());
  settings.points = points(2);
  EXPECT_EQ(maker().make_delta().error().fault, Fault::crl_not_found);
}

TEST_F(Deltas, AreDueAfterAChangeAndByTime) {
  const auto serial = enroll("One");
  EXPECT_EQ(due(), 1U);
  change(serial, CertificateStatus::revoked, 1);
  const auto waits = unwrap(maker().make_due());
  EXPECT_EQ(waits.made, 0U) << "of the second of a full one there is no delta";
  EXPECT_TRUE(waits.postponed);
  ca.clock.advance(1s);
  EXPECT_EQ(due(), 1U);
  EXPECT_EQ(due(), 0U);
  EXPECT_EQ(entries_of(latest({.kind = store::CrlKind::delta})), (Entries{{serial, 1}}));
  EXPECT_EQ(latest({}).number, 1U) << "no full one for it";
  ca.clock.advance(10min - 1s);
  EXPECT_EQ(due(), 0U);
  ca.clock.advance(1s);
  EXPECT_EQ(due(), 1U);
  EXPECT_EQ(latest({.kind = store::CrlKind::delta}).number, 3U);
  ca.clock.advance(12h);
  EXPECT_EQ(due(), 1U);
  EXPECT_EQ(latest({}).number, 4U);
}

// ------------------------------------------------------------ shards

class Shards : public Crls {
 protected:
  Shards() : Crls(points(3)) {}
};

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
    change(certificate->serial_number, CertificateStatus::revoked, 1);
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
  change(certificate->serial_number, CertificateStatus::revoked, 1);
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
  change(certificate->serial_number, CertificateStatus::revoked, 1);
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
  void change_later(CertificateStatus status, int reason) {
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
  change_later(CertificateStatus::on_hold, 6);
  auto told = unwrap(look(base, finding(delta(shard))));
  EXPECT_EQ(told.status, Status::revoked);
  EXPECT_EQ(told.reason, 6);
  EXPECT_TRUE(told.by_delta);
  EXPECT_EQ(told.this_update, ca.clock.now());
  const auto held = finding(full(shard));
  EXPECT_EQ(unwrap(client::standing_by(held, certificate, ca.clock.now())).status, Status::revoked);
  change_later(CertificateStatus::valid, 0);
  told = unwrap(look(held, finding(delta(shard))));
  EXPECT_EQ(told.status, Status::good) << "removeFromCRL";
  EXPECT_FALSE(told.reason);
}

TEST_F(ClientsDeltas, OlderThanTheFullCrlAddNothing) {
  full(shard);
  change_later(CertificateStatus::on_hold, 6);
  const auto old = finding(delta(shard));
  change_later(CertificateStatus::valid, 0);
  const auto told = unwrap(look(finding(full(shard)), old));
  EXPECT_EQ(told.status, Status::good);
  EXPECT_FALSE(told.by_delta);
}

TEST_F(ClientsDeltas, OfAnotherBaseScopeKeyOrTimeAreRefused) {
  const auto base = full(shard);
  change_later(CertificateStatus::revoked, 1);
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
  change_later(CertificateStatus::revoked, 1);
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

// ------------------------------------------------------------ numbers and clocks

TEST_F(Crls, TwoPublishersMakeEachNumberOnce) {
  constexpr int kEach = 12;
  std::atomic<std::uint64_t> durable = 0;
  const auto publish = [&] {
    auto own = maker();
    for (int at = 0; at < kEach; ++at) {
      const auto made = own.make();
      if (made.ok()) {
        ++durable;
      } else {
        EXPECT_EQ(made.error().fault, Fault::busy) << made.error().detail;
      }
    }
  };
  std::thread one(publish);
  std::thread other(publish);
  one.join();
  other.join();
  EXPECT_GE(durable, static_cast<std::uint64_t>(kEach));
  EXPECT_EQ(latest({}).number, durable) << "no number without a CRL";
  EXPECT_EQ(journal.events().size(), durable);
}

TEST_F(Crls, ThisUpdateDoesNotGoBackWithTheClock) {
  const auto first = full();
  ca.clock.advance(-1h);
  const auto second = full();
  EXPECT_EQ(second.this_update, first.this_update);
  EXPECT_EQ(second.number, first.number + 1);
  EXPECT_EQ(due(), 0U);
  settings.delta_every = 10min;
  settings.points.delta_uri = "http://ca.test/delta";
  const auto third = delta();
  EXPECT_EQ(third.this_update, first.this_update + 1s) << "a delta has a time of its own";
  EXPECT_GT(third.number, second.number);
  ca.clock.advance(1h);
  EXPECT_GE(full().this_update, third.this_update);
}

TEST_F(Crls, AreMadeAgainWhenTheClockWasAYearAhead) {
  full();
  const auto now = ca.clock.now();
  ca.clock.advance(24h * 365);
  EXPECT_EQ(due(), 1U);
  const auto from_the_future = full();
  ca.clock.set(now);
  EXPECT_EQ(due(), 1U) << "nobody takes the latest one";
  const auto again = latest({});
  EXPECT_EQ(again.this_update, now);
  EXPECT_EQ(again.next_update, now + 24h);
  EXPECT_EQ(again.number, from_the_future.number + 1) << "numbers never go back";
  EXPECT_EQ(due(), 0U);
}

}  // namespace
}  // namespace signet::test
