#include "client/take_encryption_off.h"

#include <algorithm>

#include "base/check.h"
#include "crypto/cipher.h"
#include "envelope/answer_recipient.h"
#include "envelope/open_request.h"

namespace signet::client {
namespace {

/// Signers' certificates come along with the message.
class NoOtherCertificates final : public envelope::CertificateSource {
 public:
  std::optional<pkix::Certificate> find(const cms::IssuerAndSerialNumber&) const override {
    return std::nullopt;
  }
  std::optional<pkix::Certificate> find(const cms::SubjectKeyIdentifier&) const override {
    return std::nullopt;
  }
};

bool is_signature(const envelope::Signer& signer) {
  return std::holds_alternative<envelope::CertificateSigner>(signer) ||
         std::holds_alternative<envelope::RequestKeySigner>(signer);
}

bool is_by(const envelope::Signer& signer, const pkix::Certificate& certificate) {
  const auto* by = std::get_if<envelope::CertificateSigner>(&signer);
  return by != nullptr && *by->certificate == certificate;
}

Result<void> check_signed(const envelope::OpenedEncryption& opened) {
  const auto message = TRY(cmc::read_pki_request(opened.octets));
  crypto::PublicKeyCache keys{8};
  const auto request = TRY(envelope::open_request(message, NoOtherCertificates{}, keys));
  const auto& signers = request.signers();
  if (signers.empty() || !std::all_of(signers.begin(), signers.end(), is_signature)) {
    return Error{Fault::unsupported_message,
                 "nobody signed what is encrypted: the authority would not know that nothing was "
                 "changed on the way. Have it signed, or encrypted to the authority"};
  }
  const auto& around = opened.outer_signer;
  if (!around || (signers.size() == 1 && is_by(signers.front(), *around))) return {};
  return Error{Fault::unsupported_message,
               "who signed around the encryption did not sign inside: relay what stands inside, "
               "as whoever wrote it sends it"};
}

}  // namespace

//= E153 RFC 10002 §8.1: an encryption that the authority is no recipient of is taken off
//= E154 RFC 10002 §8.1: and a signature around it goes too: ours takes its place, around the whole
Result<TakenMessage> take_encryption_off(ByteView message, const envelope::DecryptionKey& key,
                                         RandomSource& random) {
  const auto recipients = TRY(envelope::recipients_of(message, key.certificate));
  if (!recipients.ours || recipients.others) return TakenMessage{to_bytes(message)};
  auto opened = TRY(envelope::open_encrypted_message(message, key, random));
  const auto checked = check_signed(opened);
  if (checked.ok()) return TakenMessage{std::move(opened.octets), std::move(opened.style)};
  const bool is_malleable = crypto::is_aes_cbc(opened.style.content_encryption);
  return is_malleable ? envelope::does_not_decrypt(&checked.error()) : checked.error();
}

Result<std::optional<Bytes>> put_encryption_on(ByteView answer, const TakenMessage& asked,
                                               RandomSource& random) {
  CHECK(asked.style);
  const auto recipient = envelope::answer_recipient(TRY(cmc::read_pki_request(asked.octets)));
  if (!recipient) return std::optional<Bytes>{};
  return std::optional{TRY(
      envelope::encrypt_message(answer, {recipient->key, recipient->rid}, *asked.style, random))};
}

}  // namespace signet::client
