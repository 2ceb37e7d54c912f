#include "adapters/postgres/writes.h"

#include "adapters/postgres/queries.h"
#include "adapters/postgres/rows.h"
#include "store/engine_rules.h"

namespace signet::postgres {
namespace {

template <typename... Values>
Parameters values(const Values&... each) {
  Parameters parameters;
  (parameters.with(each), ...);
  return parameters;
}

}  // namespace

void Writes::may(const Statement& statement, Parameters parameters) {
  pipeline_.add(statement, std::move(parameters));
  must_touch_.push_back(false);
}

void Writes::must(const Statement& statement, Parameters parameters) {
  pipeline_.add(statement, std::move(parameters));
  must_touch_.push_back(true);
}

Result<Writes::Outcome> Writes::run(Connection& connection) {
  const auto answers = TRY(connection.run(pipeline_));
  for (std::size_t at = 0; at < answers.size(); ++at) {
    if (must_touch_[at] && answers[at].touched() != 1) return Outcome::overtaken;
  }
  return Outcome::made;
}

void Writes::add(const store::Commit& commit, Conditions& conditions) {
  for (const auto& intent : commit.intents) must(queries::kAddIntent, parameters_of(intent));
  for (const auto& certificate : commit.certificates) add(certificate, conditions);
  if (commit.answered) must(queries::kAddAnswered, parameters_of(*commit.answered));
  if (commit.token_use) add(*commit.token_use, conditions);
  if (const auto& failure = commit.token_failure) {
    may(queries::kCountTokenFailure, values(failure->token_id, failure->at));
  }
  if (commit.challenge) add(*commit.challenge);
  if (commit.challenge_change) add(*commit.challenge_change, conditions);
  for (const auto& change : commit.status_changes) {
    add(change, conditions.shard(change.serial_number));
  }
  if (commit.crl) add(*commit.crl, conditions);
  add_life(commit, conditions);
}

void Writes::add(const store::CertificateRecord& certificate, Conditions& conditions) {
  if (certificate.status != store::CertificateStatus::valid) {
    may(queries::kCountChange, values(std::int64_t{certificate.crl_shard}));
  }
  const Place place{.kept_order = conditions.next_order(),
                    .key_ordinal = conditions.next_key_ordinal(certificate.key_hash)};
  must(queries::kAddCertificate, parameters_of(certificate, place));
}

void Writes::add(const store::TokenUse& use, const Conditions& conditions) {
  must(queries::kCountTokenUse, values(use.token_id, conditions.uses(use.token_id)));
}

void Writes::add(const store::PendingChallenge& challenge) {
  may(queries::kForgetChallenges, values(challenge.created_at - store::kChallengeKept));
  must(queries::kAddChallenge, parameters_of(challenge));
}

void Writes::add(const store::ChallengeChange& change, const Conditions& conditions) {
  const auto* const standing = conditions.challenge(change.id);
  if (standing == nullptr) return;
  auto changed = *standing;
  store::change_challenge(changed, change);
  const auto parameters = values(change.id, static_cast<std::int64_t>(changed.state),
                                 static_cast<std::int64_t>(changed.wrong_answers));
  if (change.event == store::ChallengeEvent::answered) {
    return must(queries::kChangeChallenge, parameters);
  }
  // The row is locked since it was read; it can only be gone by a sweep of this very batch, and
  // then there is nothing left to withdraw.
  may(queries::kChangeChallenge, parameters);
}

void Writes::add(const store::StatusChange& change, std::uint32_t shard) {
  store::CertificateRecord record;
  store::set_status(record, change);
  may(queries::kCountChange, values(std::int64_t{shard}));
  must(queries::kChangeStatus,
       values(change.serial_number.octets, static_cast<std::int64_t>(record.status),
              record.revoked_at, std::int64_t{record.revocation_reason}, record.invalidity_date));
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

void Writes::add_life(const store::Commit& commit, Conditions& conditions) {
  if (commit.pending) {
    must(queries::kAddPending, parameters_of(*commit.pending));
  }
  if (commit.pending_decision) {
    must(queries::kDecidePending, parameters_of(*commit.pending_decision));
  }
  for (const auto& awaited : commit.awaited) must(queries::kAddAwaited, parameters_of(awaited));
  for (const auto& serial : commit.settled) must(queries::kSettle, values(serial.octets));
  for (const auto& secret : commit.revocation_secrets) {
    may(queries::kPutRevocationSecret, parameters_of(secret));
  }
}

}  // namespace signet::postgres
