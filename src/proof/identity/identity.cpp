#include "proof/identity/identity.h"

#include "codec/pkix/oids.h"
#include "crypto/digest.h"
#include "proof/identity/revocation_secret.h"
#include "proof/identity/shared_secret.h"
#include "proof/identity/standing.h"
#include "store/engine_rules.h"

namespace signet::proof {
namespace {

const std::vector<pkix::Certificate>& certificates_of(const cmc::PkiRequest& message) {
  static const std::vector<pkix::Certificate> kNone;
  const auto* full = std::get_if<cmc::FullPkiRequest>(&message);
  return full != nullptr ? full->signed_data.certificates : kNone;
}

using SharedCertificate = std::shared_ptr<const pkix::Certificate>;

bool carries_identity_proof(const cmc::PkiRequest& message) {
  const auto& controls = cmc::controls_of(message);
  return cmc::find_control(controls, cmc::oid::kIdentityProof) != nullptr ||
         cmc::find_control(controls, cmc::oid::kIdentityProofV2) != nullptr;
}

Error unknown(std::string why) {
  return {Fault::unknown_identity, std::move(why)};
}

/// The one signer of a signed Full request.
Result<const envelope::Signer*> only_signer(const std::vector<envelope::Signer>& signers) {
  if (signers.size() > 1) {
    return unknown(std::to_string(signers.size()) +
                   " signers stand for the request: one existing certificate must sign it, and "
                   "nobody else, so that it is clear who asks");
  }
  return &signers.front();
}

/// A witness stands for one person.
Result<pkix::Name> only_subject(const cmc::PkiRequest& message) {
  const auto requests = cmc::requests_of(message);
  if (requests.empty()) {
    return unknown(
        "raIdentityWitness says who asks for certificates, and this message asks for none: what it "
        "asks for is proven by a signature or a shared secret");
  }
  const auto* first = requests.front()->subject();
  for (const auto* request : requests) {
    const auto* subject = request->subject();
    if (first != nullptr && subject != nullptr && *first == *subject) continue;
    return Error{Fault::identity_mismatch,
                 "raIdentityWitness stands for one person, but the requests of the message ask for "
                 "several subjects: send a message for each",
                 {request->body_part_id().value}};
  }
  return *first;
}

Error nobody_signed() {
  return unknown(
      "the request carries no signature (id-alg-noSignature), so nothing shows who asks: sign it "
      "with the key of an existing certificate, or add the identity proof of a shared secret");
}

/// Who an agent is, whichever of its certificates it signs with: the same subject has it again when
/// it is renewed, and nobody else. One without a name has that certificate only.
Bytes hash_of_agent(const ProvenIdentity& agent) {
  return agent.subject().empty() ? agent.requester_hash() : crypto::sha256(agent.subject().der());
}

/// Who is who for one agent: by name; people without one by the keys that they want certified.
Bytes hash_of_witnessed(const cmc::PkiRequest& message, const pkix::Name& subject,
                        const ProvenIdentity& agent) {
  asn1::Writer named;
  named.octet_string(hash_of_agent(agent));
  pkix::write_name(named, subject);
  if (!subject.empty()) return crypto::sha256(std::move(named).take());
  for (const auto* request : cmc::requests_of(message)) {
    const auto* key = request->public_key();
    named.octet_string(key == nullptr ? ByteView{} : ByteView{key->der});
  }
  return crypto::sha256(std::move(named).take());
}

/// Who is who among those with secrets. Where a source takes many spellings of an identification
/// for one, they are one requester, but for the spelling in the owner's own name: by that those
/// were known who stand on record from before this was so.
Bytes hash_of_owner(const KnownSecret& known, const pkix::Name& owner) {
  const auto is_so = [&](const pkix::NameAttribute& attribute) {
    return attribute.text() == known.identification;
  };
  const auto is_in = [&](const pkix::RelativeDistinguishedName& named) {
    return std::any_of(named.begin(), named.end(), is_so);
  };
  const bool is_own_spelling = !owner.empty() && is_in(owner.rdns().back());
  return !known.secret->any_spelling || is_own_spelling
             ? crypto::sha256(as_bytes(known.identification))
             : crypto::sha256(owner.der());
}

/// Whose name would count?
Error signed_and_witnessed(const pkix::Certificate& signer) {
  return unknown("the message is signed by " + describe(signer) +
                 ", who is known by that: raIdentityWitness is for messages that no certificate "
                 "signed");
}

Error nothing_shows_who_asks(const Peer& peer) {
  constexpr auto kOverTls =
      "the TLS connection presented no client certificate: send it over TLS with an agent's "
      "certificate, or send a Full PKI Request";
  constexpr auto kOverTcp =
      "over TCP there is no TLS to show one: send it over HTTPS (https://, in the place of tcp://) "
      "with an agent's certificate, or send a Full PKI Request with the identity proof of a shared "
      "secret";
  return unknown(
      std::string("nothing shows who asks: a Simple PKI Request (a bare PKCS#10) is not signed by "
                  "an existing certificate, and ") +
      (peer.transport == TransportKind::tls ? kOverTls : kOverTcp));
}

Result<pkix::Certificate> tls_client_certificate(const Peer& peer) {
  if (!peer.tls_client_certificate) return nothing_shows_who_asks(peer);
  auto certificate = pkix::read_certificate(*peer.tls_client_certificate);
  if (certificate.ok()) return certificate;
  return unknown("the TLS client certificate cannot be read: " + certificate.error().detail);
}

bool is_agent(const pkix::Certificate& certificate, const Bytes& hash, Origin origin,
              const IdentityRules& rules) {
  if (origin == Origin::foreign) return false;
  if (rules.agents.count(hash) != 0) return true;
  return rules.cmc_ra_is_agent && certificate.has_extended_key_usage(pkix::oid::kCmcRA);
}

/// Another certificate than the signer's is good enough when it has the same subject; then it must
/// stand for that subject by itself, and be ours.
Result<void> check_same_subject(const pkix::Certificate& signer, const Bytes& tls_certificate,
                                const IdentityContext& context) {
  const auto other = pkix::read_certificate(tls_certificate);
  if (!other.ok()) {
    return Error{Fault::tls_mismatch,
                 "the TLS client certificate cannot be read: " + other.error().detail};
  }
  if (!same_person((*other)->subject, signer->subject)) {
    return Error{Fault::tls_mismatch,
                 "the request is signed by " + describe(signer) +
                     ", but the TLS connection presented the certificate of " + describe(*other) +
                     ": send it over TLS with a certificate of the subject that signed it"};
  }
  const auto standing = check_standing(*other, {}, context);
  if (standing.ok() && standing->origin == Origin::ours) return {};
  if (standing.ok()) {
    return Error{Fault::tls_mismatch,
                 "the TLS client certificate of " + describe(*other) +
                     " is a foreign issuer's, whose word makes nobody the namesake of who signed: "
                     "send it over TLS with the very certificate that signed it"};
  }
  if (standing.error().fault != Fault::untrusted_signer) return standing.error();
  return Error{Fault::tls_mismatch,
               "the TLS client certificate is not accepted: " + standing.error().detail};
}

Error signed_and_not_shown(const pkix::Certificate& signer, const Peer& peer) {
  constexpr auto kOverTls =
      ", but the TLS connection presented no client certificate: send it over TLS with the "
      "certificate that signed it";
  constexpr auto kOverTcp =
      ", and what a certificate signed is taken over HTTPS alone, since over TCP there is no TLS "
      "to show the same certificate: send it there (https://, in the place of tcp://), with the "
      "certificate that signed it as the TLS client's";
  return {Fault::tls_mismatch, "the request is signed by " + describe(signer) +
                                   (peer.transport == TransportKind::tls ? kOverTls : kOverTcp)};
}

Result<void> check_tls_match(const pkix::Certificate& signer, const Peer& peer,
                             const IdentityContext& context) {
  const auto& presented = peer.tls_client_certificate;
  if (!presented) {
    return signed_and_not_shown(signer, peer);
  }
  if (*presented == signer.der) return {};
  if (context.rules.tls_match == TlsMatch::subject) {
    return check_same_subject(signer, *presented, context);
  }
  const auto other = pkix::read_certificate(*presented);
  return Error{Fault::tls_mismatch,
               "the request is signed by " + describe(signer) +
                   ", but the TLS connection presented " +
                   (other.ok() ? "the certificate of " + describe(*other) : "another certificate") +
                   ": send it over TLS with the very certificate that signed it"};
}

}  // namespace

const std::string& ProvenIdentity::identification() const {
  static const std::string kNone;
  return secret_ ? name_ : kNone;
}

/// Makes the evidence, one function for each way to prove an identity.
class IdentityProver {
 public:
  IdentityProver(const cmc::PkiRequest& message, const Peer& peer, const IdentityContext& context)
      : message_(message), peer_(peer), context_(context) {}

