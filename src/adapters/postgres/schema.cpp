#include "adapters/postgres/schema.h"

#include <array>

namespace signet::postgres {
namespace {

// Numbers are BIGINT, times seconds since 1970 UTC. Texts of others are BYTEA: they may hold what
// PostgreSQL's TEXT does not take, such as NUL. kept_order is a time in microseconds: it tells the
// order of what came in the same second. Subjects are indexed by the first octets of their hash.
constexpr std::string_view kVersion1 = R"sql(
CREATE TABLE certificate (
  serial_number     BYTEA PRIMARY KEY,        -- contents of the INTEGER
  status            BIGINT NOT NULL,          -- 0 valid, 1 on hold, 2 revoked
  issued_at         BIGINT NOT NULL,
  kept_order        BIGINT NOT NULL,
  not_before        BIGINT NOT NULL,
  not_after         BIGINT NOT NULL,
  revoked_at        BIGINT,
  revocation_reason BIGINT NOT NULL,          -- CRLReason
  invalidity_date   BIGINT,
  key_hash          BYTEA NOT NULL,           -- SHA-256 of the SubjectPublicKeyInfo
  key_ordinal       BIGINT NOT NULL,          -- among the certificates of this key, from 0
  subject_mark      BYTEA NOT NULL,           -- SHA-256 of subject_der, first 8 octets
  subject_der       BYTEA NOT NULL,
  profile_id        BYTEA NOT NULL,
  requester         BYTEA NOT NULL,
  certificate_der   BYTEA NOT NULL,
  crl_shard         BIGINT NOT NULL,
  status_change     BIGINT NOT NULL,          -- its last one's number in the shard; 0: none yet
  UNIQUE (key_hash, key_ordinal)              -- of two nodes that certify one key, one is first
);
CREATE INDEX certificate_by_subject ON certificate (subject_mark);
CREATE INDEX certificate_by_time ON certificate (issued_at, kept_order);
CREATE INDEX certificate_by_status ON certificate (status, issued_at, kept_order);
CREATE INDEX certificate_by_change ON certificate (crl_shard, status_change)
  INCLUDE (status, serial_number, revoked_at, revocation_reason, invalidity_date, not_after)
  WHERE status_change > 0;

CREATE TABLE answered_request (
  request_digest BYTEA PRIMARY KEY,           -- SHA-256 of the message
  requester_hash BYTEA NOT NULL,              -- SHA-256 of who asked
  sender_nonce   BYTEA,                       -- NULL when there was none
  transaction_id BYTEA NOT NULL,
  serial_numbers BYTEA NOT NULL,              -- SEQUENCE OF INTEGER
  received_at    BIGINT NOT NULL,
  challenge_id   BYTEA NOT NULL,              -- empty when the answer was no challenge
  pending_id     BYTEA NOT NULL,              -- empty when nothing was left pending
  UNIQUE (requester_hash, sender_nonce)
);

CREATE TABLE issuance_intent (
  serial_number BYTEA PRIMARY KEY,
  tbs_digest    BYTEA NOT NULL,               -- SHA-256 of the TBSCertificate
  profile_id    BYTEA NOT NULL,
  at            BIGINT NOT NULL
);

CREATE TABLE shared_token (
  id             BYTEA PRIMARY KEY,
  identification BYTEA NOT NULL,              -- UTF-8
  sealed_secret  BYTEA NOT NULL,
  subject        BYTEA NOT NULL,              -- RFC 4514; empty when nobody was named
  created_at     BIGINT NOT NULL,
  kept_order     BIGINT NOT NULL,
  expires_at     BIGINT,
  uses_allowed   BIGINT NOT NULL,             -- 0: without limit
  revoked_at     BIGINT                       -- NULL: it stands
);
CREATE UNIQUE INDEX shared_token_standing
  ON shared_token (identification) WHERE revoked_at IS NULL;

CREATE TABLE token_history (
  token_id        BYTEA PRIMARY KEY,
  uses            BIGINT NOT NULL,
  failures        BIGINT NOT NULL,            -- since the last use
  last_failure_at BIGINT
);

CREATE TABLE pending_challenge (
  id             BYTEA PRIMARY KEY,           -- random: the request id that the client sends back
  requester_hash BYTEA NOT NULL,
  req_sequence   BYTEA NOT NULL,              -- PKIData.reqSequence as received
  sealed_seed    BYTEA NOT NULL,
  profile_id     BYTEA NOT NULL,
  transaction_id BYTEA NOT NULL,
  form           BIGINT NOT NULL,             -- 0 the standard's, 1 Dogtag's
  created_at     BIGINT NOT NULL,
  expires_at     BIGINT NOT NULL,
  state          BIGINT NOT NULL,             -- 0 open, 1 answered, 2 failed, 3 withdrawn
  wrong_answers  BIGINT NOT NULL
);
CREATE INDEX pending_challenge_by_end ON pending_challenge (expires_at);

CREATE TABLE pending_request (
  id                     BYTEA PRIMARY KEY,   -- pendToken
  requester_hash         BYTEA NOT NULL,
  transaction_id         BYTEA NOT NULL,
  message                BYTEA NOT NULL,      -- as received
  tls_client_certificate BYTEA NOT NULL,      -- empty when there was none
  client_address         BYTEA NOT NULL,
  profile_id             BYTEA NOT NULL,
  requester              BYTEA NOT NULL,
  subject                BYTEA NOT NULL,
  created_at             BIGINT NOT NULL,
  expires_at             BIGINT NOT NULL,
  state                  BIGINT NOT NULL,     -- 0 open, 1 granted, 2 rejected
  decided_at             BIGINT,
  decided_by             BYTEA NOT NULL,
  note                   BYTEA NOT NULL,
  serial_numbers         BYTEA NOT NULL       -- SEQUENCE OF INTEGER
);
CREATE INDEX pending_request_by_state ON pending_request (state, created_at, id);
CREATE INDEX pending_request_by_time ON pending_request (created_at, id);
CREATE INDEX pending_request_by_transaction
  ON pending_request (requester_hash, transaction_id, state);

CREATE TABLE awaited_confirmation (
  serial_number  BYTEA PRIMARY KEY,
  requester_hash BYTEA NOT NULL,
  transaction_id BYTEA NOT NULL,
  until          BIGINT NOT NULL
);
CREATE INDEX awaited_confirmation_by_end ON awaited_confirmation (until);
CREATE INDEX awaited_confirmation_by_transaction
  ON awaited_confirmation (requester_hash, transaction_id);

CREATE TABLE revocation_secret (
  serial_number BYTEA PRIMARY KEY,
  verifier      BYTEA NOT NULL
);

-- The last number of a shard's changes of status and of its CRLs. A transaction that takes the
-- next one holds the row until it ends: numbers rise in the order in which they become visible.
CREATE TABLE crl_shard (
  shard         BIGINT PRIMARY KEY,
  changes       BIGINT NOT NULL,
  latest_number BIGINT NOT NULL               -- 0: no CRL yet
);

CREATE TABLE crl (
  shard         BIGINT NOT NULL,
  is_delta      BIGINT NOT NULL,              -- 0 a full one, 1 a delta
  number        BIGINT NOT NULL,
  base_number   BIGINT,                       -- of a delta
  last_change   BIGINT NOT NULL,              -- it tells of those up to this one
  this_update   BIGINT NOT NULL,
  next_update   BIGINT NOT NULL,
  issuing_point BYTEA NOT NULL,               -- extension value; empty: none
  der           BYTEA NOT NULL,
  PRIMARY KEY (shard, is_delta, number)
);

-- One row a writer: the number of its last batch that was kept.
CREATE TABLE writer (
  id         BYTEA PRIMARY KEY,
  last_batch BIGINT NOT NULL,
  opened_at  BIGINT NOT NULL
);

CREATE TABLE lease (
  name    BYTEA PRIMARY KEY,
  holder  BYTEA NOT NULL,
  fence   BIGINT NOT NULL,                    -- one more each time that it changes hands
  ends_at BIGINT NOT NULL                     -- milliseconds since 1970 by the database's clock
);
)sql";

// Profiles that all nodes take from here. Editions stay: they tell by what rules a certificate was
// made.
constexpr std::string_view kVersionOfProfiles = R"sql(
CREATE TABLE profile_edition (
  number       BIGINT PRIMARY KEY,            -- 1, 2, ...: of two nodes that publish, one is first
  published_at BIGINT NOT NULL
);
CREATE TABLE profile_file (
  edition BIGINT NOT NULL,
  name    BYTEA NOT NULL,                     -- "caFullCMCUserCert.cfg"
  text    BYTEA NOT NULL,
  PRIMARY KEY (edition, name)
);
)sql";

