// getCert and getCRL (RFC 10002 §6.9, §6.10).
#include <gtest/gtest.h>

#include <atomic>

#include "authority/crl_maker.h"
#include "support/reseal.h"
#include "support/unwrap.h"

namespace signet::test {
namespace {

using cmc::CMCFailInfo;
using cmc::CMCStatus;

class Retrieval : public testing::Test {
 protected:
  Bytes message(std::vector<cmc::TaggedAttribute> controls) {
    Bytes octets(16, 4);
    octets[0] = next_nonce++;
    controls.push_back(control(1, cmc::oid::kSenderNonce, cmc::write_octets_value(octets)));
    return full_request({ca.alice.key, ca.alice.certificate}, {}, controls).encode();
  }
  Told send(std::vector<cmc::TaggedAttribute> controls) {
    return ca.send(message(std::move(controls)), &ca.alice);
  }
  cmc::TaggedAttribute get_cert(const asn1::Integer& serial_number, std::uint32_t id = 50) {
    return control(id, cmc::oid::kGetCert,
                   cmc::write_get_cert({ca.certificate()->subject, serial_number}));
  }
  cmc::TaggedAttribute get_crl(std::optional<Time> time = {}, std::uint32_t id = 60) {
    cmc::GetCRL wanted;
    wanted.issuer_name = ca.certificate()->subject;
    wanted.time = time;
    return control(id, cmc::oid::kGetCRL, cmc::write_get_crl(wanted));
  }
  /// On record as a CRL of now; its octets are none.
  static void keep(TestAuthority& authority, std::uint64_t number, std::size_t octets,
                   std::uint32_t shard = 0) {
    store::Commit commit;
    commit.crl = store::CrlRecord{.number = number,
                                  .this_update = authority.clock.now(),
                                  .next_update = authority.clock.now() + std::chrono::hours{1},
                                  .der = Bytes(octets, static_cast<std::uint8_t>(number)),
                                  .shard = shard};
    audit::MemoryJournal journal;
    store::Committer committer(authority.engine(), journal);
    ASSERT_TRUE(committer.commit(std::move(commit)).durable());
    authority.clock.advance(std::chrono::hours{1});
  }
  void keep_crl(std::uint64_t number, std::size_t octets) { keep(ca, number, octets); }
  authority::Answer octets_for(const std::vector<cmc::TaggedAttribute>& controls) {
    return octets_from(ca, message(controls));
  }
  static authority::Answer octets_from(TestAuthority& authority, Bytes message) {
    authority::Inquiry inquiry;
    inquiry.octets = std::move(message);
    inquiry.peer.tls_client_certificate = authority.alice.certificate.der;
    return authority.deliver_octets(std::move(inquiry));
  }
  static Bytes message_to(const TestAuthority& authority,
                          const std::vector<cmc::TaggedAttribute>& controls) {
    return full_request({authority.alice.key, authority.alice.certificate}, {}, controls).encode();
  }
  void expect_refused(const Told& told, CMCFailInfo why) {
    EXPECT_EQ(told.status.cmc_status, CMCStatus::failed);
    EXPECT_EQ(told.fail_info(), why) << told.text();
  }
  store::CrlRecord publish() {
    audit::MemoryJournal journal;
    store::Committer committer(ca.engine(), journal);
    return unwrap(authority::CrlMaker{
        {.issuer = ca.authority().issuer(),
         .signature_algorithm = unwrap(crypto::default_signature_algorithm(ca.key())),
         .store = ca.engine(),
         .committer = committer,
         .clock = ca.clock,
         .settings = {}}}
                      .make());
  }

