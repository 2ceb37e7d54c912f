#include "envelope/encrypted_data.h"

#include <array>

#include "codec/pkix/oids.h"
#include "crypto/cipher.h"
#include "crypto/key_agreement.h"
#include "envelope/signed_attributes.h"

namespace signet::envelope {
namespace {

constexpr std::size_t kCbcIvOctets = 16;
constexpr std::size_t kGcmNonceOctets = 12;
constexpr std::size_t kLeastIcvOctets = 12;

Error unsupported_cipher(const asn1::Oid& cipher, std::string_view wanted) {
  return {Fault::unsupported_algorithm, "content encryption " + cipher.to_text() +
                                            " is not offered here: use " + std::string(wanted)};
}

// ---------------------------------------------------------------- key agreement

/// Of a dhSinglePass-stdDH scheme: the digest of its key derivation.
struct AgreementScheme {
  asn1::Oid oid;
  crypto::DigestAlgorithm digest;
};
constexpr std::array kSchemes{
    AgreementScheme{pkix::oid::kEcdhSha1Kdf, crypto::DigestAlgorithm::sha1},
    AgreementScheme{pkix::oid::kEcdhSha224Kdf, crypto::DigestAlgorithm::sha224},
    AgreementScheme{pkix::oid::kEcdhSha256Kdf, crypto::DigestAlgorithm::sha256},
    AgreementScheme{pkix::oid::kEcdhSha384Kdf, crypto::DigestAlgorithm::sha384},
    AgreementScheme{pkix::oid::kEcdhSha512Kdf, crypto::DigestAlgorithm::sha512},
};

/// How a key is derived and what it wraps with.
struct Agreement {
  crypto::DigestAlgorithm digest = crypto::DigestAlgorithm::sha256;
  Bytes key_info_der;  ///< AlgorithmIdentifier of the key wrap
  std::size_t key_octets = 0;
};

Result<Agreement> read_agreement(const pkix::AlgorithmIdentifier& algorithm) {
  for (const auto& scheme : kSchemes) {
    if (scheme.oid != algorithm.algorithm) continue;
    if (!algorithm.parameters) {
      return Error{Fault::malformed, "a key agreement that names no key wrap"};
    }
    const auto wrap =
        TRY(pkix::read_algorithm_identifier(*algorithm.parameters, asn1::Limits::ber()));
    if (!crypto::is_aes_key_wrap(wrap.algorithm)) {
      return Error{Fault::unsupported_algorithm,
                   "key wrap " + wrap.algorithm.to_text() + " is not offered: use AES key wrap"};
    }
    const auto key_octets = TRY(crypto::aes_key_octets(wrap.algorithm));
    return Agreement{scheme.digest, *algorithm.parameters, key_octets};
  }
  return Error{Fault::unsupported_algorithm,
               "key agreement " + algorithm.algorithm.to_text() +
                   " is not offered: use ephemeral-static ECDH (RFC 5753)"};
}

SecretBytes wrapping_key(const Agreement& agreement, const SecretBytes& shared_secret,
                         const std::optional<Bytes>& ukm) {
  return crypto::x963_kdf(
      agreement.digest, shared_secret,
      cms::write_ecc_cms_shared_info(agreement.key_info_der, ukm, agreement.key_octets),
      agreement.key_octets);
}

/// The originator's ephemeral key; the curve may be left out and is the recipient's then.
Result<crypto::PublicKey> ephemeral_key(const cms::KeyAgreeRecipientInfo& recipient,
                                        const pkix::SubjectPublicKeyInfo& own) {
  const auto* originator = std::get_if<cms::OriginatorPublicKey>(&recipient.originator);
  if (originator == nullptr) {
    return Error{Fault::unsupported_algorithm,
                 "a key agreement with a static key of its originator: use an ephemeral one"};
  }
  pkix::SubjectPublicKeyInfo info;
  info.algorithm = originator->algorithm;
  info.subject_public_key = originator->public_key;
  const bool named = info.algorithm.parameters && *info.algorithm.parameters != Bytes{0x05, 0x00};
  if (info.algorithm.algorithm == own.algorithm.algorithm && !named) {
    info.algorithm = own.algorithm;
  }
  return crypto::PublicKey::from(info);
}

// ---------------------------------------------------------------- sealing

Result<pkix::AlgorithmIdentifier> agreement_algorithm(const crypto::PublicKey& recipient) {
  asn1::Writer wrap;
  pkix::write_algorithm_identifier(wrap, {pkix::oid::kAes256Wrap, std::nullopt});
  auto key_info = std::move(wrap).take();
  switch (recipient.kind()) {
    case crypto::KeyKind::ec_p256:
    case crypto::KeyKind::x25519:
      return pkix::AlgorithmIdentifier{pkix::oid::kEcdhSha256Kdf, std::move(key_info)};
    case crypto::KeyKind::ec_p384:
      return pkix::AlgorithmIdentifier{pkix::oid::kEcdhSha384Kdf, std::move(key_info)};
    case crypto::KeyKind::ec_p521:
    case crypto::KeyKind::x448:
      return pkix::AlgorithmIdentifier{pkix::oid::kEcdhSha512Kdf, std::move(key_info)};
    case crypto::KeyKind::rsa:
    case crypto::KeyKind::ed25519:
    case crypto::KeyKind::ed448:
      break;
  }
  return Error{Fault::unsupported_algorithm,
               std::string(to_text(recipient.kind())) + " keys are not for encryption"};
}

Result<cms::RecipientInfo> seal_by_agreement(const EncryptionInput& input,
                                             const SecretBytes& content_key) {
  auto algorithm = TRY(agreement_algorithm(input.recipient));
  const auto agreement = TRY(read_agreement(algorithm));
  const auto agreed = TRY(crypto::agree_with(input.recipient));
  const auto key = wrapping_key(agreement, agreed.shared_secret, std::nullopt);
  cms::KeyAgreeRecipientInfo recipient;
  recipient.originator =
      cms::OriginatorPublicKey{agreed.ephemeral.algorithm, agreed.ephemeral.subject_public_key};
  recipient.key_encryption_algorithm = std::move(algorithm);
  auto wrapped = TRY(crypto::aes_key_wrap(key, content_key));
  recipient.recipient_encrypted_keys.push_back({input.rid, std::move(wrapped)});
  return cms::RecipientInfo{std::move(recipient)};
}

Result<cms::RecipientInfo> seal_by_transport(const EncryptionInput& input,
                                             const SecretBytes& content_key) {
  const auto algorithm =
      input.style.key_transport == EncryptionStyle::KeyTransport::oaep
          ? crypto::rsaes_oaep(crypto::DigestAlgorithm::sha256)
          : pkix::AlgorithmIdentifier{pkix::oid::kRsaEncryption, Bytes{0x05, 0x00}};
  cms::KeyTransRecipientInfo recipient;
  recipient.rid = input.rid;
  recipient.key_encryption_algorithm = algorithm;
  recipient.encrypted_key =
      TRY(crypto::encrypt_key_transport(input.recipient, algorithm, content_key));
  return cms::RecipientInfo{std::move(recipient)};
}

Result<cms::RecipientInfo> seal_content_key(const EncryptionInput& input,
                                            const SecretBytes& content_key) {
  return input.recipient.kind() == crypto::KeyKind::rsa ? seal_by_transport(input, content_key)
                                                        : seal_by_agreement(input, content_key);
}

//= B05 RFC 10004 §5.1: EnvelopedData with AES-CBC is made
Result<Bytes> seal_enveloped(const EncryptionInput& input, const SecretBytes& content_key,
                             RandomSource& random) {
  const auto iv = TRY(random.octets(kCbcIvOctets));
  asn1::Writer parameters;
  parameters.octet_string(iv);
  cms::EnvelopedData enveloped;
  enveloped.recipient_infos.push_back(TRY(seal_content_key(input, content_key)));
  auto encrypted = TRY(crypto::aes_cbc_encrypt(content_key, iv, input.content));
  enveloped.encrypted_content_info = {
      input.content_type,
      {input.style.content_encryption, std::move(parameters).take()},
      std::move(encrypted)};
  return cms::write_content_info(cms::oid::kEnvelopedData, cms::write_enveloped_data(enveloped));
}

//= B07 RFC 10004 §5.1: AuthEnvelopedData with AES-GCM is made
//= B08 RFC 10004 §5.1: with a nonce of 12 octets
//= B09 RFC 10004 §5.1: and an ICV of 12 octets where that is asked for
Result<Bytes> seal_auth_enveloped(const EncryptionInput& input, const SecretBytes& content_key,
                                  RandomSource& random) {
  const auto nonce = TRY(random.octets(kGcmNonceOctets));
  cms::AuthEnvelopedData enveloped;
  enveloped.recipient_infos.push_back(TRY(seal_content_key(input, content_key)));
  // RFC 5083 §2.1: authAttrs must be there where the content is no id-data.
  if (input.content_type != cms::oid::kData) {
    enveloped.auth_attrs_der = write_content_type_attribute(input.content_type);
  }
  const auto additional = enveloped.auth_attrs_der.value_or(Bytes{});
  auto sealed = TRY(
      crypto::aes_gcm_seal(content_key, nonce, additional, input.content, input.style.icv_octets));
  enveloped.auth_encrypted_content_info = {
      input.content_type,
      {input.style.content_encryption, cms::write_gcm_parameters({nonce, input.style.icv_octets})},
      std::move(sealed.ciphertext)};
  enveloped.mac = std::move(sealed.icv);
  return cms::write_content_info(cms::oid::kAuthEnvelopedData,
                                 cms::write_auth_enveloped_data(enveloped));
}

// ---------------------------------------------------------------- opening

/// A content key by this recipient, whatever comes out of it; none when it is not the one meant.
/// `octets`: length that the content's cipher wants. A key that does not open gives another, random
/// one in its place, so that what follows takes the same course.
class ContentKey {
 public:
  ContentKey(const crypto::PrivateKey& key, const IsRecipient& is_recipient, std::size_t octets,
             RandomSource& random)
      : key_(key), is_recipient_(is_recipient), octets_(octets), random_(random) {}

