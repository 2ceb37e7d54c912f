#pragma once

#include <optional>

#include "codec/cmc/pki_request.h"
#include "envelope/encrypted_message.h"

namespace signet::envelope {

/// A key that only whoever asked can have.
struct AnswerRecipient {
  crypto::PublicKey key;
  cms::RecipientIdentifier rid;
};

/// Whom the answer to a message can be encrypted to: the certificate that signed it, as the message
/// carries it, else the first key that a certificate is asked for. Whoever can read the answer then
/// holds the key that signed, or one that was asked for. None where neither can be encrypted to.
/// Does not check signatures.
std::optional<AnswerRecipient> answer_recipient(const cmc::PkiRequest& message);

}  // namespace signet::envelope
