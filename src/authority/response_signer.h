#pragma once

#include <memory>

#include "issuance/issuer.h"

namespace signet::authority {

/// A key to which the authority delegated the signing of responses (RFC 10002 §9.1), so that its
/// own may rest. Made by make_response_signer only.
class ResponseSigner {
 public:
  [[nodiscard]] const crypto::PrivateKey& key() const { return *key_; }
  [[nodiscard]] const pkix::AlgorithmIdentifier& algorithm() const { return algorithm_; }
  [[nodiscard]] const pkix::Certificate& certificate() const { return certificate_; }

 private:
  friend Result<std::shared_ptr<const ResponseSigner>> make_response_signer(
      const pkix::Certificate& certificate, std::shared_ptr<const crypto::PrivateKey> key,
      const std::vector<pkix::Certificate>& authority);
  ResponseSigner(std::shared_ptr<const crypto::PrivateKey> key, pkix::AlgorithmIdentifier algorithm,
                 pkix::Certificate certificate)
      : key_(std::move(key)),
        algorithm_(std::move(algorithm)),
        certificate_(std::move(certificate)) {}

  std::shared_ptr<const crypto::PrivateKey> key_;
  pkix::AlgorithmIdentifier algorithm_;
  pkix::Certificate certificate_;
};

/// `authority`: the authority's certificates, one for each of its keys; one of them must have
/// issued `certificate`, with id-kp-cmcCA. Its time is not looked at.
/// Faults: bad_configuration, saying what a client would not accept.
Result<std::shared_ptr<const ResponseSigner>> make_response_signer(
    const pkix::Certificate& certificate, std::shared_ptr<const crypto::PrivateKey> key,
    const std::vector<pkix::Certificate>& authority);

}  // namespace signet::authority
