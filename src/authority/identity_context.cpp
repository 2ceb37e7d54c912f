#include "authority/identity_context.h"

namespace signet::authority {

using Parts = CertificateAuthority::Parts;

proof::IdentityContext identity_context(const Parts& parts, const policy::ProfileSet& offered,
                                        Time now, std::optional<store::TokenFailure>& failed_proof,
                                        proof::UsedTolerances& tolerated) {
  return {.trust = parts.trust,
          .store = parts.store,
          .tokens = parts.tokens,
          .secrets = parts.secrets.get(),
          .rules = parts.identity_rules,
          .authority = parts.issuer.certificate(),
          .now = now,
          .failed_proof = failed_proof,
          .tolerated = tolerated,
          .life = &parts.life,
          .protection = parts.revocation_protection,
          .expired_signers = offered.renews_expired()};
}

}  // namespace signet::authority
