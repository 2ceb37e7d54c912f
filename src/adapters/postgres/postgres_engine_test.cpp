#include "adapters/postgres/postgres_engine.h"

#include "support/challenge_contract.h"
#include "support/engine_contract.h"
#include "support/lease_contract.h"
#include "support/life_contract.h"
#include "support/postgres_server.h"
#include "support/profile_contract.h"
#include "support/status_contract.h"
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
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, TokenContract, Postgres);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, StatusContract, Postgres);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, ChallengeContract, Postgres);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, LifeContract, Postgres);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, ProfileContract, Postgres);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgres, LeaseContract, Postgres);

}  // namespace
}  // namespace signet::test
