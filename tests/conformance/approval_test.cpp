#include "authority/agent_desk.h"
#include "codec/pkix/oids.h"
#include "support/change_status.h"
#include "support/life_scene.h"

namespace signet::test {
namespace {

using audit::EventOutcome;
using cmc::CMCFailInfo;
using cmc::CMCStatus;
using store::CertificateStatus;
using store::PendingState;

class Approval : public Life {
 protected:
  Bytes asking(const Holder& who, const std::string& subject = "CN=Alice,O=Test") {
    return message(who, {transaction()}, {tagged(60, pkcs10({.subject = subject}))});
  }
  static cmc::TaggedAttribute transaction(std::uint8_t number = 5) {
    return control(72, cmc::oid::kTransactionId,
                   cmc::write_integer_value(asn1::Integer{Bytes{number}}));
  }
  static cmc::PendInfo pend_info(const Told& told) {
    EXPECT_EQ(told.status.cmc_status, CMCStatus::pending) << told.text();
    EXPECT_FALSE(told.issued());
    return std::get<cmc::PendInfo>(told.status.other_info.value());
  }
  Told poll(const Holder& who, ByteView token, std::uint8_t transaction_number = 5) {
    return ca.send(
        message(who, {transaction(transaction_number),
                      control(73, cmc::oid::kQueryPending, cmc::write_octets_value(token))}),
        &who);
  }
  static proof::Peer over(const Holder& holder) { return {holder.certificate.der, "192.0.2.9"}; }
  Bytes held() { return pend_info(ca.send(asking(ca.alice), &ca.alice, "extra")).pend_token; }
  authority::AgentDesk& desk() { return ca.desk(); }
};

TEST_F(Approval, HoldsARequestUntilAnAgentApproves) {
  /* matrix: C66, E66, E69, E124 */
  const auto octets = asking(ca.alice);
  const auto first = pend_info(ca.send(octets, &ca.alice, "extra"));
  EXPECT_EQ(pend_info(ca.send(octets, &ca.alice, "extra")), first);
  ca.clock.advance(std::chrono::hours{1});
  EXPECT_EQ(pend_info(poll(ca.alice, first.pend_token)), first);

  const auto listed = unwrap(desk().list(over(ca.agent), {PendingState::open, 10}));
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(listed.front().subject, "CN=Alice,O=Test");
  const auto before = ca.certificates_on_record();
  const auto decided = unwrap(desk().decide(over(ca.agent), {first.pend_token, true, {}, "known"}));
  EXPECT_EQ(decided.state, PendingState::granted);
  EXPECT_EQ(ca.certificates_on_record(), before + 1);

  for (int time = 0; time < 2; ++time) {
    const auto told = poll(ca.alice, first.pend_token);
    EXPECT_EQ(told.status.cmc_status, CMCStatus::success) << told.text();
    ASSERT_EQ(told.certificates.size(), 1U);
    EXPECT_EQ(told.certificates.front()->serial_number, decided.serial_numbers.at(0));
  }
  // the message itself, again
  EXPECT_EQ(ca.send(octets, &ca.alice, "extra").certificates.size(), 1U);
  EXPECT_EQ(ca.certificates_on_record(), before + 1);
}

TEST_F(Approval, DaysLaterIsToldToTheSameOctetsWithoutANonce) {
  const auto octets =
      full_request({ca.alice.key, ca.alice.certificate},
                   {tagged(60, pkcs10({.subject = "CN=Alice,O=Test"}))}, {transaction()})
          .encode();
  const auto token = pend_info(ca.send(octets, &ca.alice, "extra")).pend_token;
  ca.clock.advance(std::chrono::days{2});
  EXPECT_EQ(pend_info(ca.send(octets, &ca.alice, "extra")).pend_token, token);
  const auto decided = unwrap(desk().decide(over(ca.agent), {token, true, {}, ""}));
  ca.clock.advance(std::chrono::hours{23});
  const auto told = ca.send(octets, &ca.alice, "extra");
  ASSERT_EQ(told.certificates.size(), 1U) << told.text();
  EXPECT_EQ(told.certificates.front()->serial_number, decided.serial_numbers.at(0));
  ca.clock.advance(std::chrono::hours{2});  // a day after the decision it asks anew, to renew
  expect_refused(ca.send(octets, &ca.alice, "extra"), CMCFailInfo::badRequest,
                 "may be renewed from");
}

TEST_F(Approval, ThatWasGivenIsToldWhenTheTimeOfTheWaitHasPassedToo) {
  const auto octets = asking(ca.alice);
  const auto token = pend_info(ca.send(octets, &ca.alice, "extra")).pend_token;
  ca.clock.advance(std::chrono::days{6});
  const auto decided = unwrap(desk().decide(over(ca.agent), {token, true, {}, ""}));
  ca.clock.advance(std::chrono::days{2});
  ASSERT_GT(ca.clock.now(), decided.expires_at);
  for (const auto& told : {poll(ca.alice, token), ca.send(octets, &ca.alice, "extra")}) {
    ASSERT_EQ(told.certificates.size(), 1U) << told.text();
    EXPECT_EQ(told.certificates.front()->serial_number, decided.serial_numbers.at(0));
  }
}

TEST_F(Approval, ThatWasRefusedIsToldWhenTheTimeOfTheWaitHasPassedToo) {
  const auto octets = asking(ca.alice);
  const auto token = pend_info(ca.send(octets, &ca.alice, "extra")).pend_token;
  unwrap(desk().decide(over(ca.agent), {token, false, {}, "nobody knows this Alice"}));
  ca.clock.advance(std::chrono::days{8});
  for (const auto& told : {poll(ca.alice, token), ca.send(octets, &ca.alice, "extra")}) {
    expect_refused(told, CMCFailInfo::badRequest, "nobody knows this Alice");
  }
}

TEST_F(Approval, AfterItsTimeIsAskedForAnewByTheSameOctetsWithoutANonce) {
  const auto octets =
      full_request({ca.alice.key, ca.alice.certificate},
                   {tagged(60, pkcs10({.subject = "CN=Alice,O=Test"}))}, {transaction()})
          .encode();
  const auto token = pend_info(ca.send(octets, &ca.alice, "extra")).pend_token;
  ca.clock.advance(std::chrono::days{8});
  EXPECT_NE(pend_info(ca.send(octets, &ca.alice, "extra")).pend_token, token);
}

TEST_F(Approval, RefusedForWhatStandsBesideItIsNotInTheJournalAsPending) {
  const auto beside = control(
      70, cmc::oid::kConfirmCertAcceptance,
      cmc::write_cmc_cert_id({ca.alice.certificate->issuer, ca.alice.certificate->serial_number}));
  const auto told = ca.send(message(ca.alice, {transaction(), beside},
                                    {tagged(60, pkcs10({.subject = "CN=Alice,O=Test"}))}),
                            &ca.alice, "extra");
  expect_refused(told, CMCFailInfo::badRequest, "send two messages");
  EXPECT_FALSE(told.has_event("CERT_REQUEST_PROCESSED", EventOutcome::success));
  EXPECT_TRUE(unwrap(desk().list(over(ca.agent), {PendingState::open, 10})).empty());
}

TEST_F(Approval, IsNotToldAsGrantedWhileTheCertificateIsOutOfForce) {
  const auto octets = asking(ca.alice);
  const auto token = pend_info(ca.send(octets, &ca.alice, "extra")).pend_token;
  const auto decided = unwrap(desk().decide(over(ca.agent), {token, true, {}, ""}));
  const auto& serial = decided.serial_numbers.at(0);
  const auto change = [&](CertificateStatus to) {
    ASSERT_TRUE(
        change_status(ca.engine(), serial, to, ca.clock.now(), pkix::CRLReason::certificateHold)
            .ok());
  };
  change(CertificateStatus::on_hold);
  expect_refused(poll(ca.alice, token), CMCFailInfo::badRequest, "is on hold since");
  change(CertificateStatus::valid);
  EXPECT_TRUE(poll(ca.alice, token).issued());
  change(CertificateStatus::revoked);
  expect_refused(poll(ca.alice, token), CMCFailInfo::badRequest, "is revoked since");
  expect_refused(ca.send(octets, &ca.alice, "extra"), CMCFailInfo::badRequest, "is revoked since");
}

TEST_F(Approval, IsNotAskedForWhenAnAgentAsks) {
  const auto told = ca.send(message(ca.agent, {}, {tagged(60, pkcs10({.subject = "CN=X,O=Test"}))}),
                            &ca.agent, "extra");
  EXPECT_TRUE(told.issued()) << told.text();
}

TEST_F(Approval, MayBeRefusedWithANoteThatTheRequesterReads) {
  const auto token = held();
  const auto before = ca.certificates_on_record();
  unwrap(desk().decide(over(ca.agent), {token, false, {}, "nobody knows this Alice"}));
  expect_refused(poll(ca.alice, token), CMCFailInfo::badRequest, "nobody knows this Alice");
  EXPECT_EQ(ca.certificates_on_record(), before);
}

TEST_F(Approval, IsGivenOnce) {
  const auto token = held();
  unwrap(desk().decide(over(ca.agent), {token, true}));
  const auto before = ca.certificates_on_record();
  for (const bool approves : {true, false}) {
    const auto again = desk().decide(over(ca.agent), {token, approves});
    EXPECT_EQ(again.error().fault, Fault::not_allowed);
    EXPECT_NE(again.error().detail.find("approved by"), std::string::npos);
  }
  EXPECT_EQ(ca.certificates_on_record(), before);
}

TEST_F(Approval, IsAnAgentsAlone) {
  const auto token = held();
  const proof::Peer nobody;
  for (const auto& peer : {over(ca.alice), nobody}) {
    EXPECT_EQ(desk().list(peer, {std::nullopt, 10}).error().fault, Fault::unknown_identity);
    EXPECT_EQ(desk().show(peer, token).error().fault, Fault::unknown_identity);
    EXPECT_EQ(desk().decide(peer, {token, true}).error().fault, Fault::unknown_identity);
  }
  const auto stranger = ca.forge("CN=Agent,O=Test", ca.agent.certificate->serial_number, true);
  EXPECT_EQ(desk().decide(over(stranger), {token, true}).error().fault, Fault::untrusted_signer);
  ASSERT_TRUE(change_status(ca.engine(), ca.agent.certificate->serial_number,
                            CertificateStatus::revoked, ca.clock.now(),
                            pkix::CRLReason::unspecified)
                  .ok());
  EXPECT_EQ(desk().decide(over(ca.agent), {token, true}).error().fault, Fault::untrusted_signer);
  EXPECT_EQ(pend_info(poll(ca.alice, token)).pend_token, token);
}

TEST_F(Approval, GoesOnRecordAlsoWhereItIsRefused) {
  audit::MemoryJournal journal;
  auto made = choices();
  made.journal = &journal;
  TestAuthority watched{made};
  const auto decisions = [&](EventOutcome outcome) {
    std::size_t found = 0;
    for (const auto& event : journal.events()) {
      found += event.name == "AUTHZ" && event.outcome == outcome;
    }
    return found;
  };
  watched.send(watched.request(watched.alice, "CN=Alice,O=Test").octets, &watched.alice, "extra");
  const auto id = unwrap(watched.engine().list_pending(PendingState::open, 1, {})).at(0).id;
  policy::AgentChanges too_long;
  too_long.not_after = watched.clock.now() + std::chrono::days{400};
  EXPECT_FALSE(watched.desk().decide(over(watched.alice), {id, true}).ok());  // no agent
  EXPECT_FALSE(watched.desk().decide(over(watched.agent), {id, true, too_long}).ok());
  EXPECT_EQ(decisions(EventOutcome::failure), 2U);
  EXPECT_TRUE(watched.desk().decide(over(watched.agent), {id, true}).ok());
  EXPECT_FALSE(watched.desk().decide(over(watched.agent), {id, true}).ok());  // twice
  EXPECT_EQ(decisions(EventOutcome::failure), 3U);
  EXPECT_EQ(decisions(EventOutcome::success), 1U);
}

TEST_F(Approval, EndsInTime) {
  const auto token = held();
  ca.clock.advance(std::chrono::days{7} + std::chrono::seconds{1});
  EXPECT_EQ(desk().decide(over(ca.agent), {token, true}).error().fault, Fault::not_allowed);
  expect_refused(poll(ca.alice, token), CMCFailInfo::badRequest, "no agent decided");
}

TEST_F(Approval, WaitsOnWhenTheClockGoesBackAndEndsWithOneAYearAhead) {
  const auto octets = asking(ca.alice);
  const auto first = pend_info(ca.send(octets, &ca.alice, "extra"));
  ca.clock.advance(-std::chrono::minutes{30});
  EXPECT_EQ(pend_info(poll(ca.alice, first.pend_token)), first);
  EXPECT_EQ(unwrap(desk().list(over(ca.agent), {PendingState::open, 10})).size(), 1U);
  const auto now = ca.clock.now();
  ca.clock.advance(std::chrono::days{60});
  EXPECT_EQ(desk().decide(over(ca.agent), {first.pend_token, true}).error().fault,
            Fault::not_allowed);
  expect_refused(poll(ca.alice, first.pend_token), CMCFailInfo::badRequest, "no agent decided");
  ca.clock.set(now);
  EXPECT_TRUE(desk().decide(over(ca.agent), {first.pend_token, true}).ok())
      << "its time is not over";
}

TEST_F(Approval, LooksAgainAtWhoAsks) {
  const auto token = held();
  ASSERT_TRUE(change_status(ca.engine(), ca.alice.certificate->serial_number,
                            CertificateStatus::revoked, ca.clock.now(),
                            pkix::CRLReason::unspecified)
                  .ok());
  const auto before = ca.certificates_on_record();
  EXPECT_EQ(desk().decide(over(ca.agent), {token, true}).error().fault, Fault::untrusted_signer);
  EXPECT_EQ(ca.certificates_on_record(), before);
  EXPECT_EQ(unwrap(desk().show(over(ca.agent), token)).state, PendingState::open);
}

TEST_F(Approval, ChangesWhatTheProfileAllows) {
  const auto token = held();
  policy::AgentChanges changes;
  changes.not_after = ca.clock.now() + std::chrono::days{400};
  EXPECT_EQ(desk().decide(over(ca.agent), {token, true, changes}).error().fault,
            Fault::validity_not_allowed);
  changes.not_after = ca.clock.now() + std::chrono::days{10};
  changes.extensions = {{pkix::oid::kExtendedKeyUsage, false,
                         pkix::write_extended_key_usage({pkix::oid::kClientAuth})}};
  const auto decided = unwrap(desk().decide(over(ca.agent), {token, true, changes}));
  const auto record = unwrap(ca.engine().find_certificate(decided.serial_numbers.at(0))).value();
  EXPECT_EQ(record.not_after, *changes.not_after);
  const auto issued = unwrap(pkix::read_certificate(record.certificate_der));
  EXPECT_TRUE(issued.has_extended_key_usage(pkix::oid::kClientAuth));
}

TEST_F(Approval, GivesNoPowersAndNobodysNamesWhoeverTheAgentIs) {
  const auto token = held();
  const auto before = ca.certificates_on_record();
  const auto expect_not_given = [&](const pkix::Extension& extension) {
    const auto decided = desk().decide(over(ca.agent), {token, true, {.extensions = {extension}}});
    ASSERT_FALSE(decided.ok()) << extension.extn_id.to_text();
    EXPECT_EQ(decided.error().fault, Fault::extension_not_allowed) << decided.error().detail;
  };
  for (const auto& purpose : {pkix::oid::kCmcRA, pkix::oid::kOcspSigning}) {
    expect_not_given({pkix::oid::kExtendedKeyUsage, false,
                      pkix::write_extended_key_usage({pkix::oid::kClientAuth, purpose})});
  }
  expect_not_given({pkix::oid::kOcspNoCheck, false, {0x05, 0x00}});
  expect_not_given({pkix::oid::kSubjectAltName, false,
                    pkix::write_alternative_name({pkix::DnsName{"www.bank.example"}})});
  EXPECT_EQ(ca.certificates_on_record(), before);
  EXPECT_EQ(unwrap(desk().show(over(ca.agent), token)).state, PendingState::open);
}

TEST_F(Approval, IsPolledForAlone) {
  const auto token = held();
  const auto revoking =
      control(50, cmc::oid::kRevokeRequest,
              cmc::write_revoke_request({.issuer_name = ca.alice.certificate->issuer,
                                         .serial_number = ca.alice.certificate->serial_number,
                                         .reason = pkix::CRLReason::superseded,
                                         .invalidity_date = {},
                                         .shared_secret = {},
                                         .comment = {}}));
  const auto octets =
      message(ca.alice, {transaction(), revoking,
                         control(73, cmc::oid::kQueryPending, cmc::write_octets_value(token))});
  for (int time = 0; time < 2; ++time) {
    expect_refused(ca.send(octets, &ca.alice), CMCFailInfo::badRequest, "send two messages");
  }
  EXPECT_EQ(record_of(ca.alice.certificate).status, CertificateStatus::valid);
}

TEST_F(Approval, ATokenIsItsRequestersInItsTransaction) {
  const auto token = held();
  const auto bob = ca.enroll("CN=Bob,O=Test");
  expect_refused(poll(bob, token), CMCFailInfo::badRequest);
  expect_refused(poll(ca.alice, token, 6), CMCFailInfo::badRequest);
  expect_refused(poll(ca.alice, Bytes(16, 1)), CMCFailInfo::badRequest);
  expect_refused(ca.send(message(ca.alice,
                                 {transaction(), control(73, cmc::oid::kQueryPending,
                                                         cmc::write_octets_value(token))},
                                 {tagged(60, pkcs10())}),
                         &ca.alice),
                 CMCFailInfo::badRequest);
}

}  // namespace
}  // namespace signet::test
