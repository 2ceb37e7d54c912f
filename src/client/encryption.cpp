#include "client/encryption.h"

namespace signet::client {
namespace {

/// The recipient that a SubjectKeyIdentifier names.
envelope::IsRecipient named_by_key(const crypto::PrivateKey& key) {
  return [identifier =
              crypto::key_identifier(key.public_key_info())](const cms::RecipientIdentifier& rid) {
    const auto* named = std::get_if<cms::SubjectKeyIdentifier>(&rid);
    return named != nullptr && named->octets == identifier;
  };
}

envelope::IsRecipient named_by_certificate(const pkix::Certificate& certificate) {
  return [&certificate](const cms::RecipientIdentifier& rid) {
    const auto* named = std::get_if<cms::IssuerAndSerialNumber>(&rid);
    return named != nullptr && named->serial_number == certificate->serial_number &&
           named->issuer == certificate->issuer;
  };
}

/// None where the answer is not encrypted.
std::optional<cms::ContentInfo> find_encryption(ByteView message) {
  auto read = cms::read_content_info(message);
  if (!read.ok()) return std::nullopt;
  const auto& type = read->content_type;
  if (type != cms::oid::kEnvelopedData && type != cms::oid::kAuthEnvelopedData) return std::nullopt;
  return std::move(read).value();
}

}  // namespace

Result<Bytes> encrypt_request(ByteView message, const pkix::Certificate& authority,
                              RandomSource& random) {
  const auto key = TRY(crypto::PublicKey::from(authority->subject_public_key_info));
  if (!envelope::may_be_encrypted_to(authority, key)) {
    return Error{
        Fault::unsupported_algorithm,
        "the certificate of " + pkix::to_text(authority->subject) + " is not one to encrypt to"};
  }
  const cms::IssuerAndSerialNumber rid{authority->issuer, authority->serial_number};
  return envelope::encrypt_message(message, {key, rid}, {}, random);
}

Result<Bytes> open_answer(ByteView answer, const crypto::PrivateKey& key, RandomSource& random) {
  const auto encryption = find_encryption(answer);
  if (!encryption) return to_bytes(answer);
  const auto opened = TRY(envelope::open_encrypted(
      *encryption, key, [](const cms::RecipientIdentifier&) { return true; }, random));
  return cms::write_content_info(opened.content_type, opened.content.view());
}

Result<Bytes> open_answer(ByteView answer, const AnswerKeys& keys, RandomSource& random) {
  const auto encryption = find_encryption(answer);
  if (!encryption) return to_bytes(answer);
  auto opened = envelope::open_encrypted(*encryption, keys.request_key,
                                         named_by_key(keys.request_key), random);
  if (!opened.ok() && keys.certificate != nullptr) {
    opened = envelope::open_encrypted(*encryption, *keys.certificate_key,
                                      named_by_certificate(*keys.certificate), random);
  }
  if (!opened.ok()) return std::move(opened).error();
  return cms::write_content_info(opened->content_type, opened->content.view());
}

}  // namespace signet::client