// Whom an operator knows a secret by that was proven wrongly: a directory's have no other row.
constexpr std::string_view kVersionOfLocks = R"sql(
ALTER TABLE token_history ADD COLUMN identification BYTEA NOT NULL DEFAULT ''::BYTEA;
)sql";

// What is still to be told to a directory. A number that all nodes counted would be waited for by
// each of them: these are drawn.
constexpr std::string_view kVersionOfPublications = R"sql(
CREATE TABLE publication (
  number        BIGINT PRIMARY KEY,
  kept_order    BIGINT NOT NULL,
  serial_number BYTEA NOT NULL,
  wish          BIGINT NOT NULL,              -- 0 publish, 1 withdraw
  at            BIGINT NOT NULL
);
CREATE INDEX publication_by_order ON publication (kept_order, number);

CREATE TABLE publication_choice (
  serial_number BYTEA PRIMARY KEY,
  withheld      BIGINT NOT NULL               -- 1: dontPublish, 0: pleasePublish after that
);
)sql";

// What each journal of each node must hold. See audit::JournalMark.
constexpr std::string_view kVersionOfJournals = R"sql(
CREATE TABLE journal_mark (
  node     BYTEA NOT NULL,                    -- "host:/srv/ca/audit.jsonl"
  journal  BYTEA NOT NULL,                    -- "audit.jsonl"
  sequence BIGINT NOT NULL,
  hash     BYTEA NOT NULL,
  PRIMARY KEY (node, journal)
);
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

