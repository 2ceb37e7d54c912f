#pragma once

#include "crypto/public_key.h"
#include "proof/identity/identity.h"
#include "proof/possession/link.h"

namespace signet::proof {

enum class PossessionMethod { signature };

/// Evidence that the requester holds the private key of the request, which is a good key.
/// Only prove_possession makes one.
class ProvenPossession {
 public:
  [[nodiscard]] PossessionMethod method() const { return method_; }
  [[nodiscard]] const crypto::PublicKey& key() const { return key_; }
  /// How the request was tied to the shared secret that proved the identity.
  [[nodiscard]] LinkMethod link() const { return link_; }
  /// The request this was proven for.
  [[nodiscard]] const cmc::TaggedRequest& request() const { return *request_; }

 private:
  friend Result<ProvenPossession> prove_possession(const cmc::TaggedRequest&, const ProvenIdentity&,
                                                   const LinkDemand&);
  ProvenPossession(crypto::PublicKey key, LinkMethod link, const cmc::TaggedRequest& request)
      : link_(link), key_(std::move(key)), request_(&request) {}
  PossessionMethod method_ = PossessionMethod::signature;
  LinkMethod link_ = LinkMethod::none;
  crypto::PublicKey key_;
  const cmc::TaggedRequest* request_;
};

/// PKCS#10: its signature over CertificationRequestInfo. CRMF: popo.signature over CertRequest, as
/// received (RFC 10002 §3.2.1.2.2, AMB-34). Then the link to the shared secret (check_link).
/// `request` must outlive the evidence.
/// Faults: weak_key, unsupported_algorithm, malformed (key); possession_missing (no popo, a
/// challenge asked for, id-alg-noSignature); possession_failed (wrong signature, raVerified from
/// whoever may not say so, a form that CMC forbids); unsupported_message for orm; those of
/// check_link.
Result<ProvenPossession> prove_possession(const cmc::TaggedRequest& request,
                                          const ProvenIdentity& identity, const LinkDemand& link);

}  // namespace signet::proof
