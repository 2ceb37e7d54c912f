#pragma once

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "codec/cmc/controls.h"
#include "envelope/open_request.h"
#include "proof/identity/revocation_verifier.h"
#include "proof/identity/secret_source.h"
#include "proof/trust/trust.h"
#include "store/certificate_store.h"

namespace signet::proof {

/// What the transport knows of the other side. Taken from the connection, never from the message.
struct Peer {
  std::optional<Bytes> tls_client_certificate;  ///< DER, its key proven by the TLS handshake
  std::string address;                          ///< for the audit only
};

/// How somebody proved who it is.
enum class IdentityMethod {
  signing_certificate,  ///< an existing certificate signed the message (RFC 10002 §3.2, §6.3.3)
  tls_client_certificate,  ///< a Simple PKI Request sent over an authenticated connection
  shared_secret,           ///< an identity proof; the key of a request signed (§6.2)
  revocation_secret,       ///< nobody signed; secrets of the certificates to be revoked (§6.11)
};
/// A user asks for itself; an agent may ask for others.
enum class Role { user, agent };

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
  /// identityProof and popLinkWitness (version 1), and SHA-1 and SHA-224 in version 2.
  bool legacy_proofs = false;
  /// Every request must carry a popLinkWitness (Dogtag: cmc.popLinkWitnessRequired).
  bool link_required = false;
  /// Where links are required, users who sign with an existing certificate owe one as well, by a
  /// shared secret of theirs, as with Dogtag ([compatibility] link_of_signers).
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

/// Evidence of who asks. Only prove_identity makes one.
class ProvenIdentity {
 public:
  [[nodiscard]] IdentityMethod method() const { return method_; }
  [[nodiscard]] Role role() const { return role_; }
  /// The certificate that proved it: the signer's, or the TLS client's. Null for secrets.
  [[nodiscard]] const pkix::Certificate* certificate() const {
    return certificate_ ? &*certificate_ : nullptr;
  }
  /// Whom this is: the certificate's subject, or the name that the shared secret stands for.
  [[nodiscard]] const pkix::Name& subject() const { return subject_; }
  /// SHA-256 of certificate() or of the identification: who this is, for nonces and records.
  [[nodiscard]] const Bytes& requester_hash() const { return requester_hash_; }
  /// For the audit and the record: the certificate's subject, or the identification.
  [[nodiscard]] std::string name() const {
    return certificate_ ? pkix::to_text(subject_) : identification_;
  }
  /// The secret that proved it; null when a certificate did.
  [[nodiscard]] const SharedSecret* secret() const { return secret_.get(); }
  /// Contents of the identification control; empty when a certificate proved who this is.
  [[nodiscard]] const std::string& identification() const { return identification_; }
  /// What became of it before this message.
  [[nodiscard]] const store::TokenHistory& secret_history() const { return secret_history_; }
  /// What is to be counted once certificates are issued for this proof; none for a certificate.
  [[nodiscard]] const std::optional<store::TokenUse>& token_use() const { return token_use_; }
  /// The message brought the secret by which this certificate of ours may be revoked.
  [[nodiscard]] bool knows_revocation_secret_of(const asn1::Integer& serial_number) const {
    return std::find(revocable_.begin(), revocable_.end(), serial_number) != revocable_.end();
  }
  /// The signer's certificate has expired: it may be renewed, where a profile lets it, and do
  /// nothing else. Never an agent's.
  [[nodiscard]] bool is_expired() const { return is_expired_; }
  /// An identityProof control came along and was not looked at (the founding page: bypassed).
  [[nodiscard]] bool identity_proof_bypassed() const { return identity_proof_bypassed_; }

 private:
  friend class IdentityProver;
  ProvenIdentity() = default;
  IdentityMethod method_ = IdentityMethod::signing_certificate;
  Role role_ = Role::user;
  std::optional<pkix::Certificate> certificate_;
  pkix::Name subject_;
  std::string identification_;
  std::shared_ptr<const SharedSecret> secret_;
  store::TokenHistory secret_history_;
  std::optional<store::TokenUse> token_use_;
  Bytes requester_hash_;
  std::vector<asn1::Integer> revocable_;
  bool is_expired_ = false;
  bool identity_proof_bypassed_ = false;
};

/// What the certificate of a signer must be, besides trusted and ours. on_record: it may have been
/// revoked or held since, which is enough to be told again what it was told, and for nothing else.
enum class SignerMustBe { in_force, on_record };

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
  const store::LifeStore* life = nullptr;  ///< of revocation secrets; null: there are none
  SecretProtection protection = {};        ///< opens revocation secrets from Dogtag
  /// A certificate of ours that has expired may sign all the same (ProvenIdentity::is_expired).
  bool expired_signers = false;
  SignerMustBe signer_must_be = SignerMustBe::in_force;
};

