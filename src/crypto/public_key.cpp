#include "crypto/public_key.h"

#include <array>

#include "codec/pkix/certificate.h"
#include "codec/pkix/oids.h"
#include "crypto/fetched_digest.h"
#include "crypto/public_key_impl.h"

namespace signet::crypto {
namespace {

using Family = SignatureScheme::Family;

bool is_edwards(Family family) {
  return family == Family::ed25519 || family == Family::ed448;
}

/// RSA and ECDSA: over the digest, in a context that is used again.
bool verifies_digest(const PublicKey::Impl& key, const SignatureScheme& scheme, ByteView message,
                     ByteView signature) {
  const auto hashed = digest(scheme.digest, message);
  auto& verifiers = key.made.key->verifiers();
  auto context = verifiers.take(scheme);
  if (!context || EVP_PKEY_verify(context.get(), signature.data(), signature.size(), hashed.data(),
                                  hashed.size()) != 1) {
    return false;
  }
  verifiers.give_back(scheme, std::move(context));
  return true;
}

/// EdDSA: over the message itself (RFC 8032 §5.1.7).
bool verifies_message(const PublicKey::Impl& key, ByteView message, ByteView signature) {
  const openssl::DigestContext context(EVP_MD_CTX_new());
  return context &&
         EVP_DigestVerifyInit_ex(context.get(), nullptr, nullptr, nullptr, nullptr, key.key(),
                                 nullptr) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(),
                          message.size()) == 1;
}

/// RFC 8017 §8.1.2 and §8.2.2 step 1: exactly as long as the modulus.
bool has_right_length(const PublicKey::Impl& key, ByteView signature) {
  if (key.made.kind != KeyKind::rsa) return !signature.empty();
  return signature.size() == (static_cast<std::size_t>(key.made.bits) + 7) / 8;
}

Result<MadePublicKey> make(const pkix::SubjectPublicKeyInfo& info) {
  if (info.subject_public_key.unused_bits != 0) {
    return Error{Fault::malformed, "subjectPublicKey is not a whole number of octets"};
  }
  const auto& type = info.algorithm.algorithm;
  if (type == pkix::oid::kRsaEncryption) return make_rsa_public_key(info);
  if (type == pkix::oid::kEcPublicKey) return make_ec_public_key(info);
  for (const auto& edwards :
       {pkix::oid::kEd25519, pkix::oid::kEd448, pkix::oid::kX25519, pkix::oid::kX448}) {
    if (type == edwards) return make_edwards_public_key(info);
  }
  return Error{Fault::unsupported_algorithm,
               "key type " + type.to_text() + " is not offered; use RSA, EC or Ed25519"};
}

}  // namespace

std::string_view to_text(KeyKind kind) {
  static constexpr std::array<std::string_view, 8> kNames{
      "RSA", "EC nistp256", "EC nistp384", "EC nistp521", "Ed25519", "Ed448", "X25519", "X448"};
  return kNames.at(static_cast<std::size_t>(kind));
}

//= D10 RFC 10004 §10: every public key passes a minimal check before it is used or certified
//= D11 RFC 10004 §10: keys known to be bad are refused: bad RSA exponents, small subgroups
Result<PublicKey> PublicKey::from(const pkix::SubjectPublicKeyInfo& info) {
  auto made = TRY(make(info));
  return PublicKey(std::make_shared<const Impl>(std::move(made)));
}

KeyKind PublicKey::kind() const {
  return impl_->made.kind;
}

int PublicKey::bits() const {
  return impl_->made.bits;
}

bool PublicKey::can_sign() const {
  return kind() != KeyKind::x25519 && kind() != KeyKind::x448;
}

//= B01 RFC 10004 §5.1: RSA with SHA-256 is verified
//= B02 RFC 10004 §5.1: so are RSASSA-PSS, ECDSA and EdDSA
Result<void> PublicKey::verify(const AlgorithmIdentifier& algorithm, ByteView message,
                               ByteView signature, std::optional<DigestAlgorithm> digest) const {
  const auto scheme = TRY(signature_scheme(algorithm, digest));
  TRY(check_fits(scheme, kind(), bits()));
  const bool verified =
      has_right_length(*impl_, signature) &&
      (is_edwards(scheme.family) ? verifies_message(*impl_, message, signature)
                                 : verifies_digest(*impl_, scheme, message, signature));
  if (verified) return {};
  openssl::forget_reason();
  return Error{Fault::bad_signature, "the signature does not verify with the " +
                                         std::string(to_text(kind())) + " key given"};
}

Bytes key_identifier(const pkix::SubjectPublicKeyInfo& info, DigestAlgorithm algorithm) {
  return digest(algorithm, info.subject_public_key.octets);
}

Bytes issuer_key_identifier(const pkix::Certificate& issuer) {
  auto identifier = issuer.subject_key_identifier();
  return identifier ? *std::move(identifier) : key_identifier(issuer->subject_public_key_info);
}

openssl::KeyContext fromdata_context(const char* type) {
  openssl::KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  CHECK(context != nullptr && EVP_PKEY_fromdata_init(context.get()) == 1);
  return context;
}

}  // namespace signet::crypto
