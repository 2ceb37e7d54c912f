#pragma once

#include <array>
#include <string_view>

/// Every statement that runs once a request or more. A test asks SQLite for the plan of each:
/// none may walk through a table.
namespace signet::sqlite::queries {

// Conditions of a commit.
inline constexpr std::string_view kCertificateExists =
    "SELECT 1 FROM certificate WHERE serial_number = ?";
/// Whether a certificate has the serial number, and what one with it is intended to be.
inline constexpr std::string_view kWhoHasSerial =
    "SELECT EXISTS (SELECT 1 FROM certificate WHERE serial_number = ?1), "
    "(SELECT tbs_digest FROM issuance_intent WHERE serial_number = ?1)";
inline constexpr std::string_view kCountByKey =
    "SELECT count(*) FROM certificate "
    "WHERE substr(key_hash, 1, 8) = substr(?1, 1, 8) AND key_hash = ?1";
inline constexpr std::string_view kCountBySubject =
    "SELECT count(*) FROM certificate WHERE subject_mark = ? AND subject_der = ?";
// An answered request is found by its nonce, best with its requester, or, when it has no nonce, by
// its digest: one index for both, since each is a page touched at random. The expression is the
// index's own. By nonce without requester, all rows of that nonce are looked at.
#define SIGNET_ANSWERED_MARK "coalesce(nullif(sender_nonce, x''), substr(request_digest, 1, 8))"
#define SIGNET_WITH_NONCE                                      \
  "WHERE " SIGNET_ANSWERED_MARK                                \
  " = ?1 AND substr(requester_hash, 1, 8) = substr(?2, 1, 8) " \
  "AND sender_nonce = ?1 AND requester_hash = ?2 LIMIT 1"
#define SIGNET_OF_DIGEST "WHERE " SIGNET_ANSWERED_MARK " = ?2 AND request_digest = ?1 LIMIT 1"
inline constexpr std::string_view kDigestOfNonce =
    "SELECT request_digest FROM answered_request " SIGNET_WITH_NONCE;
inline constexpr std::string_view kRequestAnswered =
    "SELECT 1 FROM answered_request " SIGNET_OF_DIGEST;

inline constexpr std::string_view kTokenRevoked =
    "SELECT 1 FROM shared_token WHERE id = ? AND revoked_at IS NOT NULL";

// What a commit adds and changes.
// The changes of status of a shard are counted: the last one's number is the index's last.
#define SIGNET_NEXT_CHANGE(shard)                                                  \
  "1 + coalesce((SELECT max(other.status_change) FROM certificate AS other WHERE " \
  "other.crl_shard = " shard " AND other.status_change > 0), 0)"
inline constexpr std::string_view kAddCertificate =
    "INSERT INTO certificate (serial_number, status, issued_at, not_before, not_after, revoked_at, "
    "revocation_reason, key_hash, subject_mark, subject_der, profile_id, requester, "
    "certificate_der, crl_shard, invalidity_date, status_change) "
    "VALUES (?, ?2, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?14, ?15, "
    "CASE ?2 WHEN 0 THEN 0 ELSE " SIGNET_NEXT_CHANGE("?14") " END)";
inline constexpr std::string_view kAddAnswered =
    "INSERT INTO answered_request (request_digest, requester_hash, sender_nonce, transaction_id, "
    "serial_numbers, received_at, challenge_id, pending_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
inline constexpr std::string_view kAddIntent =
    "INSERT INTO issuance_intent (serial_number, tbs_digest, profile_id, at) VALUES (?, ?, ?, ?)";
inline constexpr std::string_view kChangeStatus =
    "UPDATE certificate SET status = ?, revoked_at = ?, revocation_reason = ?, "
    "invalidity_date = ?, status_change = " SIGNET_NEXT_CHANGE(
        "certificate.crl_shard") " WHERE serial_number = ?";
#undef SIGNET_NEXT_CHANGE
inline constexpr std::string_view kHasStatus =
    "SELECT 1 FROM certificate WHERE serial_number = ? AND status = ?";
inline constexpr std::string_view kLatestCrlNumber =
    "SELECT number FROM crl WHERE shard = ? ORDER BY number DESC LIMIT 1";
inline constexpr std::string_view kAddCrl =
    "INSERT INTO crl (shard, number, base_number, last_change, this_update, next_update, "
    "issuing_point, der) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
/// Of the last ones of its kind, as many as ?3 stay.
inline constexpr std::string_view kForgetCrls =
    "DELETE FROM crl WHERE shard = ?1 AND (base_number IS NOT NULL) = ?2 AND number <= "
    "(SELECT number FROM crl WHERE shard = ?1 AND (base_number IS NOT NULL) = ?2 "
    "ORDER BY number DESC LIMIT 1 OFFSET ?3)";

inline constexpr std::string_view kCountTokenUse =
    "INSERT INTO token_history (token_id, uses, failures) VALUES (?, 1, 0) "
    "ON CONFLICT (token_id) DO UPDATE SET uses = uses + 1, failures = 0, last_failure_at = NULL, "
    "identification = ''";
inline constexpr std::string_view kCountTokenFailure =
    "INSERT INTO token_history (token_id, uses, failures, last_failure_at, identification) "
    "VALUES (?, 0, 1, ?, ?) ON CONFLICT (token_id) "
    "DO UPDATE SET failures = failures + 1, last_failure_at = excluded.last_failure_at, "
    "identification = excluded.identification";
inline constexpr std::string_view kForgetFailures =
    "UPDATE token_history SET failures = 0, last_failure_at = NULL, identification = '' "
    "WHERE token_id = ? AND failures > 0";

inline constexpr std::string_view kAddChallenge =
    "INSERT INTO pending_challenge (id, requester_hash, req_sequence, sealed_seed, profile_id, "
    "transaction_id, form, created_at, expires_at, state, wrong_answers) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
inline constexpr std::string_view kChangeChallenge =
    "UPDATE pending_challenge SET state = ?, wrong_answers = ? WHERE id = ?";
// A few at a time, with each one that is added: nobody waits for a great sweep. Not those whose
// request waits for an agent.
inline constexpr std::string_view kForgetChallenges =
    "DELETE FROM pending_challenge WHERE row IN "
    "(SELECT row FROM pending_challenge AS challenge WHERE expires_at < ? AND NOT EXISTS "
    "(SELECT 1 FROM pending_request AS request WHERE "
    "request.requester_hash = challenge.requester_hash AND "
    "request.transaction_id = challenge.transaction_id AND request.state = 0) "
    "ORDER BY expires_at LIMIT 8)";

// What an administrator adds and changes.
inline constexpr std::string_view kTokenTaken =
    "SELECT 1 FROM shared_token WHERE id = ? "
    "UNION ALL SELECT 1 FROM shared_token WHERE identification = ? AND revoked_at IS NULL";
inline constexpr std::string_view kAddToken =
    "INSERT INTO shared_token (id, identification, sealed_secret, subject, created_at, expires_at, "
    "uses_allowed, revoked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
// An engine has no clock: the time is the administrator's machine's.
inline constexpr std::string_view kRevokeToken =
    "UPDATE shared_token SET revoked_at = coalesce(revoked_at, unixepoch()) WHERE id = ?";

// Questions. Columns of a certificate in the order in which read_certificate wants them.
#define SIGNET_SELECT_CERTIFICATE                                                      \
  "SELECT serial_number, status, issued_at, not_before, not_after, revoked_at, "       \
  "revocation_reason, key_hash, subject_der, profile_id, requester, certificate_der, " \
  "invalidity_date, crl_shard "                                                        \
  "FROM certificate "
#define SIGNET_NEWEST_FIRST " ORDER BY issued_at DESC, id DESC"
inline constexpr std::string_view kFindBySerial =
    SIGNET_SELECT_CERTIFICATE "WHERE serial_number = ?";
inline constexpr std::string_view kFindBySubject =
    SIGNET_SELECT_CERTIFICATE "WHERE subject_mark = ? AND subject_der = ?" SIGNET_NEWEST_FIRST;
inline constexpr std::string_view kFindSomeBySubject =
    SIGNET_SELECT_CERTIFICATE "WHERE subject_mark = ? AND subject_der = ? LIMIT ?";
/// In the index's own order, the last recorded first: to sort what is nearly always nothing would
/// cost as much as to look it up.
inline constexpr std::string_view kFindByKey = SIGNET_SELECT_CERTIFICATE
    "WHERE substr(key_hash, 1, 8) = substr(?1, 1, 8) AND key_hash = ?1 ORDER BY id DESC";
inline constexpr std::string_view kFindByTime = SIGNET_SELECT_CERTIFICATE
    "WHERE issued_at >= ? AND issued_at < ?" SIGNET_NEWEST_FIRST " LIMIT ?";
inline constexpr std::string_view kFindByStatus = SIGNET_SELECT_CERTIFICATE
    "WHERE status = ? AND issued_at >= ? AND issued_at < ?" SIGNET_NEWEST_FIRST " LIMIT ?";
#undef SIGNET_SELECT_CERTIFICATE
#undef SIGNET_NEWEST_FIRST
/// What CRLs tell of, by an index that holds all of it.
inline constexpr std::string_view kChanged =
    "SELECT serial_number, status, revoked_at, revocation_reason, invalidity_date, not_after, "
    "status_change FROM certificate "
    "WHERE crl_shard = ?1 AND status_change > ?2 AND status_change > 0 ORDER BY status_change";
inline constexpr std::string_view kFindCrl =
    "SELECT number, this_update, next_update, CASE ?4 WHEN 0 THEN x'' ELSE der END, shard, "
    "base_number, last_change, issuing_point FROM crl WHERE shard = ?1 AND (base_number IS NOT "
    "NULL) = ?2 "
    "AND this_update < ?3 ORDER BY number DESC LIMIT 1";
inline constexpr std::string_view kHighestShard = "SELECT max(shard) FROM crl";
#define SIGNET_SELECT_ANSWERED                                                            \
  "SELECT request_digest, requester_hash, sender_nonce, transaction_id, serial_numbers, " \
  "received_at, challenge_id, pending_id FROM answered_request "
inline constexpr std::string_view kFindWithoutNonce = SIGNET_SELECT_ANSWERED SIGNET_OF_DIGEST;
inline constexpr std::string_view kFindWithNonce = SIGNET_SELECT_ANSWERED SIGNET_WITH_NONCE;
#undef SIGNET_OF_DIGEST
#undef SIGNET_WITH_NONCE
#undef SIGNET_ANSWERED_MARK
#undef SIGNET_SELECT_ANSWERED

#define SIGNET_SELECT_TOKEN                                                     \
  "SELECT id, identification, sealed_secret, subject, created_at, expires_at, " \
  "uses_allowed, revoked_at FROM shared_token "
inline constexpr std::string_view kFindToken =
    SIGNET_SELECT_TOKEN "WHERE identification = ? AND revoked_at IS NULL";
/// For an administrator, who wants the whole table.
inline constexpr std::string_view kListTokens =
    SIGNET_SELECT_TOKEN "ORDER BY created_at DESC, row DESC";
#undef SIGNET_SELECT_TOKEN
#define SIGNET_SELECT_CHALLENGE                                                              \
  "SELECT id, requester_hash, req_sequence, sealed_seed, profile_id, transaction_id, form, " \
  "created_at, expires_at, state, wrong_answers FROM pending_challenge "
inline constexpr std::string_view kFindChallenge = SIGNET_SELECT_CHALLENGE "WHERE id = ?";
inline constexpr std::string_view kOpenChallenges = SIGNET_SELECT_CHALLENGE
    "WHERE requester_hash = ? AND transaction_id = ? AND state = 0 "
    "ORDER BY expires_at DESC LIMIT ?";
#undef SIGNET_SELECT_CHALLENGE
inline constexpr std::string_view kTokenHistory =
    "SELECT uses, failures, last_failure_at, identification FROM token_history WHERE token_id = ?";
/// For an administrator, who wants all of them.
inline constexpr std::string_view kFailedTokens =
    "SELECT uses, failures, last_failure_at, identification, token_id FROM token_history "
    "WHERE failures >= max(?, 1) ORDER BY last_failure_at DESC, token_id";

// What waits, and secrets for revocation. Columns in the order of life_rows.cpp.
#define SIGNET_PENDING_COLUMNS_WITH(message)                                   \
  "id, requester_hash, transaction_id, " message                               \
  ", tls_client_certificate, client_address, profile_id, requester, subject, " \
  "created_at, expires_at, state, decided_at, decided_by, note, serial_numbers"
#define SIGNET_PENDING_COLUMNS SIGNET_PENDING_COLUMNS_WITH("message")
inline constexpr std::string_view kAddPending =
    "INSERT INTO pending_request (" SIGNET_PENDING_COLUMNS
    ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
inline constexpr std::string_view kDecidePending =
    "UPDATE pending_request SET state = ?, decided_at = ?, decided_by = ?, note = ?, "
    "serial_numbers = ? WHERE id = ?";
inline constexpr std::string_view kPendingOpen =
    "SELECT 1 FROM pending_request WHERE id = ? AND state = 0";
inline constexpr std::string_view kFindPending =
    "SELECT " SIGNET_PENDING_COLUMNS " FROM pending_request WHERE id = ?";
/// Without the messages: a list of a thousand would be as long as they are.
#define SIGNET_LIST_PENDING "SELECT " SIGNET_PENDING_COLUMNS_WITH("x''") " FROM pending_request "
#define SIGNET_AFTER "(created_at, id) < (SELECT created_at, id FROM pending_request WHERE id = ?) "
#define SIGNET_NEWEST_FIRST "ORDER BY created_at DESC, id DESC LIMIT ?"
inline constexpr std::string_view kListPendingOfState =
    SIGNET_LIST_PENDING "WHERE state = ? " SIGNET_NEWEST_FIRST;
inline constexpr std::string_view kListPendingOfStateAfter =
    SIGNET_LIST_PENDING "WHERE state = ? AND " SIGNET_AFTER SIGNET_NEWEST_FIRST;
inline constexpr std::string_view kListPendingAfter =
    SIGNET_LIST_PENDING "WHERE " SIGNET_AFTER SIGNET_NEWEST_FIRST;
/// For a person who wants the whole table.
inline constexpr std::string_view kListPending = SIGNET_LIST_PENDING SIGNET_NEWEST_FIRST;
#undef SIGNET_NEWEST_FIRST
#undef SIGNET_AFTER
#undef SIGNET_LIST_PENDING
#undef SIGNET_PENDING_COLUMNS
#undef SIGNET_PENDING_COLUMNS_WITH

/// One row for each.
#define SIGNET_WAITING " WHERE requester_hash = ?1 AND state = 0 AND expires_at >= ?2 "
inline constexpr std::string_view kWaitingOfRequester =
    "SELECT 1 FROM pending_request" SIGNET_WAITING
    "UNION ALL SELECT 1 FROM pending_challenge" SIGNET_WAITING "LIMIT ?3";
#undef SIGNET_WAITING

inline constexpr std::string_view kAddAwaited =
    "INSERT INTO awaited_confirmation (serial_number, requester_hash, transaction_id, until) "
    "VALUES (?, ?, ?, ?)";
inline constexpr std::string_view kSettle =
    "DELETE FROM awaited_confirmation WHERE serial_number = ?";
#define SIGNET_SELECT_AWAITED \
  "SELECT serial_number, requester_hash, transaction_id, until FROM awaited_confirmation "
inline constexpr std::string_view kFindAwaited = SIGNET_SELECT_AWAITED "WHERE serial_number = ?";
inline constexpr std::string_view kAwaitedIn =
    SIGNET_SELECT_AWAITED "WHERE requester_hash = ? AND transaction_id = ? ORDER BY serial_number";
inline constexpr std::string_view kOverdue =
    SIGNET_SELECT_AWAITED "WHERE until < ? ORDER BY until LIMIT ?";
#undef SIGNET_SELECT_AWAITED

inline constexpr std::string_view kPutRevocationSecret =
    "INSERT INTO revocation_secret (serial_number, verifier) VALUES (?, ?) "
    "ON CONFLICT (serial_number) DO UPDATE SET verifier = excluded.verifier";
inline constexpr std::string_view kFindRevocationSecret =
    "SELECT verifier FROM revocation_secret WHERE serial_number = ?";

// Editions of the profiles.
inline constexpr std::string_view kNewestEdition =
    "SELECT number, published_at FROM profile_edition WHERE number > ? "
    "ORDER BY number DESC LIMIT 1";
inline constexpr std::string_view kAddEdition =
    "INSERT INTO profile_edition (number, published_at) VALUES (?, ?)";
inline constexpr std::string_view kAddProfileFile =
    "INSERT INTO profile_file (edition, name, text) VALUES (?, ?, ?)";
inline constexpr std::string_view kProfileFiles =
    "SELECT name, text FROM profile_file WHERE edition = ? ORDER BY name";

// What is still to be told to a directory.
inline constexpr std::string_view kAddPublication =
    "INSERT INTO publication (serial_number, at, wish) VALUES (?, ?, 0)";  // nobody reads `wish`
inline constexpr std::string_view kTakePublicationOf =
    "DELETE FROM publication WHERE serial_number = ?1 AND (number < 0) = ?2";
/// The unhurried stand below zero: a number is drawn from those above, then changes its side.
inline constexpr std::string_view kPutPublicationBack =
    "UPDATE publication SET number = -number WHERE number = last_insert_rowid()";
inline constexpr std::string_view kPutPublicationChoice =
    "INSERT INTO publication_choice (serial_number, withheld) VALUES (?, ?) "
    "ON CONFLICT (serial_number) DO UPDATE SET withheld = excluded.withheld";
inline constexpr std::string_view kFindPublicationChoice =
    "SELECT withheld FROM publication_choice WHERE serial_number = ?";
inline constexpr std::string_view kSettlePublication = "DELETE FROM publication WHERE number = ?";
inline constexpr std::string_view kPressingPublications =
    "SELECT serial_number, at, number FROM publication WHERE number > 0 ORDER BY number LIMIT ?";
inline constexpr std::string_view kUnhurriedPublications =
    "SELECT serial_number, at, number FROM publication WHERE number < 0 ORDER BY number DESC "
    "LIMIT ?";

// Leases, by the clock of the machine. Given to who holds it, and to anybody once it ended; another
// holder, or the same one after the end, gets the next fence.
#define SIGNET_NOW "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"
inline constexpr std::string_view kTakeLease =
    "INSERT INTO lease (name, holder, fence, ends_at) VALUES (?1, ?2, 1, " SIGNET_NOW
    " + ?3) ON CONFLICT (name) DO UPDATE SET "
    "fence = fence + (holder <> excluded.holder OR ends_at <= " SIGNET_NOW
    "), holder = excluded.holder, ends_at = excluded.ends_at "
    "WHERE holder = excluded.holder OR ends_at <= " SIGNET_NOW
    " OR ends_at > excluded.ends_at RETURNING fence";
inline constexpr std::string_view kGiveLeaseBack =
    "UPDATE lease SET ends_at = 0 WHERE name = ? AND holder = ?";
#undef SIGNET_NOW

inline constexpr std::string_view kKeepJournalMark =
    "INSERT INTO journal_mark (journal, sequence, hash) VALUES (?1, ?2, ?3) "
    "ON CONFLICT (journal) DO UPDATE SET sequence = ?2, hash = ?3";
inline constexpr std::string_view kFindJournalMark =
    "SELECT sequence, hash FROM journal_mark WHERE journal = ?";

inline constexpr std::array kAll{kKeepJournalMark,
                                 kFindJournalMark,
                                 kTakeLease,
                                 kNewestEdition,
                                 kAddEdition,
                                 kAddProfileFile,
                                 kProfileFiles,
                                 kGiveLeaseBack,
                                 kAddPublication,
                                 kTakePublicationOf,
                                 kPutPublicationBack,
                                 kPutPublicationChoice,
                                 kFindPublicationChoice,
                                 kSettlePublication,
                                 kPressingPublications,
                                 kUnhurriedPublications,
                                 kAddPending,
                                 kDecidePending,
                                 kPendingOpen,
                                 kFindPending,
                                 kListPendingOfState,
                                 kListPendingOfStateAfter,
                                 kListPendingAfter,
                                 kAddAwaited,
                                 kSettle,
                                 kWaitingOfRequester,
                                 kFindAwaited,
                                 kAwaitedIn,
                                 kOverdue,
                                 kPutRevocationSecret,
                                 kFindRevocationSecret,
                                 kCertificateExists,
                                 kWhoHasSerial,
                                 kCountByKey,
                                 kCountBySubject,
                                 kDigestOfNonce,
                                 kRequestAnswered,
                                 kAddCertificate,
                                 kAddAnswered,
                                 kAddIntent,
                                 kChangeStatus,
                                 kFindBySerial,
                                 kFindBySubject,
                                 kFindSomeBySubject,
                                 kFindByKey,
                                 kFindByTime,
                                 kFindByStatus,
                                 kFindWithoutNonce,
                                 kFindWithNonce,
                                 kTokenRevoked,
                                 kCountTokenUse,
                                 kCountTokenFailure,
                                 kTokenTaken,
                                 kAddToken,
                                 kRevokeToken,
                                 kFindToken,
                                 kTokenHistory,
                                 kForgetFailures,
                                 kAddChallenge,
                                 kChangeChallenge,
                                 kForgetChallenges,
                                 kFindChallenge,
                                 kOpenChallenges,
                                 kHasStatus,
                                 kAddCrl,
                                 kForgetCrls,
                                 kChanged,
                                 kFindCrl,
                                 kHighestShard};

}  // namespace signet::sqlite::queries