/// Who asks. Exactly one signer: where it is the key of a request, a shared secret says who
/// (check_identity_proof: unknown_identity); an AuthenticatedData likewise (check_secret_mac:
/// mac_mismatch); nobody's signature proves nothing. Else:
///   1. the signer is an existing certificate: unknown_identity
///   2. that certificate is on a valid path now (or was until it expired, where `expired_signers`
///      lets ours sign), and its keyUsage, where it has one, lets it sign: untrusted_signer
///   3. issued by us: our record holds this very certificate, octet for octet, neither revoked nor
///   on
///      hold; or issued by a configured foreign issuer: untrusted_signer
///   4. the TLS client certificate agrees (`tls_match`): tls_mismatch. Where it may be another one
///      with the same subject, 2 and 3 hold for it too.
/// A message without signers proves that its sender may revoke certificates, each by its secret
/// (check_revocation_secrets), and nothing else: unknown_identity. A signed one may bring such
/// secrets too; then they must be right.
/// A Simple request: the TLS client certificate takes the signer's place in 2 and 3, and must be an
/// agent's: unknown_identity.
/// Faults: also storage_failed.
Result<ProvenIdentity> prove_identity(const envelope::OpenedRequest& request, const Peer& peer,
                                      const IdentityContext& context);

/// Who speaks over a connection as an agent: its TLS client certificate must be an agent's, on a
/// valid path, known to us, in force. Faults: unknown_identity, untrusted_signer, storage_failed.
Result<ProvenIdentity> prove_agent(const Peer& peer, const IdentityContext& context);

/// Whether the proven shared secret is still good for an issuance: not expired, not used up. Asked
/// after a retry has been answered. Faults: unknown_identity.
Result<void> check_secret_usable(const ProvenIdentity& identity, Time now);

/// Where the subject of a user's certificate comes from.
enum class SubjectRule {
  as_requested,  ///< the request's, which must be the user's own
  replaced,      ///< the profile puts the user's own there ([compatibility] replace_subject)
};

/// What a user may ask for.
struct NameRules {
  SubjectRule subject = SubjectRule::as_requested;
  bool may_change = false;  ///< other names, by changeSubjectName
};

/// A user asks for itself: the request's subject, and its SubjectAltName where it asks for one, are
/// those of the certificate that proved the identity (RFC 10002 §6.3.3), or the subject is the one
/// that the shared secret stands for (§6.3.2), or NULL, and there are no alternative names. Agents
/// ask for anybody. SubjectRule::replaced: the requested subject is not looked at.
/// Gives the new names that a user asks for by changeSubjectName (find_name_change); none else.
/// Faults: identity_mismatch, naming both; malformed; unsupported_control; unsupported_message
/// (orm).
Result<std::optional<cmc::ChangeSubjectName>> check_requested_names(
    const cmc::TaggedRequest& request, const ProvenIdentity& identity, const NameRules& rules);

/// changeSubjectName (§7.1) in a request; none when there is none. Only a user who signs with a
/// certificate in force may ask, where the rules let it, and the request itself bears the names of
/// that certificate. Faults: identity_mismatch; malformed; unsupported_control for an agent, who
/// needs no leave to ask for other names.
Result<std::optional<cmc::ChangeSubjectName>> find_name_change(const cmc::TaggedRequest& request,
                                                               const ProvenIdentity& identity,
                                                               const NameRules& rules);

/// With an expired certificate, its own key is certified again and no other.
/// Faults: identity_mismatch.
Result<void> check_renews_itself(const cmc::TaggedRequest& request, const ProvenIdentity& identity);

/// A user gets its own subject, whatever the profile made of it. Faults: identity_mismatch.
Result<void> check_granted_subject(const pkix::Name& granted, const ProvenIdentity& identity);

}  // namespace signet::proof
