#include "authority/received_message.h"

#include "authority/raw_key_identifiers.h"
#include "crypto/cipher.h"

namespace signet::authority {
namespace {

using Parts = CertificateAuthority::Parts;

ReceivedMessage tolerate(const Parts& parts, ReceivedMessage received) {
  if (parts.settings.raw_key_identifier) {
    received.tolerated = wrap_raw_key_identifiers(received.message);
  }
  if (received.inquiry.came_as_text) received.tolerated.push_back({"text_bodies"});
  return received;
}

}  // namespace

bool Confidentiality::is_malleable() const {
  return shape != envelope::EncryptionShape::none && crypto::is_aes_cbc(style.content_encryption);
}

Result<ReceivedMessage> receive(const Parts& parts, const Inquiry& inquiry) {
  auto plain = cmc::read_pki_request(inquiry.octets);
  if (plain.ok()) return tolerate(parts, {inquiry, std::move(plain).value(), {}});
  const bool other_content = plain.error().fault == Fault::unsupported_message;
  if (!other_content || parts.decryption == nullptr) return std::move(plain).error();

  //= E38 RFC 10002 §3.2.1.3.3: an EnvelopedData that does not open is badMessageCheck {0}
  //= E39 RFC 10002 §3.2.1.3.5: so is an AuthEnvelopedData
  auto opened =
      TRY(envelope::open_encrypted_message(inquiry.octets, *parts.decryption, parts.random));
  Confidentiality around{opened.shape, opened.style, std::move(opened.outer_signer)};
  auto inner = inquiry;
  inner.octets = std::move(opened.octets);
  // Whose connection it is, is no longer whose message it is: an agent could try what opens.
  if (inquiry.forwarding != nullptr && around.is_malleable()) {
    const Error why{Fault::unsupported_message,
                    "forwarded, and encrypted so that it can be altered"};
    return envelope::not_opened(&why);
  }
  auto message = cmc::read_pki_request(inner.octets);
  if (!message.ok() && around.is_malleable()) return envelope::not_opened(&message.error());
  if (!message.ok()) return std::move(message).error();
  return tolerate(parts, {std::move(inner), std::move(message).value(), std::move(around)});
}

}  // namespace signet::authority
