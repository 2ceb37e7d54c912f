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

Configuration configuration_of(std::string_view text) {
  return unwrap(Configuration::read(text, kNames));
}

TEST(Configuration, TrimsBlanksAroundNamesAndValues) {
  const auto file = configuration_of("  format = pkcs10\t\r\ninput=a  b c\r\n");
  EXPECT_EQ(file.text("format"), "pkcs10");
  EXPECT_THAT(file.words("input"), ElementsAre("a", "b", "c"));
  EXPECT_THAT(file.warnings(), IsEmpty());
}

TEST(Configuration, PassesOverCommentsAndEmptyLinesOnly) {
  EXPECT_FALSE(configuration_of("# format=crmf\n\n   \n! format=crmf").has("format"));
  const auto broken = Configuration::read("format=crmf\nnonsense", kNames);
  EXPECT_EQ(broken.error().fault, Fault::bad_configuration);
  EXPECT_THAT(broken.error().detail, HasSubstr("Error in configuration file: line 2: nonsense"));
}

TEST(Configuration, KeepsWhatStandsBehindTheFirstEqualsSign) {
  EXPECT_EQ(configuration_of("input=a=b # no comment").text("input"), "a=b # no comment");
}

TEST(Configuration, TellsAnEmptyValueFromNone) {
  const auto file = configuration_of("input=\n");
  EXPECT_TRUE(file.has("input"));
  EXPECT_FALSE(file.has("format"));
  EXPECT_EQ(file.required("input").error().fault, Fault::bad_configuration);
}

TEST(Configuration, LetsTheLastOfTwoCountAndSaysSo) {
  const auto file = configuration_of("format=crmf\nformat=pkcs10");
  EXPECT_EQ(file.text("format"), "pkcs10");
  EXPECT_THAT(file.warnings(), ElementsAre(HasSubstr("line 2")));
}

TEST(Configuration, TakesBothSpellingsOfAName) {
  EXPECT_TRUE(configuration_of("clientMode=true").flag("clientmode"));
  EXPECT_TRUE(configuration_of("clientmode=TRUE").flag("clientmode"));
  EXPECT_THAT(configuration_of("clientMode=true").warnings(), IsEmpty());
}

TEST(Configuration, SaysThatASwitchIsNeitherOnNorOff) {
  for (const auto* line : {"clientmode=yes", "clientMode=1", "getCert.enable=on"}) {
    const auto file = configuration_of(line);
    EXPECT_THAT(file.warnings(), ElementsAre(HasSubstr("neither true nor false"))) << line;
    EXPECT_FALSE(file.flag("clientmode"));
  }
  EXPECT_THAT(configuration_of("clientmode=False").warnings(), IsEmpty());
}

TEST(Configuration, NamesTheNearestOfAMisspeltName) {
  EXPECT_THAT(configuration_of("identityProofV2.hashalg=x").warnings(),
              ElementsAre(HasSubstr("'identityProofV2.hashAlg'")));
  EXPECT_THAT(configuration_of("fromat=crmf").warnings(),
              ElementsAre(HasSubstr("do you mean 'format'")));
  EXPECT_THAT(configuration_of("quite.another=1").warnings(),
              ElementsAre(testing::Not(HasSubstr("do you mean"))));
  EXPECT_THAT(configuration_of("revRequest.nickname=x").warnings(),
              ElementsAre(HasSubstr("no effect")));
}

TEST(Configuration, WarnsOfASwitchThatIsNeitherTrueNorFalse) {
  const auto file = configuration_of("getCert.enable=yes");
  EXPECT_FALSE(file.flag("getCert.enable"));
  EXPECT_THAT(file.warnings(), ElementsAre(HasSubstr("neither true nor false")));
}

TEST(Configuration, RefusesWhatIsNoNumber) {
  EXPECT_EQ(unwrap(configuration_of("numRequests=2").number("numRequests")), 2U);
  EXPECT_EQ(unwrap(configuration_of("").number("numRequests")), std::nullopt);
  for (const auto* text : {"two", "-1", "1x", "65536"}) {
    const auto number = configuration_of("numRequests=" + std::string(text)).number("numRequests");
    EXPECT_THAT(number.error().detail, HasSubstr("numRequests must be integer")) << text;
  }
}

TEST(Configuration, ReadsJavasPropertiesForTheOtherTool) {
  const auto file = unwrap(Configuration::read_properties(
      "input : a\\ b\nformat x\\ \nclient\\\nMode=true\nnumRequests=2 \n", kNames));
  EXPECT_EQ(file.text("input"), "a b");
  EXPECT_EQ(file.text("format"), "x ");
  EXPECT_TRUE(file.flag("clientmode"));
  EXPECT_EQ(unwrap(file.number("numRequests")), 2U);
  EXPECT_THAT(file.warnings(), IsEmpty());
}

TEST(Configuration, SaysTheLineOfADoubtfulProperty) {
  const auto file =
      unwrap(Configuration::read_properties("input=a,\\\n  b\nfromat=x\nnonsense\n", kNames));
  EXPECT_THAT(file.warnings(), ElementsAre(HasSubstr("line 3: 'fromat'"), HasSubstr("'nonsense'")));
  const auto broken = Configuration::read_properties("input=a\nformat=\\u12\n", kNames);
  EXPECT_EQ(broken.error().fault, Fault::bad_configuration);
  EXPECT_THAT(broken.error().detail, HasSubstr("line 2"));
}

TEST(Configuration, KeepsTheBlankOfAPasswordThatJavaKeeps) {
  const auto file = unwrap(Configuration::read_properties(
      "password=\\ a \ninput=b \n",
      {.known = {"password", "input"}, .aliases = {}, .ignored = {}}));
  EXPECT_EQ(file.text("password"), " a ");
  EXPECT_EQ(file.text("input"), "b");
  EXPECT_THAT(file.warnings(), ElementsAre(HasSubstr("line 1: the blank at the end")));
}

}  // namespace
}  // namespace signet::dogtag
