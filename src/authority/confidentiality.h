#pragma once

#include "authority/received_message.h"
#include "authority/response.h"

namespace signet::authority {

/// Whether no octet of a malleable message can be altered and the message still pass, but by its
/// sender. The holder of a certificate is the TLS client too; the key of a request must have signed
/// all that there is. A MAC is verified after long work, whose time would tell. Faults:
/// bad_signature.
Result<void> check_bound(const envelope::OpenedRequest& opened);

/// Who signed around an encryption must be who signed inside: nobody wraps for others here.
/// Faults: unsupported_message.
Result<void> check_same_signer(const Confidentiality& confidentiality,
                               const envelope::OpenedRequest& opened);

/// Encrypts a response to an encrypted request: to the certificate that proved who asks, else to
/// the first key that a certificate was asked for; as it is when neither can be encrypted to.
/// Faults: those of sealing.
Result<Bytes> answer_in_kind(const ResponseWriter& writer, const ReceivedMessage& received,
                             Bytes response, RandomSource& random);

}  // namespace signet::authority
