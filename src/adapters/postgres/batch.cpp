#include "adapters/postgres/batch.h"

#include <algorithm>

#include "adapters/postgres/conditions.h"
#include "adapters/postgres/writes.h"

namespace signet::postgres {
namespace {

Error another_try() {
  return {Fault::storage_failed,
          "another try follows: another node was in the way, or the "
          "database's connection was lost"};
}

}  // namespace

bool BatchWork::only_tells() const {
  return std::all_of(batch_.begin(), batch_.end(),
                     [](const auto* commit) { return store::holds_only_events(*commit); });
}

Result<void> BatchWork::tell() {
  outcomes_.assign(batch_.size(), {});
  return journal_.append(batch_, outcomes_);
}

Result<Writer::Wish> BatchWork::run(Connection& connection) {
  TRY(journal_.abandon(another_try()));
  auto conditions = TRY(Conditions::read(connection, batch_));
  outcomes_.assign(batch_.size(), {});
  Writes writes;
  for (std::size_t at = 0; at < batch_.size(); ++at) {
    outcomes_[at].conflict = conditions.conflict(*batch_[at]);
    if (outcomes_[at].conflict) continue;
    writes.add(*batch_[at], conditions);
    conditions.add(*batch_[at]);
  }
  // The mark of the batch is written behind all that was on record, and reaches a standby after it.
  const bool tells = std::any_of(batch_.begin(), batch_.end(),
                                 [](const auto* commit) { return commit->tells_of_record; });
  const auto wish = writes.empty() && !tells ? Writer::Wish::nothing : Writer::Wish::keep;
  if (TRY(std::move(writes).run(connection)) == Writes::Outcome::overtaken) {
    return Writer::Wish::again;
  }
  TRY(journal_.append(batch_, outcomes_));
  return wish;
}

std::vector<store::CommitOutcome> BatchWork::fail(const Error& why) {
  const bool in_doubt = why.fault == Fault::in_doubt;
  static_cast<void>(in_doubt ? journal_.doubt(why) : journal_.abandon(why));
  return {batch_.size(), store::CommitOutcome::failure(why)};
}

}  // namespace signet::postgres