constexpr std::array kMigrations{
    kVersion1,          kVersionOfProfiles,   kVersionOfLocks, kVersionOfPublications,
    kVersionOfJournals, kVersionOfChallenges, kVersionOfBounds};

constexpr Statement kMakeVersion{
    "make_version",
    "CREATE TABLE IF NOT EXISTS signet_schema "
    "(one BIGINT PRIMARY KEY CHECK (one = 1), version BIGINT NOT NULL)"};
constexpr Statement kHasVersion{
    "has_version",
    "SELECT count(*) FROM information_schema.tables "
    "WHERE table_schema = current_schema() AND table_name = 'signet_schema'"};
constexpr Statement kElsewhere{
    "elsewhere",
    "SELECT CAST(table_schema AS TEXT) FROM information_schema.tables "
    "WHERE table_name = 'signet_schema' AND table_schema <> current_schema() "
    "AND table_schema = ANY(current_schemas(false)) AND NOT EXISTS ("
    "SELECT 1 FROM information_schema.tables "
    "WHERE table_schema = current_schema() AND table_name = 'signet_schema') LIMIT 1"};
constexpr Statement kSeenVersion{"seen_version", "SELECT version FROM signet_schema WHERE one = 1"};
constexpr Statement kBegin{"migration_begin", "BEGIN ISOLATION LEVEL READ COMMITTED"};
constexpr Statement kFirstVersion{"first_version",
                                  "INSERT INTO signet_schema (one, version) VALUES (1, 0) "
                                  "ON CONFLICT (one) DO NOTHING"};
constexpr Statement kVersion{"version",
                             "SELECT version FROM signet_schema WHERE one = 1 FOR UPDATE"};

/// Ours in which the user may not write, by the catalog: another view hides them from who has no
/// right at all.
constexpr Statement kUnwritable{
    "unwritable",
    "SELECT string_agg(CAST(tablename AS TEXT), ', ' ORDER BY tablename) "
    "FROM pg_catalog.pg_tables WHERE schemaname = current_schema() AND tablename IN ("
    "'certificate', 'answered_request', 'issuance_intent', 'shared_token', 'token_history', "
    "'pending_challenge', 'pending_request', 'awaited_confirmation', 'revocation_secret', "
    "'crl_shard', 'crl', 'writer', 'lease', 'profile_edition', 'profile_file', 'publication', "
    "'publication_choice', 'journal_mark') AND (NOT has_table_privilege("
    "quote_ident(schemaname) || '.' || quote_ident(tablename), 'INSERT') OR tablename NOT IN ("
    "'answered_request', 'issuance_intent', 'profile_edition', 'profile_file', 'crl') "
    "AND NOT has_table_privilege("
    "quote_ident(schemaname) || '.' || quote_ident(tablename), 'UPDATE') OR tablename IN ("
    "'certificate', 'pending_challenge', 'awaited_confirmation', 'crl', 'publication') "
    "AND NOT has_table_privilege("
    "quote_ident(schemaname) || '.' || quote_ident(tablename), 'DELETE'))"};

constexpr Statement kCountUp{"count_up",
                             "UPDATE signet_schema SET version = version + 1 WHERE one = 1"};

