#include "proof/identity/identity.h"

#include "codec/pkix/oids.h"
#include "crypto/digest.h"
#include "proof/identity/standing.h"

namespace signet::proof {
namespace {

const std::vector<pkix::Certificate>& certificates_of(const cmc::PkiRequest& message) {
  static const std::vector<pkix::Certificate> kNone;
  const auto* full = std::get_if<cmc::FullPkiRequest>(&message);
  return full != nullptr ? full->signed_data.certificates : kNone;
}

bool carries_identity_proof(const cmc::PkiRequest& message) {
  const auto& controls = cmc::controls_of(message);
  return cmc::find_control(controls, cmc::oid::kIdentityProof) != nullptr ||
         cmc::find_control(controls, cmc::oid::kIdentityProofV2) != nullptr;
}

Error unknown(std::string why) {
  return {Fault::unknown_identity, std::move(why)};
}

Result<pkix::Certificate> signing_certificate(const std::vector<envelope::Signer>& signers) {
  if (signers.empty()) {
    return unknown("nobody signed the request: sign it with the key of an existing certificate");
  }
  if (signers.size() > 1) {
    return unknown(std::to_string(signers.size()) +
                   " signers stand for the request: one existing certificate must sign it, and "
                   "nobody else, so that it is clear who asks");
  }
  if (const auto* existing = std::get_if<envelope::CertificateSigner>(&signers.front())) {
    return existing->certificate;
  }
  if (std::holds_alternative<envelope::NoSignatureSigner>(signers.front())) {
    return unknown(
        "the request carries no signature (id-alg-noSignature), so nothing shows who asks: sign it "
        "with the key of an existing certificate");
  }
  return unknown(
      "the request is signed with the key that it wants certified, so nothing shows who asks: sign "
      "it with the key of an existing certificate");
}

Result<pkix::Certificate> tls_client_certificate(const Peer& peer) {
  if (!peer.tls_client_certificate) {
    return unknown(
        "nothing shows who asks: a Simple PKI Request (a bare PKCS#10) is not signed by an "
        "existing "
        "certificate, and the TLS connection presented no client certificate: send it over TLS "
        "with "
        "an agent's certificate, or send a Full PKI Request");
  }
  auto certificate = pkix::read_certificate(*peer.tls_client_certificate);
  if (certificate.ok()) return certificate;
  return unknown("the TLS client certificate cannot be read: " + certificate.error().detail);
}

bool is_agent(const ProvenIdentity& identity, Origin origin, const IdentityRules& rules) {
  if (origin == Origin::foreign) return false;
  if (rules.agents.count(identity.requester_hash()) != 0) return true;
  return rules.cmc_ra_is_agent && identity.certificate().has_extended_key_usage(pkix::oid::kCmcRA);
}

/// Another certificate than the signer's is good enough when it has the same subject; then it must
/// stand for that subject by itself.
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
  if (standing.ok()) return {};
  if (standing.error().fault != Fault::untrusted_signer) return standing.error();
  return Error{Fault::tls_mismatch,
               "the TLS client certificate is not accepted: " + standing.error().detail};
}

Result<void> check_tls_match(const pkix::Certificate& signer, const Peer& peer,
                             const IdentityContext& context) {
  const auto& presented = peer.tls_client_certificate;
  if (!presented) {
    return Error{Fault::tls_mismatch,
                 "the request is signed by " + describe(signer) +
                     ", but the TLS connection presented no client certificate: send it over TLS "
                     "with the certificate that signed it"};
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

Result<ProvenIdentity> prove_identity(const envelope::OpenedRequest& request, const Peer& peer,
                                      const IdentityContext& context) {
  const bool is_full = std::holds_alternative<cmc::FullPkiRequest>(request.message());
  // 1. one existing certificate
  ProvenIdentity identity{is_full ? TRY(signing_certificate(request.signers()))
                                  : TRY(tls_client_certificate(peer))};
  identity.method_ =
      is_full ? IdentityMethod::signing_certificate : IdentityMethod::tls_client_certificate;
  identity.identity_proof_bypassed_ = carries_identity_proof(request.message());
  identity.requester_hash_ = crypto::sha256(identity.certificate_.der);
  // 2. and 3. trusted, known to us, not revoked
  const auto origin =
      TRY(check_standing(identity.certificate_, certificates_of(request.message()), context));
  if (is_agent(identity, origin, context.rules)) identity.role_ = Role::agent;
  // 4. the transport agrees
  if (is_full) {
    TRY(check_tls_match(identity.certificate_, peer, context));
  } else if (identity.role_ != Role::agent) {
    return unknown(
        "a Simple PKI Request may come from an agent only, and the TLS client "
        "certificate of " +
        describe(identity.certificate_) +
        " is not an agent's: send a Full PKI Request signed by it");
  }
  return identity;
}

}  // namespace signet::proof
