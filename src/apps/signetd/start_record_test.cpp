#include "apps/signetd/start_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "adapters/files/journal_file.h"
#include "apps/configuration/tolerances.h"
#include "base/encoding.h"
#include "support/fakes.h"
#include "support/keeping_log.h"
#include "support/temporary_folder.h"
#include "support/unwrap.h"

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

TEST(StartRecord, SaysWhereTheToolsJournalStands) {
  const test::FixedClock clock;
  const test::TemporaryFolder folder;
  Configuration configuration;
  configuration.audit.operator_journal = folder / "operator.jsonl";
  const auto fields = [&] { return start_event(configuration, {}, clock).fields; };
  EXPECT_THAT(fields(), Contains(audit::Field{"OperatorSequence", "0"})) << "there is none yet";
  EXPECT_FALSE(std::filesystem::exists(configuration.audit.operator_journal));
  const auto journal = test::unwrap(files::JournalFile::open(configuration.audit.operator_journal));
  const audit::Event deed{"SHARED_SECRET_CREATED", {}, audit::EventOutcome::success, {}};
  ASSERT_TRUE(journal->append({&deed, &deed}).ok());
  EXPECT_THAT(fields(), Contains(audit::Field{"OperatorSequence", "2"}));
  EXPECT_THAT(fields(), Contains(audit::Field{"OperatorHash", to_hex(journal->mark()->hash)}));
  std::ofstream(configuration.audit.operator_journal, std::ios::app) << "graffiti\n";
  EXPECT_THAT(fields(), Contains(::testing::Field(&audit::Field::name, "OperatorJournal")));
  EXPECT_THAT(fields(),
              ::testing::Not(Contains(::testing::Field(&audit::Field::name, "OperatorSequence"))));
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
