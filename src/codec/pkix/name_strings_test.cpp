#include "codec/pkix/name_strings.h"

#include <gtest/gtest.h>

#include "codec/pkix/oids.h"
#include "support/unwrap.h"

namespace signet::pkix {
namespace {

using test::unwrap;

Name named(const std::string& text) {
  return unwrap(name_from_text(text));
}

TEST(WellWritten, LeavesAloneWhatIsGood) {
  for (const auto* text : {"CN=Alice,C=DE", "CN=#13054a6f736546,E=a@b.example", "CN=a*b@c", ""}) {
    const auto name = named(text);
    EXPECT_EQ(unwrap(well_written(name)), name) << text;
  }
}

TEST(WellWritten, GivesEachAttributeItsOnlyStringType) {
  // UTF8String C=DE, PrintableString E=a@b.example, UTF8String serialNumber=7
  const auto wrong = named(
      "serialNumber=#0c0137,E=#130b614062"
      "2e6578616d706c65,C=#0c024445");
  const auto good = unwrap(well_written(wrong));
  EXPECT_EQ(good, named("serialNumber=7,E=a@b.example,C=DE"));
  EXPECT_TRUE(names_match(good, wrong));
}

TEST(WellWritten, WritesAsUtf8WhatAPrintableStringMayNotHold) {
  EXPECT_EQ(unwrap(well_written(named("CN=#13056140622a63"))), named("CN=a@b*c"));
}

TEST(WellWritten, LeavesWhatNoTypeOfTheAttributeHolds) {
  const auto name = named("serialNumber=#0c02c3a4");
  EXPECT_EQ(unwrap(well_written(name)), name);
}

TEST(WellWritten, PutsASetInOrder) {
  const auto good = named("CN=Alice+UID=a");
  auto rdns = good.rdns();
  std::swap(rdns[0][0], rdns[0][1]);
  EXPECT_TRUE(is_in_order(good.rdns()[0]));
  EXPECT_FALSE(is_in_order(rdns[0]));
  EXPECT_EQ(unwrap(well_written(Name(rdns, Bytes(2, 0x30)))), good);
}

TEST(Respelled, IsOneForAllSpellingsButForCase) {
  const auto printable =
      unwrap(respelled(named("CN=  Bob \t Baker ,C=DE"), asn1::kPrintableString));
  EXPECT_EQ(printable.rdns()[1][0].string_tag, asn1::kPrintableString);
  EXPECT_EQ(unwrap(respelled(printable, asn1::kUtf8String)), named("CN=Bob Baker,C=DE"));
  EXPECT_NE(unwrap(respelled(printable, asn1::kUtf8String)), named("CN=BOB BAKER,C=DE"));
}

TEST(Respelled, TakesUtf8WhereTheTypeCannotHoldTheText) {
  EXPECT_EQ(unwrap(respelled(named("CN=a@b"), asn1::kPrintableString)), named("CN=a@b"));
}

}  // namespace
}  // namespace signet::pkix
