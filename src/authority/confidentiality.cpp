#include "authority/confidentiality.h"

#include "envelope/answer_recipient.h"

namespace signet::authority {
namespace {

using envelope::EncryptionShape;

/// Whether the one signature vouches for everything that is not fixed.
bool is_all_signed(const cms::SignedData& signed_data) {
  const auto& signer = signed_data.signer_infos.front();
  const auto& digests = signed_data.digest_algorithms;
  const auto is_bare = [](const pkix::AlgorithmIdentifier& algorithm) {
    return !algorithm.parameters || *algorithm.parameters == Bytes{0x05, 0x00};
  };
  return digests.size() == 1 && is_bare(digests.front()) && is_bare(signer.digest_algorithm) &&
         signer.unsigned_attrs.empty() && signed_data.certificates.empty() &&
         signed_data.other_certificates == 0 && signed_data.crls.empty();
}

}  // namespace

Result<void> check_bound(const envelope::OpenedRequest& opened) {
  const auto& signers = opened.signers();
  const auto* full = std::get_if<cmc::FullPkiRequest>(&opened.message());
  if (full != nullptr && signers.size() == 1) {
    if (std::holds_alternative<envelope::CertificateSigner>(signers.front())) return {};
    const bool by_request_key = std::holds_alternative<envelope::RequestKeySigner>(signers.front());
    if (by_request_key && is_all_signed(full->signed_data)) return {};
  }
  return Error{Fault::bad_signature,
               "under AES-CBC a message must be signed, and hold nothing beside what was signed; "
               "AES-GCM takes others too"};
}

Result<void> check_same_signer(const Confidentiality& confidentiality,
                               const envelope::OpenedRequest& opened) {
  if (!confidentiality.outer_signer) return {};
  const auto& signers = opened.signers();
  const auto* inner =
      signers.size() == 1 ? std::get_if<envelope::CertificateSigner>(&signers.front()) : nullptr;
  if (inner != nullptr && *inner->certificate == *confidentiality.outer_signer) return {};
  return Error{Fault::unsupported_message,
               "who signed around the encryption did not sign inside: messages are not wrapped for "
               "others here"};
}

Result<Bytes> answer_in_kind(const ResponseWriter& writer, const ReceivedMessage& received,
                             Bytes response, RandomSource& random) {
  const auto& how = received.confidentiality;
  if (how.shape == EncryptionShape::none) return response;
  const auto recipient = envelope::answer_recipient(received.message);
  if (!recipient) return response;
  auto encrypted =
      TRY(envelope::encrypt_message(response, {recipient->key, recipient->rid}, how.style, random));
  if (how.shape == EncryptionShape::encrypted) return encrypted;
  return writer.sign_around(encrypted);
}

}  // namespace signet::authority
