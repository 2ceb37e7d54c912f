#pragma once

#include <memory>
#include <string>
#include <vector>

#include "crypto/private_key.h"
#include "issuance/issuer.h"

namespace signet::issuance {

/// The certificates that an authority needs before it can serve: made by `signet ca init`, the OCSP
/// responder's by the server; none through a profile. All are linted like every other certificate.

struct RootInput {
  pkix::Name subject;
  const crypto::PrivateKey& key;
  std::chrono::days validity{7305};  ///< 20 years, as Dogtag's caCMCcaCert
  Time now;
};
/// A self-signed authority: basicConstraints critical CA, keyUsage critical keyCertSign, cRLSign
/// and digitalSignature (it may sign responses), SKI, AKI. id-kp-cmcCA is not set: as the CA it
/// needs none.
Result<pkix::Certificate> make_root(const RootInput& input, RandomSource& random);

struct AuthorityInput {
  pkix::Name subject;
  const pkix::SubjectPublicKeyInfo& key;
  pkix::Validity validity;
};
/// The certificate of an authority below another, or of another key of the same authority
/// (RFC 4210 §4.4), with the extensions of a root. It ends with its issuer's at the latest.
/// Faults: internal, signing_failed.
Result<pkix::Certificate> make_authority_certificate(const AuthorityInput& input,
                                                     const pkix::Certificate& issuer,
                                                     const crypto::PrivateKey& issuer_key,
                                                     RandomSource& random);

enum class ServiceKind {
  tls_server,  ///< EKU serverAuth, SAN from `dns_names` and `ip_addresses`
  agent,       ///< EKU clientAuth, emailProtection and id-kp-cmcRA: signs requests for others
  encryption,  ///< keyEncipherment or keyAgreement: messages to the authority are encrypted to it
  ocsp_responder,  ///< EKU OCSPSigning and id-pkix-ocsp-nocheck (RFC 6960 §4.2.2.2)
  cmc_signer,      ///< EKU id-kp-cmcCA: signs responses; its subject is to be the authority's
};
struct ServiceInput {
  ServiceKind kind = ServiceKind::tls_server;
  pkix::Name subject;
  const pkix::SubjectPublicKeyInfo& key;
  std::vector<std::string> dns_names = {};
  std::vector<std::string> ip_addresses = {};  ///< dotted or colon text
  pkix::GeneralNames more_names = {};          ///< in the SAN besides, as they stand
  std::chrono::days validity{720};
  Time now;
  /// None: the one that goes with the authority's key.
  std::optional<pkix::AlgorithmIdentifier> signature_algorithm = {};
};
/// Signed by the authority. Its validity is cut to the authority's.
/// Faults: malformed (a name or address), internal, signing_failed.
Result<pkix::Certificate> make_service_certificate(const ServiceInput& input,
                                                   const std::vector<pkix::Certificate>& chain,
                                                   const crypto::PrivateKey& authority_key,
                                                   RandomSource& random);

/// A PKCS#10 for a subordinate authority, to be signed by another.
Result<Bytes> make_subordinate_request(const pkix::Name& subject, const crypto::PrivateKey& key);

}  // namespace signet::issuance
