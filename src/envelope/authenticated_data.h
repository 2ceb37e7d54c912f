#pragma once

#include <vector>

#include "base/random_source.h"
#include "codec/cms/cms.h"
#include "crypto/digest.h"

namespace signet::envelope {

/// Verifies the MAC of an AuthenticatedData made for somebody who knows a password (RFC 10002 §3.2,
/// RFC 5652 §9): one PasswordRecipientInfo, PBKDF2, AES key wrap or id-alg-PWRI-KEK with AES
/// (AMB-10); authAttrs with contentType and messageDigest.
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
  /// DER, for originatorInfo: an AuthenticatedData has no other place for them, and its MAC does
  /// not cover them.
  std::vector<Bytes> certificates = {};
  std::vector<Bytes> crls = {};
  std::optional<Time> signing_time = {};  ///< under the MAC
};
/// A ContentInfo with an AuthenticatedData: HMAC-SHA256 under a random key, wrapped with AES-256
/// under PBKDF2-HMAC-SHA256 of the password. Faults: internal (no randomness);
/// malformed (a certificate or CRL).
Result<Bytes> seal_authenticated_data(const MacInput& input, RandomSource& random);

}  // namespace signet::envelope
