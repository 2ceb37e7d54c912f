#pragma once

#include <functional>

#include "base/random_source.h"
#include "codec/cms/cms.h"
#include "codec/pkix/oids.h"
#include "crypto/private_key.h"

namespace signet::envelope {

/// Which algorithms encrypt a content and its key.
struct EncryptionStyle {
  enum class KeyTransport { oaep, pkcs1 };  ///< for RSA keys; others agree on a key

  /// AES-CBC makes an EnvelopedData, AES-GCM an AuthEnvelopedData.
  asn1::Oid content_encryption = pkix::oid::kAes256Gcm;
  /// AES-GCM only: 12 is RFC 10004's, 16 what OpenSSL reads too (AMB-41).
  std::size_t icv_octets = 16;
  KeyTransport key_transport = KeyTransport::oaep;
};

/// The one refusal for whatever depends on the recipient's key; `why`, where it is given, goes to
/// the journal and the log alone. Fault: decryption_failed.
Error does_not_decrypt(const Error* why);

/// What is encrypted, and to whom. References live for the call only.
struct EncryptionInput {
  asn1::Oid content_type;  ///< id-data, or id-signedData around a message (RFC 10002 §5)
  ByteView content;
  const crypto::PublicKey& recipient;
  cms::RecipientIdentifier rid;
  EncryptionStyle style = {};
};
/// A ContentInfo with an EnvelopedData or AuthEnvelopedData for one recipient: RSA key transport,
/// or ephemeral-static ECDH (RFC 5753, RFC 8418) by the kind of its key. authAttrs with contentType
/// stand where RFC 5083 §2.1 wants them. Faults: unsupported_algorithm (cipher, Edwards keys),
/// internal.
Result<Bytes> seal_encrypted(const EncryptionInput& input, RandomSource& random);

struct DecryptedContent {
  asn1::Oid content_type;
  SecretBytes content;
};
/// Which recipient is meant.
using IsRecipient = std::function<bool(const cms::RecipientIdentifier&)>;
/// Opens an EnvelopedData or AuthEnvelopedData with the key of the recipient that `is_recipient`
/// knows. AES-GCM releases nothing before its tag has verified.
/// Faults: decryption_failed, in the same words and with the same work for whatever depends on the
/// key; malformed, unsupported_algorithm, unsupported_message for what shows without it.
Result<DecryptedContent> open_encrypted(const cms::ContentInfo& content_info,
                                        const crypto::PrivateKey& key,
                                        const IsRecipient& is_recipient, RandomSource& random,
                                        asn1::Limits limits = asn1::Limits::ber());

}  // namespace signet::envelope
