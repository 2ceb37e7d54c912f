// OCSP (RFC 6960, 9654, 5019): what the authority says of its certificates.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/sqlite/sqlite_engine.h"
#include "support/ocsp_scene.h"
#include "support/temporary_folder.h"

namespace signet::test {
namespace {

using namespace std::chrono_literals;
using ocsp::CertStatus;
using ocsp::Good;
using ocsp::OCSPResponseStatus;
using ocsp::RevokedInfo;
using ocsp::Unknown;
using pkix::CRLReason;
using store::CertificateStatus;

/// An extension that nobody has defined.
constexpr asn1::Oid kNobodys{"1.3.6.1.4.1.99999.1"};

/// A store on disk, made before the authority that writes to it.
struct Disk {
  TemporaryFolder folder;
  std::unique_ptr<sqlite::SqliteEngine> engine =
      unwrap(sqlite::SqliteEngine::open(folder / "store.db"));
};
class OcspOnDisk : protected Disk, public Ocsp {
 protected:
  OcspOnDisk() : Ocsp({.engine = Disk::engine.get()}) {}
};

// ------------------------------------------------------------ statuses

TEST_F(Ocsp, SaysGoodWithItsTimesAndTheCertIDAsAsked) {
  const auto asked = cert_id(ca.alice);
  const auto data = told(ask(request({asked}))).tbs_response_data.value;
  ASSERT_EQ(data.responses.size(), 1U);
  EXPECT_EQ(data.responses[0].cert_id.der, asked.der);
  EXPECT_EQ(data.responses[0].cert_status, CertStatus(Good{}));
  EXPECT_EQ(data.produced_at, ca.clock.now());
  EXPECT_EQ(data.responses[0].this_update, ca.clock.now());
  EXPECT_EQ(data.responses[0].next_update, ca.clock.now() + 1h);
  EXPECT_TRUE(data.response_extensions.empty());
}

TEST_F(Ocsp, TellsWhenAndWhyACertificateWasRevoked) {
  const auto at = ca.clock.now();
  change(ca.alice, CertificateStatus::revoked, CRLReason::keyCompromise);
  ca.clock.advance(5h);
  EXPECT_EQ(status(ca.alice), CertStatus(RevokedInfo{at, CRLReason::keyCompromise}));
  EXPECT_EQ(status(ca.agent), CertStatus(Good{}));
}

TEST_F(Ocsp, LeavesOutTheReasonUnspecified) {
  change(ca.alice, CertificateStatus::revoked, CRLReason::unspecified);
  EXPECT_EQ(status(ca.alice), CertStatus(RevokedInfo{ca.clock.now(), std::nullopt}));
}

TEST_F(Ocsp, SaysCertificateHoldWhileItIsHeldAndGoodAfterwards) {
  change(ca.alice, CertificateStatus::on_hold, CRLReason::certificateHold);
  EXPECT_EQ(status(ca.alice), CertStatus(RevokedInfo{ca.clock.now(), CRLReason::certificateHold}));
  change(ca.alice, CertificateStatus::valid, CRLReason::unspecified);
  EXPECT_EQ(status(ca.alice), CertStatus(Good{}));
}

TEST_F(Ocsp, SaysUnknownOfWhatItNeverIssued) {
  auto next = ca.alice.certificate->serial_number;
  next.octets.back() ^= 1;
  const auto answer = ask(request({cert_id(next)}));
  EXPECT_EQ(told(answer).tbs_response_data.value.responses.at(0).cert_status,
            CertStatus(Unknown{}));
  EXPECT_FALSE(answer.freshness) << "anybody can ask for numbers without end";
}

TEST_F(Ocsp, KnowsItsIssuerByEachHash) {
  using crypto::DigestAlgorithm;
  const auto& serial = ca.alice.certificate->serial_number;
  for (const auto algorithm :
       {DigestAlgorithm::sha1, DigestAlgorithm::sha224, DigestAlgorithm::sha256,
        DigestAlgorithm::sha384, DigestAlgorithm::sha512}) {
    EXPECT_EQ(statuses(request({cert_id(serial, algorithm)})), std::vector<CertStatus>{Good{}});
  }
  auto with_null = cert_id(ca.alice).value;
  with_null.hash_algorithm.parameters = Bytes{0x05, 0x00};
  EXPECT_EQ(statuses(request({encoded(with_null)})), std::vector<CertStatus>{Good{}});
  auto md5 = cert_id(ca.alice).value;
  md5.hash_algorithm.algorithm = pkix::oid::kMd5;
  expect_refused(request({encoded(md5)}), OCSPResponseStatus::unauthorized);
}

TEST_F(Ocsp, AnswersSeveralInTheirOrder) {
  change(ca.alice, CertificateStatus::revoked, CRLReason::superseded);
  const auto all = statuses(
      request({cert_id(ca.agent), of_another_issuer(), cert_id(ca.alice), cert_id(ca.agent)}));
  EXPECT_EQ(all,
            (std::vector<CertStatus>{Good{}, Unknown{},
                                     RevokedInfo{ca.clock.now(), CRLReason::superseded}, Good{}}));
}

TEST_F(Ocsp, IsUnauthorizedWhereNoCertificateIsOfThisIssuer) {
  expect_refused(request({of_another_issuer()}), OCSPResponseStatus::unauthorized);
  auto other_name = cert_id(ca.alice).value;
  other_name.issuer_name_hash.front() ^= 0x80;
  expect_refused(request({encoded(other_name), of_another_issuer()}),
                 OCSPResponseStatus::unauthorized);
}

// ------------------------------------------------------------ requests

TEST_F(Ocsp, EchoesANonceOf1To128Octets) {
  for (const std::size_t octets : {1U, 32U, 128U}) {
    const auto answer = ask(request({cert_id(ca.alice)}, {nonce(octets)}));
    EXPECT_EQ(told(answer).tbs_response_data.value.response_extensions,
              pkix::Extensions{nonce(octets)});
    EXPECT_FALSE(answer.freshness) << "it is for one requester";
  }
}

TEST_F(Ocsp, RefusesOtherNonces) {
  for (const std::size_t octets : {0U, 129U}) {
    expect_refused(request({cert_id(ca.alice)}, {nonce(octets)}),
                   OCSPResponseStatus::malformedRequest);
  }
  expect_refused(request({cert_id(ca.alice)}, {{ocsp::oid::kNonce, false, Bytes(16, 9)}}),
                 OCSPResponseStatus::malformedRequest);
}

TEST_F(Ocsp, PassesOverExtensionsThatItDoesNotKnowUnlessTheyAreCritical) {
  pkix::Extension extension{kNobodys, false, Bytes{0x05, 0x00}};
  EXPECT_EQ(statuses(request({cert_id(ca.alice)}, {extension})), std::vector<CertStatus>{Good{}});
  extension.critical = true;
  expect_refused(request({cert_id(ca.alice)}, {extension}), OCSPResponseStatus::malformedRequest);
  ocsp::TBSRequest tbs;
  tbs.request_list.push_back({cert_id(ca.alice), {extension}});
  expect_refused(ocsp::write_ocsp_request(ocsp::write_tbs_request(tbs)),
                 OCSPResponseStatus::malformedRequest);
}

TEST_F(Ocsp, AnswersThirtyTwoCertificatesAtOnceAndNoMore) {
  const std::vector most(32, cert_id(ca.alice));
  EXPECT_EQ(statuses(request(most)).size(), 32U);
  expect_refused(request(std::vector(33, cert_id(ca.alice))), OCSPResponseStatus::malformedRequest);
}

TEST_F(Ocsp, SaysMalformedToWhatIsNoRequest) {
  const auto whole = request({cert_id(ca.alice)});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    expect_refused(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)),
                   OCSPResponseStatus::malformedRequest);
  }
}

