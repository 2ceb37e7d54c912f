#pragma once

#include <string>
#include <vector>

#include "apps/inspect/annotated_tree.h"
#include "base/secret_bytes.h"
#include "codec/pkix/certificate.h"
#include "crypto/public_key.h"

/// Parts that many messages share, as branches of an AnnotatedTree. None of these fails: what
/// cannot be decoded is shown as such.
namespace signet::tool {

/// What the parts of one message know of each other.
struct Scope {
  std::vector<pkix::Certificate> certificates = {};  ///< carried: whose keys may verify
  int depth = 0;                                     ///< messages around this one
  const SecretBytes* secret = nullptr;               ///< with which proofs are checked

  /// Deeper messages are counted, not shown: nesting in OCTET STRINGs is bounded by nobody else.
  static constexpr int kDeepest = 8;
  [[nodiscard]] bool is_deepest() const { return depth >= kDeepest; }
  [[nodiscard]] Scope inside() const { return {certificates, depth + 1, secret}; }
};

/// Hexadecimal, long ones cut with their length told.
std::string hex_text(ByteView octets);
/// The text when it is printable, else hex_text.
std::string text_or_hex(ByteView octets);
/// "12 octets"
std::string octets_text(std::size_t octets);
std::string integer_text(const asn1::Integer& integer);
std::string name_text(const pkix::Name& name);
/// "ecdsa-with-SHA256", "id-PBKDF2 (salt …, 10000 iterations)", "id-ecPublicKey secp256r1"
std::string algorithm_text(const pkix::AlgorithmIdentifier& algorithm);

AnnotatedTree general_names_tree(std::string name, const pkix::GeneralNames& names);
/// Kind and size, or why we would not use the key; the key identifier.
AnnotatedTree public_key_tree(std::string name, const pkix::SubjectPublicKeyInfo& key);
/// A part that could not be decoded.
AnnotatedTree undecoded(std::string name, const Error& error);

/// Any ASN.1: tags, numbers, identifiers and times; strings only by their length, since this tool
/// does not know which of them is a secret.
AnnotatedTree asn1_tree(std::string name, ByteView octets);

/// A signature that `verified` tells of: `by` says whose key it was checked with.
AnnotatedTree signature_tree(const pkix::AlgorithmIdentifier& algorithm,
                             const Result<void>& verified, const std::string& by);
/// Checks `signature` over `message` with this key.
AnnotatedTree check_signature(const pkix::SubjectPublicKeyInfo& key,
                              const pkix::AlgorithmIdentifier& algorithm, ByteView message,
                              const asn1::BitString& signature, const std::string& by);

}  // namespace signet::tool
