#include "authority/outbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace signet::authority {
namespace {

using store::CertificateStatus;
using store::OutboxLine;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr Time kNow{std::chrono::seconds{1000}};
const PublishedProfiles kAll{.all = true};

store::Integer number(std::uint64_t value) {
  return store::Integer::from(value);
}

store::OutboxEntry due(std::uint64_t serial, OutboxLine line = OutboxLine::pressing) {
  return {.serial_number = number(serial), .line = line, .at = kNow};
}

store::Commit issuing(std::uint64_t serial, const std::string& profile) {
  store::Commit commit;
  commit.certificates.emplace_back();
  commit.certificates.back().serial_number = number(serial);
  commit.certificates.back().profile_id = profile;
  return commit;
}

store::Commit changing(std::uint64_t serial, CertificateStatus to) {
  store::Commit commit;
  commit.status_changes.push_back({.serial_number = number(serial), .to = to, .at = kNow});
  return commit;
}

std::vector<store::OutboxEntry> outbox_of(const PublishedProfiles& published,
                                          store::Commit commit) {
  add_to_outbox(published, kNow, commit);
  return commit.outbox;
}

TEST(AddToOutbox, NamesWhatIsIssuedByTheProfilesThatArePublished) {
  const PublishedProfiles some{.all = false, .ids = {"caOne", "caTwo"}};
  EXPECT_THAT(outbox_of(some, issuing(1, "caOne")), ElementsAre(due(1)));
  EXPECT_THAT(outbox_of(some, issuing(1, "caThree")), IsEmpty());
  EXPECT_THAT(outbox_of(some, issuing(1, "caone")), IsEmpty());
  EXPECT_THAT(outbox_of(kAll, issuing(1, "caThree")), ElementsAre(due(1)));
}

TEST(AddToOutbox, LeavesOutWhatTheAuthorityHasForItselfUntilThatIsRevoked) {
  EXPECT_THAT(outbox_of(kAll, issuing(1, "ocspResponder")), IsEmpty());
  EXPECT_THAT(outbox_of(kAll, changing(1, CertificateStatus::revoked)), ElementsAre(due(1)));
}

TEST(AddToOutbox, NamesEachOnce) {
  auto commit = issuing(1, "caOne");
  commit.status_changes = changing(1, CertificateStatus::revoked).status_changes;
  commit.settled.push_back(number(1));
  commit.publication_choices = {{number(1), true}};
  EXPECT_THAT(outbox_of(kAll, commit), ElementsAre(due(1)));
}

TEST(AddToOutbox, NamesNothingWhereNothingIsPublished) {
  EXPECT_THAT(outbox_of({}, issuing(1, "caOne")), IsEmpty());
  EXPECT_THAT(outbox_of({}, changing(1, CertificateStatus::revoked)), IsEmpty());
}

TEST(AddToOutbox, NamesWhatIsRevokedHeldOrReleasedOfWhicheverProfile) {
  const PublishedProfiles some{.all = false, .ids = {"caOne"}};
  for (const auto to :
       {CertificateStatus::revoked, CertificateStatus::on_hold, CertificateStatus::valid}) {
    EXPECT_THAT(outbox_of(some, changing(1, to)), ElementsAre(due(1)));
  }
}

TEST(AddToOutbox, WaitsForTheConfirmationOfWhatMustBeConfirmed) {
  auto issued = issuing(1, "caOne");
  issued.awaited.push_back({number(1), {}, {}, kNow});
  EXPECT_THAT(outbox_of(kAll, issued), IsEmpty());
  store::Commit confirmed;
  confirmed.settled.push_back(number(1));
  EXPECT_THAT(outbox_of(kAll, confirmed), ElementsAre(due(1)));
  auto rejected = changing(1, CertificateStatus::revoked);
  rejected.settled.push_back(number(1));
  EXPECT_THAT(outbox_of(kAll, rejected), ElementsAre(due(1)));
}

TEST(AddToOutbox, FollowsTheChoiceOfTheHolderBehindWhatPresses) {
  auto commit = issuing(3, "caOne");
  commit.publication_choices = {{number(1), true}, {number(2), false}};
  EXPECT_THAT(outbox_of(kAll, commit),
              ElementsAre(due(3), due(1, OutboxLine::unhurried), due(2, OutboxLine::unhurried)));
  EXPECT_THAT(outbox_of({}, commit), IsEmpty());
}

}  // namespace
}  // namespace signet::authority
