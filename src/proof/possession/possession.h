#pragma once

#include "crypto/public_key.h"
#include "proof/identity/identity.h"
#include "proof/possession/challenge.h"
#include "proof/possession/link.h"

namespace signet::proof {

enum class PossessionMethod {
  signature,
  decryption,  ///< the key opened a challenge (RFC 10002 §6.7)
  ra_witness,  ///< an agent says that it saw to it (§6.8), where the rules allow that
};

/// Evidence that the requester holds the private key of the request, which is a good key.
/// Only prove_possession makes one.
class ProvenPossession {
 public:
  [[nodiscard]] PossessionMethod method() const { return method_; }
  [[nodiscard]] const crypto::PublicKey& key() const { return key_; }
  /// How the request was tied to the shared secret that proved the identity; none too where the
  /// message that was challenged showed it (ChallengeDue::link) and this one does not again.
  [[nodiscard]] LinkMethod link() const { return link_; }
  /// The request this was proven for.
  [[nodiscard]] const cmc::TaggedRequest& request() const { return *request_; }

 private:
  friend class PossessionProver;
  ProvenPossession(PossessionMethod method, crypto::PublicKey key, LinkMethod link,
                   const cmc::TaggedRequest& request)
      : method_(method), link_(link), key_(std::move(key)), request_(&request) {}
  PossessionMethod method_;
  LinkMethod link_;
  crypto::PublicKey key_;
  const cmc::TaggedRequest* request_;
};

/// What the configuration says of possession.
struct PossessionRules {
  /// None: no challenges are offered, so every key must sign.
  std::optional<ChallengeRules> challenges;
  /// An agent may vouch for possession: lraPOPWitness, raVerified.
  bool ra_witness = false;
};

/// What is known beside the request itself. References outlive the proof.
struct PossessionContext {
  const ProvenIdentity& identity;
  const LinkDemand& link;
  const PossessionRules& rules;
  std::optional<cmc::BodyPartID> signer_request = {};
  /// The challenge that the message answers; null when it answers none.
  const AnsweredChallenge* answered = nullptr;
  /// The requests whose possession the requester vouches for (read_ra_witness).
  std::vector<cmc::BodyPartID> vouched = {};
  /// Whose subjects are whose, where another one than the user's own is replaced
  /// (SubjectRule::replaced); null: then the request was found to ask for the user's.
  const store::CertificateStore* subjects = nullptr;
};

/// The request whose key signed the message (RFC 10002 §3.2); none when another signed it.
std::optional<cmc::BodyPartID> signer_request(const envelope::OpenedRequest& request);

using Possession = std::variant<ProvenPossession, ChallengeDue>;

/// PKCS#10: its signature over CertificationRequestInfo. CRMF: popo.signature over CertRequest, as
/// received (RFC 10002 §3.2.1.2.2, AMB-34). Where nothing is signed (no popo, a challenge asked
/// for, id-alg-noSignature): the answer to a challenge, or one is due. Then the link to the shared
/// secret (check_link); where a signature is all that shows possession, and the request does not
/// bear the name that the secret stands for, it must be tied by a witness, or its key must have
/// signed the message: else somebody else's request could be sent as one's own (§6.3); of a user
/// who signs, where another subject is replaced, see check_replaced_subject. `request`
/// must outlive the evidence. Faults: weak_key, unsupported_algorithm, malformed (key);
/// possession_missing (nothing is signed, and no challenge is offered or the key is not one that
/// anything is encrypted to); possession_failed (wrong signature or answer, raVerified from whoever
/// may not say so, a form that CMC forbids); unsupported_message for orm; those of check_link and
/// check_replaced_subject.
Result<Possession> prove_possession(const cmc::TaggedRequest& request,
                                    const PossessionContext& context);

/// The requests of the message that its lraPOPWitnesses vouch for (RFC 10002 §6.8); none without
/// the control. Faults, naming the control: possession_failed when the rules or the role do not
/// allow it, or it is about another PKIData; malformed, also for a request that is not there.
Result<std::vector<cmc::BodyPartID>> read_ra_witness(const cmc::PkiRequest& message,
                                                     const ProvenIdentity& identity,
                                                     const PossessionRules& rules);

}  // namespace signet::proof
