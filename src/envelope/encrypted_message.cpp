#include "envelope/encrypted_message.h"

#include "codec/pkix/oids.h"
#include "crypto/key_agreement.h"
#include "envelope/signed_data.h"

namespace signet::envelope {
namespace {

bool is_encryption(const asn1::Oid& type) {
  return type == cms::oid::kEnvelopedData || type == cms::oid::kAuthEnvelopedData;
}

bool is_message(const asn1::Oid& type) {
  return type == cms::oid::kSignedData || type == cms::oid::kAuthenticatedData;
}

IsRecipient recipient_named_by(const pkix::Certificate& certificate) {
  const auto identifier = certificate.subject_key_identifier();
  return [&certificate, identifier](const cms::RecipientIdentifier& rid) {
    if (const auto* key = std::get_if<cms::SubjectKeyIdentifier>(&rid)) {
      return identifier && key->octets == *identifier;
    }
    const auto& named = std::get<cms::IssuerAndSerialNumber>(rid);
    return named.serial_number == certificate->serial_number &&
           pkix::names_match(named.issuer, certificate->issuer);
  };
}

EncryptionStyle::KeyTransport transport_of(const std::vector<cms::RecipientInfo>& recipients) {
  for (const auto& recipient : recipients) {
    const auto* transported = std::get_if<cms::KeyTransRecipientInfo>(&recipient);
    if (transported == nullptr) continue;
    return transported->key_encryption_algorithm.algorithm == pkix::oid::kRsaEncryption
               ? EncryptionStyle::KeyTransport::pkcs1
               : EncryptionStyle::KeyTransport::oaep;
  }
  return EncryptionStyle::KeyTransport::oaep;
}

/// What an encryption tells before it is opened.
struct Outside {
  asn1::Oid content_type;
  EncryptionStyle style;
};

Result<Outside> read_outside(const cms::ContentInfo& encryption) {
  if (encryption.content_type == cms::oid::kEnvelopedData) {
    auto data = TRY(cms::read_enveloped_data(encryption.content));
    auto& content = data.encrypted_content_info;
    return Outside{std::move(content.content_type),
                   {.content_encryption = content.content_encryption_algorithm.algorithm,
                    .key_transport = transport_of(data.recipient_infos)}};
  }
  auto data = TRY(cms::read_auth_enveloped_data(encryption.content));
  auto& content = data.auth_encrypted_content_info;
  return Outside{std::move(content.content_type),
                 {.content_encryption = content.content_encryption_algorithm.algorithm,
                  .icv_octets = data.mac.size(),
                  .key_transport = transport_of(data.recipient_infos)}};
}

Error nothing_encrypted(const asn1::Oid& type) {
  return {Fault::unsupported_message,
          "the message holds content of type " + type.to_text() +
              " instead of a PKIData, or an encrypted SignedData with one"};
}

/// The encryption inside a SignedData, whose one signer has verified.
struct Peeled {
  cms::ContentInfo encryption;
  pkix::Certificate signer;
};

//= E40 RFC 10002 §3.2.1.3.4: the signature around an encryption is verified too
Result<Peeled> peel_signature(const cms::SignedData& outer) {
  const auto& content = outer.encap_content_info;
  if (!is_encryption(content.e_content_type) || !content.e_content) {
    return nothing_encrypted(content.e_content_type);
  }
  if (outer.signer_infos.size() != 1) {
    return Error{Fault::untrusted_signer,
                 "the signature around the encryption must be one signer's"};
  }
  const auto& signer = outer.signer_infos.front();
  const auto* certificate = find_signer_certificate(outer, signer.sid);
  if (certificate == nullptr) {
    return Error{Fault::untrusted_signer,
                 "who signed around the encryption is not known: send the certificate along"};
  }
  const auto key = TRY(crypto::PublicKey::from((*certificate)->subject_public_key_info));
  TRY(verify_signer(outer, signer, key));
  return Peeled{{content.e_content_type, *content.e_content, {}}, *certificate};
}

Result<OpenedEncryption> open(const cms::ContentInfo& encryption, const DecryptionKey& key,
                              RandomSource& random) {
  auto outside = TRY(read_outside(encryption));
  // Before a key is used: the type stands in clear, for anybody to change, and an answer that came
  // only behind good padding would tell which padding is good.
  if (!is_message(outside.content_type)) return nothing_encrypted(outside.content_type);
  const auto inside =
      TRY(open_encrypted(encryption, *key.key, recipient_named_by(key.certificate), random));
  OpenedEncryption opened;
  opened.style = std::move(outside.style);
  opened.octets = cms::write_content_info(inside.content_type, inside.content.view());
  return opened;
}

/// The encryption in a message; none where it has none.
Result<std::optional<cms::ContentInfo>> encryption_in(ByteView message) {
  auto content_info = TRY(cms::read_content_info(message));
  if (is_encryption(content_info.content_type)) return std::optional{std::move(content_info)};
  if (content_info.content_type != cms::oid::kSignedData) return std::optional<cms::ContentInfo>{};
  auto content = TRY(cms::read_signed_data(content_info.content)).encap_content_info;
  if (!is_encryption(content.e_content_type) || !content.e_content) {
    return std::optional<cms::ContentInfo>{};
  }
  return std::optional{cms::ContentInfo{content.e_content_type, std::move(*content.e_content), {}}};
}

Result<std::vector<cms::RecipientInfo>> recipient_infos_of(const cms::ContentInfo& encryption) {
  if (encryption.content_type == cms::oid::kEnvelopedData) {
    return TRY(cms::read_enveloped_data(encryption.content)).recipient_infos;
  }
  return TRY(cms::read_auth_enveloped_data(encryption.content)).recipient_infos;
}

void note_recipient(Recipients& recipients, bool is_ours) {
  (is_ours ? recipients.ours : recipients.others) = true;
}

}  // namespace

Result<Recipients> recipients_of(ByteView message, const pkix::Certificate& ours) {
  Recipients recipients;
  const auto encryption = TRY(encryption_in(message));
  if (!encryption) return recipients;
  const auto is_ours = recipient_named_by(ours);
  for (const auto& info : TRY(recipient_infos_of(*encryption))) {
    if (const auto* transported = std::get_if<cms::KeyTransRecipientInfo>(&info)) {
      note_recipient(recipients, is_ours(transported->rid));
    } else if (const auto* agreed = std::get_if<cms::KeyAgreeRecipientInfo>(&info)) {
      for (const auto& key : agreed->recipient_encrypted_keys) {
        note_recipient(recipients, is_ours(key.rid));
      }
    } else {
      recipients.others = true;
    }
  }
  return recipients;
}

std::optional<cms::ContentInfo> find_encryption(ByteView content_info, asn1::Limits limits) {
  auto read = cms::read_content_info(content_info, limits);
  if (!read.ok() || !is_encryption(read->content_type)) return std::nullopt;
  return std::move(read).value();
}

bool has_encryption(ByteView message) {
  const auto found = encryption_in(message);
  return found.ok() && found->has_value();
}

//= E59 RFC 10002 §5: EnvelopedData in all three nestings
//= E60 RFC 10002 §5: and AuthEnvelopedData
Result<OpenedEncryption> open_encrypted_message(ByteView octets, const DecryptionKey& key,
                                                RandomSource& random) {
  const auto content_info = TRY(cms::read_content_info(octets));
  if (is_encryption(content_info.content_type)) return open(content_info, key, random);
  if (content_info.content_type != cms::oid::kSignedData) {
    return nothing_encrypted(content_info.content_type);
  }
  const auto outer = TRY(cms::read_signed_data(content_info.content));
  auto peeled = TRY(peel_signature(outer));
  auto opened = TRY(open(peeled.encryption, key, random));
  opened.shape = EncryptionShape::signed_encrypted;
  opened.outer_signer = std::move(peeled.signer);
  return opened;
}

Result<Bytes> encrypt_message(ByteView content_info, const MessageRecipient& recipient,
                              const EncryptionStyle& style, RandomSource& random) {
  const auto message = TRY(cms::read_content_info(content_info));
  if (!is_message(message.content_type)) return nothing_encrypted(message.content_type);
  return seal_encrypted({.content_type = message.content_type,
                         .content = message.content,
                         .recipient = recipient.key,
                         .rid = recipient.rid,
                         .style = style},
                        random);
}

bool may_be_encrypted_to(const pkix::Certificate& certificate, const crypto::PublicKey& key) {
  const bool transports = key.kind() == crypto::KeyKind::rsa;
  if (!transports && !crypto::can_agree(key.kind())) return false;
  const auto* found = pkix::find_extension(certificate->extensions, pkix::oid::kKeyUsage);
  if (found == nullptr) return true;
  const auto usage = pkix::read_key_usage(found->extn_value);
  return usage.ok() && usage->has(transports ? pkix::KeyUsageBit::keyEncipherment
                                             : pkix::KeyUsageBit::keyAgreement);
}

}  // namespace signet::envelope