Error foreign(std::string why) {
  return {Fault::bad_configuration, std::move(why)};
}

Result<std::int64_t> version_of(const Rows& rows) {
  if (rows.size() == 1) return rows[0].number(0);
  return Error{Fault::storage_failed, "the store's schema has no version: restore it"};
}

/// Tables of the same names that are not ours would fail the first step.
Error step_failed(const Error& why, std::int64_t version) {
  if (version != 0) return why;
  return foreign("the store's schema cannot be made: " + why.detail +
                 "; give Signet a database or a schema of its own");
}

Error newer(std::int64_t version, std::int64_t newest) {
  return foreign("the store has schema " + std::to_string(version) +
                 ", written by a newer Signet; this one knows up to " + std::to_string(newest));
}

/// By questions alone: a user who may make no tables may ask. 0: there are none yet.
Result<std::int64_t> seen_version(Connection& connection, std::int64_t newest) {
  const auto tables = TRY(connection.run(kHasVersion));
  if (tables.size() != 1 || tables[0].number(0) == 0) return std::int64_t{0};
  const auto seen = TRY(connection.run(kSeenVersion));
  if (seen.size() == 0) return std::int64_t{0};
  const auto version = TRY(version_of(seen));
  if (version > newest) return newer(version, newest);
  return version;
}

/// One step, if it is still wanted. Gives whether there may be more.
Result<bool> take_step(Connection& connection, std::span<const std::string_view> steps) {
  const Transaction transaction(connection);
  Pipeline begin;
  begin.add(kBegin);
  begin.add(kFirstVersion);
  begin.add(kVersion);
  const auto begun = TRY(connection.run(begin));
  const auto version = TRY(version_of(begun.back()));
  const auto newest = static_cast<std::int64_t>(steps.size());
  if (version > newest) return newer(version, newest);
  if (version == newest) return false;
  connection.bear_long_answers();  // an index over a large table, and a standby that follows
  const auto made = connection.execute(std::string(steps[static_cast<std::size_t>(version)]));
  if (!made) return step_failed(made.error(), version);
  TRY(connection.run(kCountUp));
  TRY(connection.execute("COMMIT"));
  return true;
}

/// A store that is behind the first schema of the search_path would be left for an empty one as
/// soon as somebody makes that schema.
Result<void> demand_no_other(Connection& connection) {
  const auto elsewhere = TRY(connection.run(kElsewhere));
  if (elsewhere.size() == 0) return {};
  const std::string schema(elsewhere[0].text(0));
  return foreign("the store's tables stand in the schema '" + schema +
                 "', and search_path names another one before it: name '" + schema +
                 "' alone (options=-csearch_path%3D" + schema + " in the uri)");
}

/// Two that make the table at the same time may find each other in the way.
Result<void> make_version_table(Connection& connection) {
  constexpr int kTries = 5;
  auto made = connection.run(kMakeVersion);
  for (int again = 1; !made && again < kTries; ++again) made = connection.run(kMakeVersion);
  if (!made) return made.error();
  return {};
}

}  // namespace

std::span<const std::string_view> migrations() {
  return kMigrations;
}

Result<void> migrate(Connection& connection, std::span<const std::string_view> steps) {
  const auto newest = static_cast<std::int64_t>(steps.size());
  if (TRY(seen_version(connection, newest)) == newest) return {};
  TRY(demand_no_other(connection));
  TRY(make_version_table(connection));
  while (TRY(take_step(connection, steps))) {
  }
  return {};
}

Result<void> demand_rights(Connection& connection) {
  const auto told = TRY(connection.run(kUnwritable));
  if (told.size() != 1 || told[0].is_null(0)) return {};
  return foreign("the store's user may not write the table " + std::string(told[0].text(0)) +
                 ": give it its rights, again after an update (docs/operating.md, \"Several "
                 "nodes\")");
}

Result<void> demand_newest(Connection& connection, std::span<const std::string_view> steps) {
  const auto newest = static_cast<std::int64_t>(steps.size());
  const auto version = TRY(seen_version(connection, newest));
  if (version == newest) return {};
  TRY(demand_no_other(connection));
  if (version == 0) return foreign("the store's database holds no store yet: signetd makes it");
  return foreign("the store has schema " + std::to_string(version) +
                 ", of an older Signet, and this one asks for " + std::to_string(newest) +
                 ": signetd of this version brings it forward at its next start");
}

}  // namespace signet::postgres
