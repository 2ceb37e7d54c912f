#pragma once

#include "apps/dogtag/key_database.h"
#include "apps/dogtag/options.h"

namespace signet::dogtag {

/// What -s, -e, -t and -x of PKCS10Client and CRMFPopClient ask of the key that is to be made in
/// this database. Every key is sensitive, stays where it is made, and an EC key agrees on keys as
/// well as it signs; those of an NSS database may leave it, wrapped. A protection that is not given
/// is refused, whatever else is not given is a warning. Faults: bad_configuration.
Result<void> check_key_wishes(const Options& options, const KeyDatabase& database,
                              std::string_view tool, Console& console);

}  // namespace signet::dogtag
