#include "store/memory_engine.h"

#include "support/challenge_contract.h"
#include "support/condition_contract.h"
#include "support/engine_contract.h"
#include "support/lease_contract.h"
#include "support/life_contract.h"
#include "support/outbox_contract.h"
#include "support/profile_contract.h"
#include "support/status_contract.h"
#include "support/subject_contract.h"
#include "support/token_contract.h"

namespace signet::test {
namespace {

struct Memory {
  store::Engine& engine() { return memory; }
  store::LeaseStore& leases() { return memory; }
  store::MemoryEngine memory;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Memory, EngineContract, Memory);
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, ConditionContract, Memory);
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, SubjectContract, Memory);
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, TokenContract, Memory);
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, StatusContract, Memory);
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, ChallengeContract, Memory);
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, LifeContract, Memory);
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, ProfileContract, Memory);
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, OutboxContract, Memory);
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, LeaseContract, Memory);

}  // namespace
}  // namespace signet::test
