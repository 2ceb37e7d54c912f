#pragma once

#include "envelope/encrypted_message.h"

namespace signet::client {

/// A message that is encrypted to this key's certificate and to nobody else, as it stands inside
/// (RFC 10002 §8.1): its signatures have verified, by the certificates that it carries, and whoever
/// signed around the encryption signed inside. Any other message as it is: somebody else, who may
/// be the authority, can open it.
/// Faults: those of envelope::open_encrypted_message and envelope::open_request, which are
/// decryption_failed in the same words for all that an EnvelopedData holds (AES-CBC), since others
/// may have altered it; unsupported_message when nobody signed inside.
Result<Bytes> take_encryption_off(ByteView message, const envelope::DecryptionKey& key,
                                  RandomSource& random);

}  // namespace signet::client
