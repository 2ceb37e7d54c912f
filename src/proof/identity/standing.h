#pragma once

#include "proof/identity/identity_context.h"

namespace signet::proof {

/// Who issued a certificate that may stand for somebody.
enum class Origin { ours, foreign };

/// What becomes of a certificate of ours that has expired.
enum class Expiry { refused, let_pass };
struct Standing {
  Origin origin = Origin::ours;
  bool is_expired = false;
  Bytes hash;  ///< SHA-256 of the certificate
};

/// Whether a certificate may stand for its subject now: on a valid path, fit to sign, and known to
/// us. One of ours is the very certificate of our record, neither revoked nor on hold; a foreign
/// one is issued by one of `rules.foreign_issuers`. Expiry::let_pass: the path of one of ours was
/// valid in its last second. `hints`: certificates that came along, not trusted.
/// Faults: untrusted_signer, naming the certificate; storage_failed.
Result<Standing> check_standing(const pkix::Certificate& certificate,
                                const std::vector<pkix::Certificate>& hints,
                                const IdentityContext& context, Expiry expiry = Expiry::refused);

/// When the lock of a secret ends that was proven wrongly too often; none when it is not locked
/// now.
std::optional<Time> locked_until(const store::TokenHistory& history, const SecretRules& rules,
                                 Time now);
/// Whether a secret was proven wrongly so often that it is not looked at now.
bool is_locked(const store::TokenHistory& history, const IdentityContext& context);
/// Up to how many wrong proofs a secret that is not locked stays so; none: whatever comes.
std::optional<std::size_t> failures_let_pass(const store::TokenHistory& history,
                                             const SecretRules& rules);

/// "CN=Alice,O=Example (serial number 0x2a)"
std::string describe(const pkix::Certificate& certificate);

/// Whether two names are one person's: blanks folded, string types aside. Upper and lower case are
/// told apart, as everywhere where somebody may do what one of that name may (choices.md): who has
/// been certified as CN=aLICE is not CN=Alice. An empty name is nobody's.
bool same_person(const pkix::Name& left, const pkix::Name& right);

}  // namespace signet::proof
