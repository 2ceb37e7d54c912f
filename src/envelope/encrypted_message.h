#pragma once

#include <optional>

#include "envelope/encrypted_data.h"

namespace signet::envelope {

/// The three shapes of a message that RFC 10002 §5 lets an encryption layer have.
enum class EncryptionShape {
  none,              ///< SignedData
  encrypted,         ///< Enveloped{Signed}
  signed_encrypted,  ///< Signed{Enveloped{Signed}}
};

/// A key that messages are encrypted to, and the certificate that names it.
struct DecryptionKey {
  pkix::Certificate certificate;
  std::shared_ptr<const crypto::PrivateKey> key;
};

/// A message whose encryption was taken off.
struct OpenedEncryption {
  Bytes octets;  ///< the ContentInfo inside
  EncryptionShape shape = EncryptionShape::encrypted;
  EncryptionStyle style;  ///< how it was encrypted: to answer in kind
  /// Who signed around the encryption: its signature has verified, its path has not.
  std::optional<pkix::Certificate> outer_signer;
};

/// Takes the encryption off a message that has some: for each of the recipients whether one is
/// `key`'s certificate, by issuer and serial number or by subjectKeyIdentifier. What stands inside
/// is a SignedData or an AuthenticatedData, without a ContentInfo of its own (RFC 10002 §5).
/// Faults: decryption_failed, the same for all that depends on the key; unsupported_message when
/// there is no encryption in it, or something else inside; bad_signature, untrusted_signer (the
/// signer around the encryption); malformed; unsupported_algorithm.
Result<OpenedEncryption> open_encrypted_message(ByteView octets, const DecryptionKey& key,
                                                RandomSource& random);

/// Who can open a message; nobody where it is not encrypted.
struct Recipients {
  bool ours = false;    ///< the certificate asked about is among them
  bool others = false;  ///< and others, or some that are known by no certificate
};
/// Of a message in one of the shapes, no signature verified. Faults: malformed.
Result<Recipients> recipients_of(ByteView message, const pkix::Certificate& ours);

/// Who a message is encrypted to.
struct MessageRecipient {
  const crypto::PublicKey& key;
  cms::RecipientIdentifier rid;
};
/// Encrypts a message: a ContentInfo with a SignedData or AuthenticatedData becomes
/// Enveloped{Signed}. Faults: unsupported_message, those of seal_encrypted.
Result<Bytes> encrypt_message(ByteView content_info, const MessageRecipient& recipient,
                              const EncryptionStyle& style, RandomSource& random);

/// The octets as a ContentInfo with an EnvelopedData or AuthEnvelopedData; none where they are
/// something else.
std::optional<cms::ContentInfo> find_encryption(ByteView content_info,
                                                asn1::Limits limits = asn1::Limits::ber());
/// Whether the octets are one, or a SignedData around one (RFC 10002 §5).
bool has_encryption(ByteView message);

/// Whether a certificate's key may be encrypted to: it can, and its keyUsage, where it has one,
/// says so (keyEncipherment, keyAgreement).
bool may_be_encrypted_to(const pkix::Certificate& certificate, const crypto::PublicKey& key);

}  // namespace signet::envelope
