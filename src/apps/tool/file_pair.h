#pragma once

#include <chrono>
#include <ostream>
#include <string>
#include <vector>

#include "adapters/files/descriptor.h"
#include "apps/tool/credentials.h"
#include "apps/tool/holder_files.h"

namespace signet::tool {

/// Waits until no other run has a turn with a pair whose certificate stands in the same folder: two
/// that replace a pair at once would take each other's files. The turn lasts as long as what is
/// returned. Faults: busy, when `patience` ends first: whoever may read the folder can hold it;
/// storage_failed.
Result<files::Descriptor> wait_for_turn(const HolderFiles& files,
                                        std::chrono::milliseconds patience = std::chrono::minutes{
                                            2});

/// Whether there is such a file: one that cannot be looked at is not there.
bool is_there(const std::string& path);

/// Gives what stands under this name, a file or a folder, one that is free: `path`.1 and so on. The
/// new name is added to `put`; nothing is where nothing stands there. A link is put aside as it is.
/// Whoever renews has the folder's turn, so that a name which is free stays so.
/// Faults: storage_failed.
Result<void> put_aside(const std::string& path, std::vector<std::string>& put);

/// Puts a new key and its certificate in the place of the old ones, which stay beside them as
/// `.old`; the new ones take over mode and, as far as the process may, owner and group. Both are on
/// the disk before either takes its place, so that what a crash breaks off, finish_replacement
/// brings to its end. They are written as KEY.new and CERTIFICATE.new; what stands there already is
/// put aside (KEY.new.1), and its new names are given back. `key` null: the key stays. Faults:
/// storage_failed.
Result<std::vector<std::string>> replace_pair(const HolderFiles& files,
                                              const crypto::PrivateKey* key,
                                              const SecretBytes& passphrase,
                                              const std::string& certificates_pem);

/// Names for a person what replace_pair put aside.
void tell_set_aside(std::ostream& err, const std::vector<std::string>& names);

/// Whether a certificate waits for the key that took its place already: replace_pair is at work
/// between the two, or was broken off there.
bool is_half_replaced(const HolderFiles& files);

/// Where a certificate waits for the key that took its place already, it follows. Whether one did.
/// Faults: storage_failed.
Result<bool> finish_replacement(const HolderFiles& files);

}  // namespace signet::tool
