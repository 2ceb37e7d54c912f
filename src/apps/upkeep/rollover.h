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
  /// What earlier ones that did not end, or were given up, have left: it stays as it is.
  std::vector<std::string> left;
};
/// The new files take the first number of which nothing stands there yet: what does is never
/// written over, and may be a key that is certified. `wanted`: an empty kind means as strong as the
/// present key; no passphrase file, the present one's. Faults: bad_configuration, naming what must
/// be set before (addresses of CRLs without {shard}, a signing algorithm, the place of the new key;
/// a store of another Signet's schema); those of files and keys.
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
/// when it starts again. Faults: busy, when another one came first since it was planned; those of
/// keys, files and store.
Result<RolledOver> roll_over(const AuthorityFolder& folder, const RolloverPlan& plan,
                             const Clock& clock);

/// The last step alone, for a subordinate whose certificate came: `chain` is its own first, root
/// last. Once it is done, doing it again changes nothing. Faults: storage_failed.
Result<void> install_generation(const AuthorityFolder& folder, const files::Generation& generation,
                                const std::vector<pkix::Certificate>& chain, const Clock& clock);
/// Of a key whose files are called `stem` with an ending each: "/srv/signet/ca-2".
Result<files::Generation> generation_called(const std::string& stem, const AuthorityFolder& folder,
                                            const Clock& clock);

/// Keys, certificates and requests (ca-N.key, …) of roll-overs that did not end or were given up:
/// no generation names them, and none of them waits for its certificate. In order.
std::vector<std::string> left_by_rollovers(const AuthorityFolder& folder);

}  // namespace signet::tool
