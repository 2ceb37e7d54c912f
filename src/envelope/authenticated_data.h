#pragma once

#include "base/random_source.h"
#include "codec/cms/cms.h"
#include "crypto/digest.h"

namespace signet::envelope {

/// Verifies the MAC of an AuthenticatedData made for somebody who knows a password (RFC 10002 §3.2,
/// RFC 5652 §9): one PasswordRecipientInfo, PBKDF2, AES key wrap; authAttrs with contentType and
/// messageDigest.
///
/// `password`: identification || shared secret, in this order (AMB-9).
/// Faults: mac_mismatch for whatever does not agree, a wrong password included; malformed,
/// too_large, unsupported_algorithm for what shows without the password.
Result<void> verify_mac(const cms::AuthenticatedData& authenticated, const SecretBytes& password);

/// What goes into an AuthenticatedData. References live for the call only.
struct MacInput {
  asn1::Oid content_type;
  ByteView content;             ///< becomes eContent
  const SecretBytes& password;  ///< as verify_mac
};
/// A ContentInfo with an AuthenticatedData: HMAC-SHA256 under a random key, wrapped with AES-256
/// under PBKDF2-HMAC-SHA256 of the password. Faults: internal (no randomness).
Result<Bytes> seal_authenticated_data(const MacInput& input, RandomSource& random);

}  // namespace signet::envelope
