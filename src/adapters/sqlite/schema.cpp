#include "adapters/sqlite/schema.h"

#include <array>

namespace signet::sqlite {
namespace {

// Times are seconds since 1970 UTC. Hashes are indexed by their first 8 octets: the indexes, whose
// pages are touched at random, are a third as large; the whole value is compared in the row.
// Rows are added at the end of their table, so that a batch touches few of its pages.
constexpr std::string_view kVersion1 = R"sql(
CREATE TABLE certificate (
  id                INTEGER PRIMARY KEY,
  serial_number     BLOB NOT NULL UNIQUE,  -- contents of the INTEGER
  status            INTEGER NOT NULL,      -- 0 valid, 1 on hold, 2 revoked
  issued_at         INTEGER NOT NULL,
  not_before        INTEGER NOT NULL,
  not_after         INTEGER NOT NULL,
  revoked_at        INTEGER,
  revocation_reason INTEGER NOT NULL,      -- CRLReason
  key_hash          BLOB NOT NULL,         -- SHA-256 of the SubjectPublicKeyInfo
  subject_mark      BLOB NOT NULL,         -- SHA-256 of subject_der, first 8 octets
  subject_der       BLOB NOT NULL,
  profile_id        TEXT NOT NULL,
  requester         TEXT NOT NULL,
  certificate_der   BLOB NOT NULL
) STRICT;
CREATE INDEX certificate_by_subject ON certificate (subject_mark);
CREATE INDEX certificate_by_key ON certificate (substr(key_hash, 1, 8));
CREATE INDEX certificate_by_time ON certificate (issued_at);
CREATE INDEX certificate_by_status ON certificate (status, issued_at);

CREATE TABLE answered_request (
  id             INTEGER PRIMARY KEY,
  request_digest BLOB NOT NULL,            -- SHA-256 of the message
  requester_hash BLOB NOT NULL,            -- SHA-256 of who asked
  sender_nonce   BLOB NOT NULL,            -- empty when there was none
  transaction_id BLOB NOT NULL,
  serial_numbers BLOB NOT NULL,            -- SEQUENCE OF INTEGER
  received_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX answered_request_by_digest ON answered_request (substr(request_digest, 1, 8));
CREATE INDEX answered_request_by_nonce
  ON answered_request (substr(requester_hash, 1, 8), sender_nonce);

CREATE TABLE issuance_intent (
  serial_number BLOB NOT NULL PRIMARY KEY,
  tbs_digest    BLOB NOT NULL,             -- SHA-256 of the TBSCertificate
  profile_id    TEXT NOT NULL,
  at            INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

// One row a shared secret; at most one of those that stand has an identification. What became of a
// secret is kept by its id alone: a directory's secrets have a history here too.
constexpr std::string_view kVersion2 = R"sql(
CREATE TABLE shared_token (
  row            INTEGER PRIMARY KEY,
  id             BLOB NOT NULL UNIQUE,
  identification TEXT NOT NULL,
  sealed_secret  BLOB NOT NULL,
  subject        TEXT NOT NULL,            -- RFC 4514; empty when nobody was named
  created_at     INTEGER NOT NULL,
  expires_at     INTEGER,
  uses_allowed   INTEGER NOT NULL,         -- 0: without limit
  revoked_at     INTEGER                   -- NULL: it stands
) STRICT;
CREATE UNIQUE INDEX shared_token_standing
  ON shared_token (identification) WHERE revoked_at IS NULL;

CREATE TABLE token_history (
  token_id        BLOB NOT NULL PRIMARY KEY,
  uses            INTEGER NOT NULL,
  failures        INTEGER NOT NULL,        -- since the last use
  last_failure_at INTEGER
) STRICT, WITHOUT ROWID;
)sql";

// Requests that wait for their keys to open a challenge. Those that expired go by and by.
constexpr std::string_view kVersion3 = R"sql(
CREATE TABLE pending_challenge (
  row            INTEGER PRIMARY KEY,
  id             BLOB NOT NULL UNIQUE,     -- random: the request id that the client sends back
  requester_hash BLOB NOT NULL,            -- SHA-256 of who asked
  req_sequence   BLOB NOT NULL,            -- PKIData.reqSequence as received
  sealed_seed    BLOB NOT NULL,
  profile_id     TEXT NOT NULL,
  transaction_id BLOB NOT NULL,            -- empty when there was none
  form           INTEGER NOT NULL,         -- 0 the standard's, 1 Dogtag's
  created_at     INTEGER NOT NULL,
  expires_at     INTEGER NOT NULL,
  state          INTEGER NOT NULL,         -- 0 open, 1 answered, 2 failed, 3 withdrawn
  wrong_answers  INTEGER NOT NULL
) STRICT;
CREATE INDEX pending_challenge_by_end ON pending_challenge (expires_at);

-- Of the challenge that was the answer; empty when there was none.
ALTER TABLE answered_request ADD COLUMN challenge_id BLOB NOT NULL DEFAULT x'';
)sql";

// Revocation as CRLs tell of it, and the CRLs themselves, the last hundred.
constexpr std::string_view kVersion4 = R"sql(
ALTER TABLE certificate ADD COLUMN invalidity_date INTEGER;

CREATE TABLE crl (
  number      INTEGER PRIMARY KEY,
  this_update INTEGER NOT NULL,
  next_update INTEGER NOT NULL,
  der         BLOB NOT NULL
) STRICT;
CREATE INDEX crl_by_time ON crl (this_update);
)sql";

// What waits for a person: for an agent, or for the owner to take the certificate. Secrets by which
// certificates are revoked.
constexpr std::string_view kVersion5 = R"sql(
CREATE TABLE pending_request (
  row                    INTEGER PRIMARY KEY,
  id                     BLOB NOT NULL UNIQUE,  -- pendToken
  requester_hash         BLOB NOT NULL,
  transaction_id         BLOB NOT NULL,
  message                BLOB NOT NULL,         -- as received
  tls_client_certificate BLOB NOT NULL,         -- empty when there was none
  client_address         TEXT NOT NULL,
  profile_id             TEXT NOT NULL,
  requester              TEXT NOT NULL,
  subject                TEXT NOT NULL,
  created_at             INTEGER NOT NULL,
  expires_at             INTEGER NOT NULL,
  state                  INTEGER NOT NULL,      -- 0 open, 1 granted, 2 rejected
  decided_at             INTEGER,
  decided_by             TEXT NOT NULL,
  note                   TEXT NOT NULL,
  serial_numbers         BLOB NOT NULL          -- SEQUENCE OF INTEGER
) STRICT;
CREATE INDEX pending_request_by_state ON pending_request (state, created_at);

CREATE TABLE awaited_confirmation (
  serial_number  BLOB NOT NULL PRIMARY KEY,
  requester_hash BLOB NOT NULL,
  transaction_id BLOB NOT NULL,
  until          INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX awaited_confirmation_by_end ON awaited_confirmation (until);
CREATE INDEX awaited_confirmation_by_transaction
  ON awaited_confirmation (requester_hash, transaction_id);

CREATE TABLE revocation_secret (
  serial_number BLOB NOT NULL PRIMARY KEY,
  verifier      TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Of the pending request that was made of it; empty when none.
ALTER TABLE answered_request ADD COLUMN pending_id BLOB NOT NULL DEFAULT x'';
)sql";

// CRLs in shards, and deltas. The changes of status of each shard are counted; what makes CRLs
// reads the index alone, which holds no certificate that never changed. Those of before stand in
// the order of their issue.
constexpr std::string_view kVersionOfCrlShards = R"sql(
ALTER TABLE certificate ADD COLUMN crl_shard INTEGER NOT NULL DEFAULT 0;
ALTER TABLE certificate ADD COLUMN status_change INTEGER NOT NULL DEFAULT 0;  -- 0: none yet
UPDATE certificate SET status_change = id WHERE status IN (1, 2);
CREATE INDEX certificate_by_change ON certificate (crl_shard, status_change, status, serial_number,
  revoked_at, revocation_reason, invalidity_date, not_after) WHERE status_change > 0;

ALTER TABLE crl RENAME TO crl_before_shards;
CREATE TABLE crl (
  id          INTEGER PRIMARY KEY,
  shard       INTEGER NOT NULL,
  number      INTEGER NOT NULL,
  base_number INTEGER,                     -- of a delta; NULL for a full one
  last_change INTEGER NOT NULL,            -- it tells of those up to this one
  this_update INTEGER NOT NULL,
  next_update INTEGER NOT NULL,
  issuing_point BLOB NOT NULL,             -- extension value; empty: none
  der         BLOB NOT NULL,
  UNIQUE (shard, number)
) STRICT;
INSERT INTO crl (shard, number, last_change, this_update, next_update, issuing_point, der)
  SELECT 0, number, 0, this_update, next_update, x'', der FROM crl_before_shards ORDER BY number;
DROP TABLE crl_before_shards;
)sql";

// Lists of what waits are read page by page, and challenges are kept while their request waits.
constexpr std::string_view kVersionOfPages = R"sql(
DROP INDEX pending_request_by_state;
CREATE INDEX pending_request_by_state ON pending_request (state, created_at, id);
CREATE INDEX pending_request_by_time ON pending_request (created_at, id);
CREATE INDEX pending_request_by_transaction
  ON pending_request (requester_hash, transaction_id, state);
)sql";

