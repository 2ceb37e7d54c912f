#include "adapters/tcp/delimiter.h"

#include <gtest/gtest.h>

#include <random>

#include "codec/asn1/reader.h"
#include "support/unwrap.h"

namespace signet::tcp {
namespace {

using test::unwrap;

/// The octets in pieces of these sizes, over and over; how many were taken in all.
Result<std::size_t> take_in_pieces(Delimiter& delimiter, ByteView octets,
                                   const std::vector<std::size_t>& sizes) {
  std::size_t taken = 0;
  for (std::size_t i = 0; taken < octets.size() && !delimiter.is_whole(); ++i) {
    const auto rest = octets.subspan(taken);
    taken += TRY(delimiter.take(rest.first(std::min(sizes[i % sizes.size()], rest.size()))));
  }
  return taken;
}

/// Where the element ends, however its octets come; none when it has not ended.
Result<std::optional<std::size_t>> end_of(ByteView octets, Delimiter::Limits limits = {}) {
  std::optional<Result<std::optional<std::size_t>>> told;
  for (const auto& sizes :
       {std::vector<std::size_t>{octets.size() + 1}, {1}, {2}, {3, 1}, {7, 1, 1, 2}}) {
    Delimiter delimiter(limits);
    const auto taken = take_in_pieces(delimiter, octets, sizes);
    auto end = !taken.ok()            ? Result<std::optional<std::size_t>>(taken.error())
               : delimiter.is_whole() ? std::optional(*taken)
                                      : std::optional<std::size_t>();
    if (told) {
      EXPECT_EQ(end.ok(), told->ok());
      if (end.ok() && told->ok()) {
        EXPECT_EQ(*end, **told);
      } else if (!end.ok() && !told->ok()) {
        EXPECT_EQ(end.error(), told->error());
      }
    }
    told = std::move(end);
  }
  return *std::move(told);
}

void expect_end(const Bytes& octets, std::size_t at, Delimiter::Limits limits = {}) {
  const auto end = unwrap(end_of(octets, limits));
  ASSERT_TRUE(end.has_value()) << to_hex(octets);
  EXPECT_EQ(*end, at) << to_hex(octets);
}

void expect_more(const Bytes& octets) {
  EXPECT_EQ(unwrap(end_of(octets)), std::nullopt) << to_hex(octets);
}

void expect_refused(const Bytes& octets, Fault fault, Delimiter::Limits limits = {}) {
  const auto end = end_of(octets, limits);
  ASSERT_FALSE(end.ok()) << to_hex(octets);
  EXPECT_EQ(end.error().fault, fault) << to_hex(octets) << ": " << end.error().detail;
}

Bytes long_one(std::size_t contents) {
  Bytes octets{0x30, 0x83, static_cast<std::uint8_t>(contents >> 16),
               static_cast<std::uint8_t>(contents >> 8), static_cast<std::uint8_t>(contents)};
  octets.resize(octets.size() + contents, 0xFF);
  return octets;
}

Bytes nested(std::size_t depth) {
  Bytes octets;
  for (std::size_t i = 0; i < depth; ++i) append(octets, Bytes{0x30, 0x80});
  octets.resize(octets.size() + 2 * depth, 0);
  return octets;
}

TEST(Delimiter, EndsADefiniteLengthWhereItSays) {
  /* matrix: F16 */
  expect_end({0x30, 0x00}, 2);
  expect_end({0x30, 0x02, 0x05, 0x00}, 4);
  expect_end({0x30, 0x81, 0x02, 0x05, 0x00}, 5);
  expect_end({0x30, 0x84, 0x00, 0x00, 0x00, 0x02, 0x05, 0x00}, 8);
  expect_end(long_one(70'000), 70'005);
}

TEST(Delimiter, LooksAtNothingWithinADefiniteLength) {
  expect_end({0x30, 0x04, 0x00, 0x00, 0xFF, 0x80}, 6);
}

TEST(Delimiter, WaitsForAllOfIt) {
  for (const Bytes& octets : {Bytes{},
                              {0x30},
                              {0x30, 0x02},
                              {0x30, 0x02, 0x05},
                              {0x30, 0x82},
                              {0x30, 0x82, 0x00},
                              {0x30, 0x80},
                              {0x30, 0x80, 0x00},
                              {0x30, 0x80, 0x05, 0x00, 0x00},
                              {0x30, 0x80, 0x1F, 0x81}}) {
    expect_more(octets);
  }
}

TEST(Delimiter, EndsAnIndefiniteLengthAtItsOwnEndOfContents) {
  /* matrix: F16 */
  expect_end({0x30, 0x80, 0x00, 0x00}, 4);
  expect_end({0x30, 0x80, 0x04, 0x02, 0x00, 0x00, 0x00, 0x00}, 8);
  expect_end(
      {0x30, 0x80, 0x30, 0x80, 0x00, 0x00, 0x24, 0x80, 0x04, 0x01, 0x07, 0x00, 0x00, 0x00, 0x00},
      15);
  expect_end(
      {0x30, 0x80, 0xBF, 0x81, 0x00, 0x80, 0x9F, 0x1F, 0x81, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00},
      15);
}

TEST(Delimiter, LeavesWhatStandsBehind) {
  expect_end({0x30, 0x00, 0x30, 0x00}, 2);
  expect_end({0x30, 0x80, 0x00, 0x00, 0x00, 0x00}, 4);
  Delimiter whole({});
  EXPECT_EQ(unwrap(whole.take(Bytes{0x30, 0x00})), 2U);
  EXPECT_EQ(unwrap(whole.take(Bytes{0x30, 0x00})), 0U);
}

TEST(Delimiter, RefusesWhatIsNoMessageAtItsFirstOctet) {
  for (const auto first : {0x00, 0x01, 0x16, 0x31, 0x20, 0x2D, 0x47, 0x4D, 0xFF}) {
    expect_refused({static_cast<std::uint8_t>(first)}, Fault::malformed);
  }
}

TEST(Delimiter, RefusesWhatIsNoBer) {
  for (const Bytes& octets : {
           Bytes{0x30, 0xFF},                           // reserved length
           {0x30, 0x80, 0x04, 0x80},                    // primitive and indefinite
           {0x30, 0x80, 0x00, 0x01},                    // an end with contents
           {0x30, 0x80, 0x20, 0x00},                    // a reserved tag
           {0x30, 0x80, 0x1F, 0x80},                    // a padded tag number
           {0x30, 0x80, 0x1F, 0x1E},                    // a short one in long form
           {0x30, 0x80, 0x1F, 0x81, 0x80, 0x80, 0x80},  // 2^28 or more
       }) {
    expect_refused(octets, Fault::malformed);
  }
}

TEST(Delimiter, TakesTheLimitAndNotOneOctetMore) {
  expect_end({0x30, 0x06, 1, 2, 3, 4, 5, 6}, 8, {.octets = 8});
  expect_refused({0x30, 0x07}, Fault::too_large, {.octets = 8});
  expect_refused({0x30, 0x84, 0x00, 0x00, 0x00, 0x09}, Fault::too_large, {.octets = 8});
  expect_refused({0x30, 0x88, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}, Fault::too_large);
  expect_end({0x30, 0x80, 0x04, 0x02, 7, 7, 0x00, 0x00}, 8, {.octets = 8});
  expect_refused({0x30, 0x80, 0x04, 0x03, 7, 7, 7, 0x00, 0x00}, Fault::too_large, {.octets = 8});
  expect_refused({0x30, 0x80, 0x04, 0x05}, Fault::too_large, {.octets = 8});
}

TEST(Delimiter, TakesTheDepthAndNotOneMore) {
  expect_end(nested(32), 128);
  expect_refused(nested(33), Fault::too_deep);
}

TEST(Delimiter, IsNoMoreWorkForALongLengthInZeros) {
  Bytes octets{0x30, 0xFE};
  octets.resize(octets.size() + 126, 0);
  expect_end(octets, octets.size());
}

/// Chance writes BER that is mostly good, and the decoder reads it whole.
class Chance {
 public:
  explicit Chance(std::uint32_t seed) : numbers_(seed) {}
  std::uint32_t below(std::uint32_t most) { return static_cast<std::uint32_t>(numbers_()) % most; }
  void element(Bytes& to, unsigned depth) {
    to.push_back(depth == 0 ? 0x30 : static_cast<std::uint8_t>(0x24 + below(16)));
    const bool indefinite = below(2) == 0;
    Bytes contents;
    for (auto count = depth < 5 ? below(4) : 0; count > 0; --count) element(contents, depth + 1);
    if (indefinite) {
      to.push_back(0x80);
    } else {
      to.push_back(0x82);
      to.push_back(static_cast<std::uint8_t>(contents.size() >> 8));
      to.push_back(static_cast<std::uint8_t>(contents.size()));
    }
    append(to, contents);
    if (indefinite) append(to, Bytes{0, 0});
  }

 private:
  std::mt19937 numbers_;
};

TEST(Delimiter, AgreesWithTheDecoderHoweverTheOctetsCome) {
  for (std::uint32_t seed = 0; seed < 2000; ++seed) {
    Chance chance(seed);
    Bytes octets;
    chance.element(octets, 0);
    if (octets.size() > 4000) continue;
    if (seed % 2 == 1) {
      octets[chance.below(static_cast<std::uint32_t>(octets.size()))] =
          static_cast<std::uint8_t>(chance.below(256));
    }
    append(octets, Bytes{0x30, 0x00});
    asn1::Budget budget{asn1::Limits::ber()};
    asn1::Reader reader{octets, budget};
    const auto read = reader.read(asn1::kSequence);
    const auto end = end_of(octets);
    const bool is_whole = end.ok() && end->has_value();
    ASSERT_EQ(read.ok(), is_whole) << seed << ": " << to_hex(octets);
    if (is_whole) {
      ASSERT_EQ(read->tlv.size(), **end) << seed;
    }
  }
}

}  // namespace
}  // namespace signet::tcp
