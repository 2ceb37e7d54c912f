#include <gtest/gtest.h>

#include "base/clock.h"
#include "base/encoding.h"
#include "base/result.h"
#include "base/secret_bytes.h"

namespace signet {
namespace {

Result<int> half(int number) {
  if (number % 2 != 0) return Error{Fault::malformed, "odd"};
  return number / 2;
}

Result<int> quarter(int number) {
  const auto once = TRY(half(number));
  return TRY(half(once));
}

TEST(Result, TryPassesTheErrorOnAndTheValueThrough) {
  EXPECT_EQ(quarter(12).value(), 3);
  EXPECT_EQ(quarter(6).error(), (Error{Fault::malformed, "odd"}));
}

TEST(Result, ValueOfAnErrorIsABrokenPromise) {
  EXPECT_DEATH(static_cast<void>(half(1).value()), "broken");
}

TEST(ConstantTimeEqual, TellsEqualFromUnequal) {
  /* matrix: S1 */
  EXPECT_TRUE(constant_time_equal(Bytes{1, 2, 3}, Bytes{1, 2, 3}));
  EXPECT_FALSE(constant_time_equal(Bytes{1, 2, 3}, Bytes{1, 2, 4}));
  EXPECT_FALSE(constant_time_equal(Bytes{1, 2, 3}, Bytes{1, 2}));
  EXPECT_TRUE(constant_time_equal({}, {}));
}

TEST(SecretBytes, AreTakenOverNotCopied) {
  SecretBytes first(std::string_view("secret"));
  SecretBytes second(std::move(first));
  EXPECT_EQ(second.text(), "secret");
  SecretBytes third;
  third = second.copy();
  EXPECT_EQ(third.text(), "secret");
}

TEST(Clock, WritesTimesAsPeopleReadThem) {
  EXPECT_EQ(to_text(Time{std::chrono::seconds{1795435200}}), "2026-11-23T12:00:00Z");
  EXPECT_EQ(to_text(PreciseTime{std::chrono::milliseconds{1795435200007}}),
            "2026-11-23T12:00:00.007Z");
}

TEST(Clock, ReadsTimesAndDaysAndNothingElse) {
  EXPECT_EQ(*time_from_text("2026-11-23T12:00:00Z"), Time{std::chrono::seconds{1795435200}});
  EXPECT_EQ(*time_from_text("2026-11-23"), Time{std::chrono::seconds{1795392000}});
  EXPECT_EQ(to_text(*time_from_text("2024-02-29T23:59:59Z")), "2024-02-29T23:59:59Z");
  for (const auto* wrong : {"", "soon", "2026-11-23T12:00:00", "2026-11-23T12:00:00+01:00",
                            "2026-11-23 12:00", "2026-13-01", "23.11.2026"}) {
    EXPECT_EQ(time_from_text(wrong).error().fault, Fault::malformed) << wrong;
  }
}

TEST(Clock, ReadsNoTimeThatThereIsNot) {
  for (const std::string_view wrong :
       {"2026-02-29", "2026-02-31", "2026-11-31T00:00:00Z", "2026-00-10", "2026-01-00",
        "2026-11-23T24:00:00Z", "2026-11-23T23:60:00Z", "2026-11-23T23:59:60Z", " 2026-11-23",
        "2026-11-23 ", "2026-1-1", "02026-11-23", "+026-11-23", "2026-11--3",
        "2026-11-23T12:00:0Z"}) {
    EXPECT_FALSE(time_from_text(wrong).ok()) << wrong;
  }
  using namespace std::string_view_literals;
  EXPECT_FALSE(time_from_text("2026-11-23\0 and more"sv).ok());
}

TEST(LowerCase, ChangesAsciiLettersAlone) {
  EXPECT_EQ(lower_case("NSS Database-Ä"), "nss database-Ä");
}

TEST(Fault, EachHasItsWord) {
  EXPECT_EQ(to_text(Fault::bad_signature), "bad_signature");
  EXPECT_EQ(to_text(Fault::internal), "internal");
}

}  // namespace
}  // namespace signet
