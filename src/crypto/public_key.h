#pragma once

#include <memory>
#include <string>

#include "codec/pkix/algorithm.h"
#include "crypto/digest.h"

namespace signet::pkix {
struct Certificate;
}

namespace signet::crypto {

enum class KeyKind { rsa, ec_p256, ec_p384, ec_p521, ed25519, ed448, x25519, x448 };
/// "RSA", "EC nistp256", "Ed25519", …
std::string_view to_text(KeyKind kind);

/// A public key that is fit for use. Making one is the minimal check of RFC 10004 §10 (D10, D11):
/// RSA modulus 2048..8192 bits, odd, not of the ROCA shape, no small factor; exponent odd and
/// 65537..2^256; EC points on P-256, P-384 or P-521 by name, uncompressed or compressed, not at
/// infinity; Edwards and Montgomery keys of the right length, not of small order.
/// Cheap to copy; immutable; used by many threads.
class PublicKey {
 public:
  /// Faults: malformed, unsupported_algorithm (type or curve not on the list), weak_key.
  static Result<PublicKey> from(const pkix::SubjectPublicKeyInfo& info);

  [[nodiscard]] KeyKind kind() const;
  /// RSA: bits of the modulus; EC: of the field; others: of the key.
  [[nodiscard]] int bits() const;
  [[nodiscard]] bool can_sign() const;  ///< not for X25519 and X448

  /// Verifies `signature` over `message`.
  ///
  /// `algorithm`: sha2-with-RSA, rsaEncryption (RFC 5652 style, with `digest`), RSASSA-PSS with its
  /// parameters (hash = MGF1 hash, salt length as said), ecdsa-with-SHA2, Ed25519, Ed448.
  /// `digest`: the digestAlgorithm that stands beside it in a SignerInfo; must agree where the
  /// algorithm names one itself.
  /// Faults: unsupported_algorithm (also SHA-1, MD5, mismatch with the key); bad_signature.
  [[nodiscard]] Result<void> verify(const AlgorithmIdentifier& algorithm, ByteView message,
                                    ByteView signature,
                                    std::optional<DigestAlgorithm> digest = {}) const;

  struct Impl;
  [[nodiscard]] const Impl& impl() const { return *impl_; }

 private:
  explicit PublicKey(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}
  std::shared_ptr<const Impl> impl_;
};

/// Keys already checked and made, by their SubjectPublicKeyInfo: the signers who come back.
/// Bounded (least recently used goes first); safe for many threads.
class PublicKeyCache {
 public:
  explicit PublicKeyCache(std::size_t capacity = 4096);
  ~PublicKeyCache();
  Result<PublicKey> find_or_make(const pkix::SubjectPublicKeyInfo& info);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Key identifier by RFC 5280 §4.2.1.2 (1), with the digest given: of the BIT STRING's octets.
Bytes key_identifier(const pkix::SubjectPublicKeyInfo& info,
                     DigestAlgorithm algorithm = DigestAlgorithm::sha1);

/// The keyIdentifier by which what `issuer` signs names its key (RFC 5280 §4.2.1.1, §5.2.1): its
/// subjectKeyIdentifier; of its key, where it has none.
Bytes issuer_key_identifier(const pkix::Certificate& issuer);

}  // namespace signet::crypto