  Result<SecretBytes> open(const std::vector<cms::RecipientInfo>& recipients) const {
    for (const auto& recipient : recipients) {
      if (const auto* transported = std::get_if<cms::KeyTransRecipientInfo>(&recipient)) {
        if (is_recipient_(transported->rid)) return right_size(open_transported(*transported));
      }
      if (const auto* agreed = std::get_if<cms::KeyAgreeRecipientInfo>(&recipient)) {
        for (const auto& wrapped : agreed->recipient_encrypted_keys) {
          if (is_recipient_(wrapped.rid)) return right_size(open_agreed(*agreed, wrapped));
        }
      }
    }
    return Error{Fault::decryption_failed,
                 "none of the recipients of the encrypted content is the key at hand"};
  }

 private:
  Result<SecretBytes> open_transported(const cms::KeyTransRecipientInfo& recipient) const {
    return key_.decrypt(recipient.key_encryption_algorithm, recipient.encrypted_key);
  }

  Result<SecretBytes> open_agreed(const cms::KeyAgreeRecipientInfo& recipient,
                                  const cms::RecipientEncryptedKey& wrapped) const {
    const auto agreement = TRY(read_agreement(recipient.key_encryption_algorithm));
    const auto peer = TRY(ephemeral_key(recipient, key_.public_key_info()));
    const auto shared_secret = TRY(key_.agree(peer));
    return crypto::aes_key_unwrap(wrapping_key(agreement, shared_secret, recipient.ukm),
                                  wrapped.encrypted_key);
  }

