#pragma once

#include <limits>

#include "adapters/sqlite/connection.h"
#include "store/read_row.h"

namespace signet::sqlite {

// Records to rows and back (store/read_row.h); the columns stand in queries.h.

Result<void> add_certificate(const Statement& add, const store::CertificateRecord& record);
Result<void> add_answered(const Statement& add, const store::AnsweredRequest& request);
Result<void> add_intent(const Statement& add, const store::IssuanceIntent& intent);
Result<void> add_challenge(const Statement& add, const store::PendingChallenge& challenge);
Result<void> add_token(const Statement& add, const store::SharedToken& token);

Result<void> add_crl(const Statement& add, const store::CrlRecord& crl);

/// By which an answered request without nonce is found: its digest's first octets.
ByteView digest_mark(ByteView request_digest);

std::int64_t to_number(Time time);
std::int64_t to_number(store::CertificateStatus status);
std::int64_t to_number(store::PendingState state);

constexpr auto kMostNumber = std::numeric_limits<std::int64_t>::max();
/// How many rows a LIMIT asks for: kMostNumber where `count` is more.
std::int64_t clamp(std::size_t count);

/// The record of the next row, if there is one.
template <typename Read>
auto read_one(Run& run, Read read)
    -> Result<std::optional<std::decay_t<decltype(read(run).value())>>> {
  std::optional<std::decay_t<decltype(read(run).value())>> found;
  if (TRY(run.next_row())) found = TRY(read(run));
  return found;
}

/// The records of all rows that remain.
template <typename Read>
auto read_all(Run& run, Read read)
    -> Result<std::vector<std::decay_t<decltype(read(run).value())>>> {
  std::vector<std::decay_t<decltype(read(run).value())>> records;
  while (TRY(run.next_row())) records.push_back(TRY(read(run)));
  return records;
}

}  // namespace signet::sqlite
