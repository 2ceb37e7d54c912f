#pragma once

#include <optional>

#include "proof/identity/identity.h"
#include "proof/witness/link_keys.h"

namespace signet::proof {

/// How a request was tied to the shared secret; the weaker the later.
enum class LinkMethod {
  none,                        ///< it was not, and did not have to be
  secret,                      ///< the RFC's key, of the secret alone
  secret_with_identification,  ///< Dogtag's key (AMB-2), where the rules allow it
  /// The same two, the MAC by MacComputation::old_dogtag, where the rules allow it.
  secret_by_old_mac,
  secret_with_identification_by_old_mac,
};

/// Whether its key is Dogtag's, of secret and identification joined.
constexpr bool is_joined(LinkMethod method) {
  return method == LinkMethod::secret_with_identification ||
         method == LinkMethod::secret_with_identification_by_old_mac;
}

/// Whether its MAC was right by MacComputation::old_dogtag alone.
constexpr bool is_by_old_mac(LinkMethod method) {
  return method == LinkMethod::secret_by_old_mac ||
         method == LinkMethod::secret_with_identification_by_old_mac;
}

/// Where the links of a message's requests are shown.
enum class LinkShown {
  in_message,
  before_challenge,  ///< by the message that was challenged too, with the secret of this one
};

/// By what links are judged. References outlive what is made of them.
struct LinkRules {
  const SecretRules& secrets;
  UsedTolerances& tolerated;  ///< where those that decide are noted
};

/// The message's side of the link, for the requests of that message. Only read_link_demand,
/// check_signer_link and link_shown_before make one. The rules that it was made by outlive it.
class LinkDemand {
  friend Result<LinkDemand> read_link_demand(const cmc::PkiRequest&, const ProvenIdentity&,
                                             const LinkRules&);
  friend Result<LinkDemand> check_signer_link(const cmc::FullPkiRequest&, const ProvenIdentity&,
                                              const IdentityContext&, Time);
  friend Result<LinkDemand> link_shown_before(const cmc::PkiRequest&, const ProvenIdentity&,
                                              const LinkRules&, const store::PendingChallenge&);
  friend Result<LinkMethod> check_link(const cmc::TaggedRequest&, const ProvenIdentity&,
                                       const LinkDemand&, LinkShown);

  /// What every request is to show.
  struct ByRandom {
    Bytes random;           ///< contents of popLinkRandom
    mutable LinkKeys keys;  ///< of all requests, charged; derived when they are asked for
  };
  explicit LinkDemand(const LinkRules& rules) : rules_(rules) {}

  LinkRules rules_;
  std::optional<ByRandom> by_random_;  ///< none: no popLinkRandom, or it counts for nothing
  /// How all requests were found tied already; none: that is still to be looked at.
  std::optional<LinkMethod> found_;
};

/// Reads popLinkRandom, and what the witnesses of all requests will cost. Faults, naming the
/// control: malformed; link_failed when it is shorter than 16 octets, or when no shared secret
/// proved the identity (under `link_of_signers` an agent's is passed over); too_large. Naming the
/// request with which the keys cost too much: too_large.
Result<LinkDemand> read_link_demand(const cmc::PkiRequest& message, const ProvenIdentity& identity,
                                    const LinkRules& rules);

/// Whether a user who signed with an existing certificate may tie the requests to a secret
/// nonetheless, and has to where links are required.
bool may_link_as_signer(const ProvenIdentity& identity, const SecretRules& rules);

/// Then: popLinkRandom, identification, and in every request a witness by the secret of that
/// identification, which stands for the signer's subject and had not ended at `received_at`, when
/// the message came; that it is known still, and not locked, counts as of now. Without
/// popLinkRandom no link where none is required, or where a challenge is answered, which check_link
/// looks at.
/// A wrong witness is a wrong proof of the secret (check_secret_claim), and so is a right one by a
/// secret that stands for somebody else; like an unknown identification and a locked secret they
/// are link_failed, with the same words. Faults: link_failed, naming what is missing; of
/// read_link_demand, check_link and check_secret_claim.
Result<LinkDemand> check_signer_link(const cmc::FullPkiRequest& message,
                                     const ProvenIdentity& identity, const IdentityContext& context,
                                     Time received_at);

/// Of a message that was challenged before and comes again, whose links were looked at then.
/// Faults: link_failed, where the challenge is another requester's, or one to other requests.
Result<LinkDemand> link_shown_before(const cmc::PkiRequest& message, const ProvenIdentity& identity,
                                     const LinkRules& rules,
                                     const store::PendingChallenge& challenge);

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
