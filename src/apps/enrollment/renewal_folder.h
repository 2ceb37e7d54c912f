#pragma once

#include <string>

#include "apps/tool/holder_files.h"
#include "base/clock.h"
#include "base/result.h"

namespace signet::tool {

/// CERT.renewal, where a renewal in place puts its files before they take the old ones' place.
std::string renewal_folder(const HolderFiles& files);

/// Puts the certificate that lies in the renewal folder, and its key, in the place of the old ones:
/// that of a renewal just done, of one that was broken off before its end, and of one that an agent
/// granted since. Whether there was one; one that has expired is none. Nothing in the folder is
/// removed before both have their place.
/// Faults: storage_failed; as read_certificates_file and read_key_file.
Result<bool> install_renewal(const HolderFiles& files, Time now);

/// Whether a renewal waits there for an agent's decision, with its key.
bool waits_for_decision(const HolderFiles& files);

/// Takes away what a renewal left that was cut off before its certificate came.
void clear_renewal(const HolderFiles& files);

}  // namespace signet::tool
