#pragma once

#include <optional>

#include "apps/folder/authority_folder.h"
#include "base/clock.h"

namespace signet::tool {

/// Whether an authority that came back is whole: its store, the chains of its journals, and that
/// each key belongs to its certificate. Keys in tokens, and those whose passphrase lies elsewhere,
/// cannot be looked at: these are named. Faults: bad_configuration, storage_failed.
Result<std::vector<std::string>> check_restored(const AuthorityFolder& folder);

/// The store may have forgotten CRLs that were published after it was saved, and a number must not
/// be used twice. `last_known`: the highest that was published; none: as many as a thousand a
/// second since `saved_at`, more than can be signed. The last number that counts as used. Faults:
/// storage_failed; bad_configuration when the store knows of a higher one than `last_known`.
Result<std::uint64_t> continue_crl_numbers(const AuthorityFolder& folder, Time saved_at,
                                           std::optional<std::uint64_t> last_known,
                                           const Clock& clock);

}  // namespace signet::tool
