#include "adapters/postgres/writes.h"

#include <algorithm>
#include <iterator>

#include "adapters/postgres/life_queries.h"
#include "adapters/postgres/queries.h"
#include "adapters/postgres/rows.h"
#include "base/check.h"
#include "store/engine_rules.h"

namespace signet::postgres {
namespace {

constexpr std::int64_t kForgottenWithEach = 8;

template <typename... Parts>
Bytes joined(const Parts&... parts) {
  Bytes all;
  (all.insert(all.end(), parts.begin(), parts.end()), ...);
  return all;
}

void add_array(Parameters& parameters, const std::vector<Bytes>& octets) {
  parameters.with_all(std::vector<ByteView>(octets.begin(), octets.end()));
}

Parameters array_of(const std::vector<Bytes>& octets) {
  Parameters parameters;
  add_array(parameters, octets);
  return parameters;
}

}  // namespace

/// In the order in which all nodes add.
Writes::Writes()
    : blocks_{{&queries::kAddIntents, Demand::every_addition},
              {&queries::kAddCertificates, Demand::every_addition},
              {&queries::kAddAnswered, Demand::every_addition},
              {&queries::kAddHistories, Demand::every_row},
              {&queries::kChangeHistories, Demand::every_row},
              {&queries::kAddChallenges, Demand::every_addition},
              {&queries::kChangeChallenges, Demand::every_row},
              {&queries::kAddPending, Demand::every_addition},
              {&queries::kAddAwaited, Demand::every_addition},
              {&queries::kPutRevocationSecrets, Demand::none},
              {&queries::kAddPublications, Demand::every_row},
              {&queries::kPutPublicationChoices, Demand::none}} {}

bool Writes::empty() const {
  const auto is_empty = [](const Block& block) { return block.rows.empty(); };
  return changes_.empty() && std::all_of(blocks_.begin(), blocks_.end(), is_empty);
}

Result<Writes::Outcome> Writes::run(Connection& connection) && {
  auto steps = std::move(*this).steps();
  if (steps.empty()) return Outcome::made;
  Pipeline pipeline;
  for (auto& step : steps) pipeline.add(*step.statement, std::move(step.parameters));
  const auto answers = TRY(connection.run(pipeline));
  for (std::size_t at = 0; at < answers.size(); ++at) {
    const auto must_touch = steps[at].must_touch;
    if (must_touch && answers[at].touched() != *must_touch) return Outcome::overtaken;
  }
  return Outcome::made;
}

std::vector<Writes::Step> Writes::steps() && {
  std::vector<Step> steps;
  if (!intended_.empty()) hold_intended(steps);
  if (!pressing_.empty()) steps.push_back(take_reminders(store::OutboxLine::pressing, pressing_));
  if (!unhurried_.empty()) {
    steps.push_back(take_reminders(store::OutboxLine::unhurried, unhurried_));
  }
  for (auto& block : blocks_) {
    if (!block.rows.empty()) steps.push_back(step_of(std::move(block)));
  }
  std::move(changes_.begin(), changes_.end(), std::back_inserter(steps));
  // Last: a challenge may be forgotten by the batch that changes it.
  if (!challenges_.empty()) steps.push_back(sweep());
  if (!certified_.empty()) steps.push_back(look_for_intents());
  return steps;
}

void Writes::hold_intended(std::vector<Step>& steps) const {
  auto serials = intended_;
  std::sort(serials.begin(), serials.end());
  steps.push_back(
      {&queries::kHoldSerials, array_of(serials), static_cast<std::int64_t>(serials.size())});
  steps.push_back({&queries::kLetSerialsGo, array_of(serials)});
}

/// A statement of its own sees what was kept while those before it waited.
Writes::Step Writes::look_for_intents() const {
  return {&queries::kIntendedDigests, array_of(certified_), announced_};
}

Writes::Step Writes::take_reminders(store::OutboxLine line, const std::vector<Bytes>& serials) {
  auto parameters = values(std::int64_t{line == store::OutboxLine::unhurried});
  add_array(parameters, serials);
  return {&queries::kTakePublicationsOf, std::move(parameters)};
}

Writes::Step Writes::sweep() const {
  const auto most = kForgottenWithEach * static_cast<std::int64_t>(challenges_.size());
  auto parameters = values(forgotten_, most);
  add_array(parameters, challenges_);
  return {&queries::kForgetChallenges, std::move(parameters)};
}

Writes::Step Writes::step_of(Block block) {
  std::vector<Parameters> rows;
  for (auto& [key, row] : block.rows) rows.push_back(std::move(row));
  Step step{block.statement, Parameters::columns_of(rows)};
  if (block.demand == Demand::every_row) step.must_touch = static_cast<std::int64_t>(rows.size());
  if (block.demand == Demand::every_addition) step.must_touch = block.added;
  return step;
}

void Writes::add_row(const Statement& statement, Parameters row) {
  auto key = row.values().front().octets.value();
  add_row(statement, std::move(key), std::move(row));
}

void Writes::add_row(const Statement& statement, Bytes place, Parameters row) {
  const auto is_its = [&](const Block& block) { return block.statement == &statement; };
  const auto block = std::find_if(blocks_.begin(), blocks_.end(), is_its);
  CHECK(block != blocks_.end());
  block->rows.insert_or_assign(std::move(place), std::move(row));
  ++block->added;
}

void Writes::may(const Statement& statement, Parameters parameters) {
  changes_.push_back({&statement, std::move(parameters)});
}

void Writes::must(const Statement& statement, Parameters parameters) {
  changes_.push_back({&statement, std::move(parameters), 1});
}

void Writes::add(const store::Commit& commit, Conditions& conditions) {
  for (const auto& intent : commit.intents) add(intent);
  for (const auto& certificate : commit.certificates) add(certificate, conditions);
  look_for_intents_of(commit, conditions);
  if (commit.answered) add(*commit.answered);
  add_histories(commit, conditions);
  if (commit.challenge) add(*commit.challenge);
  if (commit.challenge_change) add(*commit.challenge_change, conditions);
  for (const auto& change : commit.status_changes) {
    add(change, conditions.shard(change.serial_number));
  }
  if (commit.crl) add(*commit.crl, conditions);
  add_life(commit);
  for (const auto& entry : commit.outbox) add(entry, conditions);
  for (const auto& choice : commit.publication_choices) {
    add_row(queries::kPutPublicationChoices, parameters_of(choice));
  }
}

/// One row a certificate and line, the later one's.
void Writes::add(const store::OutboxEntry& entry, Conditions& conditions) {
  const auto& serial = entry.serial_number.octets;
  auto& reminded = entry.line == store::OutboxLine::pressing ? pressing_ : unhurried_;
  reminded.push_back(serial);
  add_row(queries::kAddPublications, joined(Bytes{static_cast<std::uint8_t>(entry.line)}, serial),
          parameters_of(entry, conditions.next_order()));
}

/// By nonce first: two messages of one nonce differ in their digests, but not the other way round.
void Writes::add(const store::AnsweredRequest& request) {
  add_row(queries::kAddAnswered,
          joined(request.requester_hash, request.sender_nonce, request.request_digest),
          parameters_of(request));
}

void Writes::add(const store::IssuanceIntent& intent) {
  add_row(queries::kAddIntents, parameters_of(intent));
  intended_.push_back(intent.serial_number.octets);
}

/// Of which intents are known that announced them; there must be no others.
void Writes::look_for_intents_of(const store::Commit& commit, const Conditions& conditions) {
  for (const auto& certificate : commit.certificates) {
    const auto& serial = certificate.serial_number;
    const auto is_its = [&](const auto& intent) { return intent.serial_number == serial; };
    const bool announced = conditions.has_intent(serial) ||
                           std::any_of(commit.intents.begin(), commit.intents.end(), is_its);
    certified_.push_back(serial.octets);
    announced_ += announced ? 1 : 0;
  }
}

void Writes::add(const store::CertificateRecord& certificate, Conditions& conditions) {
  const Place place{.kept_order = conditions.next_order(),
                    .key_ordinal = conditions.next_key_ordinal(certificate.key_hash)};
  auto row = parameters_of(certificate, place);
  if (certificate.status == store::CertificateStatus::valid) {
    // By key: two nodes are seldom after one serial number.
    return add_row(queries::kAddCertificates,
                   joined(certificate.key_hash, certificate.serial_number.octets), std::move(row));
  }
  // One that another authority revoked: it takes its shard's next number, so it is added by itself.
  may(queries::kCountChange, values(std::int64_t{certificate.crl_shard}));
  must(queries::kAddCertificates, Parameters::columns_of({std::move(row)}));
}

void Writes::add_histories(const store::Commit& commit, const Conditions& conditions) {
  std::map<Bytes, store::TokenHistory> changed;
  const auto history = [&](const Bytes& id) -> store::TokenHistory& {
    return changed.try_emplace(id, conditions.history(id)).first->second;
  };
  if (commit.token_use) store::count_use(history(commit.token_use->token_id));
  if (const auto& failure = commit.token_failure) {
    store::count_failure(history(failure->token_id), *failure);
  }
  for (const auto& [id, after] : changed) {
    const bool is_locked = conditions.had_history(id);
    add_row(is_locked ? queries::kChangeHistories : queries::kAddHistories,
            parameters_of(id, after));
  }
}

void Writes::add(const store::PendingChallenge& challenge) {
  add_row(queries::kAddChallenges, parameters_of(challenge));
  forgotten_ = std::max(forgotten_, challenge.created_at - store::kChallengeKept);
  challenges_.push_back(challenge.id);
}

void Writes::add(const store::ChallengeChange& change, const Conditions& conditions) {
  const auto* const standing = conditions.challenge(change.id);
  if (standing == nullptr) return;
  auto changed = *standing;
  store::change_challenge(changed, change);
  // The row is locked since it was read, or added by this batch.
  add_row(queries::kChangeChallenges, values(change.id, static_cast<std::int64_t>(changed.state),
                                             static_cast<std::int64_t>(changed.wrong_answers)));
}

void Writes::add(const store::StatusChange& change, std::uint32_t shard) {
  store::CertificateRecord record;
  store::set_status(record, change);
  may(queries::kCountChange, values(std::int64_t{shard}));
  must(queries::kChangeStatus,
       values(change.serial_number.octets, static_cast<std::int64_t>(record.status),
              record.revoked_at, static_cast<std::int64_t>(record.revocation_reason),
              record.invalidity_date));
}

void Writes::add(const store::CrlRecord& crl, const Conditions& conditions) {
  const auto latest = conditions.latest_crl_number(crl.shard);
  must(queries::kCountCrl, values(std::int64_t{crl.shard}, static_cast<std::int64_t>(crl.number),
                                  static_cast<std::int64_t>(latest)));
  may(queries::kForgetCrls,
      values(std::int64_t{crl.shard}, std::int64_t{crl.base_number.has_value()},
             static_cast<std::int64_t>(store::kCrlsKept - 1)));
  must(queries::kAddCrl, parameters_of(crl));
}

void Writes::add_life(const store::Commit& commit) {
  if (commit.pending) add_row(queries::kAddPending, parameters_of(*commit.pending));
  if (commit.pending_decision) {
    must(queries::kDecidePending, parameters_of(*commit.pending_decision));
  }
  for (const auto& awaited : commit.awaited) add_row(queries::kAddAwaited, parameters_of(awaited));
  for (const auto& serial : commit.settled) must(queries::kSettle, values(serial.octets));
  for (const auto& secret : commit.revocation_secrets) {
    add_row(queries::kPutRevocationSecrets, parameters_of(secret));
  }
}

}  // namespace signet::postgres
