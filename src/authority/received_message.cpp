#include "authority/received_message.h"

#include "authority/raw_key_identifiers.h"
#include "crypto/cipher.h"

namespace signet::authority {
namespace {

using Parts = CertificateAuthority::Parts;

ReceivedMessage tolerate(const Parts& parts, ReceivedMessage received,
                         proof::UsedTolerances& tolerated) {
  if (parts.settings.raw_key_identifier) wrap_raw_key_identifiers(received.message, tolerated);
  return received;
}

/// What cannot be read may have been altered on its way: then that is said.
//= E41 RFC 10002 §3.2.1.3.4: a signature that fails comes before what stands under it
Error why_unreadable(ByteView message, Error why) {
  const auto parts = cmc::legible_parts_of(message);
  if (!parts.signed_data) return why;
  auto unaltered = envelope::check_unaltered(*parts.signed_data);
  return unaltered.ok() ? why : std::move(unaltered).error();
}

}  // namespace

bool Confidentiality::is_malleable() const {
  return shape != envelope::EncryptionShape::none && crypto::is_aes_cbc(style.content_encryption);
}

Result<ReceivedMessage> receive(const Parts& parts, const Inquiry& inquiry,
                                proof::UsedTolerances& tolerated) {
  tolerated.insert(tolerated.end(), inquiry.tolerated.begin(), inquiry.tolerated.end());
  const auto now = parts.clock.now();
  auto plain = cmc::read_pki_request(inquiry.octets);
  if (plain.ok()) return tolerate(parts, {inquiry, now, std::move(plain).value(), {}}, tolerated);
  const bool other_content = plain.error().fault == Fault::unsupported_message;
  if (!other_content) return why_unreadable(inquiry.octets, std::move(plain).error());
  if (parts.decryption == nullptr) return std::move(plain).error();

  //= E38 RFC 10002 §3.2.1.3.3: an EnvelopedData that does not open is badMessageCheck {0}
  //= E39 RFC 10002 §3.2.1.3.5: so is an AuthEnvelopedData
  auto opened =
      TRY(envelope::open_encrypted_message(inquiry.octets, *parts.decryption, parts.random));
  Confidentiality confidentiality{opened.shape, opened.style, std::move(opened.outer_signer)};
  auto inner = inquiry;
  inner.octets = std::move(opened.octets);
  // Whose connection it is, is no longer whose message it is: an agent could try what opens.
  if (inquiry.forwarding != nullptr && confidentiality.is_malleable()) {
    const Error why{Fault::unsupported_message,
                    "forwarded, and encrypted so that it can be altered"};
    return envelope::does_not_decrypt(&why);
  }
  auto message = cmc::read_pki_request(inner.octets);
  if (!message.ok() && confidentiality.is_malleable())
    return envelope::does_not_decrypt(&message.error());
  if (!message.ok()) return why_unreadable(inner.octets, std::move(message).error());
  return tolerate(parts,
                  {std::move(inner), now, std::move(message).value(), std::move(confidentiality)},
                  tolerated);
}

}  // namespace signet::authority