  Result<ProvenIdentity> by_certificate(const SharedCertificate& signer) const {
    const auto expiry = context_.expired_signers ? Expiry::let_pass : Expiry::refused;
    auto identity = TRY(standing_of(signer, IdentityMethod::signing_certificate, expiry));
    if (context_.forwarded_by == nullptr) TRY(check_connection(*signer));
    identity.revocable_ = TRY(check_revocation_secrets(message_, context_));
    return identity;
  }

  Result<ProvenIdentity> by_tls_agent() const {
    if (!peer_.tls_client_certificate) {
      return unknown("agents only: the TLS connection presented no client certificate");
    }
    const auto certificate = TRY(tls_client_certificate(peer_));
    auto identity = TRY(standing_of(std::make_shared<const pkix::Certificate>(certificate),
                                    IdentityMethod::tls_client_certificate));
    if (identity.role_ == Role::agent) return identity;
    return unknown("agents only: the TLS client certificate of " + describe(certificate) +
                   " is not an agent's");
  }

  Result<ProvenIdentity> by_tls_client() const {
    const auto certificate = TRY(tls_client_certificate(peer_));
    auto identity = TRY(standing_of(std::make_shared<const pkix::Certificate>(certificate),
                                    IdentityMethod::tls_client_certificate));
    if (identity.role_ == Role::agent) return identity;
    return unknown(
        "a Simple PKI Request may come from an agent only, and the TLS client certificate of " +
        describe(certificate) + " is not an agent's: send a Full PKI Request signed by it");
  }

