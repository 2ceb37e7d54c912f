#pragma once

#include <p11-kit/pkcs11.h>

#include "crypto/private_key.h"
#include "crypto/signature_scheme.h"
#include "crypto/transport_scheme.h"

namespace signet::pkcs11 {

/// A mechanism with the octets that it points to.
struct Mechanism {
  CK_MECHANISM_TYPE type;
  Bytes parameters = {};

  [[nodiscard]] CK_MECHANISM for_token() {
    return {type, parameters.empty() ? nullptr : parameters.data(), parameters.size()};
  }
};

/// What a token signs by: RSA and ECDSA over a digest that is computed here, EdDSA over the
/// message.
///
///   RSASSA-PKCS1-v1_5  CKM_RSA_PKCS over DigestInfo (RFC 8017 §9.2)
///   RSASSA-PSS         CKM_RSA_PKCS_PSS over the digest
///   ECDSA              CKM_ECDSA over the digest's leftmost octets, as many as the field has
///   EdDSA              CKM_EDDSA over the message
struct Signing {
  Mechanism mechanism;
  Bytes input;
};
Signing signing(const crypto::SignatureScheme& scheme, int key_bits, ByteView message);

/// The signature as X.509 has it: ECDSA's r||s becomes Ecdsa-Sig-Value (RFC 3279 §2.2.3).
Bytes signature_value(const crypto::SignatureScheme& scheme, ByteView made);

/// Keeps a pointer into `oaep`, which outlives it.
Mechanism oaep_mechanism(const crypto::OaepParameters& oaep);

}  // namespace signet::pkcs11
