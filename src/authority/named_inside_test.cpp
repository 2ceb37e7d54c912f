#include "authority/named_inside.h"

#include <gtest/gtest.h>

#include "codec/asn1/writer.h"
#include "codec/cmc/oids.h"

namespace signet::authority {
namespace {

using asn1::joined;
using asn1::kOctetString;

const auto& kType = cmc::oid::kRevokeRequest;
constexpr auto kPieces = asn1::universal(4, asn1::Form::constructed);

Bytes identifier() {
  return joined(asn1::kOid, {kType.value()});
}
Bytes octets(ByteView contents) {
  return joined(kOctetString, {contents});
}
/// Cut in the midst.
Bytes in_two(ByteView contents) {
  const auto half = contents.size() / 2;
  return joined(kPieces, {octets(contents.first(half)), octets(contents.subspan(half))});
}

TEST(NamedInside, InWhateverPiecesItStands) {
  const auto once = joined(asn1::kSequence, {identifier()});
  for (const auto& value :
       {once, octets(once), in_two(once), in_two(octets(in_two(once))),
        joined(kPieces, {in_two(once)}), joined(asn1::context(0), {in_two(once)}),
        joined(asn1::context_constructed(0), {in_two(once)})}) {
    EXPECT_EQ(times_named(kType, value), 1U) << to_hex(value);
  }
  EXPECT_EQ(times_named(kType, joined(asn1::kSequence, {once, in_two(once), octets(once)})), 3U);
}

TEST(NamedInside, AlsoWithALengthOfTheLongForm) {
  Bytes value{0x06, 0x81, static_cast<std::uint8_t>(kType.value().size())};
  append(value, kType.value());
  EXPECT_EQ(times_named(kType, joined(asn1::kSequence, {value})), 1U);
  EXPECT_EQ(times_named_plainly(kType, value), 1U);
}

TEST(NamedInside, AlsoWhereTheOctetsAreNoBer) {
  auto cut = joined(asn1::kSequence, {identifier(), octets(Bytes(9))});
  cut.pop_back();
  EXPECT_EQ(times_named(kType, octets(cut)), 1U);
  EXPECT_EQ(times_named(kType, cut), std::nullopt) << "who knows what is missing";
}

TEST(NamedInside, OthersAreNot) {
  const auto other = joined(asn1::kOid, {cmc::oid::kGetCert.value()});
  EXPECT_EQ(times_named(kType, joined(asn1::kSequence, {other, octets(Bytes(100, 0x30))})), 0U);
}

TEST(NamedInside, ThousandsOfElementsThatAreTooShortAreNotReadOneByOne) {
  Bytes value;
  for (int each = 0; each < 120'000; ++each) append(value, Bytes{0x80, 0x01, 0xFF});
  EXPECT_EQ(times_named(kType, joined(asn1::kSequence, {value})), 0U);
}

TEST(NamedInside, WhatIsTooDeepIsNotLookedInto) {
  auto value = identifier();
  for (int layer = 0; layer < 40; ++layer) value = in_two(value);
  EXPECT_EQ(times_named(kType, value), std::nullopt);
  Bytes nested;
  for (int level = 0; level < 200; ++level) append(nested, Bytes{0x30, 0x80});
  EXPECT_EQ(times_named(kType, nested), std::nullopt);
}

}  // namespace
}  // namespace signet::authority
