#pragma once

#include "apps/folder/authority_folder.h"
#include "apps/folder/authority_key.h"
#include "base/clock.h"

namespace signet::tool {

/// How an authority gets another key. A root certifies it itself, and the keys vouch for each
/// other; one below another authority asks that one.
enum class RolloverKind { root, subordinate };

/// What will be made; nothing is yet.
struct RolloverPlan {
  RolloverKind kind = RolloverKind::root;
  WantedKey key;
  files::Generation generation;  ///< of the new key; its files lie beside the old ones
  std::string request_file;      ///< PKCS#10 of a subordinate; empty: none
  pkix::Certificate old_certificate;
};
/// `wanted`: an empty kind means as strong as the present key; no passphrase file, the present
/// one's. Faults: bad_configuration, naming what must be set before (addresses of CRLs without
/// {shard}, a signing algorithm, the place of the new key); those of files and keys.
Result<RolloverPlan> plan_rollover(const AuthorityFolder& folder, WantedKey wanted,
                                   const Clock& clock);

/// The new key's certificate and the two by which the keys vouch for each other (RFC 4210 §4.4):
/// new with old, old with new. Empty for a subordinate, which waits for its certificate.
struct RolledOver {
  std::optional<pkix::Certificate> certificate;
  std::vector<pkix::Certificate> cross;
};
/// Makes all of it, puts the cross-certificates on record, and names the new key in the folder's
/// `generations` last: before that the authority is the old one, after it the new. signetd follows
/// when it starts again. Faults: those of keys, files and store.
Result<RolledOver> roll_over(const AuthorityFolder& folder, const RolloverPlan& plan,
                             const Clock& clock);

/// The last step alone, for a subordinate whose certificate came: `chain` is its own first, root
/// last. Faults: storage_failed.
Result<void> install_generation(const AuthorityFolder& folder, const files::Generation& generation,
                                const std::vector<pkix::Certificate>& chain, const Clock& clock);
/// Of the key that comes next, whichever it is.
Result<files::Generation> next_generation(const AuthorityFolder& folder, const Clock& clock);

}  // namespace signet::tool
