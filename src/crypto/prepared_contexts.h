#pragma once

#include <mutex>
#include <optional>
#include <vector>

#include "crypto/openssl.h"
#include "crypto/signature_scheme.h"

namespace signet::crypto {

/// EVP_PKEY_CTXs of one key, set up to sign or to verify and used again and again: setting one up
/// costs about a fifth of a P-256 signature. Safe for many threads; holds at most a few.
class PreparedContexts {
 public:
  enum class Use { sign, verify };

  PreparedContexts(EVP_PKEY* key, Use use) : key_(key), use_(use) {}

  /// A context for RSA or ECDSA that nobody else uses; null when OpenSSL refuses to set it up.
  openssl::KeyContext take(const SignatureScheme& scheme);
  /// Only after success: what a failure leaves behind in a context is not known.
  void give_back(const SignatureScheme& scheme, openssl::KeyContext context);

 private:
  struct Idle {
    SignatureScheme scheme;
    openssl::KeyContext context;
  };

  [[nodiscard]] openssl::KeyContext take_idle(const SignatureScheme& scheme);
  [[nodiscard]] openssl::KeyContext prepare(const SignatureScheme& scheme) const;

  EVP_PKEY* key_;  ///< owned by the key that owns this
  Use use_;
  std::mutex mutex_;
  std::vector<Idle> idle_;
};

}  // namespace signet::crypto
