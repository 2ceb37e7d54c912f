#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/http/server.h"
#include "apps/configuration/configuration.h"
#include "apps/signetd/authority_keys.h"
#include "apps/signetd/profile_watch.h"
#include "base/log.h"
#include "proof/identity/identity_context.h"
#include "proof/trust/trust.h"

namespace signet::server {

/// What the files hold that a configuration names, but for what proofs rest on (proof_parts.h).
struct NamedFiles {
  std::vector<AuthorityKey> keys;  ///< the oldest first; the last issues
  AuthorityCertificates certificates;
  std::shared_ptr<const authority::ResponseSigner> response_signer;  ///< as read_response_signer
  proof::IdentityRules rules;
  proof::Trust trust;
  std::optional<BegunProfiles> profiles;  ///< none: the store has them
  http::ServerSettings http;
  std::string encryption_pem;  ///< empty: messages may not be encrypted to us
};
/// Faults: bad_configuration and those of the parts, each with its path and what to do; profile
/// faults all at once.
Result<NamedFiles> read_named_files(const Configuration& configuration, Log& log);

/// What may take another's place while the server runs: the certificate and key that TLS clients
/// are shown, and what signs responses.
struct Replaceable {
  http::ServerSettings http;
  std::shared_ptr<const authority::ResponseSigner> response_signer;
};
/// From the files as they are now. Faults: as read_named_files.
Result<Replaceable> read_replaceable(const Configuration& configuration, Log& log);

}  // namespace signet::server
