#include "apps/dogtag/subject_name.h"

#include <gtest/gtest.h>

#include "support/unwrap.h"

namespace signet::dogtag {
namespace {

using test::unwrap;

const pkix::NameAttribute& last(const pkix::Name& name) {
  return name.rdns().back().front();
}

TEST(ReadSubject, ObeysPrefixesOnlyWhenAsked) {
  const auto as_text = unwrap(read_subject("CN=BMPString:Zo\xC3\xAB,O=X", NameEncoding::by_type));
  EXPECT_EQ(last(as_text).string_tag, asn1::kUtf8String);
  const auto name = unwrap(read_subject("CN=BMPString:Zo\xC3\xAB,O=X", NameEncoding::by_prefix));
  EXPECT_EQ(last(name).string_tag, asn1::kBmpString);
  EXPECT_EQ(last(name).value, (Bytes{0, 'Z', 0, 'o', 0, 0xEB}));
  EXPECT_EQ(name.rdns().front().front().string_tag, asn1::kUtf8String);
}

TEST(ReadSubject, KnowsEveryStringType) {
  const std::pair<const char*, asn1::Tag> types[] = {{"PrintableString", asn1::kPrintableString},
                                                     {"UTF8String", asn1::kUtf8String},
                                                     {"TeletexString", asn1::kTeletexString},
                                                     {"UniversalString", asn1::kUniversalString}};
  for (const auto& [prefix, tag] : types) {
    const auto name =
        unwrap(read_subject("CN=" + std::string(prefix) + ":Alice", NameEncoding::by_prefix));
    EXPECT_EQ(last(name).string_tag, tag);
    EXPECT_EQ(pkix::to_text(name), "CN=Alice");
  }
}

TEST(ReadSubject, RefusesWhatTheStringTypeCannotHold) {
  for (const auto* text : {"CN=BMPString:\xF0\x9F\x98\x80", "CN=TeletexString:\xE2\x82\xAC",
                           "CN=PrintableString:\xC3\xAB"}) {
    EXPECT_EQ(read_subject(text, NameEncoding::by_prefix).error().fault, Fault::malformed) << text;
  }
}

}  // namespace
}  // namespace signet::dogtag
