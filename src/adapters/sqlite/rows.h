#pragma once

#include <limits>

#include "adapters/sqlite/connection.h"
#include "store/records.h"

namespace signet::sqlite {

// Records to rows and back; the columns stand in queries.h.

Result<void> add_certificate(const Statement& add, const store::CertificateRecord& record);
Result<void> add_answered(const Statement& add, const store::AnsweredRequest& request);
Result<void> add_intent(const Statement& add, const store::IssuanceIntent& intent);
Result<void> add_challenge(const Statement& add, const store::PendingChallenge& challenge);
Result<void> add_token(const Statement& add, const store::SharedToken& token);

/// Faults: storage_failed when the row holds what we never write.
Result<store::CertificateRecord> read_certificate_row(const Run& run);
Result<store::AnsweredRequest> read_answered_row(const Run& run);
Result<void> add_crl(const Statement& add, const store::CrlRecord& crl);
Result<store::StatusEntry> read_status_row(const Run& run);
store::CrlRecord read_crl_row(const Run& run);
Result<store::PendingChallenge> read_challenge_row(const Run& run);
store::SharedToken read_token_row(const Run& run);
/// All zero when there is no row.
Result<store::TokenHistory> read_history(Run& run);

/// SEQUENCE OF INTEGER
Bytes write_serial_numbers(const std::vector<store::Integer>& serial_numbers);
/// Faults: malformed.
Result<std::vector<store::Integer>> read_serial_numbers(ByteView der);
/// storage_failed: a row that we never write.
Error damaged(std::string_view what);

/// By which certificates of one subject are found: the first octets of its SHA-256.
Bytes subject_mark(ByteView subject_der);
/// By which an answered request without nonce is found: its digest's first octets.
ByteView digest_mark(ByteView request_digest);

std::int64_t to_number(Time time);
Time to_time(std::int64_t number);
std::int64_t to_number(store::CertificateStatus status);
std::int64_t to_number(store::PendingState state);

constexpr auto kMostNumber = std::numeric_limits<std::int64_t>::max();
/// How many rows a LIMIT asks for: kMostNumber where `count` is more.
std::int64_t clamp(std::size_t count);

}  // namespace signet::sqlite