  //= C86 RFC 10004 §5.2: an RA's word for who asks is taken
  //= E142 RFC 10002 §6.20: from an agent alone, who signed a message around this one
  Result<ProvenIdentity> by_ra_witness(const ProvenIdentity& agent) const {
    ProvenIdentity identity;
    identity.method_ = IdentityMethod::ra_witness;
    identity.subject_ = TRY(only_subject(message_));
    identity.name_ =
        (identity.subject_.empty() ? "somebody without a name" : pkix::to_text(identity.subject_)) +
        ", vouched for by " + agent.name();
    identity.requester_hash_ = hash_of_witnessed(message_, identity.subject_, agent);
    return identity;
  }

  //= E71 RFC 10002 §6.2: who has no certificate yet proves who it is by a shared secret
  Result<ProvenIdentity> by_secret(KnownSecret known) const {
    ProvenIdentity identity;
    identity.method_ = IdentityMethod::shared_secret;
    identity.subject_ = TRY(owner_of(*known.secret, known.identification));
    identity.requester_hash_ = hash_of_owner(known, identity.subject_);
    identity.name_ = std::move(known.identification);
    identity.secret_ = std::move(known.secret);
    identity.token_use_ =
        store::TokenUse{identity.secret_->token_id, identity.secret_->uses_allowed,
                        failures_let_pass(known.history, context_.rules.secrets)};
    identity.secret_history_ = std::move(known.history);
    identity.old_mac_ = known.old_mac;
    return identity;
  }

  //= E121 RFC 10002 §6.11: unsigned, by the secrets of what is to be revoked
  Result<ProvenIdentity> by_revocation_secrets() const {
    ProvenIdentity identity;
    identity.method_ = IdentityMethod::revocation_secret;
    identity.revocable_ = TRY(check_revocation_secrets(message_, context_));
    if (identity.revocable_.empty()) {
      return unknown("nobody signed the request: sign it with the key of an existing certificate");
    }
    Bytes named;
    for (const auto& serial_number : identity.revocable_) {
      append(named, serial_number.octets);
      identity.name_ +=
          (identity.name_.empty() ? "" : ", ") + std::string("0x") + serial_number.to_hex();
    }
    identity.name_ = "who knows the revocation secret of " + identity.name_;
    identity.requester_hash_ = crypto::sha256(named);
    return identity;
  }

