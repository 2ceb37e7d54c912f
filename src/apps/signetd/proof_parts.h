#pragma once

#include <memory>

#include "apps/configuration/configuration.h"
#include "authority/certificate_authority.h"

namespace signet::server {

/// What the configuration says of who may prove an identity, and how. Faults: bad_configuration.
Result<proof::IdentityRules> identity_rules(const Configuration& configuration);

/// Whether keys that cannot sign are challenged: that takes the store's key.
bool offers_challenges(const Configuration& configuration);

/// What proofs rest on: the source of secrets, and the keys that seal and open.
struct ProofParts {
  proof::PossessionRules possession_rules;
  std::shared_ptr<const proof::SecretSource> secrets;  ///< null: secrets prove nothing
  std::shared_ptr<const proof::ChallengeVault>
      challenge_vault;                                        ///< null: challenges are not offered
  std::shared_ptr<const envelope::DecryptionKey> decryption;  ///< null: nothing is encrypted to us
  proof::SecretProtection revocation_protection;
};

/// Configuration → what proofs rest on. Asks no directory yet. `tokens` outlives the parts.
/// Faults: bad_configuration and those of reading a file, each with its path.
Result<ProofParts> open_proof_parts(const Configuration& configuration,
                                    const store::TokenStore& tokens);

}  // namespace signet::server
