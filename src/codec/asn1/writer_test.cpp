#include "codec/asn1/writer.h"

#include <gtest/gtest.h>

#include "base/encoding.h"

namespace signet::asn1 {
namespace {

using namespace std::chrono_literals;

template <typename Write>
std::string written(Write&& write) {
  Writer writer;
  write(writer);
  return to_hex(writer.view());
}

TEST(Writer, WritesNumbersInTheirShortestForm) {
  const auto integer = [](std::int64_t value) {
    return written([value](Writer& w) { w.integer(value); });
  };
  EXPECT_EQ(integer(0), "020100");
  EXPECT_EQ(integer(127), "02017f");
  EXPECT_EQ(integer(128), "02020080");
  EXPECT_EQ(integer(256), "02020100");
  EXPECT_EQ(integer(-1), "0201ff");
  EXPECT_EQ(integer(-128), "020180");
  EXPECT_EQ(integer(-129), "0202ff7f");
  EXPECT_EQ(integer(INT64_MAX), "02087fffffffffffffff");
  EXPECT_EQ(integer(INT64_MIN), "02088000000000000000");
}

TEST(Writer, WritesPrimitiveValues) {
  EXPECT_EQ(written([](Writer& w) { w.boolean(true); }), "0101ff");
  EXPECT_EQ(written([](Writer& w) { w.boolean(false, context(3)); }), "830100");
  EXPECT_EQ(written([](Writer& w) { w.null(); }), "0500");
  EXPECT_EQ(written([](Writer& w) { w.enumerated(10); }), "0a010a");
  EXPECT_EQ(written([](Writer& w) { w.oid(Oid{"2.5.4.3"}); }), "0603550403");
  EXPECT_EQ(written([](Writer& w) { w.utf8_string("ab"); }), "0c026162");
  EXPECT_EQ(written([](Writer& w) { w.octet_string(Bytes{1, 2}, context(0)); }), "80020102");
  EXPECT_EQ(written([](Writer& w) { w.integer(Integer::from(200), context(1)); }), "810200c8");
}

TEST(Writer, ClearsUnusedBits) {
  EXPECT_EQ(written([](Writer& w) { w.bit_string({{0xFF}, 5}); }), "030205e0");
  EXPECT_EQ(written([](Writer& w) { w.bit_string({}); }), "030100");
}

TEST(Writer, MakesRoomForLongLengths) {
  const auto length_of = [](std::size_t octets) {
    const auto text =
        written([octets](Writer& w) { w.sequence([&] { w.raw(Bytes(octets, 0x05)); }); });
    return text.substr(0, text.size() - 2 * octets);
  };
  EXPECT_EQ(length_of(127), "307f");
  EXPECT_EQ(length_of(128), "308180");
  EXPECT_EQ(length_of(255), "3081ff");
  EXPECT_EQ(length_of(256), "30820100");
  EXPECT_EQ(length_of(65535), "3082ffff");
  EXPECT_EQ(length_of(65536), "3083010000");
}

TEST(Writer, KeepsOuterElementsRightWhenInnerOnesGrow) {
  const auto text = written([](Writer& w) {
    w.sequence([&] {
      w.sequence([&] { w.octet_string(Bytes(130, 0xAA)); });
      w.null();
    });
  });
  EXPECT_EQ(text.substr(0, 18), "30818a308185048182");
  EXPECT_EQ(text.substr(text.size() - 4), "0500");
}

TEST(Writer, WritesLongTagNumbers) {
  EXPECT_EQ(written([](Writer& w) { w.null(context(30)); }), "9e00");
  EXPECT_EQ(written([](Writer& w) { w.null(context(31)); }), "9f1f00");
  EXPECT_EQ(written([](Writer& w) { w.null(context_constructed(128)); }), "bf810000");
  EXPECT_EQ(written([](Writer& w) { w.null(context((1U << 28) - 1)); }), "9fffffff7f00");
}

TEST(Writer, SortsSetsByEncoding) {
  const auto text = written([](Writer& w) {
    w.set_of([&] {
      w.octet_string(Bytes{1, 1});
      w.integer(5);
      w.octet_string(Bytes{2});
      w.integer(3);
    });
  });
  EXPECT_EQ(text,
            "310d020103020105040102"
            "04020101");
}

TEST(Writer, LeavesRawOctetsThatAreNoElementsInTheirPlace) {
  EXPECT_EQ(written([](Writer& w) { w.set_of([&] {
                                      w.raw(Bytes{0x04, 0x05, 0x01});
                                    }); }),
            "3103040501");
}

TEST(Writer, WritesTimesThrough2049AsUTCTime) {
  const auto time = [](Time value) { return written([value](Writer& w) { w.time(value); }); };
  const Time end_of_2049 = std::chrono::sys_days{2049y / 12 / 31} + 23h + 59min + 59s;
  EXPECT_EQ(time(end_of_2049), "170d" + to_hex(as_bytes("491231235959Z")));
  EXPECT_EQ(time(end_of_2049 + 1s), "180f" + to_hex(as_bytes("20500101000000Z")));
  EXPECT_EQ(time(std::chrono::sys_days{1950y / 1 / 1}), "170d" + to_hex(as_bytes("500101000000Z")));
  EXPECT_EQ(time(std::chrono::sys_days{1949y / 12 / 31}),
            "180f" + to_hex(as_bytes("19491231000000Z")));
}

TEST(Writer, EndsTimeWithTheYear9999) {
  const Time beyond = std::chrono::sys_days{std::chrono::year{12000} / 1 / 1};
  EXPECT_EQ(written([beyond](Writer& w) { w.generalized_time(beyond); }),
            "180f" + to_hex(as_bytes("99991231235959Z")));
}

TEST(WithTag, ReplacesTheTagAndNothingElse) {
  EXPECT_EQ(to_hex(with_tag(Bytes{0x30, 0x03, 0x02, 0x01, 0x05}, context_constructed(1))),
            "a103020105");
  EXPECT_EQ(to_hex(with_tag(Bytes{0x9F, 0x81, 0x00, 0x01, 0x07}, kOctetString)), "040107");
  EXPECT_EQ(to_hex(with_tag(Bytes{0x30, 0x80, 0x00, 0x00}, context_constructed(40))), "bf28800000");
}

}  // namespace
}  // namespace signet::asn1
