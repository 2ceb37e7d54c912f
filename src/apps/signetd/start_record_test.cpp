#include "apps/signetd/start_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "apps/configuration/tolerances.h"
#include "support/fakes.h"
#include "support/keeping_log.h"

namespace signet::server {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

TEST(StartRecord, SaysOfEachToleranceWhetherItIsOn) {
  const test::FixedClock clock;
  for (const auto& tolerance : tolerances()) {
    Configuration one;
    one.compatibility.*tolerance.value = true;
    const auto fields = start_event(one, {}, clock).fields;
    for (const auto& other : tolerances()) {
      const auto* state = other.value == tolerance.value ? "on" : "off";
      EXPECT_THAT(fields, Contains(audit::Field{other.name, state})) << tolerance.name;
    }
  }
}

TEST(StartRecord, NamesTheTolerancesInForceInTheLog) {
  test::KeepingLog log;
  Configuration configuration;
  log_start(configuration, log);
  EXPECT_THAT(log.lines, Contains(HasSubstr(" tolerances=none ")));
  configuration.compatibility.legacy_proofs = true;
  configuration.compatibility.bare_names = true;
  log_start(configuration, log);
  EXPECT_THAT(log.lines, Contains(HasSubstr(" tolerances=legacy_proofs,bare_names ")));
}

}  // namespace
}  // namespace signet::server
