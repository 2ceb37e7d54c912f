#pragma once

#include <optional>

#include "codec/cmc/pki_request.h"
#include "crypto/public_key.h"

namespace signet::envelope {

/// Where a signer's certificate is found when the message does not carry it. Ours: the store.
class CertificateSource {
 public:
  virtual ~CertificateSource() = default;
  virtual std::optional<pkix::Certificate> find(const cms::IssuerAndSerialNumber& id) const = 0;
  virtual std::optional<pkix::Certificate> find(const cms::SubjectKeyIdentifier& id) const = 0;
};

/// An existing certificate signed: its signature has verified, its path has not (proof/trust).
struct CertificateSigner {
  std::shared_ptr<const pkix::Certificate> certificate;  ///< never null
};
/// The key of a request signed, found by subjectKeyIdentifier (RFC 10002 §3.2). Proves no identity.
struct RequestKeySigner {
  cmc::BodyPartID request;
};
/// id-alg-noSignature (§C.1). Proves nothing.
struct NoSignatureSigner {};
/// An AuthenticatedData stands around the message. Its MAC is verified where the shared secret is
/// found, by proof/identity; until then nothing is proven.
struct SecretMac {};
using Signer = std::variant<CertificateSigner, RequestKeySigner, NoSignatureSigner, SecretMac>;

/// Evidence that each layer of a message was taken off and each signature verified over the octets
/// received (a MAC not yet: SecretMac). Only open_request makes one.
class OpenedRequest {
 public:
  [[nodiscard]] const cmc::PkiRequest& message() const { return *message_; }
  /// One for each SignerInfo, in order; empty for a Simple request and for a message without
  /// signers.
  [[nodiscard]] const std::vector<Signer>& signers() const { return signers_; }
  /// signingTime of the first signer that has one (it is authenticated).
  [[nodiscard]] std::optional<Time> signing_time() const { return signing_time_; }
  [[nodiscard]] std::vector<const cmc::TaggedRequest*> certification_requests() const {
    return cmc::requests_of(*message_);
  }

 private:
  friend Result<OpenedRequest> open_request(const cmc::PkiRequest&, const CertificateSource&,
                                            crypto::PublicKeyCache&);
  OpenedRequest() = default;
  const cmc::PkiRequest* message_ = nullptr;
  std::vector<Signer> signers_;
  std::optional<Time> signing_time_;
};

/// Whether a SignedData, whose content cannot be read, was altered since it was signed: no
/// signature fails that is by a certificate which it carries. Others are not looked at. Faults:
/// bad_signature.
Result<void> check_unaltered(const cms::SignedData& signed_data);

/// Verifies every SignerInfo of `message`, which must outlive the evidence (RFC 10002 §3.2.1.3.4).
///
/// signedAttrs with contentType and messageDigest are demanded of every signer (E165, S13); at most
/// eight signers are looked at.
/// subjectKeyIdentifier: first a request in the message that asks for this SKI (then it must be the
/// only signer, E13), then the certificates carried, then `certificates`.
/// Faults: bad_signature for every mismatch and for a signer without signedAttrs;
/// unsupported_algorithm; weak_key; untrusted_signer when no certificate is found for a signer;
/// malformed for missing or doubled attributes in signedAttrs, for two requests that ask for the
/// SKI, and for a request's key that is not the only signer; too_large.
Result<OpenedRequest> open_request(const cmc::PkiRequest& message,
                                   const CertificateSource& certificates,
                                   crypto::PublicKeyCache& keys);

}  // namespace signet::envelope
