#pragma once

#include <memory>

#include "apps/signet/new_authority.h"
#include "crypto/private_key.h"

namespace signet::tool {

/// An authority's key, and its certificate with the chain above it, own first.
struct AuthorityIdentity {
  const crypto::PrivateKey& key;
  const std::vector<pkix::Certificate>& chain;
};

/// Checks what was asked for before anything is written; where the profiles will come from.
/// Faults: malformed (host, address), bad_configuration (no profiles).
Result<std::string> check_wanted(const NewAuthority& wanted);

/// Somebody with a key and a certificate of the new authority.
struct Holder {
  std::unique_ptr<crypto::PrivateKey> key;
  pkix::Certificate certificate;
};
struct FirstHolders {
  Holder tls;
  Holder agent;
  Holder encryption;  ///< what messages are encrypted to
  Holder cmc;         ///< signs responses
};
/// Touches no disk. Faults: malformed (a name or host), signing_failed.
Result<FirstHolders> make_first_holders(const NewAuthority& wanted,
                                        const AuthorityIdentity& authority, Time now);

/// Writes all that an authority needs beside its key: ca.pem, the first holders' files, profiles,
/// store, journal, and last the configuration. The holders' certificates go on record: only what
/// the store holds counts as ours. Faults: storage_failed.
Result<MadeAuthority> furnish(const NewAuthority& wanted,
                              const std::vector<pkix::Certificate>& chain,
                              const FirstHolders& holders, const std::string& profiles,
                              const Clock& clock);

}  // namespace signet::tool