  TestAuthority ca;
  std::uint8_t next_nonce = 1;
};

TEST_F(Retrieval, GetCertBringsTheCertificate) {
  /* matrix: C51, E117 */
  const auto told = send({get_cert(ca.agent.certificate->serial_number)});
  EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
  EXPECT_TRUE(told.names(50));
  ASSERT_EQ(told.certificates.size(), 1U);
  EXPECT_EQ(told.certificates[0], ca.agent.certificate);
}

TEST_F(Retrieval, AloneItIsAnsweredBySimpleResponses) {
  /* matrix: E117, E118, E09 */
  const auto alone = [&](const cmc::TaggedAttribute& asked) {
    return ca.send(full_request({ca.alice.key, ca.alice.certificate}, {}, {asked}).encode(),
                   &ca.alice);
  };
  const auto certificate = alone(get_cert(ca.agent.certificate->serial_number));
  EXPECT_EQ(certificate.kind, authority::ResponseKind::simple);
  ASSERT_EQ(certificate.certificates.size(), 1U);
  EXPECT_EQ(certificate.certificates[0], ca.agent.certificate);
  expect_refused(alone(get_crl()), CMCFailInfo::badCertId);
  const auto published = publish();
  const auto crl = alone(get_crl());
  EXPECT_EQ(crl.kind, authority::ResponseKind::simple);
  ASSERT_EQ(crl.crls.size(), 1U);
  EXPECT_EQ(crl.crls[0].der, published.der);
}

TEST_F(Retrieval, WithAnythingBesideItIsAnsweredByFullResponses) {
  /* matrix: E09 */
  const auto serial = ca.agent.certificate->serial_number;
  const auto sent = [&](std::vector<cmc::TaggedAttribute> controls) {
    return ca.send(full_request({ca.alice.key, ca.alice.certificate}, {}, controls).encode(),
                   &ca.alice);
  };
  const auto echo = control(2, cmc::oid::kDataReturn, cmc::write_octets_value(Bytes{1}));
  for (const auto& told :
       {sent({get_cert(serial), echo}), sent({get_cert(serial, 50), get_cert(serial, 51)}),
        send({get_cert(serial)})}) {
    EXPECT_EQ(told.kind, authority::ResponseKind::full);
    EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
  }
  EXPECT_EQ(sent({get_cert(asn1::Integer::from(4711))}).kind, authority::ResponseKind::full)
      << "a refusal has something to say";
}

TEST_F(Retrieval, SeveralAreAllFoundOrNone) {
  const auto told = send({get_cert(ca.agent.certificate->serial_number, 50),
                          get_cert(ca.alice.certificate->serial_number, 51)});
  EXPECT_EQ(told.certificates.size(), 2U);
  const auto refused = send(
      {get_cert(ca.agent.certificate->serial_number, 50), get_cert(asn1::Integer::from(4711), 51)});
  expect_refused(refused, CMCFailInfo::badCertId);
  EXPECT_TRUE(refused.names(51));
  EXPECT_FALSE(refused.issued());
}

TEST_F(Retrieval, OthersIssuersAreBadCertId) {
  const auto other = unwrap(pkix::name_from_text("CN=Other CA,O=Test"));
  expect_refused(send({control(50, cmc::oid::kGetCert,
                               cmc::write_get_cert({other, ca.agent.certificate->serial_number}))}),
                 CMCFailInfo::badCertId);
  expect_refused(send({control(50, cmc::oid::kGetCert,
                               cmc::write_get_cert({pkix::DnsName{"ca.test"},
                                                    ca.agent.certificate->serial_number}))}),
                 CMCFailInfo::badRequest);
  cmc::GetCRL wanted;
  wanted.issuer_name = other;
  expect_refused(send({control(60, cmc::oid::kGetCRL, cmc::write_get_crl(wanted))}),
                 CMCFailInfo::badCertId);
}

TEST_F(Retrieval, GetCrlBringsTheLatestOrTheLatestBeforeATime) {
  /* matrix: C54, E118 */
  expect_refused(send({get_crl()}), CMCFailInfo::badCertId);
  const auto first = publish();
  ca.clock.advance(std::chrono::hours{1});
  const auto second = publish();
  const auto crl_in = [&](std::optional<Time> time) {
    const auto told = send({get_crl(time)});
    EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
    EXPECT_EQ(told.crls.size(), 1U);
    return told.crls.empty() ? Bytes{} : told.crls[0].der;
  };
  EXPECT_EQ(crl_in({}), second.der);
  EXPECT_EQ(crl_in(second.this_update), first.der);
  expect_refused(send({get_crl(first.this_update)}), CMCFailInfo::badCertId);
}

TEST_F(Retrieval, WhatIsAskedForTwiceComesOnce) {
  const auto published = publish();
  ca.clock.advance(std::chrono::hours{1});
  const auto serial = ca.agent.certificate->serial_number;
  const auto told = send({get_cert(serial, 50), get_cert(serial, 51), get_crl({}, 60),
                          get_crl({}, 61), get_crl(ca.clock.now(), 62)});
  EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
  for (const std::uint32_t id : {50U, 51U, 60U, 61U, 62U}) EXPECT_TRUE(told.names(id)) << id;
  EXPECT_EQ(told.certificates.size(), 1U);
  ASSERT_EQ(told.crls.size(), 1U);
  EXPECT_EQ(told.crls[0].der, published.der);
}

TEST_F(Retrieval, TheAuthoritysOwnCertificateComesOnce) {
  const auto answer = octets_for({get_cert(ca.certificate()->serial_number)});
  const auto signed_data =
      unwrap(cms::read_signed_data(unwrap(cms::read_content_info(answer.octets)).content));
  EXPECT_EQ(signed_data.certificates.size(), 1U);
}

TEST_F(Retrieval, OneMessageAsksForSoManyOnly) {
  publish();
  const auto refused = [&](std::vector<cmc::TaggedAttribute> controls, std::uint32_t last) {
    const auto told = send(std::move(controls));
    expect_refused(told, CMCFailInfo::badRequest);
    EXPECT_TRUE(told.names(last)) << told.text();
    EXPECT_NE(told.text().find("several messages"), std::string::npos) << told.text();
  };
  std::vector<cmc::TaggedAttribute> crls;
  for (std::uint32_t id = 100; id < 116; ++id) crls.push_back(get_crl({}, id));
  EXPECT_EQ(send(crls).status.cmc_status, CMCStatus::success);
  crls.push_back(get_crl({}, 116));
  refused(crls, 116);
  std::vector<cmc::TaggedAttribute> certificates;
  for (std::uint32_t id = 200; id < 264; ++id) {
    certificates.push_back(get_cert(ca.agent.certificate->serial_number, id));
  }
  EXPECT_EQ(send(certificates).status.cmc_status, CMCStatus::success);
  certificates.push_back(get_cert(ca.agent.certificate->serial_number, 264));
  refused(certificates, 264);
}

TEST_F(Retrieval, CrlsOfOneMessageAreNotLargerThanTheirLimitButALoneOneMayBe) {
  constexpr std::size_t kMebibyte = std::size_t{1} << 20;
  keep_crl(1, 30 * kMebibyte);
  const auto first = ca.clock.now();
  keep_crl(2, 70 * kMebibyte);
  const auto both = octets_for({get_crl(first, 60), get_crl({}, 61)});
  ASSERT_TRUE(both.refusal);
  EXPECT_EQ(both.refusal->fault, Fault::too_large);
  EXPECT_EQ(both.refusal->body_parts, std::vector<std::uint32_t>{61});
  EXPECT_LT(both.octets.size(), kMebibyte);
  EXPECT_GT(octets_for({get_crl()}).octets.size(), 70 * kMebibyte);
}

TEST_F(Retrieval, CrlsOfOneControlHaveTheSameLimit) {
  constexpr std::size_t kMebibyte = std::size_t{1} << 20;
  issuance::CrlPoints points;
  points.of_key.first = 2;
  points.of_earlier_keys = {1, 0};
  TestAuthority three({.crl_points = points});
  for (const std::uint32_t shard : {0U, 1U, 2U}) keep(three, 1, 30 * kMebibyte, shard);
  const auto refused = octets_from(three, message_to(three, {get_crl()}));
  ASSERT_TRUE(refused.refusal);
  EXPECT_EQ(refused.refusal->fault, Fault::too_large);
  EXPECT_NE(refused.refusal->detail.find("cRLName"), std::string::npos) << refused.refusal->detail;
}

/// Counts the CRLs that were read whole.
class CountingEngine final : public store::MemoryEngine {
 public:
  Result<std::optional<store::CrlRecord>> find_crl(const store::CrlQuery& query) const override {
    if (query.parts == store::CrlParts::all) ++read;
    return MemoryEngine::find_crl(query);
  }
  mutable std::atomic<int> read = 0;
};

TEST_F(Retrieval, NoCrlIsReadOnceTheAnswerIsFull) {
  CountingEngine engine;
  TestAuthority full({.engine = &engine});
  keep(full, 1, 1);
  const auto first = full.clock.now();
  keep(full, 2, std::size_t{70} << 20);
  const auto both = octets_from(full, message_to(full, {get_crl({}, 60), get_crl(first, 61)}));
  ASSERT_TRUE(both.refusal);
  EXPECT_EQ(both.refusal->fault, Fault::too_large);
  EXPECT_EQ(both.refusal->body_parts, std::vector<std::uint32_t>{61});
  EXPECT_EQ(engine.read, 1);
}

/// The one CRL is put away between two questions.
class SweepingEngine final : public store::MemoryEngine {
 public:
  Result<std::optional<store::CrlRecord>> find_crl(const store::CrlQuery& query) const override {
    if (query.parts == store::CrlParts::all) return std::optional<store::CrlRecord>();
    return MemoryEngine::find_crl(query);
  }
};

TEST_F(Retrieval, ACrlThatIsPutAwayMeanwhileIsNotToldAsSent) {
  SweepingEngine engine;
  TestAuthority sweeping({.engine = &engine});
  keep(sweeping, 1, 1);
  const auto told = sweeping.send(message_to(sweeping, {get_crl()}), &sweeping.alice);
  expect_refused(told, CMCFailInfo::badCertId);
  EXPECT_TRUE(told.names(60));
}

TEST_F(Retrieval, BesideARequestBothAreGrantedOrNeither) {
  const auto send_beside = [&](const asn1::Integer& serial_number) {
    auto parts = parts_of(ca.request(ca.alice, "CN=Alice,O=Test").octets);
    parts.control_sequence.push_back(get_cert(serial_number, 950));
    return ca.send(seal(parts, ca.alice), &ca.alice);
  };
  const auto told = send_beside(ca.agent.certificate->serial_number);
  EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
  EXPECT_EQ(told.certificates.size(), 2U);
  const auto on_record = ca.certificates_on_record();
  const auto refused = send_beside(asn1::Integer::from(4711));
  expect_refused(refused, CMCFailInfo::badCertId);
  EXPECT_FALSE(refused.issued());
  EXPECT_EQ(ca.certificates_on_record(), on_record);
}

TEST_F(Retrieval, BesideARevocationItIsRefusedAndNothingIsRevoked) {
  cmc::RevokeRequest wanted;
  wanted.issuer_name = ca.certificate()->subject;
  wanted.serial_number = ca.alice.certificate->serial_number;
  const auto told =
      send({get_cert(ca.agent.certificate->serial_number),
            control(51, cmc::oid::kRevokeRequest, cmc::write_revoke_request(wanted))});
  expect_refused(told, CMCFailInfo::badRequest);
  const auto record = unwrap(ca.engine().find_certificate(ca.alice.certificate->serial_number));
  EXPECT_EQ(record->status, store::CertificateStatus::valid);
}

}  // namespace
}  // namespace signet::test
