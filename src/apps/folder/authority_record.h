#pragma once

#include "apps/folder/authority_folder.h"
#include "base/clock.h"

namespace signet::tool {

/// Certificates made beside the server, each with a word on who made it and the CRL shard on which
/// it would stand.
struct MadeCertificates {
  std::vector<pkix::Certificate> certificates;
  std::uint32_t crl_shard = 0;
  std::string made_by;  ///< "signet ca renew"
};
/// Puts them into the store, and what happened into the operator's journal, together: only what the
/// store holds counts as ours. The server may be running. Faults: storage_failed, busy.
Result<void> put_on_record(const AuthorityFolder& folder, const MadeCertificates& made,
                           const Clock& clock);

}  // namespace signet::tool
