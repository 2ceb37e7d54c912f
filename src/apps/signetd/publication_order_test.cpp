// Who waits for whom, and what is decided meanwhile; against Debian's slapd on loopback.
#include "support/publication_scene.h"

namespace signet::server {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class PublicationOrderTest : public PublicationTest {};

TEST_F(PublicationOrderTest, LetsThoseThatTheDirectoryDoesNotTakeForNowKeepNobodyWaiting) {
  const auto denied = issue("elsewhere");
  add(denied);
  store::Commit many;
  for (int at = 0; at < 300; ++at)
    many.publications.push_back(wish(denied, PublicationWish::publish));
  apply(many);
  clock.advance(1h);
  const auto certificate = issue("alice");
  add(certificate);
  for (int time = 0; time < 2; ++time) publication->look();
  EXPECT_THAT(certificates_of("alice"), ElementsAre(certificate.der));
  EXPECT_EQ(due(), 301U);
  EXPECT_EQ(publication->known().oldest_due, test::kTestTime) << "they wait since they waited";
  EXPECT_EQ(publication->look(), 5s);
  clock.advance(23h);
  for (int time = 0; time < 2; ++time) publication->look();
  EXPECT_EQ(due(), 0U);
  EXPECT_EQ(events().size(), 301U);
}

TEST_F(PublicationOrderTest, LetsOneThatTakesLongKeepNobodyWaiting) {
  begin({.all = true}, places(), address(),
        {.between_looks = 5s, .gather = 0ms, .longest_look = 20ms});
  const auto slow = issue("bob");
  engine.damaged = {slow->serial_number};
  engine.for_damaged = 30ms;
  add(slow);
  const auto certificate = issue("alice");
  add(certificate);
  for (int time = 0; time < 2; ++time) publication->look();
  EXPECT_THAT(certificates_of("alice"), ElementsAre(certificate.der));
  EXPECT_EQ(due(), 1U);
}

TEST_F(PublicationOrderTest, SeesWhatWasDecidedAndToldByAnotherNodeWhileItStoodStill) {
  const auto certificate = issue("alice");
  const auto decide = [&](CertificateStatus from, CertificateStatus to) {
    engine.after_certificate = [this, certificate, from, to] {
      change(certificate, from, to);
      std::vector<std::uint64_t> told;
      for (const auto& each : unwrap(engine.due_publications(9))) told.push_back(each.number);
      ASSERT_TRUE(engine.settle_publications(told).ok());
    };
  };
  add(certificate);
  decide(CertificateStatus::valid, CertificateStatus::on_hold);
  publication->look();
  EXPECT_THAT(certificates_of("alice"), IsEmpty());
  store::Commit reminder;
  reminder.publications = {wish(certificate, PublicationWish::withdraw)};
  apply(reminder);
  decide(CertificateStatus::on_hold, CertificateStatus::valid);
  publication->look();
  EXPECT_THAT(certificates_of("alice"), ElementsAre(certificate.der));
}

TEST_F(PublicationOrderTest, LeavesNoOlderCrlThereThanTheStoreHas) {
  keep_crl(7);
  engine.after_crl = [this] { keep_crl(8); };
  publication->look();
  EXPECT_THAT(crls(), ElementsAre(crl(8)));
}

}  // namespace
}  // namespace signet::server
