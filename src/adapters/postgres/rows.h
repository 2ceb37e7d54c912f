#pragma once

#include "adapters/postgres/connection.h"
#include "store/records.h"

namespace signet::postgres {

// Records to parameters and rows to records; the columns stand in queries.h.

/// What the database adds to a certificate: the order in which it was kept, and its number among
/// those of its key.
struct Place {
  std::int64_t kept_order = 0;
  std::int64_t key_ordinal = 0;
};
Parameters parameters_of(const store::CertificateRecord& record, const Place& place);
Parameters parameters_of(const store::AnsweredRequest& request);
Parameters parameters_of(const store::IssuanceIntent& intent);
Parameters parameters_of(const store::PendingChallenge& challenge);
Parameters parameters_of(const store::SharedToken& token);
Parameters parameters_of(const store::CrlRecord& crl);
Parameters parameters_of(const store::PendingRequest& request);
Parameters parameters_of(const store::PendingDecision& decision);
Parameters parameters_of(const store::AwaitedConfirmation& awaited);
Parameters parameters_of(const store::RevocationSecret& secret);

Parameters parameters_of(const Bytes& token_id, const store::TokenHistory& history);

// Faults: storage_failed when the row holds what we never write.
Result<store::CertificateRecord> read_certificate(const Row& row);
Result<store::AnsweredRequest> read_answered(const Row& row);
Result<store::StatusEntry> read_status(const Row& row);
Result<store::CrlRecord> read_crl(const Row& row);
Result<store::PendingChallenge> read_challenge(const Row& row);
Result<store::SharedToken> read_token(const Row& row);
Result<store::TokenHistory> read_history(const Row& row);
Result<store::PendingRequest> read_pending(const Row& row);
Result<store::AwaitedConfirmation> read_awaited(const Row& row);

Result<store::CertificateStatus> to_status(std::int64_t number);
Result<store::ChallengeState> to_challenge_state(std::int64_t number);
/// By which certificates of one subject are found: the first octets of its SHA-256.
Bytes subject_mark(ByteView subject_der);

/// The record of a row, if there is one.
template <typename Read>
auto read_one(const Rows& rows, Read read)
    -> Result<std::optional<std::decay_t<decltype(read(rows[0]).value())>>> {
  std::optional<std::decay_t<decltype(read(rows[0]).value())>> found;
  if (rows.size() > 0) found = TRY(read(rows[0]));
  return found;
}

template <typename Read>
auto read_all(const Rows& rows, Read read)
    -> Result<std::vector<std::decay_t<decltype(read(rows[0]).value())>>> {
  std::vector<std::decay_t<decltype(read(rows[0]).value())>> records;
  for (int row = 0; row < rows.size(); ++row) records.push_back(TRY(read(rows[row])));
  return records;
}

}  // namespace signet::postgres
