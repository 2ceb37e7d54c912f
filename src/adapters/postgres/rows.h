#pragma once

#include "adapters/postgres/connection.h"
#include "store/read_row.h"

namespace signet::postgres {

// Records to parameters and rows to records (store/read_row.h); the columns stand in queries.h.

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
Parameters parameters_of(const store::PublicationChoice& choice);
/// With its number, which is drawn from all of these.
Parameters parameters_of(const store::OutboxEntry& entry, std::int64_t order);

Parameters parameters_of(const Bytes& token_id, const store::TokenHistory& history);

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
