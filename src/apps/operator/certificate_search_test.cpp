#include "apps/operator/certificate_search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codec/pkix/name_strings.h"
#include "store/memory_engine.h"
#include "support/store_records.h"

namespace signet::tool {
namespace {

using store::CertificateStatus;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::chrono::days kDay{1};
const Time kNow = test::kNoon2026 + std::chrono::days{30};

/// Six certificates, from the first day to the sixth.
class CertificateSearch : public ::testing::Test {
 protected:
  CertificateSearch() {
    issue(1, "CN=Alice,OU=people,O=Example", kNow + std::chrono::days{10});
    issue(2, "CN=Bob,O=Example", kNow - std::chrono::seconds{1});
    issue(3, "CN=Bob,O=Example", kNow + std::chrono::days{90}, CertificateStatus::on_hold);
    issue(4, "CN=Alice,O=Example", kNow + std::chrono::days{30});
    issue(5, "CN=alice2,O=Example", kNow, CertificateStatus::revoked);
    issue(6, "CN=Élodie,O=Example", kNow + std::chrono::days{31});
  }
  void issue(std::uint16_t number, const char* subject, Time end,
             CertificateStatus status = CertificateStatus::valid) {
    auto record = test::certificate(number);
    record.subject_der = pkix::name_from_text(subject)->der();
    record.issued_at = test::kNoon2026 + number * kDay;
    record.not_after = end;
    record.status = status;
    if (number % 2 == 0) record.profile_id = "even";
    add(record);
  }
  void add(const store::CertificateRecord& record) {
    store::Commit commit;
    commit.certificates.push_back(record);
    const store::Commit* batch[] = {&commit};
    audit::MemoryJournal journal;
    ASSERT_TRUE(engine.apply(batch, journal).front().durable());
  }
  [[nodiscard]] std::vector<int> find(const CertificateWish& wish, std::size_t most = 100) const {
    std::vector<int> numbers;
    EXPECT_TRUE(for_each_certificate(engine, wish, kNow, [&](const auto& record) {
                  numbers.push_back(record.serial_number.octets.back());
                  return numbers.size() < most;
                }).ok());
    return numbers;
  }

