#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/lease.h"
#include "support/engine_contract.h"

/// What every engine must do with leases, as one typed suite beside EngineContract.
///   struct Fixture { store::Engine& engine(); store::LeaseStore& leases(); };
namespace signet::test {

template <typename Fixture>
class LeaseContract : public EngineContract<Fixture> {
 protected:
  static constexpr std::chrono::hours kLong{1};
  static constexpr std::chrono::milliseconds kOver{0};

  std::optional<store::Lease> take(std::string_view name, std::string_view holder,
                                   std::chrono::milliseconds duration = kLong) {
    return *leases().take_lease(name, holder, duration);
  }
  store::LeaseStore& leases() { return this->fixture_.leases(); }
};

TYPED_TEST_SUITE_P(LeaseContract);

TYPED_TEST_P(LeaseContract, IsHeldByOneAtATime) {
  EXPECT_EQ(this->take("crl", "one"), store::Lease{1});
  EXPECT_EQ(this->take("crl", "other"), std::nullopt);
  EXPECT_EQ(this->take("crl", ""), std::nullopt);
}

TYPED_TEST_P(LeaseContract, IsTakenAgainByItsHolderUnderTheSameFence) {
  EXPECT_EQ(this->take("crl", "one"), store::Lease{1});
  EXPECT_EQ(this->take("crl", "one"), store::Lease{1});
  EXPECT_EQ(this->take("crl", "other"), std::nullopt);
}

TYPED_TEST_P(LeaseContract, OfOneNameHasNothingToDoWithThatOfAnother) {
  EXPECT_EQ(this->take("crl", "one"), store::Lease{1});
  EXPECT_EQ(this->take("sweep", "other"), store::Lease{1});
  EXPECT_EQ(this->take("crl ", "other"), store::Lease{1});
}

TYPED_TEST_P(LeaseContract, GoesToAnotherWithTheNextFenceWhenItEnded) {
  EXPECT_EQ(this->take("crl", "one", this->kOver), store::Lease{1});
  EXPECT_EQ(this->take("crl", "other"), store::Lease{2});
  EXPECT_EQ(this->take("crl", "one"), std::nullopt);
}

TYPED_TEST_P(LeaseContract, ThatEndedHasTheNextFenceForItsHolderToo) {
  EXPECT_EQ(this->take("crl", "one", this->kOver), store::Lease{1});
  EXPECT_EQ(this->take("crl", "one"), store::Lease{2});
}

TYPED_TEST_P(LeaseContract, IsShortenedByItsHolder) {
  EXPECT_EQ(this->take("crl", "one"), store::Lease{1});
  EXPECT_EQ(this->take("crl", "one", this->kOver), store::Lease{1});
  EXPECT_EQ(this->take("crl", "other"), store::Lease{2});
}

TYPED_TEST_P(LeaseContract, ThatEndsLaterThanItCouldBeTakenForIsAnybodysUnderTheNextFence) {
  // As after a clock that was ahead: nobody takes it for so long.
  constexpr std::chrono::minutes kUsual{10};
  EXPECT_EQ(this->take("crl", "one", 2 * kUsual), store::Lease{1});
  EXPECT_EQ(this->take("crl", "other", kUsual), store::Lease{2});
  EXPECT_EQ(this->take("crl", "one", kUsual), std::nullopt);
  EXPECT_EQ(this->take("crl", "other", kUsual), store::Lease{2});
}

TYPED_TEST_P(LeaseContract, IsGivenBackByItsHolderAlone) {
  EXPECT_EQ(this->take("crl", "one"), store::Lease{1});
  EXPECT_TRUE(this->leases().give_lease_back("crl", "other").ok());
  EXPECT_TRUE(this->leases().give_lease_back("absent", "one").ok());
  EXPECT_EQ(this->take("crl", "other"), std::nullopt);
  EXPECT_TRUE(this->leases().give_lease_back("crl", "one").ok());
  EXPECT_EQ(this->take("crl", "other"), store::Lease{2});
}

REGISTER_TYPED_TEST_SUITE_P(LeaseContract, IsHeldByOneAtATime,
                            IsTakenAgainByItsHolderUnderTheSameFence,
                            OfOneNameHasNothingToDoWithThatOfAnother,
                            GoesToAnotherWithTheNextFenceWhenItEnded,
                            ThatEndedHasTheNextFenceForItsHolderToo, IsShortenedByItsHolder,
                            ThatEndsLaterThanItCouldBeTakenForIsAnybodysUnderTheNextFence,
                            IsGivenBackByItsHolderAlone);

}  // namespace signet::test
