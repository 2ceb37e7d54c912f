#include "apps/tool/what_to_do.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace signet::tool {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(WhatToDo, SendsAnOperatorToNoProfileAndNoSigner) {
  const Error weak{Fault::not_allowed, "the secret is too weak"};
  EXPECT_EQ(what_to_do(weak, "secret create"), "");
  EXPECT_THAT(std::string(what_to_do(weak, "enroll")), HasSubstr("profile"));
  const Error none{Fault::unknown_identity, "no secret in force for 'bob'"};
  EXPECT_THAT(std::string(what_to_do(none, "secret revoke")), HasSubstr("signet secret list"));
  EXPECT_THAT(std::string(what_to_do(none, "secret revoke")), Not(HasSubstr("--signer")));
  EXPECT_THAT(std::string(what_to_do(none, "revoke")), HasSubstr("--signer"));
}

TEST(WhatToDo, AddsNothingWhereTheDetailNamesWhatWasTyped) {
  EXPECT_EQ(what_to_do({Fault::malformed, "--subject: the name \"foo\" has a part without '='"}),
            "");
  EXPECT_EQ(what_to_do({Fault::malformed, "\"9q\" is no duration"}), "");
  EXPECT_EQ(what_to_do({Fault::malformed, "http://ca/cmc: this is no https:// address"}), "");
  EXPECT_EQ(what_to_do({Fault::bad_configuration, "--url \"ca\" is no address"}), "");
  EXPECT_THAT(std::string(what_to_do({Fault::malformed, "octet 4: SEQUENCE wanted"})),
              HasSubstr("signet inspect"));
}

TEST(WhatToDo, DoesNotAskWhetherAServerRunsThatAnswers) {
  const Error answered{Fault::directory_unreachable, "https://ca/x answered HTTP 404"};
  EXPECT_THAT(std::string(what_to_do(answered)), HasSubstr("--path"));
  EXPECT_THAT(std::string(what_to_do(answered)), Not(HasSubstr("runs")));
  EXPECT_THAT(std::string(what_to_do({Fault::directory_unreachable, "https://ca: nobody answers"})),
              HasSubstr("that the server runs"));
}

TEST(WhatToDo, TellsWhoIsNotKnownOfASignerInForce) {
  EXPECT_THAT(std::string(what_to_do(cmc::CMCFailInfo::badIdentity)), HasSubstr("in force"));
}

}  // namespace
}  // namespace signet::tool
