#include "store/records.h"

#include <gtest/gtest.h>

namespace signet::store {
namespace {

TEST(CommitOutcome, IsDurableOnlyWithoutConflictAndFailure) {
  EXPECT_TRUE(CommitOutcome{}.durable());
  EXPECT_FALSE((CommitOutcome{.conflict = Conflict::key_taken, .failed = {}}).durable());
  EXPECT_FALSE(
      (CommitOutcome{.conflict = {}, .failed = Error{Fault::storage_failed, "full"}}).durable());
}

TEST(Conflict, HasItsOwnWords) {
  EXPECT_EQ(to_text(Conflict::answered_before), "answered_before");
  EXPECT_EQ(to_text(Conflict::nonce_seen), "nonce_seen");
  EXPECT_EQ(to_text(Conflict::serial_taken), "serial_taken");
  EXPECT_EQ(to_text(Conflict::key_taken), "key_taken");
  EXPECT_EQ(to_text(Conflict::token_used), "token_used");
}

}  // namespace
}  // namespace signet::store
