#include "apps/signetd/crl_shelf.h"

#include <gtest/gtest.h>

#include "support/unwrap.h"

namespace signet::server {
namespace {

using test::unwrap;

class CrlShelfTest : public ::testing::Test {
 protected:
  Result<std::optional<store::CrlRecord>> find(const store::CrlQuery& query) {
    if (query.parts == store::CrlParts::all) ++read;
    if (is_gone) return std::optional<store::CrlRecord>();
    store::CrlRecord crl{
        .number = number, .this_update = this_update, .next_update = {}, .der = {}};
    crl.shard = query.shard;
    if (query.kind == store::CrlKind::delta) crl.base_number = 1;
    if (query.parts == store::CrlParts::all) crl.der = Bytes(3, static_cast<std::uint8_t>(number));
    return std::optional(std::move(crl));
  }
  CrlShelf::Octets next(std::uint32_t shard = 0) {
    ++number;
    return latest(shard);
  }
  CrlShelf::Octets latest(std::uint32_t shard = 0, store::CrlKind kind = store::CrlKind::full) {
    const auto head = unwrap(shelf.head({.shard = shard, .kind = kind})).value();
    EXPECT_TRUE(head.der.empty());
    return unwrap(shelf.whole(head)).value().der;
  }

  static constexpr std::size_t kMostOlderOctets = 6;  // two of them
  CrlShelf shelf{[this](const store::CrlQuery& query) { return find(query); }, kMostOlderOctets};
  std::uint64_t number = 7;
  Time this_update{};
  bool is_gone = false;
  int read = 0;
};

TEST_F(CrlShelfTest, HasOneCopyForAllWhoRead) {
  const auto first = latest();
  EXPECT_EQ(*first->octets(), Bytes(3, 7));
  for (int i = 0; i < 100; ++i) EXPECT_EQ(latest(), first);
  EXPECT_EQ(read, 1);
}

TEST_F(CrlShelfTest, HasOneCopyOfWhatIsReadThoughOthersWereShownSince) {
  const auto first = latest();
  for (std::uint32_t shard = 1; shard < 20; ++shard) latest(shard);
  EXPECT_EQ(latest(), first);
  EXPECT_EQ(read, 20);
}

TEST_F(CrlShelfTest, KeepsOnlyAFewThatNobodyReads) {
  const std::weak_ptr<http::SharedBody> first = latest();
  EXPECT_FALSE(first.expired());
  for (std::uint32_t shard = 1; shard < 20; ++shard) latest(shard);
  EXPECT_TRUE(first.expired());
  EXPECT_EQ(*latest()->octets(), Bytes(3, 7)) << "read again";
}

TEST_F(CrlShelfTest, TellsShardsKindsAndNumbersApart) {
  const auto first = latest();
  EXPECT_NE(latest(1), first);
  EXPECT_NE(latest(0, store::CrlKind::delta), first);
  number = 8;
  EXPECT_EQ(*latest()->octets(), Bytes(3, 8));
  EXPECT_EQ(*first->octets(), Bytes(3, 7)) << "who reads the old one reads it to its end";
}

TEST_F(CrlShelfTest, KeepsNoneThatWasReplacedForWhoMayReadIt) {
  const std::weak_ptr<http::SharedBody> first = latest();
  next();
  EXPECT_TRUE(first.expired());
}

TEST_F(CrlShelfTest, WithdrawsTheOldestThatSomebodyReadsWhereThereIsNoRoomForAll) {
  std::vector<CrlShelf::Octets> held{latest()};
  while (held.size() < 4) held.push_back(next());
  EXPECT_TRUE(held[0]->octets()) << "two that are older than the latest and the one before it";
  held.push_back(next());
  EXPECT_FALSE(held[0]->octets());
  EXPECT_EQ(held[0]->size(), 3U) << "what its readers were promised";
  for (std::size_t i = 1; i < held.size(); ++i) EXPECT_TRUE(held[i]->octets()) << i;
  held.push_back(next());
  EXPECT_FALSE(held[1]->octets()) << "though nobody has let go of the one before it";
  EXPECT_TRUE(held[2]->octets());
}

TEST_F(CrlShelfTest, WithdrawsNothingForWhatNobodyReadsAnyMore) {
  std::vector<CrlShelf::Octets> held{latest(), next(), next()};
  held.erase(held.begin() + 1);
  while (held.size() < 4) held.push_back(next());
  for (const auto& each : held) EXPECT_TRUE(each->octets());
}

/// Who reads on and on takes nobody's latest, nor the one that it has just replaced.
TEST_F(CrlShelfTest, WithdrawsNeitherTheLatestNorTheOneBeforeIt) {
  const auto others = latest(1);
  std::vector<CrlShelf::Octets> held{latest()};
  while (held.size() < 20) held.push_back(next());
  EXPECT_TRUE(others->octets());
  const auto newer = latest(1);
  while (held.size() < 40) held.push_back(next());
  EXPECT_TRUE(others->octets());
  EXPECT_TRUE(newer->octets());
  EXPECT_EQ(latest(), held.back());
  EXPECT_TRUE(held[38]->octets());
}

TEST_F(CrlShelfTest, TakesNoCrlForAnotherOfItsNumber) {
  const auto first = latest();
  this_update += std::chrono::seconds{1};
  EXPECT_NE(latest(), first);
}

TEST_F(CrlShelfTest, GivesANewerOneThatCameMeanwhileAndNoneThatWent) {
  auto head = unwrap(shelf.head({})).value();
  number = 8;
  EXPECT_EQ(unwrap(shelf.whole(head)).value().head.number, 8U);
  is_gone = true;
  EXPECT_FALSE(unwrap(shelf.whole(head)).has_value());
}

}  // namespace
}  // namespace signet::server
