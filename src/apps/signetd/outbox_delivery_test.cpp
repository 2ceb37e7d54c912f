// Against a real directory: Debian's slapd on loopback.
#include "apps/signetd/outbox_delivery.h"

#include <future>

#include "support/outbox_scene.h"
#include "support/silent_directory.h"

namespace signet::server {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

TEST_F(OutboxDeliveryTest, PublishesWithdrawsAndPublishesAgain) {
  const auto certificate = issue("alice");
  add(certificate);
  EXPECT_EQ(delivery->look(), 5s);
  EXPECT_THAT(certificates_of("alice"), ElementsAre(certificate.der));
  EXPECT_EQ(due(), 0U);
  change(certificate, CertificateStatus::valid, CertificateStatus::on_hold);
  delivery->look();
  EXPECT_THAT(certificates_of("alice"), IsEmpty());
  change(certificate, CertificateStatus::on_hold, CertificateStatus::valid);
  delivery->look();
  EXPECT_THAT(certificates_of("alice"), ElementsAre(certificate.der));
  change(certificate, CertificateStatus::valid, CertificateStatus::revoked);
  delivery->look();
  EXPECT_THAT(certificates_of("alice"), IsEmpty());
  EXPECT_EQ(delivery->known().published, 2U);
  EXPECT_EQ(delivery->known().withdrawn, 2U);
  EXPECT_THAT(events(), IsEmpty());
}

TEST_F(OutboxDeliveryTest, NeverPublishesWhatIsNotInForceByThen) {
  const auto certificate = issue("alice");
  add(certificate);
  change(certificate, CertificateStatus::valid, CertificateStatus::revoked);
  store::Commit again;
  again.outbox = {reminder(certificate)};
  apply(again);
  delivery->look();
  EXPECT_THAT(certificates_of("alice"), IsEmpty());
  const auto expired = issue("alice");
  add(expired);
  clock.advance(std::chrono::days{100});
  delivery->look();
  EXPECT_THAT(certificates_of("alice"), IsEmpty());
  EXPECT_EQ(delivery->known().published, 0U);
  EXPECT_EQ(due(), 0U);
}

TEST_F(OutboxDeliveryTest, KeepsOutWhatIsWithheldUntilAnotherChoice) {
  const auto certificate = issue("alice");
  add(certificate);
  delivery->look();
  const auto choose = [&](bool is_withheld) {
    store::Commit chosen;
    chosen.publication_choices = {{certificate->serial_number, is_withheld}};
    chosen.outbox = {reminder(certificate)};
    apply(chosen);
    delivery->look();
  };
  choose(true);
  EXPECT_THAT(certificates_of("alice"), IsEmpty());
  choose(false);
  EXPECT_THAT(certificates_of("alice"), ElementsAre(certificate.der));
}

TEST_F(OutboxDeliveryTest, TellsWhatIsSoByThenAndNotWhatWasSoWhenItWasDue) {
  const auto certificate = issue("alice");
  add(certificate);
  change(certificate, CertificateStatus::valid, CertificateStatus::on_hold);
  change(certificate, CertificateStatus::on_hold, CertificateStatus::valid);
  EXPECT_EQ(due(), 1U) << "the last one stands for all";
  delivery->look();
  EXPECT_THAT(certificates_of("alice"), ElementsAre(certificate.der)) << "it is in force";
  EXPECT_EQ(delivery->known().withdrawn, 0U);
}

TEST_F(OutboxDeliveryTest, WaitsForTheOwnersConfirmation) {
  const auto certificate = issue("alice");
  store::Commit awaited;
  awaited.awaited = {{certificate->serial_number, Bytes(32, 1), {}, clock.now() + 1h}};
  add(certificate, awaited);
  delivery->look();
  EXPECT_THAT(certificates_of("alice"), IsEmpty());
  store::Commit confirmed;
  confirmed.settled = {certificate->serial_number};
  confirmed.outbox = {reminder(certificate)};
  apply(confirmed);
  delivery->look();
  EXPECT_THAT(certificates_of("alice"), ElementsAre(certificate.der));
}

TEST_F(OutboxDeliveryTest, PublishesThoseOfItsProfilesOnlyAndWithdrawsAll) {
  const auto certificate = issue("alice");
  add(certificate, {}, "caTwo");
  delivery->look();
  begin({.all = false, .ids = {"caOne"}});
  const auto other = issue("alice");
  add(other, {}, "caTwo");
  delivery->look();
  EXPECT_THAT(certificates_of("alice"), ElementsAre(certificate.der));
  change(certificate, CertificateStatus::valid, CertificateStatus::revoked);
  delivery->look();
  EXPECT_THAT(certificates_of("alice"), IsEmpty()) << "it was published under other settings";
  const auto unmapped = ca.issue({.subject = "CN=Server"}).certificate;
  add(unmapped, {}, "caTwo");
  change(unmapped, CertificateStatus::valid, CertificateStatus::revoked);
  delivery->look();
  EXPECT_THAT(events(), IsEmpty()) << "nobody wanted it there";
  EXPECT_EQ(due(), 0U);
}

TEST_F(OutboxDeliveryTest, TellsOnceOfACertificateThatHasNoPlaceThereAndGoesOn) {
  add(issue("nobody"));
  add(ca.issue({.subject = "CN=Server"}).certificate);
  store::Commit unknown;
  unknown.outbox = {{.serial_number = store::Integer::from(4711), .at = clock.now()}};
  apply(unknown);
  const auto certificate = issue("bob");
  add(certificate);
  for (int time = 0; time < 3; ++time) delivery->look();
  EXPECT_THAT(certificates_of("bob"), ElementsAre(certificate.der));
  EXPECT_EQ(delivery->known().refused, 3U);
  ASSERT_EQ(events().size(), 3U);
  const auto first = events()[0];
  EXPECT_EQ(first.name, "CERT_PUBLICATION");
  EXPECT_EQ(first.outcome, audit::EventOutcome::failure);
  EXPECT_THAT(first.fields,
              Contains(audit::Field{"CertSerialNum", "0x" + (*issued[0])->serial_number.to_hex()}));
  EXPECT_THAT(log.lines, Contains(StartsWith("certificate_not_published serial_number=0x")));
  EXPECT_EQ(due(), 0U);
}

TEST_F(OutboxDeliveryTest, KeepsWhatIsDueWhileTheDirectoryIsAway) {
  const auto certificate = issue("alice");
  directory->stop();
  add(certificate);
  clock.advance(59min);
  const auto rest = delivery->look();
  EXPECT_EQ(rest, 1s);
  EXPECT_LE(delivery->look(), rest) << "who wakes it does not end the rest";
  EXPECT_EQ(due(), 1U);
  EXPECT_EQ(delivery->known().oldest_due, test::kTestTime);
  EXPECT_TRUE(delivery->condition().degraded.empty());
  clock.advance(1min);
  EXPECT_EQ(delivery->condition().degraded.size(), 1U);
  EXPECT_FALSE(delivery->condition().is_down());
  directory->start();
  std::this_thread::sleep_for(rest);
  delivery->look();
  EXPECT_THAT(certificates_of("alice"), ElementsAre(certificate.der));
  EXPECT_EQ(delivery->known().oldest_due, std::nullopt);
  EXPECT_TRUE(delivery->condition().degraded.empty());
  const auto told = [&](std::string_view event) {
    return std::count_if(log.lines.begin(), log.lines.end(),
                         [&](const auto& line) { return line.starts_with(event); });
  };
  EXPECT_EQ(told("publishing_waits"), 1);
  EXPECT_EQ(told("publishing_goes_on"), 1);
}

TEST_F(OutboxDeliveryTest, LetsWhatItMayNotWriteWaitForADay) {
  begin({.all = true}, places(), denied());
  add(issue("alice"));
  add(issue("nobody"));
  delivery->look();
  delivery->look();
  EXPECT_EQ(due(), 2U);
  EXPECT_THAT(events(), IsEmpty());
  EXPECT_EQ(lines_of("certificates_not_yet_published"), 1);
  clock.advance(24h);
  delivery->look();
  EXPECT_EQ(due(), 0U);
  EXPECT_EQ(events().size(), 2U);
}

TEST_F(OutboxDeliveryTest, NeverGivesUpToTakeOutWhatIsRevoked) {
  const auto certificate = issue("alice");
  add(certificate);
  delivery->look();
  change(certificate, CertificateStatus::valid, CertificateStatus::revoked);
  begin({.all = true}, places(), denied());
  clock.advance(48h);
  delivery->look();
  EXPECT_EQ(due(), 1U);
  EXPECT_THAT(certificates_of("alice"), SizeIs(1));
  EXPECT_EQ(delivery->condition().degraded.size(), 1U);
  begin();
  delivery->look();
  EXPECT_EQ(due(), 0U);
  EXPECT_THAT(certificates_of("alice"), IsEmpty());
}

TEST_F(OutboxDeliveryTest, HasNothingToTakeOutOfAnEntryThatNeverWas) {
  const auto certificate = ca.issue({.subject = "CN=Server", .key = test::test_key()}).certificate;
  add(certificate);
  delivery->look();
  EXPECT_EQ(events().size(), 1U);
  change(certificate, CertificateStatus::valid, CertificateStatus::revoked);
  delivery->look();
  EXPECT_EQ(due(), 0U);
  EXPECT_EQ(events().size(), 1U);
}

TEST_F(OutboxDeliveryTest, PassesOverADamagedRow) {
  const auto bad = issue("alice");
  const auto good = issue("bob");
  engine.damaged = {bad->serial_number};
  add(bad);
  add(good);
  delivery->look();
  EXPECT_THAT(certificates_of("bob"), ElementsAre(good.der));
  EXPECT_EQ(due(), 1U);
  engine.damaged.clear();
  delivery->look();
  EXPECT_THAT(certificates_of("alice"), ElementsAre(bad.der));
}

TEST_F(OutboxDeliveryTest, TellsOfTheAuthorityAndOfEachNewCrl) {
  delivery->look();
  EXPECT_THAT(values(kAuthorityEntry, "cACertificate;binary"), ElementsAre(ca.certificate().der));
  for (const std::uint64_t number : {7, 8}) {
    keep_crl(number);
    delivery->look();
    EXPECT_THAT(crls(), ElementsAre(crl(number)));
  }
  EXPECT_EQ(lines_of("authority_not_published"), 0);
}

TEST_F(OutboxDeliveryTest, TriesAnEntryOfTheAuthorityAgainThatDidNotTakeIt) {
  begin({.all = true}, places(), address(),
        {.between_looks = 5s, .gather = 0ms, .entry_rest = 20ms});
  keep_crl(9, Bytes{0x30, 0x00});  // no CRL: the directory says so
  add(issue("alice"));
  delivery->look();
  EXPECT_THAT(certificates_of("alice"), SizeIs(1)) << "no certificate waits for that";
  std::this_thread::sleep_for(40ms);
  delivery->look();
  EXPECT_EQ(lines_of("authority_not_published what=the CRLs"), 1) << "told once";
  clock.advance(2h);
  EXPECT_EQ(delivery->condition().degraded.size(), 1U);
  keep_crl(10);
  std::this_thread::sleep_for(40ms);
  delivery->look();
  EXPECT_THAT(crls(), ElementsAre(crl(10)));
  EXPECT_TRUE(delivery->condition().degraded.empty());
}

TEST_F(OutboxDeliveryTest, LeavesAnEntryOfTheAuthorityInPeaceForAWhile) {
  keep_crl(11, Bytes{0x30, 0x00});
  delivery->look();
  keep_crl(12);
  delivery->look();
  EXPECT_THAT(crls(), ::testing::Not(ElementsAre(crl(12))));
}

TEST_F(OutboxDeliveryTest, DoesNothingWhileItIsAnotherNodesTurnAndDoesNotAskAgainAtOnce) {
  begin({.all = true}, places(), address(), {.between_looks = 50ms, .gather = 0ms});
  ASSERT_TRUE(unwrap(engine.take_lease("publishing", "other", 1h)));
  add(issue("alice"));
  EXPECT_EQ(delivery->look(), 50ms);
  ASSERT_TRUE(engine.give_lease_back("publishing", "other").ok());
  EXPECT_LE(delivery->look(), 50ms);
  EXPECT_EQ(due(), 1U);
  std::this_thread::sleep_for(50ms);
  delivery->look();
  EXPECT_EQ(due(), 0U);
}

TEST_F(OutboxDeliveryTest, GathersWhatManyCommitsAdd) {
  begin({.all = true}, places(), address(), {.between_looks = 5s, .gather = 1h});
  add(issue("alice"));
  EXPECT_EQ(delivery->look(), 5s);
  EXPECT_EQ(due(), 0U);
  add(issue("bob"));
  EXPECT_GT(delivery->look(), 59min) << "though it was woken";
  EXPECT_EQ(due(), 1U);
}

TEST_F(OutboxDeliveryTest, IsBrokenOffAtOnceAndKeepsWhatWasNotAcknowledged) {
  using test::SilentDirectory;
  SilentDirectory silent({SilentDirectory::bound(), SilentDirectory::modified(2)});
  auto there = address();
  there.uri = silent.uri();
  there.plaintext = true;
  there.timeout = 60s;
  begin({.all = true}, places(), std::move(there));
  add(issue("alice"));
  add(issue("bob"));
  add(issue("alice"));
  auto looked = std::async(std::launch::async, [&] { return delivery->look(); });
  silent.wait_until_silent();
  delivery->break_off();
  ASSERT_EQ(looked.wait_for(20s), std::future_status::ready);
  EXPECT_EQ(delivery->known().published, 1U);
  EXPECT_EQ(due(), 2U);
  EXPECT_EQ(lines_of("publishing_waits"), 0) << "it is no fault of the directory's";
  EXPECT_LE(looked.get(), 5s);
  delivery->look();
  EXPECT_EQ(due(), 2U) << "broken off for good";
  delivery.reset();
  EXPECT_FALSE(unwrap(engine.take_lease("publishing", "other", 1h))) << "it may still arrive";
}

TEST_F(OutboxDeliveryTest, GivesItsTurnBackWhereNothingWasUnderWay) {
  add(issue("alice"));
  delivery->look();
  delivery->break_off();
  delivery.reset();
  EXPECT_TRUE(unwrap(engine.take_lease("publishing", "other", 1h)));
}

TEST_F(OutboxDeliveryTest, TellsOfManyWithoutAPause) {
  store::Commit many;
  for (std::uint64_t at = 0; at < 300; ++at) {
    many.outbox.push_back({.serial_number = store::Integer::from(at), .at = clock.now()});
  }
  apply(many);
  EXPECT_EQ(delivery->look(), 0ms);
  EXPECT_EQ(delivery->look(), 5s);
  EXPECT_EQ(due(), 0U);
}

}  // namespace
}  // namespace signet::server
