#include "store/records.h"

#include <gtest/gtest.h>

namespace signet::store {
namespace {

TEST(CommitOutcome, IsDurableOnlyWithoutConflictAndFailure) {
  EXPECT_TRUE(CommitOutcome{}.durable());
  EXPECT_FALSE(CommitOutcome::met(Conflict::key_taken).durable());
  EXPECT_FALSE(CommitOutcome::failure(Error{Fault::storage_failed, "full"}).durable());
}

TEST(Conflict, HasItsOwnWords) {
  EXPECT_EQ(to_text(Conflict::answered_before), "answered_before");
  EXPECT_EQ(to_text(Conflict::nonce_seen), "nonce_seen");
  EXPECT_EQ(to_text(Conflict::serial_taken), "serial_taken");
  EXPECT_EQ(to_text(Conflict::key_taken), "key_taken");
  EXPECT_EQ(to_text(Conflict::subject_taken), "subject_taken");
  EXPECT_EQ(to_text(Conflict::token_used), "token_used");
}

TEST(HoldsOnlyEvents, IsFalseOfWhatChangesOrAsksAnythingElse) {
  Commit events;
  events.events.emplace_back();
  EXPECT_TRUE(holds_only_events(events));
  const std::vector<void (*)(Commit&)> additions{
      [](Commit& to) { to.tells_of_record = true; },
      [](Commit& to) { to.intents.emplace_back(); },
      [](Commit& to) { to.certificates.emplace_back(); },
      [](Commit& to) { to.keys.emplace_back(); },
      [](Commit& to) { to.subjects.emplace_back(); },
      [](Commit& to) { to.answered.emplace(); },
      [](Commit& to) { to.token_use.emplace(); },
      [](Commit& to) { to.token_failure.emplace(); },
      [](Commit& to) { to.challenge.emplace(); },
      [](Commit& to) { to.challenge_change.emplace(); },
      [](Commit& to) { to.status_changes.emplace_back(); },
      [](Commit& to) { to.crl.emplace(); },
      [](Commit& to) { to.pending.emplace(); },
      [](Commit& to) { to.pending_decision.emplace(); },
      [](Commit& to) { to.awaited.emplace_back(); },
      [](Commit& to) { to.settled.emplace_back(); },
      [](Commit& to) { to.revocation_secrets.emplace_back(); },
      [](Commit& to) { to.outbox.emplace_back(); },
      [](Commit& to) { to.publication_choices.emplace_back(); }};
  for (std::size_t at = 0; at < additions.size(); ++at) {
    auto commit = events;
    additions[at](commit);
    EXPECT_FALSE(holds_only_events(commit)) << at;
  }
}

}  // namespace
}  // namespace signet::store
