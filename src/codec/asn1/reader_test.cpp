#include "codec/asn1/reader.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "support/octets.h"

namespace signet::asn1 {
namespace {

using namespace std::chrono_literals;
using test::hex;

/// What `read` makes of the octets, by these limits.
template <typename Read>
auto reading(std::string_view octets, Limits limits, Read&& read) {
  const auto input = hex(octets);
  Budget budget{limits};
  Reader reader{input, budget};
  return read(reader);
}

template <typename Read>
Fault fault_of(std::string_view octets, Limits limits, Read&& read) {
  const auto result = reading(octets, limits, read);
  if (result.ok()) ADD_FAILURE() << octets << " is accepted";
  return result.ok() ? Fault::internal : result.error().fault;
}

constexpr auto kAny = [](Reader& reader) { return reader.read_any(); };
constexpr auto kReadBoolean = [](Reader& reader) { return reader.read_boolean(); };
constexpr auto kReadInteger = [](Reader& reader) { return reader.read_integer(); };
constexpr auto kReadSmall = [](Reader& reader) { return reader.read_small_integer(); };
constexpr auto kReadBits = [](Reader& reader) { return reader.read_bit_string(); };
constexpr auto kReadOctets = [](Reader& reader) { return reader.read_octet_string(); };
constexpr auto kReadUtf8 = [](Reader& reader) { return reader.read_utf8_string(); };
constexpr auto kReadTime = [](Reader& reader) { return reader.read_time(); };

Limits der() {
  return Limits::der();
}
Limits ber() {
  return Limits::ber();
}

TEST(Reader, WalksNestedElements) {
  const auto input = hex("3008 0201 03 3003 0101 FF");
  Budget budget{der()};
  Reader outer{input, budget};
  auto sequence = outer.enter(kSequence).value();
  EXPECT_EQ(sequence.read_small_integer().value(), 3);
  EXPECT_EQ(sequence.offset(), 5U);
  auto inner = sequence.enter(kSequence).value();
  EXPECT_EQ(inner.offset(), 7U);
  EXPECT_TRUE(inner.read_boolean().value());
  EXPECT_TRUE(inner.finish().ok());
  EXPECT_TRUE(sequence.finish().ok());
  EXPECT_TRUE(outer.finish().ok());
}

TEST(Reader, NamesTheElementWantedAndItsOffset) {
  const auto input = hex("3003 0201 03");
  Budget budget{der()};
  auto sequence = Reader{input, budget}.enter(kSequence).value();
  const auto result = sequence.read(kOctetString);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().detail, "OCTET STRING wanted at octet 2, not INTEGER");
}

TEST(Reader, LeavesOptionalElementsOfAnotherTagAlone) {
  const auto input = hex("0201 03");
  Budget budget{der()};
  Reader reader{input, budget};
  EXPECT_FALSE(reader.read_optional(kOctetString).value().has_value());
  EXPECT_FALSE(reader.enter_optional(kSequence).value().has_value());
  EXPECT_EQ(reader.peek(), kInteger);
  EXPECT_TRUE(reader.read_optional(kInteger).value().has_value());
  EXPECT_TRUE(reader.at_end());
}

TEST(Reader, StaysBeforeAnElementOfAnotherTag) {
  const auto input = hex("0201 03 0101 FF");
  Budget budget{der()};
  Reader reader{input, budget};
  EXPECT_FALSE(reader.read(kOctetString).ok());
  EXPECT_EQ(reader.read_small_integer().value(), 3);
  EXPECT_FALSE(reader.read_small_integer().ok());
  EXPECT_TRUE(reader.read_boolean().value());
}

TEST(Reader, RefusesWhatIsLeftOver) {
  const auto input = hex("0500 00");
  Budget budget{der()};
  Reader reader{input, budget};
  ASSERT_TRUE(reader.read_null().ok());
  EXPECT_EQ(reader.finish().error().fault, Fault::trailing_data);
}

TEST(Reader, RefusesElementsCutShort) {
  for (const auto* octets : {"", "02", "0202", "020201", "3082", "308201", "1F", "9F81",
                             "0484FFFFFFFF", "0488FFFFFFFFFFFFFFFF"}) {
    EXPECT_EQ(fault_of(octets, der(), kAny), Fault::malformed) << octets;
    EXPECT_EQ(fault_of(octets, ber(), kAny), Fault::malformed) << octets;
  }
}

TEST(Reader, RefusesLongLengthsThatCouldBeShorterInDER) {
  for (const auto* octets : {"04810161", "04820001 61"}) {
    EXPECT_EQ(fault_of(octets, der(), kAny), Fault::malformed) << octets;
    EXPECT_TRUE(reading(octets, ber(), kAny).ok()) << octets;
  }
  EXPECT_EQ(fault_of("04FF61", ber(), kAny), Fault::malformed);
}

TEST(Reader, TakesLongLengthsInDERFrom128On) {
  const auto octets_of = [](std::size_t octets) { return to_hex(Bytes(octets, 0x61)); };
  EXPECT_TRUE(reading("048180" + octets_of(128), der(), kAny).ok());
  EXPECT_EQ(fault_of("04817F" + octets_of(127), der(), kAny), Fault::malformed);
  EXPECT_EQ(fault_of("04820080" + octets_of(128), der(), kAny), Fault::malformed);
  EXPECT_TRUE(reading("04817F" + octets_of(127), ber(), kAny).ok());
}

TEST(Reader, TellsTagsOfOneNumberApartByClassAndForm) {
  const auto sequence = [](Reader& reader) { return reader.enter(kSequence); };
  EXPECT_TRUE(reading("3000", der(), sequence).ok());
  for (const auto* octets : {"7000", "B000", "F000", "1000"}) {
    EXPECT_EQ(fault_of(octets, der(), sequence), Fault::malformed) << octets;
  }
  for (const auto* octets : {"420105", "820105", "C20105", "2203020105"}) {
    EXPECT_EQ(fault_of(octets, der(), kReadInteger), Fault::malformed) << octets;
    EXPECT_EQ(fault_of(octets, ber(), kReadInteger), Fault::malformed) << octets;
  }
}

TEST(Reader, RefusesTagNumbersInALongerFormThanNeeded) {
  EXPECT_TRUE(reading("9F1F00", der(), kAny).ok());
  EXPECT_EQ(fault_of("9F1E00", der(), kAny), Fault::malformed);
  EXPECT_EQ(fault_of("9F801F00", der(), kAny), Fault::malformed);
  EXPECT_EQ(reading("9FFFFFFF7F00", der(), kAny)->tag.number, (1U << 28) - 1);
  EXPECT_EQ(fault_of("9F8180808000 00", der(), kAny), Fault::malformed);
}

TEST(Reader, RefusesAnEndOfContentsOutOfPlace) {
  EXPECT_EQ(fault_of("0000", der(), kAny), Fault::malformed);
  EXPECT_EQ(fault_of("0000", ber(), kAny), Fault::malformed);
}

TEST(Reader, RefusesIndefiniteLengthsInDER) {
  EXPECT_EQ(fault_of("3080 0000", der(), kAny), Fault::malformed);
}

TEST(Reader, ReadsIndefiniteLengthsInBER) {
  const auto input = hex("3080 3080 0201 05 0000 0500 0000 0101 01");
  Budget budget{ber()};
  Reader outer{input, budget};
  auto sequence = outer.enter(kSequence).value();
  auto inner = sequence.enter(kSequence).value();
  EXPECT_EQ(inner.read_small_integer().value(), 5);
  EXPECT_TRUE(inner.finish().ok());
  EXPECT_TRUE(sequence.read_null().ok());
  EXPECT_TRUE(sequence.finish().ok());
  EXPECT_TRUE(outer.read_boolean().value());
  EXPECT_TRUE(outer.finish().ok());
}

TEST(Reader, ElementOfIndefiniteLengthKeepsItsEndInTheTlvOnly) {
  const auto input = hex("3080 0500 0000 0500");
  Budget budget{ber()};
  const auto element = Reader{input, budget}.read_any().value();
  EXPECT_EQ(to_hex(element.tlv), "308005000000");
  EXPECT_EQ(to_hex(element.value), "0500");
}

TEST(Reader, RefusesIndefiniteLengthsWithoutEnd) {
  EXPECT_EQ(fault_of("3080 0500", ber(), kAny), Fault::malformed);
  EXPECT_EQ(fault_of("3080 3080 0000", ber(), kAny), Fault::malformed);
  EXPECT_EQ(fault_of("3080 00", ber(), kAny), Fault::malformed);
  EXPECT_EQ(fault_of("3080 0001", ber(), kAny), Fault::malformed);
  EXPECT_EQ(fault_of("0480 0000", ber(), kAny), Fault::malformed);
}

TEST(Reader, RefusesNestingBeyondItsDepth) {
  const Limits limits{.depth = 2};
  const auto input = hex("3004 3002 3000");
  Budget budget{limits};
  auto first = Reader{input, budget}.enter(kSequence).value();
  auto second = first.enter(kSequence).value();
  EXPECT_EQ(second.enter(kSequence).error().fault, Fault::too_deep);
}

TEST(Reader, RefusesDeepIndefiniteNestingAtTheFirstLook) {
  std::string octets;
  for (int i = 0; i < 1000; ++i) octets += "3080";
  EXPECT_EQ(fault_of(octets, ber(), kAny), Fault::too_deep);
  const Limits two{.rules = Rules::ber, .depth = 2};
  EXPECT_TRUE(reading("3080 3080 0000 0000", two, kAny).ok());
  EXPECT_EQ(fault_of("3080 3080 3080 0000 0000 0000", two, kAny), Fault::too_deep);
}

TEST(Reader, CountsTheLevelsAroundAnIndefiniteNesting) {
  const auto inside = [](Reader& reader) -> Result<Element> {
    auto contents = TRY(reader.enter(kSequence));
    return contents.read_any();
  };
  const auto* octets = "3008 3080 3080 0000 0000";
  EXPECT_TRUE(reading(octets, {.rules = Rules::ber, .depth = 3}, inside).ok());
  EXPECT_EQ(fault_of(octets, {.rules = Rules::ber, .depth = 2}, inside), Fault::too_deep);
}

TEST(Reader, CountsElementsThatItPassesOverInSearchOfAnEnd) {
  const Limits limits{.rules = Rules::ber, .elements = 3};
  EXPECT_TRUE(reading("3080 0500 0500 0000", limits, kAny).ok());
  EXPECT_EQ(fault_of("3080 0500 0500 0500 0000", limits, kAny), Fault::too_large);
}

TEST(Reader, RefusesMoreElementsThanItsBudget) {
  const auto input = hex("0500 0500 0500");
  Budget budget{{.elements = 2}};
  Reader reader{input, budget};
  EXPECT_TRUE(reader.read_null().ok());
  EXPECT_TRUE(reader.read_null().ok());
  EXPECT_EQ(reader.read_null().error().fault, Fault::too_large);
}

TEST(Reader, RefusesEveryReadOfInputOverItsOctets) {
  EXPECT_TRUE(reading("0403 616263", {.octets = 5}, kAny).ok());
  EXPECT_EQ(fault_of("0403 616263", {.octets = 4}, kAny), Fault::too_large);
  EXPECT_EQ(fault_of("0403 616263", {.octets = 4}, kReadInteger), Fault::too_large);
}

TEST(Reader, ReadsBooleans) {
  EXPECT_TRUE(reading("0101FF", der(), kReadBoolean).value());
  EXPECT_FALSE(reading("010100", der(), kReadBoolean).value());
  EXPECT_EQ(fault_of("010101", der(), kReadBoolean), Fault::malformed);
  EXPECT_TRUE(reading("010101", ber(), kReadBoolean).value());
  EXPECT_EQ(fault_of("0100", ber(), kReadBoolean), Fault::malformed);
  EXPECT_EQ(fault_of("0102FFFF", ber(), kReadBoolean), Fault::malformed);
}

TEST(Reader, RefusesIntegersInMoreOctetsThanNeeded) {
  for (const auto& limits : {der(), ber()}) {
    EXPECT_EQ(fault_of("0200", limits, kReadInteger), Fault::malformed);
    EXPECT_EQ(fault_of("0202007F", limits, kReadInteger), Fault::malformed);
    EXPECT_EQ(fault_of("0202FF80", limits, kReadInteger), Fault::malformed);
    EXPECT_EQ(fault_of("0202007F", limits, kReadSmall), Fault::malformed);
  }
  EXPECT_EQ(to_hex(reading("02020080", der(), kReadInteger)->octets), "0080");
  EXPECT_EQ(to_hex(reading("0202FF7F", der(), kReadInteger)->octets), "ff7f");
}

TEST(Reader, ReadsSmallIntegersUpTo63Bits) {
  EXPECT_EQ(reading("020100", der(), kReadSmall).value(), 0);
  EXPECT_EQ(reading("02087FFFFFFFFFFFFFFF", der(), kReadSmall).value(), INT64_MAX);
  EXPECT_EQ(fault_of("0209008000000000000000", der(), kReadSmall), Fault::malformed);
  EXPECT_EQ(fault_of("0201FF", der(), kReadSmall), Fault::malformed);
  EXPECT_EQ(fault_of("0200", der(), kReadSmall), Fault::malformed);
}

TEST(Reader, ReadsBitStrings) {
  EXPECT_EQ(reading("03020560", der(), kReadBits).value(), (BitString{{0x60}, 5}));
  EXPECT_EQ(reading("03020780", der(), kReadBits).value(), (BitString{{0x80}, 7}));
  EXPECT_EQ(reading("030100", der(), kReadBits).value(), BitString{});
  EXPECT_EQ(fault_of("0300", der(), kReadBits), Fault::malformed);
  EXPECT_EQ(fault_of("030101", der(), kReadBits), Fault::malformed);
  EXPECT_EQ(fault_of("03020880", der(), kReadBits), Fault::malformed);
  EXPECT_EQ(fault_of("03020561", der(), kReadBits), Fault::malformed);
  EXPECT_TRUE(reading("03020561", ber(), kReadBits).ok());
}

TEST(Reader, JoinsBitStringsInPiecesInBER) {
  EXPECT_EQ(reading("2308 030200AA 030204F0", ber(), kReadBits).value(),
            (BitString{{0xAA, 0xF0}, 4}));
  EXPECT_EQ(fault_of("2308 030204F0 030200AA", ber(), kReadBits), Fault::malformed);
  EXPECT_EQ(fault_of("2303 0401AA", ber(), kReadBits), Fault::malformed);
  EXPECT_EQ(fault_of("2304 040200AA", ber(), kReadBits), Fault::malformed);
  EXPECT_EQ(fault_of("2308 030200AA 030204F0", der(), kReadBits), Fault::malformed);
}

TEST(Reader, JoinsOctetStringsInPiecesInBER) {
  const auto* nested = "2480 040161 2480 040162 2403 040163 0000 040164 0000";
  EXPECT_EQ(as_text(reading(nested, ber(), kReadOctets).value()), "abcd");
  EXPECT_EQ(fault_of(nested, der(), kReadOctets), Fault::malformed);
  EXPECT_EQ(reading("2400", ber(), kReadOctets).value(), Bytes{});
  EXPECT_EQ(fault_of("2403 0C0161", ber(), kReadOctets), Fault::malformed);
}

TEST(Reader, JoinsStringsUnderImplicitTags) {
  const auto read = [](Reader& reader) { return reader.read_octet_string(context(0)); };
  EXPECT_EQ(as_text(reading("A006 040161 040162", ber(), read).value()), "ab");
  EXPECT_EQ(fault_of("A006 040161 040162", der(), read), Fault::malformed);
}

TEST(Reader, RefusesOctetStringPiecesNestedTooDeeply) {
  std::string octets;
  for (int i = 0; i < 40; ++i) octets += "2480";
  for (int i = 0; i < 40; ++i) octets += "0000";
  EXPECT_EQ(fault_of(octets, ber(), kReadOctets), Fault::too_deep);
}

TEST(Reader, RefusesStringsThatAreNotUTF8) {
  EXPECT_EQ(reading("0C02C3A9", der(), kReadUtf8).value(), "\u00e9");
  for (const auto* octets :
       {"0C01E9", "0C02C0AF", "0C03EDA080", "0C04F4908080", "0C01C3", "0C0180", "0C03E080AF",
        "0C04F08080AF", "0C05F888808080", "0C02C361", "0C02C3C3", "0C03E09FBF", "0C04F08FBFBF"}) {
    EXPECT_EQ(fault_of(octets, der(), kReadUtf8), Fault::malformed) << octets;
  }
  for (const auto* octets : {"0C04F09F9880", "0C02C280", "0C03E0A080", "0C04F0908080", "0C03ED9FBF",
                             "0C03EE8080", "0C04F48FBFBF"}) {
    EXPECT_TRUE(reading(octets, der(), kReadUtf8).ok()) << octets;
  }
  EXPECT_EQ(reading("2C06 0401C3 0401A9", ber(), kReadUtf8).value(), "\u00e9");
}

std::string utc(std::string_view text) {
  return "17" + to_hex(Bytes{static_cast<std::uint8_t>(text.size())}) + to_hex(as_bytes(text));
}
std::string generalized(std::string_view text) {
  return "18" + to_hex(Bytes{static_cast<std::uint8_t>(text.size())}) + to_hex(as_bytes(text));
}

TEST(Reader, ReadsUTCTimesFrom1950To2049) {
  EXPECT_EQ(reading(utc("500101000000Z"), der(), kReadTime).value(),
            std::chrono::sys_days{1950y / 1 / 1});
  EXPECT_EQ(reading(utc("491231235959Z"), der(), kReadTime).value(),
            std::chrono::sys_days{2049y / 12 / 31} + 23h + 59min + 59s);
}

TEST(Reader, ReadsGeneralizedTimes) {
  EXPECT_EQ(reading(generalized("20240229120000Z"), der(), kReadTime).value(),
            std::chrono::sys_days{2024y / 2 / 29} + 12h);
}

TEST(Reader, RefusesTimesThatAreNone) {
  for (const auto* text :
       {"20230229120000Z", "20241301000000Z", "20240001000000Z", "20240100000000Z",
        "20240132000000Z", "20240101240000Z", "20240101006000Z", "20240101000060Z",
        "20240101000000", "202401010000Z", "20240101000000.5Z", "20240101000000+0100",
        "2024010100000aZ", "+0240101000000Z", "20240101000000z", "", "Z"}) {
    EXPECT_EQ(fault_of(generalized(text), der(), kReadTime), Fault::malformed) << text;
  }
  for (const auto* text : {"2401010000Z", "240230000000Z", "240101000000+0000", "240101000060Z",
                           "2401010000000Z", ""}) {
    EXPECT_EQ(fault_of(utc(text), der(), kReadTime), Fault::malformed) << text;
  }
}

TEST(Reader, ReadsNothingAsNull) {
  const auto read = [](Reader& reader) { return reader.read_null(); };
  EXPECT_TRUE(reading("0500", der(), read).ok());
  EXPECT_EQ(fault_of("050100", der(), read), Fault::malformed);
}

TEST(Reader, RefusesObjectIdentifiersWithOffset) {
  const auto read = [](Reader& reader) { return reader.read_oid(); };
  EXPECT_EQ(reading("0603550403", der(), read).value(), Oid{"2.5.4.3"});
  EXPECT_EQ(fault_of("0600", der(), read), Fault::malformed);
  EXPECT_EQ(fault_of("0602 5580", der(), read), Fault::malformed);
}

TEST(Integer, ConvertsNumbersWithoutSign) {
  EXPECT_EQ(to_hex(Integer::from(0).octets), "00");
  EXPECT_EQ(to_hex(Integer::from(0x80).octets), "0080");
  EXPECT_EQ(to_hex(Integer::from(UINT64_MAX).octets), "00ffffffffffffffff");
  EXPECT_EQ(Integer::from(UINT64_MAX).to_uint64(), UINT64_MAX);
  EXPECT_EQ(to_hex(Integer::from_unsigned(hex("0000FF01")).octets), "00ff01");
  EXPECT_EQ(to_hex(Integer::from_unsigned(hex("0000FF01")).magnitude()), "ff01");
  EXPECT_EQ(Integer::from_unsigned({}), Integer::from(0));
  EXPECT_FALSE(Integer{hex("FF")}.to_uint64().has_value());
  EXPECT_FALSE(Integer::from_unsigned(hex("010000000000000000")).to_uint64().has_value());
}

TEST(Integer, PrintsDecimalAndHexadecimal) {
  EXPECT_EQ(Integer::from(0).to_decimal(), "0");
  EXPECT_EQ(Integer::from(1'000'000'007'000'000'042).to_decimal(), "1000000007000000042");
  EXPECT_EQ(Integer::from_unsigned(hex("FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF")).to_decimal(),
            "340282366920938463463374607431768211455");
  EXPECT_EQ(Integer{hex("80")}.to_decimal(), "-128");
  EXPECT_EQ(Integer{hex("FF00")}.to_decimal(), "-256");
  EXPECT_EQ(Integer::from(0).to_hex(), "00");
  EXPECT_EQ(Integer::from(0xAB01).to_hex(), "ab01");
}

TEST(Integer, OfAnySizeIsPrintedAtOnce) {
  EXPECT_EQ(Integer::from_unsigned(Bytes(64, 0xFF)).to_decimal().size(), 155U);
  EXPECT_EQ(Integer::from_unsigned(Bytes(65, 0xFF)).to_decimal(), "(a number of 65 octets)");
  EXPECT_EQ(Integer::from_unsigned(Bytes(10'000'000, 0xFF)).to_decimal(),
            "(a number of 10000000 octets)");
}

TEST(TagText, NamesUniversalTypesAndNumbersOthers) {
  EXPECT_EQ(to_text(kSequence), "SEQUENCE");
  EXPECT_EQ(to_text(universal(4, Form::constructed)), "OCTET STRING constructed");
  EXPECT_EQ(to_text(universal(16)), "SEQUENCE primitive");
  EXPECT_EQ(to_text(context(2)), "[2]");
  EXPECT_EQ(to_text(context_constructed(0)), "[0] constructed");
  EXPECT_EQ(to_text(Tag{Class::application, Form::primitive, 7}), "[APPLICATION 7]");
}

}  // namespace
}  // namespace signet::asn1
