// Confirmations that did not come in time, among rows that cannot be settled.
#include <set>

#include "audit/event.h"
#include "store/memory_engine.h"
#include "support/life_scene.h"

namespace signet::test {
namespace {

using store::CertificateStatus;

/// Counts what is told, by level.
class CountingLog final : public Log {
 public:
  void write(Level level, std::string_view event, std::initializer_list<Field> fields) override {
    if (level == Level::error) errors.push_back(line(event, fields));
    if (level == Level::warning) ++warnings;
  }
  std::vector<std::string> errors;
  std::size_t warnings = 0;

 private:
  static std::string line(std::string_view event, std::initializer_list<Field> fields) {
    std::string text{event};
    for (const auto& [name, value] : fields) {
      text += " " + std::string(name) + "=" + std::string(value);
    }
    return text;
  }
};

/// A store with damaged rows, or none at all for a while.
class DamagedStore final : public store::MemoryEngine {
 public:
  Result<std::optional<store::CertificateRecord>> find_certificate(
      const store::Integer& serial) const override {
    if (is_away || damaged.contains(serial)) return fails();
    return MemoryEngine::find_certificate(serial);
  }
  Result<std::vector<store::AwaitedConfirmation>> overdue(Time now,
                                                          std::size_t most) const override {
    // It goes away after the first question.
    if (is_away && asked_++ > 0) return fails();
    return MemoryEngine::overdue(now, most);
  }
  std::set<store::Integer> damaged;
  bool is_away = false;

 private:
  static Error fails() { return {Fault::storage_failed, "the row cannot be read"}; }
  mutable std::size_t asked_ = 0;
};

class Overdue : public testing::Test {
 protected:
  Overdue() {
    TestAuthority::Choices choices;
    choices.settings.confirmed_profiles = {kLifeProfile};
    choices.log = &log;
    choices.engine = &engine;
    ca = std::make_unique<TestAuthority>(choices);
  }
  asn1::Integer enrolled() {
    const auto told = ca->send(ca->request(ca->alice, "CN=Alice,O=Test").octets, &ca->alice);
    EXPECT_EQ(told.status.cmc_status, cmc::CMCStatus::confirmRequired) << told.text();
    return told.certificates.at(0)->serial_number;
  }
  /// A confirmation that is awaited of a certificate that is not on record.
  void damage(std::uint64_t serial) {
    store::Commit commit;
    commit.awaited = {{asn1::Integer::from(serial), Bytes(32, 1), {}, ca->clock.now()}};
    const std::vector<const store::Commit*> batch{&commit};
    audit::MemoryJournal journal;
    ASSERT_TRUE(engine.apply(batch, journal).at(0).durable());
  }
  CertificateStatus status_of(const asn1::Integer& serial) {
    return unwrap(engine.find_certificate(serial))->status;
  }

  CountingLog log;
  DamagedStore engine;
  std::unique_ptr<TestAuthority> ca;
};

TEST_F(Overdue, ARowThatCannotBeSettledHoldsBackNoOther) {
  damage(4711);  // the longest overdue: the first of them
  const auto fresh = enrolled();
  ca->clock.advance(std::chrono::hours{25});
  EXPECT_EQ(unwrap(ca->settle_overdue()), 1U);
  EXPECT_EQ(status_of(fresh), CertificateStatus::revoked);
  EXPECT_EQ(unwrap(ca->settle_overdue()), 0U);
}

TEST_F(Overdue, ARowThatCannotBeSettledIsToldOnceAtErrorLevel) {
  damage(4711);
  ca->clock.advance(std::chrono::hours{25});
  for (int time = 0; time < 3; ++time) EXPECT_EQ(unwrap(ca->settle_overdue()), 0U);
  ASSERT_EQ(log.errors.size(), 1U);
  EXPECT_NE(log.errors[0].find(asn1::Integer::from(4711).to_hex()), std::string::npos)
      << log.errors[0];
  EXPECT_NE(log.errors[0].find("not on record"), std::string::npos) << log.errors[0];
  EXPECT_EQ(log.warnings, 0U);
  damage(4712);
  ca->clock.advance(std::chrono::hours{1});
  EXPECT_EQ(unwrap(ca->settle_overdue()), 0U);
  EXPECT_EQ(log.errors.size(), 2U) << "another one is another matter";
}

TEST_F(Overdue, ACertificateWhoseRowIsDamagedHoldsBackNoOtherAndIsTriedAgain) {
  const auto bad = enrolled();
  const auto good = enrolled();
  engine.damaged = {bad};
  ca->clock.advance(std::chrono::hours{25});
  EXPECT_EQ(unwrap(ca->settle_overdue()), 1U);
  EXPECT_EQ(status_of(good), CertificateStatus::revoked);
  EXPECT_EQ(log.errors.size(), 1U);
  engine.damaged.clear();
  EXPECT_EQ(unwrap(ca->settle_overdue()), 1U);
  EXPECT_EQ(status_of(bad), CertificateStatus::revoked);
  EXPECT_EQ(log.errors.size(), 1U);
}

TEST_F(Overdue, AStoreThatIsAwayIsNoMatterOfOneRow) {
  const auto fresh = enrolled();
  ca->clock.advance(std::chrono::hours{25});
  engine.is_away = true;
  const auto failed = ca->settle_overdue();
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().fault, Fault::storage_failed);
  EXPECT_TRUE(log.errors.empty()) << log.errors[0];
  engine.is_away = false;
  EXPECT_EQ(unwrap(ca->settle_overdue()), 1U);
  EXPECT_EQ(status_of(fresh), CertificateStatus::revoked);
}

TEST_F(Overdue, MoreOfThemThanAreSettledAtOnceHoldBackNoOther) {
  for (std::uint64_t serial = 1; serial <= 150; ++serial) damage(5000 + serial);
  const auto fresh = enrolled();
  ca->clock.advance(std::chrono::hours{25});
  for (int time = 0; time < 3; ++time) ASSERT_TRUE(ca->settle_overdue().ok());
  EXPECT_EQ(status_of(fresh), CertificateStatus::revoked);
  EXPECT_EQ(log.errors.size(), 150U);
}

}  // namespace
}  // namespace signet::test