// What one of several processes does at a time.
constexpr std::string_view kVersionOfLeases = R"sql(
CREATE TABLE lease (
  name    TEXT NOT NULL PRIMARY KEY,
  holder  TEXT NOT NULL,
  fence   INTEGER NOT NULL,                -- one more each time that it changes hands
  ends_at INTEGER NOT NULL                 -- milliseconds since 1970 UTC
) STRICT, WITHOUT ROWID;
)sql";

// Profiles that all processes over one file take from it. Editions stay: they tell by what rules a
// certificate was made.
constexpr std::string_view kVersionOfProfiles = R"sql(
CREATE TABLE profile_edition (
  number       INTEGER PRIMARY KEY,        -- 1, 2, …
  published_at INTEGER NOT NULL
) STRICT;
CREATE TABLE profile_file (
  edition INTEGER NOT NULL,
  name    TEXT NOT NULL,                   -- "caFullCMCUserCert.cfg"
  text    BLOB NOT NULL,
  PRIMARY KEY (edition, name)
) STRICT;
)sql";

// One index in the place of two: of what a request is found by, see queries.h.
constexpr std::string_view kVersionOfMarks = R"sql(
DROP INDEX answered_request_by_digest;
DROP INDEX answered_request_by_nonce;
CREATE INDEX answered_request_by_mark ON answered_request (
  coalesce(nullif(sender_nonce, x''), substr(request_digest, 1, 8)), substr(requester_hash, 1, 8));
)sql";