  Result<SecretBytes> right_size(Result<SecretBytes> opened) const {
    if (opened.ok() && opened->size() == octets_) return opened;
    if (opened.ok() || opened.error().fault == Fault::decryption_failed) {
      return SecretBytes(TRY(random_.octets(octets_)));
    }
    return opened;
  }

  const crypto::PrivateKey& key_;
  const IsRecipient& is_recipient_;
  std::size_t octets_;
  RandomSource& random_;
};

Error no_content() {
  return {Fault::malformed, "an encrypted message without its content"};
}

Result<DecryptedContent> open_enveloped(const cms::EnvelopedData& enveloped,
                                        const crypto::PrivateKey& key,
                                        const IsRecipient& is_recipient, RandomSource& random) {
  const auto& content = enveloped.encrypted_content_info;
  const auto& cipher = content.content_encryption_algorithm;
  if (!crypto::is_aes_cbc(cipher.algorithm)) return unsupported_cipher(cipher.algorithm, "AES-CBC");
  if (!content.encrypted_content) return no_content();
  const auto iv = TRY(cms::read_cbc_iv(cipher));
  const auto octets = TRY(crypto::aes_key_octets(cipher.algorithm));
  const auto content_key =
      TRY(ContentKey(key, is_recipient, octets, random).open(enveloped.recipient_infos));
  auto opened = crypto::aes_cbc_decrypt(content_key, iv, *content.encrypted_content);
  if (!opened.ok()) return does_not_decrypt(nullptr);
  return DecryptedContent{content.content_type, std::move(opened).value()};
}

/// RFC 5083 §2.1: content that is no id-data has authAttrs with its contentType.
Result<void> check_auth_attrs(const cms::AuthEnvelopedData& enveloped) {
  const auto& type = enveloped.auth_encrypted_content_info.content_type;
  if (!enveloped.auth_attrs_der) {
    if (type == cms::oid::kData) return {};
    return Error{Fault::malformed, "an AuthEnvelopedData of " + type.to_text() +
                                       " without authAttrs (RFC 5083 §2.1)"};
  }
  return check_content_type_attribute(enveloped.auth_attrs, type);
}

Result<DecryptedContent> open_auth_enveloped(const cms::AuthEnvelopedData& enveloped,
                                             const crypto::PrivateKey& key,
                                             const IsRecipient& is_recipient,
                                             RandomSource& random) {
  const auto& content = enveloped.auth_encrypted_content_info;
  const auto& cipher = content.content_encryption_algorithm;
  if (!crypto::is_aes_gcm(cipher.algorithm)) return unsupported_cipher(cipher.algorithm, "AES-GCM");
  if (!content.encrypted_content || !cipher.parameters) return no_content();
  const auto parameters = TRY(cms::read_gcm_parameters(*cipher.parameters));
  if (enveloped.mac.size() != parameters.icv_octets || enveloped.mac.size() < kLeastIcvOctets) {
    return Error{Fault::malformed, "an ICV of another length than its parameters say"};
  }
  TRY(check_auth_attrs(enveloped));
  const auto octets = TRY(crypto::aes_key_octets(cipher.algorithm));
  const auto content_key =
      TRY(ContentKey(key, is_recipient, octets, random).open(enveloped.recipient_infos));
  auto opened = crypto::aes_gcm_open(content_key, parameters.nonce,
                                     enveloped.auth_attrs_der.value_or(Bytes{}),
                                     *content.encrypted_content, enveloped.mac);
  if (!opened.ok()) return does_not_decrypt(nullptr);
  return DecryptedContent{content.content_type, std::move(opened).value()};
}

}  // namespace

Error does_not_decrypt(const Error* why) {
  Error told{
      Fault::decryption_failed,
      "the encrypted content does not open with the recipient's key or, under AES-CBC, holds "
      "no message that its sender signed: nothing more is said"};
  if (why != nullptr) told.confidential = why->detail;
  return told;
}

Result<Bytes> seal_encrypted(const EncryptionInput& input, RandomSource& random) {
  const auto& cipher = input.style.content_encryption;
  if (!crypto::is_aes_cbc(cipher) && !crypto::is_aes_gcm(cipher)) {
    return unsupported_cipher(cipher, "AES-CBC or AES-GCM");
  }
  const auto octets = TRY(crypto::aes_key_octets(cipher));
  const SecretBytes content_key(TRY(random.octets(octets)));
  return crypto::is_aes_gcm(cipher) ? seal_auth_enveloped(input, content_key, random)
                                    : seal_enveloped(input, content_key, random);
}

Result<DecryptedContent> open_encrypted(const cms::ContentInfo& content_info,
                                        const crypto::PrivateKey& key,
                                        const IsRecipient& is_recipient, RandomSource& random,
                                        asn1::Limits limits) {
  if (content_info.content_type == cms::oid::kEnvelopedData) {
    return open_enveloped(TRY(cms::read_enveloped_data(content_info.content, limits)), key,
                          is_recipient, random);
  }
  if (content_info.content_type == cms::oid::kAuthEnvelopedData) {
    return open_auth_enveloped(TRY(cms::read_auth_enveloped_data(content_info.content, limits)),
                               key, is_recipient, random);
  }
  return Error{Fault::unsupported_message, "a ContentInfo of type " +
                                               content_info.content_type.to_text() +
                                               " instead of an EnvelopedData or AuthEnvelopedData"};
}

}  // namespace signet::envelope
