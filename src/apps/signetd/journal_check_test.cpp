#include "apps/signetd/journal_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "store/memory_engine.h"
#include "support/fakes.h"
#include "support/keeping_log.h"
#include "support/store_records.h"
#include "support/temporary_folder.h"
#include "support/unwrap.h"

namespace signet::server {
namespace {

using test::unwrap;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

audit::Event issued(const std::string& serial) {
  return {.name = "CERT_REQUEST_PROCESSED",
          .time = {},
          .outcome = audit::EventOutcome::success,
          .fields = {{"CertSerialNum", serial}}};
}
audit::Event abandoned(const std::string& records) {
  return {.name = "AUDIT_BATCH_ABANDONED",
          .time = {},
          .outcome = audit::EventOutcome::failure,
          .fields = {{"Records", records}}};
}

class JournalCheckTest : public ::testing::Test {
 protected:
  JournalCheckTest() {
    store::Commit commit = test::grant(1);
    audit::MemoryJournal elsewhere;
    const store::Commit* const batch[] = {&commit};
    EXPECT_TRUE(store.apply(batch, elsewhere).front().durable());
    write({issued("0x4a0001")});
  }
  void write(const std::vector<audit::Event>& events) {
    std::vector<const audit::Event*> all;
    for (const auto& event : events) all.push_back(&event);
    ASSERT_TRUE(unwrap(files::JournalFile::open(path))->append(all).ok());
  }
  [[nodiscard]] audit::JournalMark mark() const {
    return *unwrap(files::JournalFile::open(path))->mark();
  }
  std::vector<audit::Event> compare(const std::optional<audit::JournalMark>& with) {
    const auto journal = unwrap(files::JournalFile::open(path));
    return unwrap(JournalCheck{*journal, store, clock, log}.compare(with));
  }

  test::TemporaryFolder folder;
  std::string path = folder / "audit.jsonl";
  store::MemoryEngine store;
  test::FixedClock clock;
  test::KeepingLog log;
};

TEST_F(JournalCheckTest, HasNothingToSayWhereBothTellTheSame) {
  EXPECT_THAT(compare(mark()), IsEmpty());
  EXPECT_THAT(compare(std::nullopt), IsEmpty()) << "a store that does not say";
  const auto before = mark();
  write({issued("0x4a0001"), {.name = "AUTHZ", .time = {}, .fields = {}}});
  EXPECT_THAT(compare(before), IsEmpty());
  EXPECT_THAT(log.lines, IsEmpty());
}

TEST_F(JournalCheckTest, TellsOfAJournalThatIsGoneOrShorter) {
  const auto before = mark();
  std::filesystem::remove(path);
  const auto events = compare(before);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].name, "AUDIT_JOURNAL_INCOMPLETE");
  EXPECT_EQ(events[0].outcome, audit::EventOutcome::failure);
  EXPECT_THAT(events[0].fields, AllOf(Contains(audit::Field{"ExpectedSequence", "1"}),
                                      Contains(audit::Field{"FoundSequence", "0"})));
  EXPECT_THAT(log.lines, ElementsAre(AllOf(HasSubstr("journal_incomplete"),
                                           HasSubstr("store_knows_up_to=1"))));
}

TEST_F(JournalCheckTest, TellsOfAJournalThatIsAnother) {
  const auto before = mark();
  std::filesystem::remove(path);
  write({issued("0x4a0002"), issued("0x4a0003")});
  const auto events = compare(before);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].name, "AUDIT_JOURNAL_INCOMPLETE");
  EXPECT_THAT(log.lines, ElementsAre(HasSubstr("another stands in its place")));
}

/// Of 70 MiB.
std::vector<audit::Event> many_refusals() {
  return {70,
          {.name = "CMC_REQUEST_RECEIVED",
           .time = {},
           .fields = {{"CMCRequest", std::string(std::size_t{1} << 20, 'A')}}}};
}

TEST_F(JournalCheckTest, AccusesNobodyWhereRefusalsHaveFilledTheJournal) {
  const auto before = mark();
  write(many_refusals());
  EXPECT_THAT(compare(before), IsEmpty());
  EXPECT_THAT(log.lines, IsEmpty());
  write({issued("0x4a0002")});
  EXPECT_THAT(compare(before),
              ElementsAre(::testing::Field(&audit::Event::name, "AUDIT_STORE_INCOMPLETE")));
}

TEST_F(JournalCheckTest, TellsOfAJournalThatIsAnotherBehindAnyNumberOfRefusals) {
  const auto before = mark();
  std::filesystem::remove(path);
  write({{.name = "AUTHZ", .time = {}, .fields = {}}});  // in the place of what was issued
  write(many_refusals());
  EXPECT_THAT(compare(before),
              ElementsAre(::testing::Field(&audit::Event::name, "AUDIT_JOURNAL_INCOMPLETE")));
}

TEST_F(JournalCheckTest, NamesTheCertificatesThatTheStoreDoesNotKnow) {
  const auto before = mark();
  write({issued("0x4a0002"), issued("0x4a0001"), issued("0x4a0003")});
  const auto events = compare(before);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].name, "AUDIT_STORE_INCOMPLETE");
  EXPECT_THAT(events[0].fields,
              AllOf(Contains(audit::Field{"Certificates", "2"}),
                    Contains(audit::Field{"CertSerialNums", "0x4a0002, 0x4a0003"})));
  EXPECT_THAT(log.lines, ElementsAre(HasSubstr("store_incomplete certificates=2")));
}

TEST_F(JournalCheckTest, PassesOverWhatTheJournalItselfTakesBack) {
  const auto before = mark();
  write({issued("0x4a0002"), issued("0x4a0003"), abandoned("1"), issued("0x4a0001")});
  const auto events = compare(before);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_THAT(events[0].fields, Contains(audit::Field{"CertSerialNums", "0x4a0002"}));
  write({issued("0x4a0002"), abandoned("900")});
  EXPECT_THAT(compare(before), IsEmpty());
}

TEST_F(JournalCheckTest, PassesOverRequestsThatBroughtNoCertificate) {
  const auto before = mark();
  auto refused = issued("0x4a0002");
  refused.outcome = audit::EventOutcome::failure;
  write({refused, {.name = "CERT_REQUEST_PROCESSED", .time = {}, .fields = {}}});
  EXPECT_THAT(compare(before), IsEmpty());
}

}  // namespace
}  // namespace signet::server
