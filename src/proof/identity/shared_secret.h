#pragma once

#include <functional>

#include "codec/cmc/pki_request.h"
#include "proof/identity/identity_context.h"

namespace signet::proof {

/// A shared secret that its owner knew.
struct KnownSecret {
  std::string identification;
  std::shared_ptr<const SharedSecret> secret;
  store::TokenHistory history;
  /// The control whose MAC is right by MacComputation::old_dogtag alone; none: by the RFC's.
  std::optional<cmc::BodyPartID> old_mac = {};
};

/// Whether the message proves an identity by a shared secret: identification, and identityProofV2
/// (or V1, where the rules allow it) over reqSequence as received (RFC 10002 §6.2).
///
/// An unknown identification, a wrong secret and a locked one get the same answer after the same
/// work: unknown_identity, the reason in `confidential`. A wrong secret goes into
/// `context.failed_proof`, to be counted.
/// Faults: also malformed (identification, control); unsupported_algorithm; directory_unreachable;
/// storage_failed.
Result<KnownSecret> check_identity_proof(const cmc::FullPkiRequest& message,
                                         const IdentityContext& context);

/// The same by the MAC of an AuthenticatedData around the message (§3.2): its key comes from
/// identification and secret. Faults: as check_identity_proof and envelope::verify_mac; what would
/// be unknown_identity there is mac_mismatch here; takes_time (IdentityContext::may_take_time).
Result<KnownSecret> check_secret_mac(const cmc::FullPkiRequest& message,
                                     const IdentityContext& context);

/// The same by whatever else only who knows the secret can make: `judge` says what is wrong with
/// it, if it was made with this secret under this identification; empty: nothing. That is for the
/// audit alone, and counts as a wrong secret whatever it is. Asked too where nobody has the
/// identification, of a secret that nobody knows: it takes the same time whatever comes of it.
/// Faults: as check_identity_proof.
using JudgeClaim =
    std::function<std::string_view(const SharedSecret& secret, const std::string& identification)>;
Result<KnownSecret> check_secret_claim(const cmc::FullPkiRequest& message,
                                       const IdentityContext& context, const JudgeClaim& judge);

/// Whom a shared secret stands for: its subject, or UID=<identification> where it names none.
/// Faults: unknown_identity, when the source gave something that is no name.
Result<pkix::Name> owner_of(const SharedSecret& secret, const std::string& identification);

}  // namespace signet::proof