// Whom an operator knows a secret by that was proven wrongly: a directory's have no other row.
constexpr std::string_view kVersionOfLocks = R"sql(
ALTER TABLE token_history ADD COLUMN identification TEXT NOT NULL DEFAULT '';
)sql";

// What each journal of this store's must hold. See audit::JournalMark.
constexpr std::string_view kVersionOfJournals = R"sql(
CREATE TABLE journal_mark (
  journal  TEXT NOT NULL PRIMARY KEY,      -- "audit.jsonl"
  sequence INTEGER NOT NULL,
  hash     BLOB NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

// What is still to be told to a directory. A number is never given twice: who settles one late must
// not meet another's.
constexpr std::string_view kVersionOfPublications = R"sql(
CREATE TABLE publication (
  number        INTEGER PRIMARY KEY AUTOINCREMENT,
  serial_number BLOB NOT NULL,
  wish          INTEGER NOT NULL,          -- 0 publish, 1 withdraw
  at            INTEGER NOT NULL
) STRICT;

CREATE TABLE publication_choice (
  serial_number BLOB NOT NULL PRIMARY KEY,
  withheld      INTEGER NOT NULL           -- 1: dontPublish, 0: pleasePublish after that
) STRICT, WITHOUT ROWID;
)sql";

// Whoever answers a challenge, or gives it up, need not name it.
constexpr std::string_view kVersionOfChallenges = R"sql(
CREATE INDEX pending_challenge_by_transaction
  ON pending_challenge (requester_hash, transaction_id, state, expires_at);
)sql";

