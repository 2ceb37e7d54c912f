#pragma once

#include "client/build_request.h"
#include "envelope/encrypted_message.h"

namespace signet::client {

/// A message encrypted to the authority's certificate (RFC 10002 §5): Enveloped{Signed}.
/// Faults: unsupported_message (a bare PKCS#10), unsupported_algorithm, weak_key.
Result<Bytes> encrypt_request(ByteView message, const pkix::Certificate& authority,
                              RandomSource& random);

/// The answer opened with this key, whoever its recipient is said to be; one that has no encryption
/// as it is. Faults: as open_answer.
Result<Bytes> open_answer(ByteView answer, const crypto::PrivateKey& key, RandomSource& random);

/// Keys that an answer may be encrypted to.
struct AnswerKeys {
  /// The signer's, named by its certificate; null when nobody with a certificate signed.
  const pkix::Certificate* certificate = nullptr;
  const crypto::PrivateKey* certificate_key = nullptr;
  const crypto::PrivateKey& request_key;  ///< named by its subjectKeyIdentifier
};
/// The answer with its encryption taken off; one that has none as it is. Faults:
/// decryption_failed, malformed, unsupported_algorithm, unsupported_message.
Result<Bytes> open_answer(ByteView answer, const AnswerKeys& keys, RandomSource& random);

}  // namespace signet::client
