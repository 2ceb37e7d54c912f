#include "authority/publication.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace signet::authority {
namespace {

using store::CertificateStatus;
using store::PublicationWish;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr Time kNow{std::chrono::seconds{1000}};
const PublishedProfiles kAll{.all = true};

store::Integer number(std::uint64_t value) {
  return store::Integer::from(value);
}

store::Publication due(std::uint64_t serial, PublicationWish wish) {
  return {.serial_number = number(serial), .wish = wish, .at = kNow};
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

std::vector<store::Publication> publications(const PublishedProfiles& published,
                                             store::Commit commit) {
  add_publications(published, kNow, commit);
  return commit.publications;
}

TEST(AddPublications, NamesWhatIsIssuedByTheProfilesThatArePublished) {
  const PublishedProfiles some{.all = false, .ids = {"caOne", "caTwo"}};
  EXPECT_THAT(publications(some, issuing(1, "caOne")),
              ElementsAre(due(1, PublicationWish::publish)));
  EXPECT_THAT(publications(some, issuing(1, "caThree")), IsEmpty());
  EXPECT_THAT(publications(some, issuing(1, "caone")), IsEmpty());
  EXPECT_THAT(publications(kAll, issuing(1, "caThree")),
              ElementsAre(due(1, PublicationWish::publish)));
}

TEST(AddPublications, NamesNothingWhereNothingIsPublished) {
  EXPECT_THAT(publications({}, issuing(1, "caOne")), IsEmpty());
  EXPECT_THAT(publications({}, changing(1, CertificateStatus::revoked)), IsEmpty());
}

TEST(AddPublications, WithdrawsWhatIsRevokedOrHeldOfWhicheverProfile) {
  const PublishedProfiles some{.all = false, .ids = {"caOne"}};
  for (const auto to : {CertificateStatus::revoked, CertificateStatus::on_hold}) {
    EXPECT_THAT(publications(some, changing(1, to)),
                ElementsAre(due(1, PublicationWish::withdraw)));
  }
  EXPECT_THAT(publications(some, changing(1, CertificateStatus::valid)),
              ElementsAre(due(1, PublicationWish::publish)))
      << "a hold was lifted";
}

TEST(AddPublications, WaitsForTheConfirmationOfWhatMustBeConfirmed) {
  auto issued = issuing(1, "caOne");
  issued.awaited.push_back({number(1), {}, {}, kNow});
  EXPECT_THAT(publications(kAll, issued), IsEmpty());
  store::Commit confirmed;
  confirmed.settled.push_back(number(1));
  EXPECT_THAT(publications(kAll, confirmed), ElementsAre(due(1, PublicationWish::publish)));
  auto rejected = changing(1, CertificateStatus::revoked);
  rejected.settled.push_back(number(1));
  EXPECT_THAT(publications(kAll, rejected), ElementsAre(due(1, PublicationWish::withdraw)));
}

TEST(AddPublications, FollowsTheChoiceOfTheHolder) {
  store::Commit commit;
  commit.publication_choices = {{number(1), true}, {number(2), false}};
  EXPECT_THAT(publications(kAll, commit),
              ElementsAre(due(1, PublicationWish::withdraw), due(2, PublicationWish::publish)));
  EXPECT_THAT(publications({}, commit), IsEmpty());
}

}  // namespace
}  // namespace signet::authority
