#pragma once

#include "authority/received_message.h"
#include "authority/response.h"

namespace signet::authority {

/// Refuses a CBC-encrypted message unless nobody but its sender can change an octet of it
/// unnoticed: either a certificate's holder signed (prove_identity then demands the same TLS
/// client), or the requested key signed, and nothing unsigned stands beside. A MAC will not do: it
/// is verified after a slow key derivation, and that time would tell whether the padding was right.
/// Faults: bad_signature.
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
