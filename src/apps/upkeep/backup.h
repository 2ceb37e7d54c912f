#pragma once

#include "apps/folder/authority_folder.h"
#include "apps/tool/progress.h"
#include "apps/upkeep/sealed_stream.h"
#include "base/clock.h"

namespace signet::tool {

/// What a backup held, and what it did not.
struct BackupReport {
  Time made_at;
  std::string authority;                ///< its name
  std::string directory = {};           ///< its folder; empty: an earlier version did not say
  std::vector<std::string> files = {};  ///< names inside the folder
  /// Files that the configuration names outside of it, and what is left out of it: links, files
  /// that have another name (hard links), names that are no UTF-8.
  std::vector<std::string> elsewhere = {};
  std::vector<std::string> removed = {};  ///< beside it: what a backup that was killed had left
  std::vector<std::string> broken_journals = {};  ///< which are in it as they are
  std::uint64_t octets = 0;
};

/// What a backup takes from the world around it.
struct BackupSurroundings {
  const Clock& clock;
  RandomSource& random;
  Progress& progress;
};

/// The folder of an authority in one file, sealed under a passphrase (sealed_stream.h): a line of
/// JSON about it, then for each file a line {"name":…,"size":…,"mode":…} and its octets. The store
/// is copied as it stands at one moment, and the journals after it, so that nothing of the store is
/// without its record; the server may be running. Links are not followed. Faults:
/// bad_configuration (store or journal lie elsewhere; what belongs to the authority would not be in
/// it: check_holds_named; keys are missing: check_worth_keeping), busy (a renewal is at work, or
/// was broken off), storage_failed, internal.
Result<BackupReport> make_backup(const AuthorityFolder& folder, const std::string& output,
                                 const SecretBytes& passphrase, BackupSurroundings surroundings);

struct RestoreWish {
  std::string input;
  std::string directory;  ///< new or empty
  /// The highest number of a CRL that was published, where it is known; none: continue_crl_numbers
  /// takes one that none can have had.
  std::optional<std::uint64_t> last_crl_number = {};
};
struct RestoreReport {
  BackupReport backup;
  std::uint64_t crl_number = 0;        ///< the next ones are higher
  std::vector<std::string> unchecked;  ///< keys that could not be looked at: in tokens
  /// Folders that one that did not end, or that is still going on, left beside: they hold keys.
  std::vector<std::string> left;
};
/// Folders beside `directory` that bear the names that restores to it give to theirs.
std::vector<std::string> left_by_restores(const std::string& directory);
/// Brings it back beside `directory`, in a folder of its own (DIRECTORY.restoring.XXXXXX), checks
/// it there (store, that keys belong to their certificates), lets CRL numbers go on after those
/// that may have been published, and only then gives it its name. Faults: bad_configuration (the
/// folder is in use; what came back is no whole authority), those of SealedReader, storage_failed.
Result<RestoreReport> restore_backup(const RestoreWish& wish, const SecretBytes& passphrase,
                                     const Clock& clock, Progress& progress);

}  // namespace signet::tool
