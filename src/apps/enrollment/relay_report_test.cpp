#include "apps/enrollment/relay_report.h"

#include <gmock/gmock.h>

#include <sstream>

namespace signet::tool {
namespace {

using client::RelayedOutcome;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class ToldOfARelay : public testing::Test {
 protected:
  /// One message that is answered later, in an answer of its own or not.
  std::string told(cmc::CMCStatus status, bool has_answer) {
    std::ostringstream out;
    std::ostringstream err;
    Context context{.out = out, .err = err};
    client::RelayedAnswer answer;
    if (has_answer) answer.octets = Bytes{1};
    answer.outcome = RelayedOutcome::pending;
    answer.verdicts.resize(1);
    answer.verdicts.front().status = status;
    client::RelayedResponse response;
    response.answers = {std::move(answer)};
    tell_relayed(response, {{"x.crq", "x.crp"}}, nullptr, context);
    EXPECT_EQ(context.exit_status, kNotYet);
    return err.str();
  }
};

TEST_F(ToldOfARelay, WhoHasAnAnswerInPartAsksForTheRest) {
  EXPECT_THAT(told(cmc::CMCStatus::partial, true),
              AllOf(HasSubstr("signet poll"), Not(HasSubstr("have no answer yet")),
                    Not(HasSubstr("person"))));
}

TEST_F(ToldOfARelay, WhatHasNoAnswerIsRelayedAgainWhereNothingAsksForIt) {
  EXPECT_THAT(told(cmc::CMCStatus::partial, false),
              AllOf(HasSubstr("have no answer yet"), Not(HasSubstr("signet poll"))));
}

TEST_F(ToldOfARelay, WhatAPersonDecidesIsRelayedAgainThen) {
  EXPECT_THAT(told(cmc::CMCStatus::pending, true),
              AllOf(HasSubstr("person"), Not(HasSubstr("signet poll"))));
}

}  // namespace
}  // namespace signet::tool
