#pragma once

#include "codec/cms/cms.h"
#include "proof/trust/trust.h"

namespace signet::client {

/// Who signed an answer, in the certificates that the answer carries.
struct ResponseSigner {
  pkix::Certificate certificate;
  /// It speaks for the authority by id-kp-cmcCA (RFC 10002 §9.1), not by being the CA itself.
  bool delegated = false;
};

/// Verifies every SignerInfo over a Full PKI Response, that each signer's certificate is carried
/// and lies on a path to `trust`, and that it may answer for an authority: a CA certificate, or
/// one with id-kp-cmcCA that no CRL in the answer says is revoked. One signer at least. S19.
/// Faults: bad_signature, untrusted_signer, unsupported_algorithm, weak_key, malformed.
Result<std::vector<ResponseSigner>> verify_response_signature(const cms::SignedData& signed_data,
                                                              const proof::Trust& trust, Time now);

/// Whether one of `signers` may hand out `certificate`: its issuer itself, or a delegate of that
/// issuer, not of another one that is trusted too. Faults: untrusted_signer.
Result<void> check_may_grant(const std::vector<ResponseSigner>& signers,
                             const pkix::Certificate& certificate);

}  // namespace signet::client
