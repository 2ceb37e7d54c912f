#include "adapters/postgres/condition_reading.h"

#include <set>

#include "adapters/postgres/life_queries.h"
#include "adapters/postgres/queries.h"
#include "adapters/postgres/rows.h"
#include "adapters/postgres/subject_queries.h"
#include "crypto/digest.h"
#include "store/columns.h"

namespace signet::postgres {
namespace {

using store::Commit;

store::Integer integer_at(const Row& row, int column) {
  return {.octets = to_bytes(row.octets(column))};
}

}  // namespace

template <typename Collect>
ConditionReading::Asked ConditionReading::all(Collect collect) const {
  Asked asked;
  for (const auto* commit : batch_) collect(*commit, asked);
  return asked;
}

ConditionReading::ConditionReading(Batch batch) : batch_(batch) {
  pipeline_.add(queries::kOrder);
  takes_.emplace_back([this](const Row& row) -> Result<void> {
    found_.next_order_ = row.number(0);
    return {};
  });
  ask_for_subjects();
  ask_for_requests();
  ask_for_serials();
  ask_for_keys();
  ask_for_tokens();
  ask_for_challenges();
  ask_for_statuses();
  ask_for_life();
}

Result<Conditions> ConditionReading::run(Connection& connection) {
  const auto answers = TRY(connection.run(pipeline_));
  for (std::size_t at = 0; at < answers.size(); ++at) {
    for (int row = 0; row < answers[at].size(); ++row) TRY(takes_[at](answers[at][row]));
  }
  return std::move(found_);
}

void ConditionReading::ask(const Statement& statement, const Asked& asked, Take take) {
  if (asked.empty()) return;
  Parameters parameters;
  parameters.with_all(asked);
  pipeline_.add(statement, std::move(parameters));
  takes_.push_back(std::move(take));
}

/// First of all: what another node keeps while this one waits for its subjects is seen by all
/// questions behind that. Who waits for a subject holds nothing yet that anybody waits for but
/// subjects, in their order.
void ConditionReading::ask_for_subjects() {
  std::set<Bytes> held;
  std::vector<Bytes> marks;
  for (const auto* commit : batch_) {
    for (const auto& condition : commit->subjects) {
      if (!found_.subjects_.emplace(condition.subject_der, 0).second) continue;
      held.insert(crypto::sha256(condition.subject_der));
      marks.push_back(store::subject_mark(condition.subject_der));
    }
  }
  if (held.empty()) return;
  const Asked hashes(held.begin(), held.end());
  const auto nothing = [](const Row&) -> Result<void> { return {}; };
  ask(queries::kHoldSubjects, hashes, nothing);
  ask(queries::kLetSerialsGo, hashes, nothing);
  Asked subjects;
  for (const auto& [subject_der, certificates] : found_.subjects_) {
    subjects.emplace_back(subject_der);
  }
  Parameters both;
  both.with_all(Asked(marks.begin(), marks.end())).with_all(subjects);
  pipeline_.add(queries::kCountBySubject, std::move(both));
  takes_.emplace_back([this](const Row& row) -> Result<void> {
    found_.subjects_[to_bytes(row.octets(0))] = static_cast<std::size_t>(row.number(1));
    return {};
  });
}

void ConditionReading::ask_for_requests() {
  const auto digests = all([](const Commit& commit, Asked& asked) {
    if (commit.answered) asked.emplace_back(commit.answered->request_digest);
  });
  ask(queries::kRequestsAnswered, digests, [this](const Row& row) -> Result<void> {
    found_.answered_.insert(to_bytes(row.octets(0)));
    return {};
  });
  const auto has_nonce = [](const Commit& commit) {
    return commit.answered && !commit.answered->sender_nonce.empty();
  };
  Parameters pairs;
  const auto nonces = all([&](const Commit& commit, Asked& asked) {
    if (has_nonce(commit)) asked.emplace_back(commit.answered->sender_nonce);
  });
  pairs.with_all(all([&](const Commit& commit, Asked& asked) {
    if (has_nonce(commit)) asked.emplace_back(commit.answered->requester_hash);
  }));
  if (nonces.empty()) return;
  pipeline_.add(queries::kNoncesSeen, std::move(pairs.with_all(nonces)));
  takes_.emplace_back([this](const Row& row) -> Result<void> {
    found_.nonces_.emplace(to_bytes(row.octets(0)), to_bytes(row.octets(1)));
    return {};
  });
}

void ConditionReading::ask_for_serials() {
  const auto serials = all([](const Commit& commit, Asked& asked) {
    for (const auto& intent : commit.intents) asked.emplace_back(intent.serial_number.octets);
    for (const auto& each : commit.certificates) asked.emplace_back(each.serial_number.octets);
  });
  ask(queries::kCertificatesExist, serials, [this](const Row& row) -> Result<void> {
    found_.certificates_.insert(integer_at(row, 0));
    return {};
  });
  ask(queries::kIntendedDigests, serials, [this](const Row& row) -> Result<void> {
    found_.intended_[integer_at(row, 0)] = to_bytes(row.octets(1));
    return {};
  });
}

void ConditionReading::ask_for_keys() {
  const auto keys = all([](const Commit& commit, Asked& asked) {
    for (const auto& key : commit.keys) asked.emplace_back(key.key_hash);
    for (const auto& certificate : commit.certificates) asked.emplace_back(certificate.key_hash);
  });
  ask(queries::kCountByKey, keys, [this](const Row& row) -> Result<void> {
    found_.keys_[to_bytes(row.octets(0))] = {static_cast<std::size_t>(row.number(1)),
                                             row.number(2) + 1};
    return {};
  });
}

void ConditionReading::ask_for_tokens() {
  const auto used = all([](const Commit& commit, Asked& asked) {
    if (commit.token_use) asked.emplace_back(commit.token_use->token_id);
  });
  ask(queries::kLockTokens, used, [this](const Row& row) -> Result<void> {
    if (!row.is_null(1)) found_.revoked_tokens_.insert(to_bytes(row.octets(0)));
    return {};
  });
  const auto changed = all([](const Commit& commit, Asked& asked) {
    if (commit.token_use) asked.emplace_back(commit.token_use->token_id);
    if (commit.token_failure) asked.emplace_back(commit.token_failure->token_id);
  });
  ask(queries::kLockHistories, changed, [this](const Row& row) -> Result<void> {
    const auto id = to_bytes(row.octets(4));
    found_.histories_[id] = TRY(store::read_history(row));
    found_.locked_histories_.insert(id);
    return {};
  });
}

void ConditionReading::ask_for_challenges() {
  const auto changed = all([](const Commit& commit, Asked& asked) {
    if (commit.challenge_change) asked.emplace_back(commit.challenge_change->id);
  });
  ask(queries::kLockChallenges, changed, [this](const Row& row) -> Result<void> {
    auto& challenge = found_.challenges_[to_bytes(row.octets(0))];
    challenge.state = TRY(store::to_challenge_state(row.number(1)));
    challenge.wrong_answers = static_cast<std::size_t>(row.number(2));
    return {};
  });
}

void ConditionReading::ask_for_statuses() {
  const auto changed = all([](const Commit& commit, Asked& asked) {
    for (const auto& each : commit.status_changes) asked.emplace_back(each.serial_number.octets);
  });
  ask(queries::kLockCertificates, changed, [this](const Row& row) -> Result<void> {
    found_.statuses_[integer_at(row, 0)] = {TRY(store::to_status(row.number(1))),
                                            static_cast<std::uint32_t>(row.number(2))};
    return {};
  });
  std::vector<std::int64_t> shards;
  for (const auto* commit : batch_) {
    if (commit->crl) shards.push_back(commit->crl->shard);
  }
  if (changed.empty() && shards.empty()) return;
  Parameters parameters;
  parameters.with_all(changed).with_all(shards);
  pipeline_.add(queries::kLockShards, std::move(parameters));
  takes_.emplace_back([this](const Row& row) -> Result<void> {
    found_.crl_numbers_[static_cast<std::uint32_t>(row.number(0))] =
        static_cast<std::uint64_t>(row.number(1));
    return {};
  });
}

void ConditionReading::ask_for_life() {
  const auto decided = all([](const Commit& commit, Asked& asked) {
    if (commit.pending_decision) asked.emplace_back(commit.pending_decision->id);
  });
  ask(queries::kLockPending, decided, [this](const Row& row) -> Result<void> {
    found_.open_requests_.insert(to_bytes(row.octets(0)));
    return {};
  });
  const auto settled = all([](const Commit& commit, Asked& asked) {
    for (const auto& serial : commit.settled) asked.emplace_back(serial.octets);
  });
  ask(queries::kLockAwaited, settled, [this](const Row& row) -> Result<void> {
    found_.awaited_.insert(integer_at(row, 0));
    return {};
  });
}

Result<Conditions> Conditions::read(Connection& connection, Batch batch) {
  return ConditionReading(batch).run(connection);
}

}  // namespace signet::postgres
