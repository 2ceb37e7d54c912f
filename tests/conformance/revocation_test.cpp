// revokeRequest (RFC 10002 §6.11): who may take back what, and what follows.
#include <gtest/gtest.h>

#include <thread>

#include "client/build_revocation.h"
#include "codec/pkix/oids.h"
#include "support/change_status.h"
#include "support/reseal.h"
#include "support/revocation_scene.h"

namespace signet::test {
namespace {

using audit::EventOutcome;
using cmc::CMCFailInfo;
using cmc::CMCStatus;
using pkix::CRLReason;
using store::CertificateStatus;

TEST_F(Revocation, ACertificateRevokesItselfAndIsRefusedFromThenOn) {
  /* matrix: C57, E119, E123 */
  auto wanted = of(ca.alice, CRLReason::keyCompromise);
  wanted.invalidity_date = ca.clock.now() - std::chrono::hours{5};
  wanted.comment = "lost on the train";
  expect_done(send(ca.alice, {wanted}));
  expect_status(ca.alice, CertificateStatus::revoked, CRLReason::keyCompromise);
  EXPECT_EQ(record_of(ca.alice).invalidity_date, wanted.invalidity_date);
  const auto refused = ca.send(ca.request(ca.alice, "CN=Alice,O=Test").octets, &ca.alice);
  EXPECT_FALSE(refused.issued());
  EXPECT_EQ(refused.fail_info(), CMCFailInfo::badIdentity);
}

TEST_F(Revocation, IsNotStoppedByAClockThatIsAhead) {
  auto wanted = of(ca.alice, CRLReason::keyCompromise);
  wanted.invalidity_date = ca.clock.now() + std::chrono::seconds{5};
  expect_done(send(ca.alice, {wanted}));
  expect_status(ca.alice, CertificateStatus::revoked, CRLReason::keyCompromise);
  EXPECT_EQ(record_of(ca.alice).invalidity_date, ca.clock.now());
}

TEST_F(Revocation, AnotherCertificateOfTheSameSubjectMay) {
  const auto second = ca.enroll("CN=Alice,O=Test");
  expect_done(send(second, {of(ca.alice)}));
  expect_status(ca.alice, CertificateStatus::revoked, CRLReason::superseded);
  expect_status(second, CertificateStatus::valid, CRLReason::unspecified);
}

TEST_F(Revocation, AnotherSubjectMayNot) {
  const auto bob = ca.enroll("CN=Bob,O=Test");
  const auto almost = ca.enroll("CN=Alice,O=Test,C=DE");
  const auto spelled_otherwise = ca.enroll("CN=alice,O=TEST");
  for (const auto& stranger : {bob, almost, spelled_otherwise}) {
    expect_refused(send(stranger, {of(ca.alice)}), CMCFailInfo::badIdentity, "not the signer's");
  }
  expect_status(ca.alice, CertificateStatus::valid, CRLReason::unspecified);
}

TEST_F(Revocation, ThatComesAgainIsNotDoneAnewForASignerWhoWasRevokedSince) {
  const auto second = ca.enroll("CN=Alice,O=Test");
  const auto octets = full_request({second.key, second.certificate}, {},
                                   {as_control(50, of(ca.alice, CRLReason::certificateHold))})
                          .encode();
  expect_done(ca.send(octets, &second));
  expect_done(send(ca.agent, {of(ca.alice, CRLReason::removeFromCRL)}));
  expect_done(send(ca.agent, {of(second, CRLReason::keyCompromise)}));
  expect_refused(ca.send(octets, &second), CMCFailInfo::badIdentity, "is revoked");
  expect_status(ca.alice, CertificateStatus::valid, CRLReason::unspecified);
}

TEST_F(Revocation, AReleaseThatComesAgainIsNotToldAsDoneWhenTheHoldIsBack) {
  expect_done(send(ca.agent, {of(ca.alice, CRLReason::certificateHold)}));
  const auto octets = message(ca.agent, {of(ca.alice, CRLReason::removeFromCRL)});
  expect_done(ca.send(octets, &ca.agent));
  expect_done(send(ca.agent, {of(ca.alice, CRLReason::certificateHold)}));
  expect_refused(ca.send(octets, &ca.agent), CMCFailInfo::badRequest, "changed again since");
  expect_status(ca.alice, CertificateStatus::on_hold, CRLReason::certificateHold);
}

TEST_F(Revocation, TheNullNameIsNobodys) {
  const auto nameless = [&](const std::string& address) {
    auto tbs = ca.alice.certificate.tbs.value;
    Holder holder{unwrap(crypto::generate_private_key("ec:p256")), {}};
    tbs.serial_number = asn1::Integer::from_unsigned(unwrap(crypto::system_random().octets(15)));
    tbs.subject = {};
    tbs.subject_public_key_info = holder.key->public_key_info();
    tbs.extensions.push_back(
        {pkix::oid::kSubjectAltName, true, pkix::write_alternative_name({pkix::DnsName{address}})});
    holder.certificate = TestAuthority::sign(std::move(tbs), ca.key());
    ca.record(holder.certificate);
    return holder;
  };
  const auto one = nameless("one.test");
  const auto other = nameless("other.test");
  expect_refused(send(one, {of(other)}), CMCFailInfo::badIdentity, "not the signer's");
  expect_status(other, CertificateStatus::valid, CRLReason::unspecified);
  expect_done(send(one, {of(one)}));
  expect_status(one, CertificateStatus::revoked, CRLReason::superseded);
}

TEST_F(Revocation, AnAgentMayRevokeHoldAndRelease) {
  expect_done(send(ca.agent, {of(ca.alice, CRLReason::certificateHold)}));
  expect_status(ca.alice, CertificateStatus::on_hold, CRLReason::certificateHold);
  EXPECT_FALSE(ca.send(ca.request(ca.alice, "CN=Alice,O=Test").octets, &ca.alice).issued());
  expect_done(send(ca.agent, {of(ca.alice, CRLReason::removeFromCRL)}));
  expect_status(ca.alice, CertificateStatus::valid, CRLReason::unspecified);
  EXPECT_TRUE(ca.send(ca.request(ca.alice, "CN=Alice,O=Test").octets, &ca.alice).issued());
  expect_done(send(ca.agent, {of(ca.alice, CRLReason::certificateHold)}));
  expect_done(send(ca.agent, {of(ca.alice, CRLReason::affiliationChanged)}));
  expect_status(ca.alice, CertificateStatus::revoked, CRLReason::affiliationChanged);
}

TEST_F(Revocation, OnlyAnAgentReleasesAndOnlyWhatIsOnHold) {
  const auto second = ca.enroll("CN=Alice,O=Test");
  expect_refused(send(ca.agent, {of(ca.alice, CRLReason::removeFromCRL)}), CMCFailInfo::badRequest,
                 "not on hold");
  expect_done(send(ca.alice, {of(second, CRLReason::certificateHold)}));
  expect_refused(send(ca.alice, {of(second, CRLReason::removeFromCRL)}), CMCFailInfo::badIdentity,
                 "only an agent");
  expect_done(send(ca.agent, {of(second, CRLReason::keyCompromise)}));
  expect_refused(send(ca.agent, {of(second, CRLReason::removeFromCRL)}), CMCFailInfo::badRequest);
  expect_status(second, CertificateStatus::revoked, CRLReason::keyCompromise);
}

TEST_F(Revocation, WhatIsRevokedAlreadyStaysAsItIs) {
  expect_done(send(ca.agent, {of(ca.alice, CRLReason::keyCompromise)}));
  const auto at = record_of(ca.alice).revoked_at;
  ca.clock.advance(std::chrono::hours{1});
  expect_done(send(ca.agent, {of(ca.alice, CRLReason::superseded)}));
  expect_done(send(ca.agent, {of(ca.alice, CRLReason::certificateHold)}));
  expect_status(ca.alice, CertificateStatus::revoked, CRLReason::keyCompromise);
  EXPECT_EQ(record_of(ca.alice).revoked_at, at);
}

TEST_F(Revocation, SeveralAreAllDoneOrNone) {
  const auto second = ca.enroll("CN=Alice,O=Test");
  auto unknown = of(ca.alice);
  unknown.serial_number = asn1::Integer::from(4711);
  const auto refused = send(ca.alice, {of(second), unknown});
  expect_refused(refused, CMCFailInfo::badCertId);
  EXPECT_TRUE(refused.names(51));
  expect_status(second, CertificateStatus::valid, CRLReason::unspecified);
  expect_refused(send(ca.alice, {of(second), of(second, CRLReason::keyCompromise)}),
                 CMCFailInfo::badRequest, "two revokeRequests");
  const auto told = send(ca.alice, {of(second), of(ca.alice)});
  expect_done(told, 50);
  expect_done(told, 51);
  expect_status(second, CertificateStatus::revoked, CRLReason::superseded);
  expect_status(ca.alice, CertificateStatus::revoked, CRLReason::superseded);
}

TEST_F(Revocation, UnknownOnesAndOthersIssuersAreBadCertId) {
  auto other_issuer = of(ca.alice);
  other_issuer.issuer_name = unwrap(pkix::name_from_text("CN=Other CA,O=Test"));
  expect_refused(send(ca.agent, {other_issuer}), CMCFailInfo::badCertId, "CN=Other CA");
  auto unknown = of(ca.alice);
  unknown.serial_number.octets.back() ^= 1;
  expect_refused(send(ca.agent, {unknown}), CMCFailInfo::badCertId, "serial number");
}

TEST_F(Revocation, TheAuthoritysOwnCertificateIsNot) {
  cmc::RevokeRequest own;
  own.issuer_name = ca.certificate()->issuer;
  own.serial_number = ca.certificate()->serial_number;
  own.reason = CRLReason::cACompromise;
  expect_refused(send(ca.agent, {own}), CMCFailInfo::badRequest, "own certificate");
}

TEST_F(Revocation, BesideCertificationRequestsItIsRefusedAndNeitherIsDone) {
  const auto told = ca.send(
      message(ca.alice, {of(ca.alice)}, {tagged(20, pkcs10({.subject = "CN=Alice,O=Test"}))}),
      &ca.alice);
  expect_refused(told, CMCFailInfo::badRequest, "two messages");
  EXPECT_FALSE(told.issued());
  expect_status(ca.alice, CertificateStatus::valid, CRLReason::unspecified);
}

/// Years that not everything which reads CRLs can tell.
TEST_F(Revocation, ADateBefore1970IsRefused) {
  auto wanted = of(ca.alice, CRLReason::keyCompromise);
  for (const auto year : {0, 1, 1600, 1969}) {
    wanted.invalidity_date = std::chrono::sys_days{std::chrono::year{year} / 12 / 31};
    expect_refused(send(ca.alice, {wanted}), CMCFailInfo::badRequest, "before 1970");
  }
  expect_status(ca.alice, CertificateStatus::valid, CRLReason::unspecified);
  wanted.invalidity_date = Time{};  // its key may be older than the certificate
  expect_done(send(ca.alice, {wanted}));
  EXPECT_EQ(record_of(ca.alice).invalidity_date, Time{});
}

/// Nobody here knows whether its issuer revoked it.
TEST_F(Revocation, AForeignIssuersCertificateOfTheSameSubjectMayNot) {
  TestCa foreign{"CN=Elsewhere,O=Test"};
  TestAuthority::Choices made;
  made.foreign_issuers = {foreign.certificate()};
  TestAuthority trusting{made};
  const auto namesake = foreign.issue({.subject = "CN=Alice,O=Test"});
  const Holder elsewhere{namesake.key, namesake.certificate};
  expect_refused(trusting.send(message(elsewhere, {of(trusting.alice)}), &elsewhere),
                 CMCFailInfo::badIdentity, "not the signer's");
  expect_done(trusting.send(message(trusting.alice, {of(trusting.alice)}), &trusting.alice));
}

/// In two steps: what it would be granted here would be ours, and its holder the namesake.
TEST_F(Revocation, AForeignIssuersCertificateBringsNoneOfOursToRevokeWith) {
  TestCa foreign{"CN=Elsewhere,O=Test"};
  TestAuthority::Choices made;
  made.foreign_issuers = {foreign.certificate()};
  TestAuthority trusting{made};
  int number = 1;
  for (const auto& victim : {trusting.alice, trusting.agent}) {
    const auto key = test_key("ec:p256", number++);
    const auto subject = pkix::to_text(victim.certificate->subject);
    const auto namesake = foreign.issue({.subject = subject});
    const Holder elsewhere{namesake.key, namesake.certificate};
    const auto asked = tagged(60, pkcs10({.subject = subject, .key = key}));
    const auto enrolled = trusting.send(message(elsewhere, {}, {asked}), &elsewhere);
    expect_refused(enrolled, CMCFailInfo::badIdentity, "foreign issuer");
    if (enrolled.issued()) {
      const Holder fresh{key, enrolled.certificates.at(0)};
      expect_refused(trusting.send(message(fresh, {of(victim)}), &fresh), CMCFailInfo::badIdentity);
    }
    const auto serial_number = victim.certificate->serial_number;
    const auto record = unwrap(trusting.engine().find_certificate(serial_number)).value();
    EXPECT_EQ(record.status, CertificateStatus::valid) << subject;
  }
}

TEST_F(Revocation, AForeignIssuersCertificateBringsOneOfOursThatRenewsItself) {
  TestCa foreign{"CN=Elsewhere,O=Test"};
  TestAuthority::Choices made;
  made.foreign_issuers = {foreign.certificate()};
  TestAuthority trusting{made};
  const auto device = foreign.issue({.subject = "CN=Device 7,O=Test"});
  const Holder elsewhere{device.key, device.certificate};
  const auto asking = [&](const Holder& signer, int key) {
    const auto asked =
        tagged(60, pkcs10({.subject = "CN=Device 7,O=Test", .key = test_key("ec:p256", key)}));
    return trusting.send(message(signer, {}, {asked}), &signer);
  };
  const auto enrolled = asking(elsewhere, 1);
  ASSERT_TRUE(enrolled.issued()) << enrolled.text();
  expect_refused(asking(elsewhere, 2), CMCFailInfo::badIdentity, "renews by signing with that one");
  const auto renewed = asking({test_key("ec:p256", 1), enrolled.certificates.at(0)}, 3);
  EXPECT_TRUE(renewed.issued()) << renewed.text();
}

TEST_F(Revocation, WithAnUnknownSecretOrAFutureDateItIsRefused) {
  auto by_secret = of(ca.alice);
  by_secret.shared_secret = to_bytes("the secret of enrollment");
  expect_refused(send(ca.alice, {by_secret}), CMCFailInfo::badIdentity, "secret");
  auto tomorrow = of(ca.alice);
  tomorrow.invalidity_date = ca.clock.now() + std::chrono::hours{24} + std::chrono::seconds{1};
  expect_refused(send(ca.alice, {tomorrow}), CMCFailInfo::badRequest, "future");
  const auto malformed =
      ca.send(full_request({ca.alice.key, ca.alice.certificate}, {},
                           {nonce(), control(50, cmc::oid::kRevokeRequest, {0x30, 0x00})})
                  .encode(),
              &ca.alice);
  expect_refused(malformed, CMCFailInfo::badRequest);
  expect_status(ca.alice, CertificateStatus::valid, CRLReason::unspecified);
}

TEST_F(Revocation, NeedsTheTlsClientThatSignedIt) {
  const auto told = ca.send(message(ca.alice, {of(ca.alice)}), &ca.agent);
  expect_refused(told, CMCFailInfo::badIdentity);
  expect_refused(ca.send(message(ca.alice, {of(ca.alice)}), nullptr), CMCFailInfo::badIdentity);
  expect_status(ca.alice, CertificateStatus::valid, CRLReason::unspecified);
}

TEST_F(Revocation, OfOneselfIsAnsweredAgainWhenTheAnswerWasLost) {
  const auto octets = message(ca.alice, {of(ca.alice)});
  ASSERT_EQ(ca.send(octets, &ca.alice).status.cmc_status, CMCStatus::success);
  const auto again = ca.send(octets, &ca.alice);
  EXPECT_EQ(again.status.cmc_status, CMCStatus::success) << again.text();
  EXPECT_TRUE(again.names(50));
}

TEST_F(Revocation, OfOneselfIsAnsweredAgainToNobodyElseAndToNoOtherMessage) {
  const auto mallory = ca.enroll("CN=Mallory,O=Test");
  const auto octets = message(ca.alice, {of(ca.alice)});
  ASSERT_EQ(ca.send(octets, &ca.alice).status.cmc_status, CMCStatus::success);
  EXPECT_EQ(ca.send(octets, &mallory).fail_info(), CMCFailInfo::badIdentity);
  EXPECT_EQ(ca.send(octets, nullptr).fail_info(), CMCFailInfo::badIdentity);
  const auto another = ca.send(message(ca.alice, {of(ca.alice)}), &ca.alice);
  EXPECT_EQ(another.fail_info(), CMCFailInfo::badIdentity);
  EXPECT_NE(another.text().find("revoked"), std::string::npos) << another.text();
}

TEST_F(Revocation, TheSameMessageAgainIsAnsweredAndChangesNothing) {
  const auto octets = message(ca.agent, {of(ca.alice, CRLReason::certificateHold)});
  expect_done(ca.send(octets, &ca.agent));
  const auto again = ca.send(octets, &ca.agent);
  EXPECT_EQ(again.status.cmc_status, CMCStatus::success);
  EXPECT_TRUE(again.names(50));
  expect_done(send(ca.agent, {of(ca.alice, CRLReason::removeFromCRL)}));
  const auto late = ca.send(octets, &ca.agent);
  EXPECT_EQ(late.fail_info(), CMCFailInfo::badRequest) << "it is not on hold any more";
  expect_status(ca.alice, CertificateStatus::valid, CRLReason::unspecified);
}

TEST_F(Revocation, OneAlteredBitRevokesNothing) {
  const auto octets = message(ca.alice, {of(ca.alice)});
  for (std::size_t at = 0; at < octets.size(); at += 2) {
    auto altered = octets;
    altered[at] ^= static_cast<std::uint8_t>(1U << (at / 2 % 8));
    static_cast<void>(ca.send(altered, &ca.alice));
    ASSERT_EQ(record_of(ca.alice).status, CertificateStatus::valid) << "octet " << at;
  }
  expect_done(ca.send(octets, &ca.alice));
}

TEST_F(Revocation, WhatTheClientMakesIsDone) {
  /* matrix: C55, E119 */
  const auto sent = unwrap(client::make_revocation_request(
      {.revocations = {{ca.alice.certificate->issuer, ca.alice.certificate->serial_number,
                        CRLReason::cessationOfOperation, ca.clock.now(), "gone"}},
       .signer = ca.alice.certificate,
       .signer_key = *ca.alice.key,
       .chain = {}},
      crypto::system_random()));
  EXPECT_EQ(ca.send(sent.octets, &ca.alice).status.cmc_status, CMCStatus::success);
  expect_status(ca.alice, CertificateStatus::revoked, CRLReason::cessationOfOperation);
}

}  // namespace
}  // namespace signet::test
