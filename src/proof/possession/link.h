#pragma once

#include <memory>

#include "proof/identity/identity.h"
#include "proof/witness/link_keys.h"

namespace signet::proof {

/// How a request was tied to the shared secret.
enum class LinkMethod {
  none,                        ///< it was not, and did not have to be
  secret,                      ///< the RFC's key, of the secret alone
  secret_with_identification,  ///< Dogtag's key (AMB-2), where the rules allow it
};

/// Where the links of a message's requests are shown.
enum class LinkShown {
  in_message,
  before_challenge,  ///< by the message that was challenged too, with the secret of this one
};

/// The message's side of the link.
struct LinkDemand {
  /// Contents of popLinkRandom; none when the message has no such control.
  std::optional<Bytes> random;
  const SecretRules& rules;
  /// How the requests of a signer were found tied to a secret of the signer's (check_signer_link);
  /// none: they carry no witness.
  LinkMethod of_signer = LinkMethod::none;
  /// Those of all requests, charged; null where `random` is none.
  std::shared_ptr<LinkKeys> keys = {};
  /// A popLinkRandom that was not looked at; none: there was none such.
  std::optional<cmc::BodyPartID> passed_over = {};
};

/// Reads popLinkRandom, and what the witnesses of all requests will cost. Faults, naming the
/// control: malformed; link_failed when it is shorter than 16 octets, or when no shared secret
/// proved the identity (under `link_of_signers` an agent's is passed over); too_large. Naming the
/// request with which the keys cost too much: too_large.
Result<LinkDemand> read_link_demand(const cmc::PkiRequest& message, const ProvenIdentity& identity,
                                    const SecretRules& rules);

/// Whether a user who signed with an existing certificate may tie the requests to a secret
/// nonetheless, and has to where links are required.
bool may_link_as_signer(const ProvenIdentity& identity, const SecretRules& rules);

/// Then: popLinkRandom, identification, and in every request a witness by the secret of that
/// identification, which stands for the signer's subject and had not ended at `received_at`, when
/// the message came; that it is known still, and not locked, counts as of now. Without
/// popLinkRandom no link where none is required, or where a challenge is answered, which check_link
/// looks at.
/// A wrong witness is a wrong proof of the secret (check_secret_claim), and like an unknown
/// identification and a locked secret it is link_failed, with the same words.
/// Faults: link_failed, naming what is missing; of read_link_demand, check_link and
/// check_secret_claim.
Result<LinkDemand> check_signer_link(const cmc::FullPkiRequest& message,
                                     const ProvenIdentity& identity, const IdentityContext& context,
                                     Time received_at);

/// Whether who knows the shared secret also holds the key of this request: with popLinkRandom in
/// the message, its popLinkWitnessV2 (or V1, where the rules allow it) must be there and right
/// (RFC 10002 §6.3.1.1). Without it, no request may carry a witness, but in an answer to a
/// challenge by the secret of the first message (LinkShown::before_challenge): keys are challenged
/// only after this function found every request of that message tied, and the answer holds the same
/// ones. Then: none.
/// Faults: link_failed; malformed (witness doubled or without one value); unsupported_algorithm;
/// too_large (PBKDF2).
Result<LinkMethod> check_link(const cmc::TaggedRequest& request, const ProvenIdentity& identity,
                              const LinkDemand& demand, LinkShown shown);

}  // namespace signet::proof