 private:
  [[nodiscard]] Result<void> check_connection(const pkix::Certificate& signer) const {
    auto matched = check_tls_match(signer, peer_, context_);
    if (matched.ok() || !context_.may_have_been_forwarded || !peer_.tls_client_certificate) {
      return matched;
    }
    return by_tls_agent().ok() ? Result<void>{} : matched;
  }

  /// Trusted, known to us, not revoked; and whether it is an agent's.
  Result<ProvenIdentity> standing_of(const SharedCertificate& shared, IdentityMethod method,
                                     Expiry expiry = Expiry::refused) const {
    const auto& certificate = *shared;
    auto standing = TRY(check_standing(certificate, certificates_of(message_), context_, expiry));
    ProvenIdentity identity;
    identity.method_ = method;
    identity.subject_ = certificate->subject;
    identity.requester_hash_ = std::move(standing.hash);
    identity.is_expired_ = standing.is_expired;
    identity.is_foreign_ = standing.origin == Origin::foreign;
    if (!standing.is_expired &&
        is_agent(certificate, identity.requester_hash_, standing.origin, context_.rules)) {
      identity.role_ = Role::agent;
    }
    identity.identity_proof_bypassed_ = carries_identity_proof(message_);
    identity.certificate_ = shared;
    return identity;
  }

  const cmc::PkiRequest& message_;
  const Peer& peer_;
  const IdentityContext& context_;
};

Result<ProvenIdentity> prove_identity(const envelope::OpenedRequest& request, const Peer& peer,
                                      const IdentityContext& context) {
  const IdentityProver prover{request.message(), peer, context};
  const auto* full = std::get_if<cmc::FullPkiRequest>(&request.message());
  if (full == nullptr) return prover.by_tls_client();

  if (request.signers().empty()) return prover.by_revocation_secrets();
  const auto* signer = TRY(only_signer(request.signers()));
  const auto* forwarded = context.forwarded_by;
  const bool is_witnessed = forwarded != nullptr && forwarded->witness != nullptr;
  if (const auto* existing = std::get_if<envelope::CertificateSigner>(signer)) {
    return is_witnessed ? signed_and_witnessed(*existing->certificate)
                        : prover.by_certificate(existing->certificate);
  }
  if (is_witnessed && !std::holds_alternative<envelope::SecretMac>(*signer)) {
    return prover.by_ra_witness(*forwarded->witness);
  }
  // id-alg-noSignature proves nothing; a shared secret may (RFC 10002 §C.1).
  const bool unsigned_message = std::holds_alternative<envelope::NoSignatureSigner>(*signer);
  if (unsigned_message && !carries_identity_proof(request.message())) return nobody_signed();
  const bool by_mac = std::holds_alternative<envelope::SecretMac>(*signer);
  return prover.by_secret(by_mac ? TRY(check_secret_mac(*full, context))
                                 : TRY(check_identity_proof(*full, context)));
}

Result<ProvenIdentity> prove_agent(const Peer& peer, const IdentityContext& context) {
  static const cmc::PkiRequest kNoMessage{cmc::FullPkiRequest{}};
  return IdentityProver{kNoMessage, peer, context}.by_tls_agent();
}

Result<void> check_secret_usable(const ProvenIdentity& identity, Time now) {
  const auto* secret = identity.secret();
  if (secret == nullptr) return {};
  if (secret->expires_at && *secret->expires_at < now) {
    return unknown("the shared secret of '" + identity.identification() + "' expired at " +
                   to_text(*secret->expires_at) + ": ask the authority's operator for a new one");
  }
  if (!store::within_limit(*identity.token_use(), identity.secret_history())) {
    return unknown("the shared secret of '" + identity.identification() +
                   "' was used up: sign with the certificate that it brought, or ask the "
                   "authority's operator for a new secret");
  }
  return {};
}

}  // namespace signet::proof
