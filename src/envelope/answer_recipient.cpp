#include "envelope/answer_recipient.h"

#include "crypto/key_agreement.h"
#include "envelope/signed_data.h"

namespace signet::envelope {
namespace {

std::optional<AnswerRecipient> by_certificate(const pkix::Certificate& certificate) {
  auto key = crypto::PublicKey::from(certificate->subject_public_key_info);
  if (!key.ok() || !may_be_encrypted_to(certificate, *key)) return std::nullopt;
  return AnswerRecipient{
      std::move(key).value(),
      cms::IssuerAndSerialNumber{certificate->issuer, certificate->serial_number}};
}

std::optional<AnswerRecipient> by_request(const cmc::TaggedRequest& request) {
  const auto* info = request.public_key();
  if (info == nullptr) return std::nullopt;
  auto key = crypto::PublicKey::from(*info);
  if (!key.ok()) return std::nullopt;
  if (key->kind() != crypto::KeyKind::rsa && !crypto::can_agree(key->kind())) return std::nullopt;
  return AnswerRecipient{std::move(key).value(),
                         cms::SubjectKeyIdentifier{crypto::key_identifier(*info)}};
}

}  // namespace

std::optional<AnswerRecipient> answer_recipient(const cmc::PkiRequest& message) {
  if (const auto* full = std::get_if<cmc::FullPkiRequest>(&message)) {
    for (const auto& signer : full->signed_data.signer_infos) {
      const auto* certificate = find_signer_certificate(full->signed_data, signer.sid);
      if (certificate == nullptr) continue;
      if (auto found = by_certificate(*certificate)) return found;
    }
  }
  for (const auto* request : cmc::requests_of(message)) {
    if (auto found = by_request(*request)) return found;
  }
  return std::nullopt;
}

}  // namespace signet::envelope
