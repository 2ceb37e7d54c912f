#pragma once

#include <memory>

#include "crypto/openssl.h"
#include "crypto/prepared_contexts.h"
#include "crypto/public_key.h"

namespace signet::crypto {

/// A key of OpenSSL's, with the contexts that verify by it.
class LoadedKey {
 public:
  explicit LoadedKey(openssl::Key key)
      : key_(std::move(key)), verifiers_(key_.get(), PreparedContexts::Use::verify) {}

  [[nodiscard]] EVP_PKEY* get() const { return key_.get(); }
  [[nodiscard]] PreparedContexts& verifiers() { return verifiers_; }

 private:
  openssl::Key key_;
  PreparedContexts verifiers_;
};

/// What was made of a SubjectPublicKeyInfo that has passed our checks.
struct MadePublicKey {
  KeyKind kind;
  int bits;
  std::shared_ptr<LoadedKey> key;  ///< never null
};

/// RSA (RFC 3279 §2.3.1, RFC 8017 §A.1.1). `info` names rsaEncryption.
/// Faults: malformed, weak_key.
Result<MadePublicKey> make_rsa_public_key(const pkix::SubjectPublicKeyInfo& info);

/// EC on a named curve (RFC 5480 §2). `info` names id-ecPublicKey.
/// Faults: malformed, unsupported_algorithm (curve), weak_key (infinity, not on the curve).
Result<MadePublicKey> make_ec_public_key(const pkix::SubjectPublicKeyInfo& info);

/// Ed25519, Ed448, X25519 or X448 (RFC 8410 §4). `info` names one of them.
/// Faults: malformed, weak_key (small order, not on the curve).
Result<MadePublicKey> make_edwards_public_key(const pkix::SubjectPublicKeyInfo& info);

/// A context in which EVP_PKEY_fromdata makes keys of `type`; setting it up is the larger part of
/// making a key, so each thread keeps its own.
openssl::KeyContext fromdata_context(const char* type);

}  // namespace signet::crypto
