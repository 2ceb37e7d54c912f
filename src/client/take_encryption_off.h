#pragma once

#include <optional>

#include "envelope/encrypted_message.h"

namespace signet::client {

/// A message, and how it was encrypted to us; without that it is as it came.
struct TakenMessage {
  Bytes octets;
  std::optional<envelope::EncryptionStyle> style = {};
};

/// A message that is encrypted to this key's certificate and to nobody else, as it stands inside
/// (RFC 10002 §8.1): its signatures have verified, by the certificates that it carries, and whoever
/// signed around the encryption signed inside. Any other message as it is: somebody else, who may
/// be the authority, can open it.
/// Faults: those of envelope::open_encrypted_message and envelope::open_request, which are
/// decryption_failed in the same words for all that an EnvelopedData holds (AES-CBC), since others
/// may have altered it; unsupported_message when nobody signed inside.
Result<TakenMessage> take_encryption_off(ByteView message, const envelope::DecryptionKey& key,
                                         RandomSource& random);

/// The authority's answer to a message whose encryption was taken off, encrypted in kind
/// (RFC 10002 §5): as the authority would have, had it been encrypted to it, to whom
/// envelope::answer_recipient says. None where that is nobody. Faults: malformed, those of
/// envelope::encrypt_message.
Result<std::optional<Bytes>> put_encryption_on(ByteView answer, const TakenMessage& asked,
                                               RandomSource& random);

}  // namespace signet::client
