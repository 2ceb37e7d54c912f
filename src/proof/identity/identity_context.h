#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "proof/identity/revocation_verifier.h"
#include "proof/identity/secret_source.h"
#include "proof/identity/used_tolerances.h"
#include "proof/trust/trust.h"
#include "store/certificate_store.h"

// What stands fixed when it is asked who somebody is.
namespace signet::proof {

/// Whether a connection can show who is at its other end: plain TCP shows nobody.
enum class TransportKind { tls, tcp };

/// What the transport knows of the other side. Taken from the connection, never from the message.
struct Peer {
  std::optional<Bytes> tls_client_certificate;   ///< DER, its key proven by the TLS handshake
  std::string address;                           ///< for the audit only
  TransportKind transport = TransportKind::tls;  ///< for what a refusal says only
};

/// How the TLS client certificate must agree with the signer of a message.
enum class TlsMatch {
  certificate,  ///< the very certificate that signed; the default
  subject,      ///< one with the same subject, as Dogtag has it
};

/// What the configuration says of shared secrets.
struct SecretRules {
  /// Wrong proofs after which a secret is locked, and for how long after the last one. 0: never.
  std::size_t most_failures = 5;
  std::chrono::seconds lock_time = std::chrono::minutes{15};
  /// identityProof and popLinkWitness (version 1); in version 2 SHA-1 and SHA-224, and
  /// HMAC-SHA-384 and HMAC-SHA-512 by MacComputation::old_dogtag.
  bool legacy_proofs = false;
  /// Every request must carry a popLinkWitness (Dogtag: cmc.popLinkWitnessRequired).
  bool link_required = false;
  /// Users who sign with an existing certificate may tie their requests to a shared secret of
  /// theirs, and must where links are required, as with Dogtag; an agent's popLinkRandom is passed
  /// over ([compatibility] link_of_signers).
  bool link_of_signers = false;
  /// The link's key may be of the secret joined with the identification, as Dogtag makes it
  /// (AMB-2).
  bool link_with_identification = false;
};

/// What the configuration says of identity.
struct IdentityRules {
  TlsMatch tls_match = TlsMatch::certificate;
  /// SHA-256 of the certificates that are agents.
  std::set<Bytes> agents;
  /// A certificate of ours with id-kp-cmcRA is an agent as well.
  bool cmc_ra_is_agent = true;
  /// Issuers other than this authority whose certificates may sign; they stand among the anchors of
  /// Trust too. Who they certify is a user, is not in our store, and is not looked up for
  /// revocation.
  std::vector<pkix::Certificate> foreign_issuers;
  SecretRules secrets;
};

/// What the certificate of a signer must be, besides trusted and ours. on_record: it may have been
/// revoked or held since, which is enough to be told again what it was told, and for nothing else.
enum class SignerMustBe { in_force, on_record };

class ProvenIdentity;

/// What is known of the agents who forward a message of somebody else's (RFC 10002 §8).
struct ForwardedBy {
  /// The one who says who asks (raIdentityWitness, §6.20), for the proof only; null: nobody does.
  const ProvenIdentity* witness = nullptr;
};

struct IdentityContext {
  const Trust& trust;
  const store::CertificateStore& store;
  const store::TokenStore& tokens;
  const SecretSource* secrets;  ///< null: shared secrets prove nothing here
  const IdentityRules& rules;
  const pkix::Certificate& authority;  ///< our own CA certificate
  Time now;
  /// Where a wrong secret is noted, to be counted with the refusal.
  std::optional<store::TokenFailure>& failed_proof;
  UsedTolerances& tolerated;               ///< where those that decide are noted
  const store::LifeStore* life = nullptr;  ///< of revocation secrets; null: there are none
  SecretProtection protection = {};        ///< opens revocation secrets from Dogtag
  /// A certificate of ours that has expired may sign all the same (ProvenIdentity::is_expired).
  bool expired_signers = false;
  SignerMustBe signer_must_be = SignerMustBe::in_force;
  /// The connection is his, not the signer's; null: the message came by itself.
  const ForwardedBy* forwarded_by = nullptr;
  /// The message was taken once, maybe from an agent who forwarded it: another's certificate on the
  /// connection is looked at anew, and is an agent's.
  bool may_have_been_forwarded = false;
  /// Whether keys may be derived before it is known who asks; if not, that is told: takes_time.
  bool may_take_time = true;
};

/// The error where `may_take_time` is false and a key would have to be derived.
inline Error takes_time() {
  return {Fault::takes_time, "a key must be derived before it is known who asks"};
}

}  // namespace signet::proof
