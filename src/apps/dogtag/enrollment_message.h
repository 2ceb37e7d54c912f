#pragma once

#include "apps/dogtag/request_settings.h"

namespace signet::dogtag {

/// A message that asks for certificates, or for what its controls say: requests read and tied to
/// the secret, controls, proof of identity, signature. Warnings and changed requests are printed.
/// Faults: those of its steps, each saying which setting is meant.
Result<Bytes> make_enrollment_message(const RequestSettings& settings, KeyDatabase& database,
                                      Console& console);

/// A message that revokes a certificate: signed, or with the shared secret in it.
Result<Bytes> make_revocation_message(const RequestSettings& settings, KeyDatabase& database,
                                      Console& console);

/// The second round of a key that cannot sign: opens the challenge in the answer to the first and
/// makes the message with decryptedPOP. Faults: not_allowed when the answer holds no challenge.
Result<Bytes> make_second_round_message(const RequestSettings& settings, KeyDatabase& database,
                                        Console& console);

}  // namespace signet::dogtag
