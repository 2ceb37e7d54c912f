#include "adapters/postgres/postgres_engine.h"

#include "adapters/postgres/connection.h"
#include "adapters/postgres/queries.h"
#include "support/challenge_contract.h"
#include "support/condition_contract.h"
#include "support/engine_contract.h"
#include "support/lease_contract.h"
#include "support/life_contract.h"
#include "support/outbox_contract.h"
#include "support/postgres_server.h"
#include "support/profile_contract.h"
#include "support/status_contract.h"
#include "support/subject_contract.h"
#include "support/token_contract.h"

namespace signet::test {
namespace {

struct Postgres {
  store::Engine& engine() { return *opened; }
  store::LeaseStore& leases() { return *opened; }
  std::string uri = PostgresServer::instance().fresh_schema();
  std::unique_ptr<postgres::PostgresEngine> opened = *postgres::PostgresEngine::open(uri);
};

INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, EngineContract, Postgres);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, ConditionContract, Postgres);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, SubjectContract, Postgres);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, TokenContract, Postgres);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, StatusContract, Postgres);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, ChallengeContract, Postgres);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, LifeContract, Postgres);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, ProfileContract, Postgres);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, OutboxContract, Postgres);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, LeaseContract, Postgres);

TEST(PostgresEngine, TellsTheTimeOfTheDatabase) {
  const Postgres store;
  auto connection = *postgres::Connection::open(store.uri);
  const auto now = [&] { return (*connection.run(postgres::queries::kTellTime))[0].number(0); };
  const auto before = now();
  const auto told = store.opened->tell_time();
  ASSERT_TRUE(told.ok());
  EXPECT_GE(told->time_since_epoch().count(), before);
  EXPECT_LE(told->time_since_epoch().count(), now());
}

TEST(OpenPostgresToRead, AsksWhatOthersWrote) {
  const auto uri = PostgresServer::instance().fresh_schema();
  EXPECT_FALSE(postgres::PostgresEngine::open_to_read(uri).ok()) << "there is none yet";
  const auto node = *postgres::PostgresEngine::open(uri);
  ASSERT_TRUE(node->add_token(token(1)).ok());
  EXPECT_EQ(*(*postgres::PostgresEngine::open_to_read(uri))->find_token("user 1"), token(1));
}

}  // namespace
}  // namespace signet::test
