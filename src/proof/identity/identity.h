#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "envelope/open_request.h"
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
};
/// A user asks for itself; an agent may ask for others.
enum class Role { user, agent };

/// How the TLS client certificate must agree with the signer of a message.
enum class TlsMatch {
  certificate,  ///< the very certificate that signed; the default
  subject,      ///< one with the same subject, as Dogtag has it
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
};

/// Evidence of who asks. Only prove_identity makes one.
class ProvenIdentity {
 public:
  [[nodiscard]] IdentityMethod method() const { return method_; }
  [[nodiscard]] Role role() const { return role_; }
  /// The certificate that proved it: the signer's, or the TLS client's.
  [[nodiscard]] const pkix::Certificate& certificate() const { return certificate_; }
  /// SHA-256 of certificate(): who this is, for nonces and records.
  [[nodiscard]] const Bytes& requester_hash() const { return requester_hash_; }
  /// Its subject as text: for the audit and the record.
  [[nodiscard]] std::string name() const { return pkix::to_text(certificate_->subject); }
  /// An identityProof control came along and was not looked at (the founding page: bypassed).
  [[nodiscard]] bool identity_proof_bypassed() const { return identity_proof_bypassed_; }

 private:
  friend Result<ProvenIdentity> prove_identity(const envelope::OpenedRequest&, const Peer&,
                                               const struct IdentityContext&);
  explicit ProvenIdentity(pkix::Certificate certificate) : certificate_(std::move(certificate)) {}
  IdentityMethod method_ = IdentityMethod::signing_certificate;
  Role role_ = Role::user;
  pkix::Certificate certificate_;
  Bytes requester_hash_;
  bool identity_proof_bypassed_ = false;
};

struct IdentityContext {
  const Trust& trust;
  const store::CertificateStore& store;
  const IdentityRules& rules;
  const pkix::Certificate& authority;  ///< our own CA certificate
  Time now;
};

/// Who asks. In this order:
///   1. exactly one signer, and it is an existing certificate (a request signed by its own key, or
///      by nobody, proves no identity): unknown_identity
///   2. that certificate is on a valid path now, and its keyUsage, where it has one, lets it sign:
///      untrusted_signer
///   3. issued by us: our record holds this very certificate, octet for octet, neither revoked nor
///   on
///      hold; or issued by a configured foreign issuer: untrusted_signer
///   4. the TLS client certificate agrees (`tls_match`): tls_mismatch. Where it may be another one
///      with the same subject, 2 and 3 hold for it too.
/// A Simple request: the TLS client certificate takes the signer's place in 2 and 3, and must be an
/// agent's: unknown_identity.
/// Faults: also storage_failed.
Result<ProvenIdentity> prove_identity(const envelope::OpenedRequest& request, const Peer& peer,
                                      const IdentityContext& context);

/// A user asks for itself: the request's subject, and its SubjectAltName where it asks for one, are
/// those of the certificate that proved the identity (RFC 10002 §6.3.3). Agents ask for anybody.
/// changeSubjectName (§7.1) is not granted: to a user as identity_mismatch, to an agent, who needs
/// no leave to ask for other names, as unsupported_control. Faults: identity_mismatch, naming both;
/// malformed; unsupported_control; unsupported_message (orm).
Result<void> check_requested_names(const cmc::TaggedRequest& request,
                                   const ProvenIdentity& identity);

}  // namespace signet::proof
