#pragma once

#include "proof/identity/identity.h"

namespace signet::proof {

/// Who issued a certificate that may stand for somebody.
enum class Origin { ours, foreign };

/// Whether a certificate may stand for its subject now: on a valid path, fit to sign, and known to
/// us. One of ours is the very certificate of our record, neither revoked nor on hold; a foreign
/// one is issued by one of `rules.foreign_issuers`. `hints`: certificates that came along, not
/// trusted. Faults: untrusted_signer, naming the certificate; storage_failed.
Result<Origin> check_standing(const pkix::Certificate& certificate,
                              const std::vector<pkix::Certificate>& hints,
                              const IdentityContext& context);

/// Whether a secret was proven wrongly so often that it is not looked at now.
bool is_locked(const store::TokenHistory& history, const IdentityContext& context);

/// "CN=Alice,O=Example (serial number 0x2a)"
std::string describe(const pkix::Certificate& certificate);

/// X.500 equality of two names; an empty one equals none.
bool same_person(const pkix::Name& left, const pkix::Name& right);

}  // namespace signet::proof
