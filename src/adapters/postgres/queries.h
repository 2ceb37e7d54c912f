#pragma once

#include "adapters/postgres/statement.h"

/// Every statement that runs once a request or more. A test asks PostgreSQL for the plan of each:
/// none may walk through a table.
namespace signet::postgres::queries {

// A batch. What it reads first, each for all of its commits; rows that may be changed are locked,
// in the order of their keys, until the transaction ends.
inline constexpr Statement kBegin{"begin", "BEGIN ISOLATION LEVEL READ COMMITTED"};
inline constexpr Statement kCommit{"commit", "COMMIT"};
/// Microseconds since 1970.
inline constexpr Statement kOrder{
    "kept_order",
    "SELECT CAST(floor(extract(epoch FROM transaction_timestamp()) * 1000000) AS BIGINT)"};
inline constexpr Statement kRequestsAnswered{
    "requests_answered",
    "SELECT request_digest FROM answered_request WHERE request_digest = ANY($1::BYTEA[])"};
inline constexpr Statement kNoncesSeen{
    "nonces_seen",
    "SELECT a.requester_hash, a.sender_nonce FROM answered_request AS a "
    "JOIN unnest($1::BYTEA[], $2::BYTEA[]) AS asked (requester_hash, sender_nonce) "
    "ON a.requester_hash = asked.requester_hash AND a.sender_nonce = asked.sender_nonce"};
inline constexpr Statement kCertificatesExist{
    "certificates_exist",
    "SELECT serial_number FROM certificate WHERE serial_number = ANY($1::BYTEA[])"};
inline constexpr Statement kIntendedDigests{
    "intended_digests",
    "SELECT serial_number, tbs_digest FROM issuance_intent WHERE serial_number = ANY($1::BYTEA[])"};
inline constexpr Statement kCountByKey{
    "count_by_key",
    "SELECT key_hash, count(*), max(key_ordinal) FROM certificate "
    "WHERE key_hash = ANY($1::BYTEA[]) GROUP BY key_hash"};
inline constexpr Statement kLockTokens{
    "lock_tokens",
    "SELECT id, revoked_at FROM shared_token WHERE id = ANY($1::BYTEA[]) ORDER BY id FOR UPDATE"};
inline constexpr Statement kLockHistories{"lock_histories",
                                          "SELECT uses, failures, last_failure_at, "
                                          "identification, token_id FROM "
                                          "token_history WHERE token_id = ANY($1::BYTEA[]) "
                                          "ORDER BY token_id FOR UPDATE"};
inline constexpr Statement kLockCertificates{
    "lock_certificates",
    "SELECT serial_number, status, crl_shard FROM certificate "
    "WHERE serial_number = ANY($1::BYTEA[]) ORDER BY serial_number FOR UPDATE"};
/// Of certificates whose status may change, and of CRLs. The shard of a certificate never changes.
inline constexpr Statement kLockShards{
    "lock_shards",
    "SELECT shard, latest_number FROM crl_shard WHERE shard = ANY($2::BIGINT[]) OR shard IN "
    "(SELECT crl_shard FROM certificate WHERE serial_number = ANY($1::BYTEA[])) "
    "ORDER BY shard FOR UPDATE"};

// What a batch adds and changes. Rows are added together, from an array a column; where one of the
// same key is there already, it is not touched.
#define SIGNET_COLUMNS                                                                         \
  "serial_number, status, issued_at, not_before, not_after, revoked_at, revocation_reason, "   \
  "key_hash, key_ordinal, subject_mark, subject_der, profile_id, requester, certificate_der, " \
  "crl_shard, invalidity_date, kept_order"
inline constexpr Statement kAddCertificates{
    "add_certificates",
    "INSERT INTO certificate (" SIGNET_COLUMNS ", status_change) SELECT " SIGNET_COLUMNS
    ", CASE status WHEN 0 THEN 0 "
    "ELSE (SELECT changes FROM crl_shard WHERE shard = added.crl_shard) END "
    "FROM unnest($1::BYTEA[], $2::BIGINT[], $3::BIGINT[], $4::BIGINT[], $5::BIGINT[], "
    "$6::BIGINT[], $7::BIGINT[], $8::BYTEA[], $9::BIGINT[], $10::BYTEA[], $11::BYTEA[], "
    "$12::BYTEA[], $13::BYTEA[], $14::BYTEA[], $15::BIGINT[], $16::BIGINT[], $17::BIGINT[]) "
    "AS added (" SIGNET_COLUMNS ") ON CONFLICT DO NOTHING"};
#undef SIGNET_COLUMNS
inline constexpr Statement kAddAnswered{
    "add_answered",
    "INSERT INTO answered_request (request_digest, requester_hash, sender_nonce, transaction_id, "
    "serial_numbers, received_at, challenge_id, pending_id) "
    "SELECT * FROM unnest($1::BYTEA[], $2::BYTEA[], $3::BYTEA[], $4::BYTEA[], $5::BYTEA[], "
    "$6::BIGINT[], $7::BYTEA[], $8::BYTEA[]) AS added ON CONFLICT DO NOTHING"};
inline constexpr Statement kAddIntents{
    "add_intents",
    "INSERT INTO issuance_intent (serial_number, tbs_digest, profile_id, at) "
    "SELECT * FROM unnest($1::BYTEA[], $2::BYTEA[], $3::BYTEA[], $4::BIGINT[]) AS added "
    "ON CONFLICT DO NOTHING"};
/// In the way of a certificate of the same serial number that another node adds, until the
/// transaction ends. Taken away again in the same transaction: nobody ever sees them.
inline constexpr Statement kHoldSerials{
    "hold_serials",
    "INSERT INTO certificate (serial_number, status, issued_at, kept_order, not_before, not_after, "
    "revocation_reason, key_hash, key_ordinal, subject_mark, subject_der, profile_id, requester, "
    "certificate_der, crl_shard, status_change) "
    "SELECT serial_number, 0, 0, 0, 0, 0, 0, serial_number, -1, serial_number, blank, blank, "
    "blank, "
    "blank, 0, 0 FROM (SELECT serial_number, CAST('' AS BYTEA) AS blank "
    "FROM unnest($1::BYTEA[]) AS asked (serial_number)) AS held ON CONFLICT DO NOTHING"};
inline constexpr Statement kLetSerialsGo{
    "let_serials_go",
    "DELETE FROM certificate WHERE serial_number = ANY($1::BYTEA[]) AND key_ordinal = -1"};
inline constexpr Statement kCountChange{
    "count_change",
    "INSERT INTO crl_shard (shard, changes, latest_number) VALUES ($1, 1, 0) "
    "ON CONFLICT (shard) DO UPDATE SET changes = crl_shard.changes + 1"};
inline constexpr Statement kChangeStatus{
    "change_status",
    "UPDATE certificate SET status = $2, revoked_at = $3, revocation_reason = $4, "
    "invalidity_date = $5, status_change = "
    "(SELECT changes FROM crl_shard WHERE shard = certificate.crl_shard) WHERE serial_number = $1"};
/// $3: the number that was the latest when the conditions were looked at; 0: there was none.
inline constexpr Statement kCountCrl{
    "count_crl",
    "INSERT INTO crl_shard (shard, changes, latest_number) VALUES ($1, 0, $2) "
    "ON CONFLICT (shard) DO UPDATE SET latest_number = excluded.latest_number "
    "WHERE crl_shard.latest_number = $3"};
inline constexpr Statement kAddCrl{
    "add_crl",
    "INSERT INTO crl (shard, is_delta, number, base_number, last_change, this_update, next_update, "
    "issuing_point, der) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING"};
/// Of the last ones of its kind, as many as $3 stay.
inline constexpr Statement kForgetCrls{
    "forget_crls",
    "DELETE FROM crl WHERE shard = $1 AND is_delta = $2 AND number <= "
    "(SELECT number FROM crl WHERE shard = $1 AND is_delta = $2 "
    "ORDER BY number DESC LIMIT 1 OFFSET $3)"};
inline constexpr Statement kAddHistories{
    "add_histories",
    "INSERT INTO token_history (token_id, uses, failures, last_failure_at, identification) "
    "SELECT * FROM unnest($1::BYTEA[], $2::BIGINT[], $3::BIGINT[], $4::BIGINT[], $5::BYTEA[]) "
    "AS added "
    "ON CONFLICT DO NOTHING"};
inline constexpr Statement kChangeHistories{
    "change_histories",
    "UPDATE token_history SET uses = changed.uses, failures = changed.failures, "
    "last_failure_at = changed.last_failure_at, identification = changed.identification "
    "FROM unnest($1::BYTEA[], $2::BIGINT[], $3::BIGINT[], $4::BIGINT[], $5::BYTEA[]) "
    "AS changed (token_id, uses, failures, last_failure_at, identification) "
    "WHERE token_history.token_id = changed.token_id"};
// Which batches were kept: one row a writer.
inline constexpr Statement kOpenWriter{
    "open_writer",
    "INSERT INTO writer (id, last_batch, opened_at) VALUES "
    "(decode(replace(CAST(gen_random_uuid() AS TEXT), '-', ''), 'hex'), 0, "
    "CAST(extract(epoch FROM now()) AS BIGINT)) RETURNING id"};
inline constexpr Statement kMarkBatch{
    "mark_batch",
    "INSERT INTO writer (id, last_batch, opened_at) "
    "VALUES ($1, $2, CAST(extract(epoch FROM now()) AS BIGINT)) "
    "ON CONFLICT (id) DO UPDATE SET last_batch = excluded.last_batch"};
// As long as a row is held by whoever is about to let it go; then as all sessions (connection.cpp).
inline constexpr Statement kWaitForNobody{"wait_for_nobody", "SET LOCAL lock_timeout = '100ms'"};
inline constexpr Statement kWaitForOthers{"wait_for_others", "SET LOCAL lock_timeout = '15s'"};
/// Waits until a transaction that marks has ended.
inline constexpr Statement kLastBatch{"last_batch",
                                      "SELECT last_batch FROM writer WHERE id = $1 FOR UPDATE"};

// What an administrator adds and changes.
inline constexpr Statement kAddToken{
    "add_token",
    "INSERT INTO shared_token (id, identification, sealed_secret, subject, created_at, expires_at, "
    "uses_allowed, revoked_at, kept_order) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, "
    "CAST(floor(extract(epoch FROM transaction_timestamp()) * 1000000) AS BIGINT)) "
    "ON CONFLICT DO NOTHING"};
inline constexpr Statement kForgetFailures{
    "forget_failures",
    "UPDATE token_history SET failures = 0, last_failure_at = NULL, "
    "identification = CAST('' AS BYTEA) WHERE token_id = $1 AND failures > 0"};
// An engine has no clock: the time is the database's.
inline constexpr Statement kRevokeToken{
    "revoke_token",
    "UPDATE shared_token SET revoked_at = "
    "coalesce(revoked_at, CAST(extract(epoch FROM now()) AS BIGINT)) WHERE id = $1"};

// Questions. Columns of a certificate in the order in which read_certificate wants them.
#define SIGNET_SELECT_CERTIFICATE                                                      \
  "SELECT serial_number, status, issued_at, not_before, not_after, revoked_at, "       \
  "revocation_reason, key_hash, subject_der, profile_id, requester, certificate_der, " \
  "invalidity_date, crl_shard FROM certificate "
#define SIGNET_NEWEST_FIRST " ORDER BY issued_at DESC, kept_order DESC"
inline constexpr Statement kFindBySerial{"find_by_serial",
                                         SIGNET_SELECT_CERTIFICATE "WHERE serial_number = $1"};
inline constexpr Statement kFindBySubject{
    "find_by_subject",
    SIGNET_SELECT_CERTIFICATE "WHERE subject_mark = $1 AND subject_der = $2" SIGNET_NEWEST_FIRST};
inline constexpr Statement kFindSomeBySubject{
    "find_some_by_subject",
    SIGNET_SELECT_CERTIFICATE "WHERE subject_mark = $1 AND subject_der = $2 LIMIT $3"};
inline constexpr Statement kFindByKey{
    "find_by_key", SIGNET_SELECT_CERTIFICATE "WHERE key_hash = $1" SIGNET_NEWEST_FIRST};
inline constexpr Statement kFindByTime{
    "find_by_time", SIGNET_SELECT_CERTIFICATE
    "WHERE issued_at >= $1 AND issued_at < $2" SIGNET_NEWEST_FIRST " LIMIT $3"};
inline constexpr Statement kFindByStatus{
    "find_by_status", SIGNET_SELECT_CERTIFICATE
    "WHERE status = $1 AND issued_at >= $2 AND issued_at < $3" SIGNET_NEWEST_FIRST " LIMIT $4"};
#undef SIGNET_SELECT_CERTIFICATE
#undef SIGNET_NEWEST_FIRST
/// What stands when it begins, for questions that are asked in parts.
inline constexpr Statement kBeginReading{
    "begin_reading", "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"};
/// What CRLs tell of, by an index that holds all of it.
inline constexpr Statement kChanged{
    "changed",
    "SELECT serial_number, status, revoked_at, revocation_reason, invalidity_date, not_after, "
    "status_change FROM certificate WHERE crl_shard = $1 AND status_change > $2 "
    "AND status_change > 0 ORDER BY status_change LIMIT $3"};
inline constexpr Statement kFindCrl{
    "find_crl",
    "SELECT number, this_update, next_update, "
    "CASE $4::BIGINT WHEN 0 THEN CAST('' AS BYTEA) ELSE der END, shard, base_number, last_change, "
    "issuing_point FROM crl WHERE shard = $1 AND is_delta = $2 AND this_update < $3 "
    "ORDER BY number DESC LIMIT 1"};
inline constexpr Statement kHighestShard{"highest_shard",
                                         "SELECT shard FROM crl ORDER BY shard DESC LIMIT 1"};
#define SIGNET_SELECT_ANSWERED                                                            \
  "SELECT request_digest, requester_hash, sender_nonce, transaction_id, serial_numbers, " \
  "received_at, challenge_id, pending_id FROM answered_request "
/// The message itself, and others of its requester with its nonce.
inline constexpr Statement kSeenBefore{
    "seen_before", SIGNET_SELECT_ANSWERED
    "WHERE request_digest = $1 UNION ALL " SIGNET_SELECT_ANSWERED
    "WHERE $3 <> CAST('' AS BYTEA) AND requester_hash = $2 AND sender_nonce = $3 "
    "AND request_digest <> $1"};
#undef SIGNET_SELECT_ANSWERED
#define SIGNET_SELECT_TOKEN                                                     \
  "SELECT id, identification, sealed_secret, subject, created_at, expires_at, " \
  "uses_allowed, revoked_at FROM shared_token "
inline constexpr Statement kFindToken{
    "find_token", SIGNET_SELECT_TOKEN "WHERE identification = $1 AND revoked_at IS NULL"};
/// For an administrator, who wants the whole table.
inline constexpr Statement kListTokens{
    "list_tokens", SIGNET_SELECT_TOKEN "ORDER BY created_at DESC, kept_order DESC"};
#undef SIGNET_SELECT_TOKEN
inline constexpr Statement kTokenHistory{
    "token_history",
    "SELECT uses, failures, last_failure_at, identification FROM token_history "
    "WHERE token_id = $1"};
/// For an administrator, who wants all of them.
inline constexpr Statement kFailedTokens{
    "failed_tokens",
    "SELECT uses, failures, last_failure_at, identification, token_id FROM token_history "
    "WHERE failures >= greatest($1::BIGINT, 1) ORDER BY last_failure_at DESC, token_id"};

// What is still to be told to a directory; the unhurried have their order below zero. Of `wish`
// nobody reads.
inline constexpr Statement kAddPublications{
    "add_publications",
    "INSERT INTO publication (number, kept_order, serial_number, at, wish) "
    "SELECT *, 0 FROM unnest($1::BIGINT[], $2::BIGINT[], $3::BYTEA[], $4::BIGINT[]) "
    "AS added ON CONFLICT DO NOTHING"};
// Before that: of these certificates and this line. What somebody settles just then is left to him,
// so that nobody waits for a row here.
inline constexpr Statement kTakePublicationsOf{
    "take_publications_of",
    "DELETE FROM publication WHERE number = ANY(ARRAY(SELECT number FROM publication "
    "WHERE serial_number = ANY($2::BYTEA[]) AND (kept_order < 0) = ($1::BIGINT = 1) "
    "FOR UPDATE SKIP LOCKED))"};
inline constexpr Statement kPutPublicationChoices{
    "put_publication_choices",
    "INSERT INTO publication_choice (serial_number, withheld) "
    "SELECT * FROM unnest($1::BYTEA[], $2::BIGINT[]) AS added "
    "ON CONFLICT (serial_number) DO UPDATE SET withheld = excluded.withheld"};
inline constexpr Statement kFindPublicationChoice{
    "find_publication_choice", "SELECT withheld FROM publication_choice WHERE serial_number = $1"};
inline constexpr Statement kSettlePublications{
    "settle_publications", "DELETE FROM publication WHERE number = ANY($1::BIGINT[])"};
#define SIGNET_SELECT_PUBLICATION "SELECT serial_number, at, number FROM publication "
inline constexpr Statement kPressingPublications{
    "pressing_publications",
    SIGNET_SELECT_PUBLICATION "WHERE kept_order >= 0 ORDER BY kept_order, number LIMIT $1"};
inline constexpr Statement kUnhurriedPublications{
    "unhurried_publications", SIGNET_SELECT_PUBLICATION
    "WHERE kept_order < 0 ORDER BY kept_order DESC, number DESC LIMIT $1"};
#undef SIGNET_SELECT_PUBLICATION

// Editions of the profiles. One is added behind the newest alone; of two nodes that add the same
// number, the second waits for the first and touches nothing.
inline constexpr Statement kNewestEdition{
    "newest_edition",
    "SELECT number, published_at FROM profile_edition WHERE number > $1 "
    "ORDER BY number DESC LIMIT 1"};
inline constexpr Statement kAddEdition{
    "add_edition",
    "INSERT INTO profile_edition (number, published_at) "
    "SELECT CAST($1 AS BIGINT) + 1, CAST($2 AS BIGINT) "
    "WHERE CAST($1 AS BIGINT) = "
    "coalesce((SELECT number FROM profile_edition ORDER BY number DESC LIMIT 1), 0) "
    "ON CONFLICT DO NOTHING"};
inline constexpr Statement kAddProfileFile{
    "add_profile_file", "INSERT INTO profile_file (edition, name, text) VALUES ($1, $2, $3)"};
inline constexpr Statement kProfileFiles{
    "profile_files", "SELECT name, text FROM profile_file WHERE edition = $1 ORDER BY name"};

// Leases, by the database's clock. Given to who holds it, and to anybody once it ended, or where it
// ends later than one taken now would, since the clock was ahead when it was taken; another holder,
// or the same one after the end, gets the next fence.
#define SIGNET_NOW "CAST(floor(extract(epoch FROM clock_timestamp()) * 1000) AS BIGINT)"
inline constexpr Statement kTellTime{"tell_time", "SELECT " SIGNET_NOW};
inline constexpr Statement kTakeLease{
    "take_lease",
    "INSERT INTO lease (name, holder, fence, ends_at) "
    "VALUES ($1, $2, 1, " SIGNET_NOW
    " + $3) ON CONFLICT (name) DO UPDATE SET "
    "fence = lease.fence + CASE WHEN lease.holder = excluded.holder AND lease.ends_at > " SIGNET_NOW
    " THEN 0 ELSE 1 END, holder = excluded.holder, ends_at = " SIGNET_NOW
    " + $3 "
    "WHERE lease.holder = excluded.holder OR lease.ends_at <= " SIGNET_NOW
    " OR lease.ends_at > " SIGNET_NOW " + $3 RETURNING fence"};
inline constexpr Statement kGiveLeaseBack{
    "give_lease_back", "UPDATE lease SET ends_at = 0 WHERE name = $1 AND holder = $2"};
#undef SIGNET_NOW

}  // namespace signet::postgres::queries
