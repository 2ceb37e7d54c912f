#pragma once

#include "client/build_request.h"

namespace signet::client {

/// Who signs a message with an existing certificate. References live for the call only.
struct MessageSigner {
  const pkix::Certificate& certificate;
  const crypto::PrivateKey& key;
  const std::vector<pkix::Certificate>& chain;  ///< carried along besides the certificate
};
/// Faults: signing_failed when the key is not the certificate's.
Result<void> check_signer(const MessageSigner& signer);
/// A Full PKI Request around this PKIData; `unsigned_attributes` stand in its SignerInfo. Faults:
/// unsupported_algorithm, signing_failed.
Result<Bytes> sign_message(ByteView pki_data, const MessageSigner& signer,
                           std::vector<pkix::Attribute> unsigned_attributes = {});

/// The SKI that the request for `key` asks for. Faults: malformed (it asks for none),
/// signing_failed (no request is for this key).
Result<Bytes> key_identifier_of(const std::vector<Bytes>& tagged_requests,
                                const crypto::PrivateKey& key);
/// The same signed by the key of one of its requests, which the SKI names. Faults: malformed,
/// unsupported_algorithm, signing_failed.
Result<Bytes> sign_by_request(ByteView pki_data, const std::vector<Bytes>& tagged_requests,
                              const crypto::PrivateKey& key);

/// How a message looks that nobody signs: a revocation by shared secret (RFC 10002 §6.11).
enum class UnsignedForm {
  signed_data,  ///< a SignedData without signers (§3.2)
  data,         ///< id-data, as Dogtag's client has it
};
Bytes leave_unsigned(ByteView pki_data, UnsignedForm form);

}  // namespace signet::client