// How much of one requester waits is counted, up to a bound, in the indexes alone: the rows hold
// whole messages. A certificate waits once in a line of the outbox.
constexpr std::string_view kVersionOfBounds = R"sql(
CREATE INDEX pending_request_waiting ON pending_request (requester_hash, expires_at, state)
  WHERE state = 0;
CREATE INDEX pending_challenge_waiting ON pending_challenge (requester_hash, expires_at, state)
  WHERE state = 0;
CREATE INDEX publication_by_certificate ON publication (serial_number);
)sql";

constexpr std::array kMigrations{kVersion1,
                                 kVersion2,
                                 kVersion3,
                                 kVersion4,
                                 kVersion5,
                                 kVersionOfCrlShards,
                                 kVersionOfPages,
                                 kVersionOfLeases,
                                 kVersionOfProfiles,
                                 kVersionOfMarks,
                                 kVersionOfLocks,
                                 kVersionOfJournals,
                                 kVersionOfPublications,
                                 kVersionOfChallenges,
                                 kVersionOfBounds};

Error foreign(std::string why) {
  return {Fault::bad_configuration, std::move(why)};
}

/// An SQLite file that somebody else made must not be taken for an empty one.
Result<void> check_owner(Connection& connection) {
  const auto owner = TRY(connection.number("PRAGMA application_id"));
  const auto tables = TRY(connection.number("SELECT count(*) FROM sqlite_schema"));
  if (owner == kApplicationId || (owner == 0 && tables == 0)) return {};
  return foreign("the store's file is the database of another program: name another path");
}

/// Of a file that is ours and no newer than the last step.
Result<std::int64_t> version_of(Connection& connection, std::int64_t newest) {
  TRY(check_owner(connection));
  const auto version = TRY(connection.number("PRAGMA user_version"));
  if (version <= newest) return version;
  return foreign("the store's file has schema " + std::to_string(version) +
                 ", written by a newer Signet; this one knows up to " + std::to_string(newest));
}

/// One step, if it is still wanted. Gives whether there may be more.
Result<bool> take_step(Connection& connection, std::span<const std::string_view> steps) {
  auto transaction = TRY(Transaction::begin(connection));
  const auto newest = static_cast<std::int64_t>(steps.size());
  const auto version = TRY(version_of(connection, newest));
  if (version == newest) return false;
  TRY(connection.execute(std::string(steps[static_cast<std::size_t>(version)])));
  TRY(connection.execute("PRAGMA application_id = " + std::to_string(kApplicationId)));
  TRY(connection.execute("PRAGMA user_version = " + std::to_string(version + 1)));
  TRY(transaction.commit());
  return true;
}

}  // namespace

std::span<const std::string_view> migrations() {
  return kMigrations;
}

Result<void> migrate(Connection& connection, std::span<const std::string_view> steps) {
  while (TRY(take_step(connection, steps))) {
  }
  return {};
}

Result<void> demand_newest(Connection& connection, std::span<const std::string_view> steps) {
  const auto newest = static_cast<std::int64_t>(steps.size());
  const auto version = TRY(version_of(connection, newest));
  if (version == newest) return {};
  return foreign("the store's file has schema " + std::to_string(version) +
                 ", of an older Signet, and this one asks for " + std::to_string(newest) +
                 ": signetd of this version brings it forward at its next start");
}

}  // namespace signet::sqlite
