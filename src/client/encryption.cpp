#include "client/encryption.h"

#include "client/pki_response.h"

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
  const auto encryption = envelope::find_encryption(answer, kAnswerLimits);
  if (!encryption) return to_bytes(answer);
  const auto opened = TRY(envelope::open_encrypted(
      *encryption, key, [](const cms::RecipientIdentifier&) { return true; }, random,
      kAnswerLimits));
  return cms::write_content_info(opened.content_type, opened.content.view());
}

Result<Bytes> open_answer(ByteView answer, const AnswerKeys& keys, RandomSource& random) {
  const auto encryption = envelope::find_encryption(answer, kAnswerLimits);
  if (!encryption) return to_bytes(answer);
  auto opened = envelope::open_encrypted(*encryption, keys.request_key,
                                         named_by_key(keys.request_key), random, kAnswerLimits);
  if (!opened.ok() && keys.certificate != nullptr) {
    opened =
        envelope::open_encrypted(*encryption, *keys.certificate_key,
                                 named_by_certificate(*keys.certificate), random, kAnswerLimits);
  }
  if (!opened.ok()) return std::move(opened).error();
  return cms::write_content_info(opened->content_type, opened->content.view());
}

}  // namespace signet::client
