#pragma once

#include "adapters/postgres/statement.h"

/// What is asked and kept of requests that are under way (challenges, what waits for an agent, what
/// waits to be confirmed), and of the secrets by which certificates are revoked.
namespace signet::postgres::queries {

// What a batch reads first, locked in the order of its keys until the transaction ends.
inline constexpr Statement kLockChallenges{
    "lock_challenges",
    "SELECT id, state, wrong_answers FROM pending_challenge WHERE id = ANY($1::BYTEA[]) "
    "ORDER BY id FOR UPDATE"};
inline constexpr Statement kLockPending{
    "lock_pending",
    "SELECT id FROM pending_request WHERE id = ANY($1::BYTEA[]) AND state = 0 "
    "ORDER BY id FOR UPDATE"};
inline constexpr Statement kLockAwaited{
    "lock_awaited",
    "SELECT serial_number FROM awaited_confirmation WHERE serial_number = ANY($1::BYTEA[]) "
    "ORDER BY serial_number FOR UPDATE"};

// What a batch adds and changes.
inline constexpr Statement kAddChallenges{
    "add_challenges",
    "INSERT INTO pending_challenge (id, requester_hash, req_sequence, sealed_seed, profile_id, "
    "transaction_id, form, created_at, expires_at, state, wrong_answers) "
    "SELECT * FROM unnest($1::BYTEA[], $2::BYTEA[], $3::BYTEA[], $4::BYTEA[], $5::BYTEA[], "
    "$6::BYTEA[], $7::BIGINT[], $8::BIGINT[], $9::BIGINT[], $10::BIGINT[], $11::BIGINT[]) "
    "AS added ON CONFLICT DO NOTHING"};
inline constexpr Statement kChangeChallenges{
    "change_challenges",
    "UPDATE pending_challenge SET state = changed.state, wrong_answers = changed.wrong_answers "
    "FROM unnest($1::BYTEA[], $2::BIGINT[], $3::BIGINT[]) AS changed (id, state, wrong_answers) "
    "WHERE pending_challenge.id = changed.id"};
// A few at a time for each of those that are added, $3: nobody waits for a great sweep, and what
// another node sweeps is left to it.
inline constexpr Statement kForgetChallenges{
    "forget_challenges",
    "DELETE FROM pending_challenge WHERE id IN (SELECT id FROM pending_challenge "
    "AS challenge WHERE expires_at < $1 AND id <> ALL($3::BYTEA[]) AND NOT EXISTS (SELECT 1 FROM "
    "pending_request AS request "
    "WHERE request.requester_hash = challenge.requester_hash AND "
    "request.transaction_id = challenge.transaction_id AND request.state = 0) "
    "ORDER BY expires_at LIMIT $2 FOR UPDATE OF challenge SKIP LOCKED)"};
#define SIGNET_PENDING_COLUMNS_WITH(message)                                   \
  "id, requester_hash, transaction_id, " message                               \
  ", tls_client_certificate, client_address, profile_id, requester, subject, " \
  "created_at, expires_at, state, decided_at, decided_by, note, serial_numbers"
#define SIGNET_PENDING_COLUMNS SIGNET_PENDING_COLUMNS_WITH("message")
inline constexpr Statement kAddPending{
    "add_pending",
    "INSERT INTO pending_request (" SIGNET_PENDING_COLUMNS
    ") SELECT * FROM unnest($1::BYTEA[], $2::BYTEA[], $3::BYTEA[], $4::BYTEA[], $5::BYTEA[], "
    "$6::BYTEA[], $7::BYTEA[], $8::BYTEA[], $9::BYTEA[], $10::BIGINT[], $11::BIGINT[], "
    "$12::BIGINT[], $13::BIGINT[], $14::BYTEA[], $15::BYTEA[], $16::BYTEA[]) AS added "
    "ON CONFLICT DO NOTHING"};
inline constexpr Statement kDecidePending{
    "decide_pending",
    "UPDATE pending_request SET state = $2, decided_at = $3, decided_by = $4, note = $5, "
    "serial_numbers = $6 WHERE id = $1 AND state = 0"};
inline constexpr Statement kAddAwaited{
    "add_awaited",
    "INSERT INTO awaited_confirmation (serial_number, requester_hash, transaction_id, until) "
    "SELECT * FROM unnest($1::BYTEA[], $2::BYTEA[], $3::BYTEA[], $4::BIGINT[]) AS added "
    "ON CONFLICT DO NOTHING"};
inline constexpr Statement kSettle{"settle",
                                   "DELETE FROM awaited_confirmation WHERE serial_number = $1"};
inline constexpr Statement kPutRevocationSecrets{
    "put_revocation_secrets",
    "INSERT INTO revocation_secret (serial_number, verifier) "
    "SELECT * FROM unnest($1::BYTEA[], $2::BYTEA[]) AS added "
    "ON CONFLICT (serial_number) DO UPDATE SET verifier = excluded.verifier"};

/// Only of a certificate that is there.
inline constexpr Statement kPutSecretOfCertificate{
    "put_secret_of_certificate",
    "INSERT INTO revocation_secret (serial_number, verifier) "
    "SELECT serial_number, $2::BYTEA FROM certificate WHERE serial_number = $1 "
    "ON CONFLICT (serial_number) DO UPDATE SET verifier = excluded.verifier"};

// Questions.
#define SIGNET_SELECT_CHALLENGE                                                              \
  "SELECT id, requester_hash, req_sequence, sealed_seed, profile_id, transaction_id, form, " \
  "created_at, expires_at, state, wrong_answers FROM pending_challenge "
inline constexpr Statement kFindChallenge{"find_challenge",
                                          SIGNET_SELECT_CHALLENGE "WHERE id = $1"};
inline constexpr Statement kOpenChallenges{
    "open_challenges", SIGNET_SELECT_CHALLENGE
    "WHERE requester_hash = $1 AND transaction_id = $2 AND state = 0 "
    "ORDER BY expires_at DESC LIMIT $3"};
#undef SIGNET_SELECT_CHALLENGE
inline constexpr Statement kFindPending{
    "find_pending", "SELECT " SIGNET_PENDING_COLUMNS " FROM pending_request WHERE id = $1"};
/// Without the messages: a list of a thousand would be as long as they are.
#define SIGNET_LIST_PENDING \
  "SELECT " SIGNET_PENDING_COLUMNS_WITH("''::BYTEA") " FROM pending_request "
#define SIGNET_AFTER \
  "(created_at, id) < (SELECT created_at, id FROM pending_request WHERE id = $1) "
#define SIGNET_NEWEST_FIRST "ORDER BY created_at DESC, id DESC "
inline constexpr Statement kListPendingOfState{"list_pending_of_state", SIGNET_LIST_PENDING
                                               "WHERE state = $1 " SIGNET_NEWEST_FIRST "LIMIT $2"};
inline constexpr Statement kListPendingOfStateAfter{
    "list_pending_of_state_after",
    SIGNET_LIST_PENDING "WHERE " SIGNET_AFTER "AND state = $2 " SIGNET_NEWEST_FIRST "LIMIT $3"};
inline constexpr Statement kListPending{"list_pending",
                                        SIGNET_LIST_PENDING SIGNET_NEWEST_FIRST "LIMIT $1"};
inline constexpr Statement kListPendingAfter{
    "list_pending_after", SIGNET_LIST_PENDING "WHERE " SIGNET_AFTER SIGNET_NEWEST_FIRST "LIMIT $2"};
#undef SIGNET_NEWEST_FIRST
#undef SIGNET_AFTER
#undef SIGNET_LIST_PENDING
#undef SIGNET_PENDING_COLUMNS
#undef SIGNET_PENDING_COLUMNS_WITH
#define SIGNET_WAITING " WHERE requester_hash = $1 AND state = 0 AND expires_at >= $2 "
inline constexpr Statement kCountWaiting{
    "count_waiting",
    "SELECT count(*) FROM (SELECT 1 FROM pending_request" SIGNET_WAITING
    "UNION ALL SELECT 1 FROM pending_challenge" SIGNET_WAITING "LIMIT $3) AS waiting"};
#undef SIGNET_WAITING
#define SIGNET_SELECT_AWAITED \
  "SELECT serial_number, requester_hash, transaction_id, until FROM awaited_confirmation "
inline constexpr Statement kFindAwaited{"find_awaited",
                                        SIGNET_SELECT_AWAITED "WHERE serial_number = $1"};
inline constexpr Statement kAwaitedIn{
    "awaited_in", SIGNET_SELECT_AWAITED
    "WHERE requester_hash = $1 AND transaction_id = $2 ORDER BY serial_number"};
inline constexpr Statement kOverdue{
    "overdue", SIGNET_SELECT_AWAITED "WHERE until < $1 ORDER BY until LIMIT $2"};
#undef SIGNET_SELECT_AWAITED
inline constexpr Statement kFindRevocationSecret{
    "find_revocation_secret", "SELECT verifier FROM revocation_secret WHERE serial_number = $1"};

}  // namespace signet::postgres::queries
