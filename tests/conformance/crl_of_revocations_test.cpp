// What CRLs tell of what was revoked, and when the next one is due.
#include <gtest/gtest.h>

#include "authority/crl_maker.h"
#include "codec/pkix/oids.h"
#include "support/change_status.h"
#include "support/revocation_scene.h"

namespace signet::test {
namespace {

using pkix::CRLReason;
using store::CertificateStatus;

class Crl : public Revocation {
 protected:
  Crl() : committer(ca.engine(), journal) {}
  authority::CrlMaker maker() {
    return authority::CrlMaker{
        {.issuer = ca.authority().issuer(),
         .signature_algorithm = unwrap(crypto::default_signature_algorithm(ca.key())),
         .store = ca.engine(),
         .committer = committer,
         .clock = ca.clock,
         .settings = {}}};
  }
  static const pkix::RevokedCertificate* find(const pkix::CertificateList& list,
                                              const Holder& holder) {
    for (const auto& entry : list.tbs.value.revoked_certificates) {
      if (entry.user_certificate == holder.certificate->serial_number) return &entry;
    }
    return nullptr;
  }

  audit::MemoryJournal journal;
  store::Committer committer;
};

TEST_F(Crl, TellsOfWhatIsRevokedAndHeldWithReasonsAndDates) {
  const auto held = ca.enroll("CN=Held,O=Test");
  const auto plain = ca.enroll("CN=Plain,O=Test");
  auto compromised = of(ca.alice, CRLReason::keyCompromise);
  compromised.invalidity_date = ca.clock.now() - std::chrono::hours{5};
  expect_done(send(ca.agent, {compromised, of(held, CRLReason::certificateHold),
                              of(plain, CRLReason::unspecified)}));
  const auto record = unwrap(maker().make());
  const auto list = unwrap(pkix::read_certificate_list(record.der));
  EXPECT_EQ(list.tbs.value.issuer, ca.certificate()->subject);
  EXPECT_EQ(list.tbs.value.this_update, ca.clock.now());
  EXPECT_EQ(list.tbs.value.next_update, ca.clock.now() + std::chrono::hours{24});
  ASSERT_EQ(list.tbs.value.revoked_certificates.size(), 3U);
  ASSERT_NE(find(list, ca.alice), nullptr);
  EXPECT_EQ(find(list, ca.alice)->crl_entry_extensions.size(), 2U);
  ASSERT_NE(find(list, held), nullptr);
  EXPECT_EQ(find(list, held)->crl_entry_extensions.at(0).extn_value, (Bytes{0x0A, 0x01, 0x06}));
  ASSERT_NE(find(list, plain), nullptr);
  EXPECT_TRUE(find(list, plain)->crl_entry_extensions.empty()) << "unspecified is left out";
  EXPECT_EQ(find(list, ca.agent), nullptr);
  const auto* number = pkix::find_extension(list.tbs.value.crl_extensions, pkix::oid::kCrlNumber);
  ASSERT_NE(number, nullptr);
  EXPECT_EQ(number->extn_value, (Bytes{0x02, 0x01, 0x01}));
  EXPECT_NE(pkix::find_extension(list.tbs.value.crl_extensions, pkix::oid::kAuthorityKeyIdentifier),
            nullptr);
}

TEST_F(Crl, NumbersFollowOneAnotherAndTheLatestIsFound) {
  auto making = maker();
  EXPECT_EQ(unwrap(making.make()).number, 1U);
  const auto first_at = ca.clock.now();
  ca.clock.advance(std::chrono::minutes{1});
  EXPECT_EQ(unwrap(making.make()).number, 2U);
  EXPECT_EQ(unwrap(ca.engine().find_crl({}))->number, 2U);
  EXPECT_EQ(unwrap(ca.engine().find_crl({.before = ca.clock.now()}))->number, 1U);
  EXPECT_EQ(unwrap(ca.engine().find_crl({.before = first_at})), std::nullopt);
  ASSERT_EQ(journal.events().size(), 2U);
  EXPECT_EQ(journal.events()[1].name, "FULL_CRL_GENERATION");
}

TEST_F(Crl, OnScheduleOnlyWhenDue) {
  auto making = maker();
  const auto made = [&] { return unwrap(making.make_due()).made; };
  EXPECT_EQ(made(), 1U);
  EXPECT_EQ(made(), 0U);
  ca.clock.advance(std::chrono::hours{12} - std::chrono::seconds{1});
  EXPECT_EQ(made(), 0U);
  ca.clock.advance(std::chrono::seconds{1});
  EXPECT_EQ(made(), 1U);
}

TEST_F(Crl, IsDueWhenAStatusChangedWhoeverChangedIt) {
  auto making = maker();
  EXPECT_EQ(unwrap(making.make_due()).made, 1U);
  ASSERT_TRUE(change_status(ca.engine(), ca.alice.certificate->serial_number,
                            CertificateStatus::revoked, ca.clock.now(),
                            pkix::CRLReason::keyCompromise)
                  .ok());
  auto after_a_restart = maker();
  EXPECT_EQ(unwrap(after_a_restart.make_due()).made, 1U);
  EXPECT_EQ(unwrap(after_a_restart.make_due()).made, 0U);
}

TEST_F(Crl, AReleasedOneIsOnItNoMoreAndAnExpiredOneForTwoDays) {
  auto making = maker();
  const auto entries = [&] {
    const auto record = unwrap(making.make());
    return unwrap(pkix::read_certificate_list(record.der)).tbs.value.revoked_certificates.size();
  };
  expect_done(send(ca.agent, {of(ca.alice, CRLReason::certificateHold)}));
  EXPECT_EQ(entries(), 1U);
  expect_done(send(ca.agent, {of(ca.alice, CRLReason::removeFromCRL)}));
  EXPECT_EQ(entries(), 0U);
  expect_done(send(ca.agent, {of(ca.alice, CRLReason::keyCompromise)}));
  ca.clock.set(ca.alice.certificate->validity.not_after + std::chrono::hours{48});
  EXPECT_EQ(entries(), 1U);
  ca.clock.advance(std::chrono::seconds{1});
  EXPECT_EQ(entries(), 0U);
}

}  // namespace
}  // namespace signet::test
