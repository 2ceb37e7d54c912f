#pragma once

#include <memory>
#include <optional>
#include <string>

#include "apps/operator/secret_locks.h"
#include "apps/tool/surroundings.h"
#include "proof/identity/token_vault.h"
#include "store/certificate_store.h"

namespace signet::tool {

/// The shared secrets that an authority keeps itself, in the folder that `signet ca init` made.
/// Works beside a running server; every change is recorded in the operator's journal first, and
/// as a failure again where it was not made after all.

/// The store and what seals secrets in it.
struct Tokens {
  std::string directory;
  std::unique_ptr<store::Engine> engine;
  proof::TokenVault vault;
};
/// Faults: as open_authority_store; storage_failed and malformed when the key that seals is lost.
Result<Tokens> open_tokens(const std::string& directory);

/// A secret on its way into the store. References live for the call only.
struct NewSecret {
  std::string identification;  ///< 1 to 1024 octets
  const SecretBytes& secret;
  std::string subject;  ///< as check_token_subject
  std::optional<Time> expires_at = {};
  std::size_t uses_allowed = 1;  ///< 0: without limit
};
/// Faults: malformed, already_exists, storage_failed, busy (the journal).
Result<store::SharedToken> add_token(const Tokens& tokens, const NewSecret& wanted,
                                     const Surroundings& surroundings);

/// Faults: unknown_identity (none in force), storage_failed, busy (the journal).
Result<void> revoke_token(const std::string& directory, const std::string& identification,
                          const Clock& clock);

/// Its wrong proofs count no more; where it is kept nothing changes. Faults: unknown_identity (it
/// was proven rightly meanwhile), storage_failed, busy (the journal).
Result<void> unlock_secret(const std::string& directory, store::Engine& engine,
                           const LockedSecret& secret, const Clock& clock);

/// Registers the secret by which a certificate may be revoked, in the place of the one before.
/// Faults: certificate_not_found, internal, storage_failed, busy (the journal).
Result<void> put_revocation_secret(const std::string& directory, const asn1::Integer& serial_number,
                                   const SecretBytes& secret, const Surroundings& surroundings);

/// 1 to 1024 octets. Faults: malformed.
Result<void> check_identification(const std::string& identification);
/// A name as RFC 4514 writes it, or nothing. Faults: malformed.
Result<void> check_token_subject(const std::string& subject);

}  // namespace signet::tool