  store::MemoryEngine engine;
};

TEST_F(CertificateSearch, FindsAllNewestFirstUntilItIsEnough) {
  EXPECT_THAT(find({}), ElementsAre(6, 5, 4, 3, 2, 1));
  EXPECT_THAT(find({}, 2), ElementsAre(6, 5));
}

TEST_F(CertificateSearch, FindsAWholeNameAlone) {
  EXPECT_THAT(find({.subject = "CN=Alice,O=Example"}), ElementsAre(4));
  EXPECT_THAT(find({.subject = "CN=Bob,O=Example"}), ElementsAre(3, 2));
  EXPECT_THAT(find({.subject = "CN=Bob,O=Example"}, 1), ElementsAre(3));
  EXPECT_THAT(find({.subject = "CN=Bob,O=Example,C=DE"}), IsEmpty());
}

TEST_F(CertificateSearch, FindsAWholeNameInWhateverStringTypesItIs) {
  const auto name = *pkix::name_from_text("CN=Alice,O=Example");
  auto printable = test::certificate(7);
  printable.issued_at = kNow;
  printable.subject_der = pkix::respelled(name, asn1::kPrintableString)->der();
  ASSERT_NE(printable.subject_der, name.der());
  add(printable);
  EXPECT_THAT(find({.subject = "CN=Alice,O=Example"}), ElementsAre(7, 4));
}

TEST_F(CertificateSearch, FindsOfOneSecondTheLaterFirstHoweverItsNameIsSpelled) {
  const auto name = *pkix::name_from_text("CN=Alice,O=Example");
  auto earlier = test::certificate(8);
  earlier.subject_der = name.der();
  auto later = test::certificate(9);
  later.subject_der = pkix::respelled(name, asn1::kPrintableString)->der();
  for (auto* record : {&earlier, &later}) {
    record->issued_at = kNow;
    add(*record);
  }
  EXPECT_THAT(find({.subject = "CN=Alice,O=Example"}), ElementsAre(9, 8, 4));
}

TEST_F(CertificateSearch, FindsAWholeNameInAnotherCaseWhereNoneIsSpelledSo) {
  EXPECT_THAT(find({.subject = "cn=ALICE, o=example"}), ElementsAre(4));
}

TEST_F(CertificateSearch, FindsAPartOfANameInAnyCase) {
  EXPECT_THAT(find({.subject = "ALICE"}), ElementsAre(5, 4, 1));
  EXPECT_THAT(find({.subject = "CN=Alice"}), ElementsAre(5, 4, 1));
  EXPECT_THAT(find({.subject = "ou=people"}), ElementsAre(1));
  EXPECT_THAT(find({.subject = "Élodie"}), ElementsAre(6));
  EXPECT_THAT(find({.subject = "Alicia"}), IsEmpty());
}

TEST_F(CertificateSearch, FindsANumber) {
  EXPECT_THAT(find({.serial = test::serial(3)}), ElementsAre(3));
  EXPECT_THAT(find({.serial = test::serial(33)}), IsEmpty());
}

TEST_F(CertificateSearch, FindsAKey) {
  EXPECT_THAT(find({.key_hash = test::certificate(2).key_hash}), ElementsAre(2));
  EXPECT_THAT(find({.key_hash = Bytes(32, 9)}), IsEmpty());
}

TEST_F(CertificateSearch, TellsStatesApart) {
  EXPECT_THAT(find({.state = CertificateState::valid}), ElementsAre(6, 4, 1));
  EXPECT_THAT(find({.state = CertificateState::revoked}), ElementsAre(5));
  EXPECT_THAT(find({.state = CertificateState::held}), ElementsAre(3));
  EXPECT_THAT(find({.state = CertificateState::expired}), ElementsAre(2));
}

TEST_F(CertificateSearch, CountsOneOnHoldThatIsOverAsExpired) {
  issue(7, "CN=Carl", kNow - std::chrono::seconds{1}, CertificateStatus::on_hold);
  issue(8, "CN=Dora", kNow - std::chrono::seconds{1}, CertificateStatus::revoked);
  EXPECT_THAT(find({.state = CertificateState::held}), ElementsAre(3));
  EXPECT_THAT(find({.state = CertificateState::expired}), ElementsAre(7, 2));
  EXPECT_THAT(find({.state = CertificateState::revoked}), ElementsAre(8, 5));
}

TEST_F(CertificateSearch, CountsOneAsValidUntilItsLastSecond) {
  issue(7, "CN=Emil", kNow);
  EXPECT_THAT(find({.state = CertificateState::valid}), ElementsAre(7, 6, 4, 1));
}

TEST_F(CertificateSearch, FindsWhatEndsFromNowUntilThen) {
  EXPECT_THAT(find({.ends_within = std::chrono::days{30}}), ElementsAre(5, 4, 1));
  EXPECT_THAT(find({.ends_within = std::chrono::days{30} - std::chrono::seconds{1}}),
              ElementsAre(5, 1));
}

TEST_F(CertificateSearch, FindsAProfileById) {
  EXPECT_THAT(find({.profile = "even"}), ElementsAre(6, 4, 2));
  EXPECT_THAT(find({.profile = "eve"}), IsEmpty());
}

TEST_F(CertificateSearch, FindsWhatWasIssuedFromInclusiveToExclusive) {
  const auto since = test::kNoon2026 + 2 * kDay;
  const auto until = test::kNoon2026 + 4 * kDay;
  EXPECT_THAT(find({.issued_since = since, .issued_until = until}), ElementsAre(3, 2));
}

TEST_F(CertificateSearch, WantsAllThatIsAskedFor) {
  EXPECT_THAT(find({.serial = test::serial(3), .state = CertificateState::valid}), IsEmpty());
  EXPECT_THAT(find({.subject = "bob", .serial = test::serial(3)}), ElementsAre(3));
  EXPECT_THAT(find({.subject = "alice", .serial = test::serial(3)}), IsEmpty());
  EXPECT_THAT(find({.subject = "CN=Bob,O=Example", .profile = "even"}), ElementsAre(2));
  EXPECT_THAT(find({.serial = test::serial(3), .key_hash = test::certificate(2).key_hash}),
              IsEmpty());
  EXPECT_THAT(find({.serial = test::serial(3), .issued_until = test::kNoon2026 + 3 * kDay}),
              IsEmpty());
}

TEST_F(CertificateSearch, FindsANameThatHasMoreCertificatesThanAreTakenAtOnce) {
  for (std::uint16_t number = 1000; number < 2001; ++number) {
    issue(number, "CN=Bob,O=Example", kNow + kDay);
  }
  issue(2001, "UID=bob,CN=Bob,O=Example", kNow + kDay);
  EXPECT_EQ(find({.subject = "CN=Bob,O=Example"}, 5000).size(), 1003U);
  EXPECT_THAT(find({.subject = "CN=Bob,O=Example"}, 2), ElementsAre(2000 & 0xFF, 1999 & 0xFF));
}

}  // namespace
}  // namespace signet::tool
