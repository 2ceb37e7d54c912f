#pragma once

#include "codec/cms/cms.h"
#include "proof/trust/trust.h"

namespace signet::client {

/// Who signed an answer, in the certificates that the answer carries.
struct ResponseSigner {
  pkix::Certificate certificate;
  /// It speaks for the authority by id-kp-cmcCA (RFC 10002 §9.1), not by being the CA itself.
  bool delegated = false;
  /// It speaks for nobody but itself, a registration authority (id-kp-cmcRA), which grants nothing.
  bool registers = false;
};

/// Whose answer is read.
enum class Answerer {
  authority,
  /// A registration authority too, around the authority's own answer (responseBody, §6.21).
  authority_or_ra,
};

/// Verifies every SignerInfo over a Full PKI Response, that each signer's certificate is carried
/// and lies on a path to `trust`, and that it may answer for an authority: a CA certificate, or
/// one with id-kp-cmcCA (or id-kp-cmcRA, as `answerer` has it) that no CRL in the answer says is
/// revoked. One signer at least. S19.
/// Faults: bad_signature, untrusted_signer, unsupported_algorithm, weak_key, malformed.
Result<std::vector<ResponseSigner>> verify_response_signature(const cms::SignedData& signed_data,
                                                              const proof::Trust& trust, Time now,
                                                              Answerer answerer);

/// Whether one of `signers` may hand out `certificate`: its issuer itself, or a delegate of that
/// issuer, not of another one that is trusted too. Faults: untrusted_signer.
Result<void> check_may_grant(const std::vector<ResponseSigner>& signers,
                             const pkix::Certificate& certificate);

}  // namespace signet::client
