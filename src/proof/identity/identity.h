#pragma once

#include <algorithm>

#include "envelope/open_request.h"
#include "proof/identity/identity_context.h"

namespace signet::proof {

/// How somebody proved who it is.
enum class IdentityMethod {
  signing_certificate,  ///< an existing certificate signed the message (RFC 10002 §3.2, §6.3.3)
  tls_client_certificate,  ///< a Simple PKI Request sent over an authenticated connection
  shared_secret,           ///< an identity proof; the key of a request signed (§6.2)
  revocation_secret,       ///< nobody signed; secrets of the certificates to be revoked (§6.11)
  ra_witness,              ///< an agent who forwards the message says who asks (§6.20)
};
/// A user asks for itself; an agent may ask for others.
enum class Role { user, agent };

/// Evidence of who asks. Only prove_identity makes one.
class ProvenIdentity {
 public:
  [[nodiscard]] IdentityMethod method() const { return method_; }
  [[nodiscard]] Role role() const { return role_; }
  /// The certificate that proved it: the signer's, or the TLS client's. Null for secrets.
  [[nodiscard]] const pkix::Certificate* certificate() const { return certificate_.get(); }
  /// Whom this is: the certificate's subject, the name that the shared secret stands for, or the
  /// one that all requests of a message ask for whose sender an agent vouches for.
  [[nodiscard]] const pkix::Name& subject() const { return subject_; }
  /// SHA-256 of certificate() or of the identification (of subject(), where that is spelled
  /// otherwise and SharedSecret::any_spelling): who this is, for nonces and records. Where an agent
  /// vouches, of the agent's name and the subject, and of the keys where that is empty; so an agent
  /// whose certificate was renewed vouches for whom it vouched for before.
  [[nodiscard]] const Bytes& requester_hash() const { return requester_hash_; }
  /// For the audit and the record: the certificate's subject, the identification, the name that an
  /// agent vouches for and who that is, or whose revocation secrets are known.
  [[nodiscard]] std::string name() const { return certificate_ ? pkix::to_text(subject_) : name_; }
  /// The secret that proved it; null when a certificate did.
  [[nodiscard]] const SharedSecret* secret() const { return secret_.get(); }
  /// Contents of the identification control; empty unless a shared secret proved who this is.
  [[nodiscard]] const std::string& identification() const;
  /// What became of it before this message.
  [[nodiscard]] const store::TokenHistory& secret_history() const { return secret_history_; }
  /// What is to be counted once certificates are issued for this proof; none for a certificate.
  [[nodiscard]] const std::optional<store::TokenUse>& token_use() const { return token_use_; }
  /// The control of the identity proof whose MAC was made as Dogtag's tools before 10.7 do
  /// (MacComputation::old_dogtag); none: it was made as the standard says.
  [[nodiscard]] const std::optional<cmc::BodyPartID>& old_mac() const { return old_mac_; }
  /// The message brought the secret by which this certificate of ours may be revoked.
  [[nodiscard]] bool knows_revocation_secret_of(const asn1::Integer& serial_number) const {
    return std::find(revocable_.begin(), revocable_.end(), serial_number) != revocable_.end();
  }
  /// The signer's certificate has expired: it may be renewed, where a profile lets it, and do
  /// nothing else. Never an agent's.
  [[nodiscard]] bool is_expired() const { return is_expired_; }
  /// The signer's certificate is a foreign issuer's, of which nobody here knows whether it was
  /// revoked.
  [[nodiscard]] bool is_foreign() const { return is_foreign_; }
  /// An identityProof control came along and was not looked at, as in Dogtag ("bypassed").
  [[nodiscard]] bool identity_proof_bypassed() const { return identity_proof_bypassed_; }

 private:
  friend class IdentityProver;
  ProvenIdentity() = default;
  IdentityMethod method_ = IdentityMethod::signing_certificate;
  Role role_ = Role::user;
  std::shared_ptr<const pkix::Certificate> certificate_;
  pkix::Name subject_;
  std::string name_;  ///< of whom no certificate proved
  std::shared_ptr<const SharedSecret> secret_;
  store::TokenHistory secret_history_;
  std::optional<store::TokenUse> token_use_;
  std::optional<cmc::BodyPartID> old_mac_;
  Bytes requester_hash_;
  std::vector<asn1::Integer> revocable_;
  bool is_expired_ = false;
  bool is_foreign_ = false;
  bool identity_proof_bypassed_ = false;
};

/// Who asks. Exactly one signer: where it is the key of a request, a shared secret says who
/// (check_identity_proof: unknown_identity); an AuthenticatedData likewise (check_secret_mac:
/// mac_mismatch); nobody's signature proves nothing. Else:
///   1. the signer is an existing certificate: unknown_identity
///   2. that certificate is on a valid path now (or was until it expired, where `expired_signers`
///      lets ours sign), and its keyUsage, where it has one, lets it sign: untrusted_signer
///   3. issued by us: our record holds this very certificate, octet for octet, neither revoked
///      nor on hold; or issued by a configured foreign issuer: untrusted_signer
///   4. the TLS client certificate agrees (`tls_match`): tls_mismatch. Where it may be another one
///      with the same subject, 2 and 3 hold for it too, and it must be ours. A message that an
///      agent forwards comes over the agent's connection, so it is not asked here.
/// Where an agent who forwards the message says who asks, a request's key signed, or nobody, and
/// all requests ask for one subject, which is then the user's: unknown_identity, identity_mismatch.
/// A message without signers proves that its sender may revoke certificates, each by its secret
/// (check_revocation_secrets), and nothing else: unknown_identity. A signed one may bring such
/// secrets too; then they must be right.
/// A Simple request: the TLS client certificate takes the signer's place in 2 and 3, and must be an
/// agent's: unknown_identity.
/// Faults: also storage_failed; takes_time (IdentityContext::may_take_time).
Result<ProvenIdentity> prove_identity(const envelope::OpenedRequest& request, const Peer& peer,
                                      const IdentityContext& context);

/// Who speaks over a connection as an agent: its TLS client certificate must be an agent's, on a
/// valid path, known to us, in force. Faults: unknown_identity, untrusted_signer, storage_failed.
Result<ProvenIdentity> prove_agent(const Peer& peer, const IdentityContext& context);

/// Whether the proven shared secret is still good for an issuance: not expired, not used up. Asked
/// after a retry has been answered. Faults: unknown_identity.
Result<void> check_secret_usable(const ProvenIdentity& identity, Time now);

}  // namespace signet::proof
