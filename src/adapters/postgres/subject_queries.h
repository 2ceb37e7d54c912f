#pragma once

#include "adapters/postgres/statement.h"

/// What a batch asks whose commits depend on how many certificates a subject has: users who take
/// new names, and profiles that want names unique.
namespace signet::postgres::queries {

/// A row for each subject, by its SHA-256, which no serial number is as long as: in the way of the
/// same row of another node until the transaction ends. Taken away again in the same transaction
/// (kLetSerialsGo): nobody ever sees it. One that is there all the same fails the batch.
inline constexpr Statement kHoldSubjects{
    "hold_subjects",
    "INSERT INTO certificate (serial_number, status, issued_at, kept_order, not_before, not_after, "
    "revocation_reason, key_hash, key_ordinal, subject_mark, subject_der, profile_id, requester, "
    "certificate_der, crl_shard, status_change) "
    "SELECT hash, 0, 0, 0, 0, 0, 0, hash, -1, hash, blank, blank, blank, blank, 0, 0 "
    "FROM (SELECT hash, CAST('' AS BYTEA) AS blank FROM unnest($1::BYTEA[]) AS asked (hash)) "
    "AS held"};
/// $1: marks, $2: subjects.
inline constexpr Statement kCountBySubject{
    "count_by_subject",
    "SELECT subject_der, count(*) FROM certificate WHERE subject_mark = ANY($1::BYTEA[]) "
    "AND subject_der = ANY($2::BYTEA[]) GROUP BY subject_der"};

}  // namespace signet::postgres::queries
