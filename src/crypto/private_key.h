#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "codec/pkix/certificate.h"
#include "crypto/public_key.h"

namespace signet::crypto {

/// A private key, wherever it lives (file, PKCS#11 module). Safe for many threads.
class PrivateKey {
 public:
  virtual ~PrivateKey() = default;
  [[nodiscard]] virtual const pkix::SubjectPublicKeyInfo& public_key_info() const = 0;
  [[nodiscard]] virtual KeyKind kind() const = 0;
  /// Signature over `message` (not over its digest).
  /// Faults: unsupported_algorithm (does not fit the key), signing_failed; token_failed: see below.
  [[nodiscard]] virtual Result<Bytes> sign(const AlgorithmIdentifier& algorithm,
                                           ByteView message) const = 0;
  /// Opens an RSA key transport (rsaEncryption or RSAES-OAEP with its parameters).
  /// PKCS#1 v1.5 with wrong padding is not told: octets of some length come out that nobody can
  /// foretell (implicit rejection). The caller checks the length and goes on as with a wrong key.
  /// Faults: unsupported_algorithm, decryption_failed, token_failed (the device is away for now).
  [[nodiscard]] virtual Result<SecretBytes> decrypt(const AlgorithmIdentifier& algorithm,
                                                    ByteView ciphertext) const = 0;
  /// What this key and another on the same curve agree on (ECDH, X25519, X448): Z.
  /// Faults: unsupported_algorithm (no such key, another curve), decryption_failed,
  /// token_failed.
  [[nodiscard]] virtual Result<SecretBytes> agree(const PublicKey& peer) const = 0;
};

/// A file or a token may hold two halves that do not belong together: whether what `key` signs is
/// verified by `public_half`. Keys for agreement are not asked. Faults: weak_key; those of signing.
Result<void> check_halves_agree(const PrivateKey& key, const PublicKey& public_half);

/// The algorithm we choose for a key: sha256WithRSAEncryption up to 3072 bits (else SHA-384),
/// ecdsa-with-SHA256/384/512 by curve, Ed25519, Ed448 (AMB-33). X25519/X448: unsupported_algorithm.
Result<AlgorithmIdentifier> default_signature_algorithm(const PrivateKey& key);
/// By Dogtag's name: SHA256withRSA, SHA384withRSA, SHA512withRSA, SHA256withRSA/PSS, …,
/// SHA256withEC, SHA384withEC, SHA512withEC, Ed25519, Ed448. Weak ones (MD5, MD2, SHA1) and unknown
/// ones: unsupported_algorithm.
Result<AlgorithmIdentifier> signature_algorithm_by_name(std::string_view name);
/// The name by the same table; the dotted OID when it has none.
std::string signature_algorithm_name(const AlgorithmIdentifier& algorithm);
/// The digest that goes with a signature algorithm in a SignerInfo (RFC 8419 §3.1: Ed25519 SHA-512,
/// Ed448 SHAKE256). Faults: unsupported_algorithm.
Result<DigestAlgorithm> digest_of_signature(const AlgorithmIdentifier& algorithm);

/// What to make: "rsa:2048", "rsa:3072", "rsa:4096", "ec:p256", "ec:p384", "ec:p521", "ed25519",
/// "ed448", "x25519", "x448". Faults: unsupported_algorithm, naming the choices.
Result<std::unique_ptr<PrivateKey>> generate_private_key(std::string_view kind);

/// PEM or DER: PKCS#8 (encrypted too), RSA and EC traditional PEM.
/// Faults: malformed, decryption_failed (wrong or missing passphrase), unsupported_algorithm,
/// weak_key.
Result<std::unique_ptr<PrivateKey>> read_private_key(ByteView file, const SecretBytes& passphrase);
/// PEM PKCS#8, encrypted (PBES2, AES-256-CBC, PBKDF2-HMAC-SHA256 600,000) unless `passphrase` is
/// empty.
Result<SecretBytes> write_private_key(const PrivateKey& key, const SecretBytes& passphrase);

struct Pkcs12 {
  std::unique_ptr<PrivateKey> key;
  std::vector<pkix::Certificate> certificates;  ///< the key's own first
};
Result<Pkcs12> read_pkcs12(ByteView file, const SecretBytes& passphrase);
Result<SecretBytes> write_pkcs12(const PrivateKey& key,
                                 const std::vector<pkix::Certificate>& certificates,
                                 std::string_view friendly_name, const SecretBytes& passphrase);

/// RSAES-OAEP with this hash, MGF1 with the same, and no label (RFC 4055 §4.1).
AlgorithmIdentifier rsaes_oaep(DigestAlgorithm hash);
/// Encrypts a content key to a public key by RSA key transport.
Result<Bytes> encrypt_key_transport(const PublicKey& key, const AlgorithmIdentifier& algorithm,
                                    const SecretBytes& content_key);

}  // namespace signet::crypto
