#include "apps/dogtag/configuration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/unwrap.h"

namespace signet::dogtag {
namespace {

using test::unwrap;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const ConfigurationNames kNames{.known = {"format", "input", "clientmode", "numRequests",
                                          "getCert.enable", "identityProofV2.hashAlg"},
                                .aliases = {{"clientMode", "clientmode"}},
                                .ignored = {"revRequest.nickname"}};

Configuration read(std::string_view text) {
  return unwrap(Configuration::read(text, kNames));
}

TEST(Configuration, TrimsBlanksAroundNamesAndValues) {
  const auto file = read("  format = pkcs10\t\r\ninput=a  b c\r\n");
  EXPECT_EQ(file.text("format"), "pkcs10");
  EXPECT_THAT(file.words("input"), ElementsAre("a", "b", "c"));
  EXPECT_THAT(file.warnings(), IsEmpty());
}

TEST(Configuration, PassesOverCommentsAndEmptyLinesOnly) {
  EXPECT_FALSE(read("# format=crmf\n\n   \n! format=crmf").has("format"));
  const auto broken = Configuration::read("format=crmf\nnonsense", kNames);
  EXPECT_EQ(broken.error().fault, Fault::bad_configuration);
  EXPECT_THAT(broken.error().detail, HasSubstr("Error in configuration file: line 2: nonsense"));
}

TEST(Configuration, KeepsWhatStandsBehindTheFirstEqualsSign) {
  EXPECT_EQ(read("input=a=b # no comment").text("input"), "a=b # no comment");
}

TEST(Configuration, TellsAnEmptyValueFromNone) {
  const auto file = read("input=\n");
  EXPECT_TRUE(file.has("input"));
  EXPECT_FALSE(file.has("format"));
  EXPECT_EQ(file.required("input").error().fault, Fault::bad_configuration);
}

TEST(Configuration, LetsTheLastOfTwoCountAndSaysSo) {
  const auto file = read("format=crmf\nformat=pkcs10");
  EXPECT_EQ(file.text("format"), "pkcs10");
  EXPECT_THAT(file.warnings(), ElementsAre(HasSubstr("line 2")));
}

TEST(Configuration, TakesBothSpellingsOfAName) {
  EXPECT_TRUE(read("clientMode=true").flag("clientmode"));
  EXPECT_TRUE(read("clientmode=TRUE").flag("clientmode"));
  EXPECT_THAT(read("clientMode=true").warnings(), IsEmpty());
}

TEST(Configuration, SaysThatASwitchIsNeitherOnNorOff) {
  for (const auto* line : {"clientmode=yes", "clientMode=1", "getCert.enable=on"}) {
    const auto file = read(line);
    EXPECT_THAT(file.warnings(), ElementsAre(HasSubstr("neither true nor false"))) << line;
    EXPECT_FALSE(file.flag("clientmode"));
  }
  EXPECT_THAT(read("clientmode=False").warnings(), IsEmpty());
}

TEST(Configuration, NamesTheNearestOfAMisspeltName) {
  EXPECT_THAT(read("identityProofV2.hashalg=x").warnings(),
              ElementsAre(HasSubstr("'identityProofV2.hashAlg'")));
  EXPECT_THAT(read("fromat=crmf").warnings(), ElementsAre(HasSubstr("do you mean 'format'")));
  EXPECT_THAT(read("quite.another=1").warnings(),
              ElementsAre(testing::Not(HasSubstr("do you mean"))));
  EXPECT_THAT(read("revRequest.nickname=x").warnings(), ElementsAre(HasSubstr("no effect")));
}

TEST(Configuration, WarnsOfASwitchThatIsNeitherTrueNorFalse) {
  const auto file = read("getCert.enable=yes");
  EXPECT_FALSE(file.flag("getCert.enable"));
  EXPECT_THAT(file.warnings(), ElementsAre(HasSubstr("neither true nor false")));
}

TEST(Configuration, RefusesWhatIsNoNumber) {
  EXPECT_EQ(unwrap(read("numRequests=2").number("numRequests")), 2U);
  EXPECT_EQ(unwrap(read("").number("numRequests")), std::nullopt);
  for (const auto* text : {"two", "-1", "1x", "65536"}) {
    const auto number = read("numRequests=" + std::string(text)).number("numRequests");
    EXPECT_THAT(number.error().detail, HasSubstr("numRequests must be integer")) << text;
  }
}

}  // namespace
}  // namespace signet::dogtag
