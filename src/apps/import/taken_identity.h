#pragma once

#include <memory>
#include <vector>

#include "apps/import/import_authority.h"
#include "crypto/private_key.h"

namespace signet::tool {

/// The key and certificates of the authority that is taken over.
struct TakenIdentity {
  std::unique_ptr<crypto::PrivateKey> key;
  std::vector<pkix::Certificate>
      chain;  ///< its own certificate, then up to the root as far as given
};

/// From a PKCS#12, or from a key (file or token) and its certificate: an authority's, in force now,
/// with its own key; of the other certificates those that lie on the way up.
/// Faults: bad_configuration, malformed, those of the files, of crypto::read_pkcs12 and of tokens.
Result<TakenIdentity> read_identity(const Takeover& wanted, Time now);

}  // namespace signet::tool
