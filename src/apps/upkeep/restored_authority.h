#pragma once

#include <optional>

#include "apps/folder/authority_folder.h"
#include "base/clock.h"

namespace signet::tool {

/// What a backup tells of what it does not hold.
struct NotInBackup {
  std::string directory;           ///< that it was made of; empty: an earlier version did not say
  std::vector<std::string> paths;  ///< outside of that one; and what was left out, in it
};

/// Whether an authority that came back is whole, and the one that was saved: nothing that belongs
/// to it (named_files) was left out, its store, that its journals can be gone on with, and that
/// each key belongs to its certificate. Keys in tokens, those whose passphrase lies elsewhere, and
/// those that are not there, cannot be looked at: these are named. Faults: bad_configuration,
/// storage_failed.
Result<std::vector<std::string>> check_restored(const AuthorityFolder& folder,
                                                const NotInBackup& not_in_it);

/// With every file of it below the folder `from` named below `to`.
AuthorityFolder moved(AuthorityFolder folder, const std::string& from, const std::string& to);

/// Whether a backup of it would be worth to take the place of an earlier one: the key that issues
/// and the store's are there, and none belongs to another certificate than its own. Faults:
/// bad_configuration, which says what to do.
Result<void> check_worth_keeping(const AuthorityFolder& folder);

/// "audit.jsonl does not hold from line 20 on: …" of each journal whose chain is broken; one that
/// is cut off in its last line is none. That is for auditors, and no reason to be without the
/// authority.
std::vector<std::string> broken_journals(const AuthorityFolder& folder);

/// The store may have forgotten CRLs that were published after it was saved, and a number must not
/// be used twice. `last_known`: the highest that was published; none: as many as a thousand a
/// second since `saved_at`, more than can be signed. The last number that counts as used. Faults:
/// storage_failed; bad_configuration when the store knows of a higher one than `last_known`.
Result<std::uint64_t> continue_crl_numbers(const AuthorityFolder& folder, Time saved_at,
                                           std::optional<std::uint64_t> last_known,
                                           const Clock& clock);

}  // namespace signet::tool