TEST_F(Ocsp, SaysMalformedToWhatIsLargerThanARequestCanBe) {
  auto extensions = pkix::Extensions{{kNobodys, false, Bytes(300 * 1024, 0x30)}};
  expect_refused(request({cert_id(ca.alice)}, extensions), OCSPResponseStatus::malformedRequest);
  expect_refused(request(std::vector(5000, cert_id(ca.alice))),
                 OCSPResponseStatus::malformedRequest);
}

TEST_F(Ocsp, SaysTryLaterWhileTheStoreFails) {
  EXPECT_EQ(status(ca.alice), CertStatus(Good{}));
  watched.fails = true;
  expect_refused(request({cert_id(ca.alice)}), OCSPResponseStatus::tryLater);
  watched.fails = false;
  EXPECT_EQ(status(ca.alice), CertStatus(Good{}));
}

// ------------------------------------------------------------ kept answers

TEST_F(Ocsp, GivesASignedAnswerAgainUntilThreeQuartersOfItsLife) {
  const auto octets = request({cert_id(ca.alice)});
  const auto first = ask(octets);
  EXPECT_FALSE(first.was_kept);
  ca.clock.advance(45min - 1s);
  const auto again = ask(octets);
  EXPECT_TRUE(again.was_kept);
  EXPECT_EQ(again.octets, first.octets);
  EXPECT_EQ(again.freshness, first.freshness);
  ca.clock.advance(1s);
  const auto next = ask(octets);
  EXPECT_FALSE(next.was_kept);
  EXPECT_EQ(next.freshness->this_update, ca.clock.now());
  EXPECT_EQ(next.freshness->next_update, ca.clock.now() + 1h);
}

