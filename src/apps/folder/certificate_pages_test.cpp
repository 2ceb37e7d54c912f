#include "apps/folder/certificate_pages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/memory_engine.h"
#include "support/store_records.h"

namespace signet::tool {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Pages : public ::testing::Test {
 protected:
  /// One of this number, so many seconds after noon.
  void issue(std::uint16_t number, int second,
             store::CertificateStatus status = store::CertificateStatus::valid) {
    store::Commit commit;
    commit.certificates.push_back(test::certificate(number));
    commit.certificates.back().issued_at = test::kNoon2026 + std::chrono::seconds{second};
    commit.certificates.back().status = status;
    const store::Commit* batch[] = {&commit};
    audit::MemoryJournal journal;
    ASSERT_TRUE(engine.apply(batch, journal).front().durable());
  }
  /// The numbers on the next page.
  static std::vector<int> next(CertificatePages& pages) {
    std::vector<int> numbers;
    for (const auto& record : *pages.next()) numbers.push_back(record.serial_number.octets.back());
    return numbers;
  }
  static std::vector<int> rest(CertificatePages& pages) {
    std::vector<int> numbers;
    for (auto page = next(pages); !page.empty(); page = next(pages)) {
      numbers.insert(numbers.end(), page.begin(), page.end());
    }
    return numbers;
  }

  store::MemoryEngine engine;
};

TEST_F(Pages, HoldEachCertificateOnceNewestFirst) {
  for (std::uint16_t number = 1; number <= 5; ++number) issue(number, number);
  CertificatePages pages(engine, {.most = 2});
  EXPECT_THAT(next(pages), ElementsAre(5, 4));
  EXPECT_THAT(rest(pages), ElementsAre(3, 2, 1));
  EXPECT_THAT(next(pages), IsEmpty());
}

TEST_F(Pages, LoseAndRepeatNoneOfOneSecond) {
  issue(1, 1);
  for (std::uint16_t number = 2; number <= 8; ++number) issue(number, 2);
  issue(9, 3);
  for (const std::size_t length : {1U, 2U, 3U, 7U, 8U, 9U, 10U}) {
    CertificatePages pages(engine, {.most = length});
    EXPECT_THAT(rest(pages), ElementsAre(9, 8, 7, 6, 5, 4, 3, 2, 1)) << length;
  }
}

TEST_F(Pages, AreAsShortAgainBehindASecondOfWhichTheyHoldAll) {
  for (std::uint16_t number = 1; number <= 4; ++number) issue(number, number);
  for (std::uint16_t number = 5; number <= 7; ++number) issue(number, 5);
  for (std::uint16_t number = 8; number <= 9; ++number) issue(number, number);
  CertificatePages pages(engine, {.most = 2});
  std::size_t seen = 0;
  for (auto page = next(pages); !page.empty(); page = next(pages)) {
    EXPECT_LE(page.size(), 2U);
    seen += page.size();
  }
  EXPECT_EQ(seen, 9U);
}

TEST_F(Pages, LoseAndRepeatNoneThatStoodThereWhileOthersAreIssued) {
  for (std::uint16_t number = 1; number <= 4; ++number) issue(number, 1);
  CertificatePages pages(engine, {.most = 2});
  EXPECT_THAT(next(pages), ElementsAre(4, 3));
  for (std::uint16_t number = 11; number <= 16; ++number) issue(number, 1);
  issue(17, 2);
  auto others = rest(pages);
  std::erase_if(others, [](int number) { return number > 10; });
  EXPECT_THAT(others, ElementsAre(2, 1));
}

TEST_F(Pages, KeepToTheQuery) {
  issue(1, 1);
  issue(2, 2, store::CertificateStatus::revoked);
  issue(3, 3);
  issue(4, 4, store::CertificateStatus::revoked);
  issue(5, 5, store::CertificateStatus::revoked);
  CertificatePages pages(engine, {.status = store::CertificateStatus::revoked,
                                  .issued_to = test::kNoon2026 + std::chrono::seconds{5},
                                  .most = 1});
  EXPECT_THAT(rest(pages), ElementsAre(4, 2));
}

}  // namespace
}  // namespace signet::tool