TEST_F(Ocsp, ARevocationShowsInTheVeryNextAnswerWhoeverMadeIt) {
  EXPECT_EQ(status(ca.alice), CertStatus(Good{}));
  ASSERT_TRUE(ask(request({cert_id(ca.alice)})).was_kept);
  // Behind the responder's back, as another process on the same store does it.
  change(ca.alice, CertificateStatus::on_hold, CRLReason::certificateHold);
  EXPECT_EQ(status(ca.alice), CertStatus(RevokedInfo{ca.clock.now(), CRLReason::certificateHold}));
  change(ca.alice, CertificateStatus::revoked, CRLReason::keyCompromise);
  EXPECT_EQ(status(ca.alice), CertStatus(RevokedInfo{ca.clock.now(), CRLReason::keyCompromise}));
}

TEST_F(OcspOnDisk, ARevocationThroughAnotherConnectionShowsInTheVeryNextAnswer) {
  EXPECT_EQ(status(ca.alice), CertStatus(Good{}));
  ASSERT_TRUE(ask(request({cert_id(ca.alice)})).was_kept);
  const auto elsewhere = unwrap(sqlite::SqliteEngine::open(folder / "store.db"));
  ASSERT_TRUE(change_status(*elsewhere, ca.alice.certificate->serial_number,
                            CertificateStatus::revoked, ca.clock.now(), CRLReason::keyCompromise)
                  .ok());
  EXPECT_EQ(status(ca.alice), CertStatus(RevokedInfo{ca.clock.now(), CRLReason::keyCompromise}));
}

TEST_F(Ocsp, OfOneSecondOnlyOneAnswerIsForEverybody) {
  EXPECT_TRUE(ask(request({cert_id(ca.alice)})).freshness);
  change(ca.alice, CertificateStatus::revoked, CRLReason::keyCompromise);
  const auto changed = ask(request({cert_id(ca.alice)}));
  EXPECT_FALSE(changed.freshness) << "its Last-Modified would be that of the first";
  ca.clock.advance(1s);
  const auto later = ask(request({cert_id(ca.alice)}));
  EXPECT_TRUE(later.freshness);
  EXPECT_FALSE(later.was_kept);
  EXPECT_TRUE(ask(request({cert_id(ca.alice)})).was_kept);
}

TEST_F(Ocsp, KeepsNothingForRequestsWithNonceOrSeveralCertificates) {
  const auto with_nonce = request({cert_id(ca.alice)}, {nonce(16)});
  const auto two = request({cert_id(ca.alice), cert_id(ca.agent)});
  for (const auto& octets : {with_nonce, two}) {
    static_cast<void>(ask(octets));
    EXPECT_FALSE(ask(octets).was_kept);
  }
}

TEST_F(Ocsp, AnAnswerIsForItsCertificateAndHashAlone) {
  static_cast<void>(ask(request({cert_id(ca.alice)})));
  EXPECT_FALSE(ask(request({cert_id(ca.agent)})).was_kept);
  const auto& serial = ca.alice.certificate->serial_number;
  EXPECT_FALSE(ask(request({cert_id(serial, crypto::DigestAlgorithm::sha256)})).was_kept);
  EXPECT_TRUE(ask(request({cert_id(ca.alice)})).was_kept);
}

TEST_F(Ocsp, KeepsSoManyAnswersAndNoMore) {
  responder = make_responder({.most_kept = 1});
  ASSERT_TRUE(unwrap(responder->renew_if_due()));
  static_cast<void>(ask(request({cert_id(ca.alice)})));
  static_cast<void>(ask(request({cert_id(ca.agent)})));
  EXPECT_FALSE(ask(request({cert_id(ca.alice)})).was_kept);
}

TEST_F(Ocsp, AClockSetBackGivesNoAnswerFromTheFuture) {
  static_cast<void>(ask(request({cert_id(ca.alice)})));
  ca.clock.advance(-1min);
  const auto answer = ask(request({cert_id(ca.alice)}));
  EXPECT_FALSE(answer.was_kept);
  EXPECT_EQ(answer.freshness->this_update, ca.clock.now());
}

}  // namespace
}  // namespace signet::test
