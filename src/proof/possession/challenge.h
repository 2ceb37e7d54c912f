#pragma once

#include <optional>
#include <variant>

#include "codec/cmc/controls.h"
#include "crypto/public_key.h"
#include "crypto/sealing_key.h"
#include "envelope/encrypted_data.h"
#include "proof/identity/identity.h"
#include "proof/possession/link.h"
#include "store/certificate_store.h"

namespace signet::proof {

/// What the configuration says of challenges.
struct ChallengeRules {
  std::chrono::seconds lifetime = std::chrono::hours{1};
  /// Wrong answers after which a challenge is closed.
  std::size_t most_wrong_answers = 3;
  envelope::EncryptionStyle style = {};
  /// thePOP of SHA-1 or SHA-224 is taken ([compatibility] legacy_proofs).
  bool legacy_proofs = false;
  /// Challenges ask for SHA-1 in witness and thePOP, for clients that know nothing else
  /// ([compatibility] sha1_challenge).
  bool sha1 = false;
  /// decryptedPOP may name another body part than the only request's (AMB-38)
  /// ([compatibility] loose_pop_reference).
  bool loose_reference = false;
};

/// A request with a good key that nothing in it shows possession of: only what is encrypted to the
/// key can (RFC 10002 §6.7). `request` outlives it. It is tied to the shared secret already, where
/// it has to be (check_link).
struct ChallengeDue {
  crypto::PublicKey key;
  const cmc::TaggedRequest* request = nullptr;
  LinkMethod link = LinkMethod::none;
};

/// Who asked for what, and when: what a challenge is bound to, and what its answer must be of too.
struct ChallengeBinding {
  const ProvenIdentity& identity;
  ByteView req_sequence;  ///< PKIData.reqSequence as received
  std::string profile_id;
  Bytes transaction_id;  ///< contents of the INTEGER; empty when there was none
  store::ChallengeForm form = store::ChallengeForm::standard;
  Time received_at;
};

/// Challenges as they lie in the store: the seed of their proof values is sealed there, so that any
/// node that has the key can make the same challenge again and judge its answer.
///
///   y of a request = HMAC-SHA512(seed, TaggedRequest): 64 octets
///   seed           = 32 random octets || SHA-256(token id of the secret that proved who asks)
///
/// Where a certificate proved it, nothing stands behind the random octets.
class ChallengeVault {
 public:
  explicit ChallengeVault(crypto::SealingKey key) : key_(std::move(key)) {}

  /// A new record, open, with an unguessable id. Faults: internal.
  Result<store::PendingChallenge> begin(const ChallengeBinding& binding,
                                        const ChallengeRules& rules, RandomSource& random) const;
  /// The seed of a record. Faults: decryption_failed.
  Result<SecretBytes> seed_of(const store::PendingChallenge& challenge) const;

 private:
  crypto::SealingKey key_;
};

/// The encryptedPOP control for one request of a challenge. Fresh encryption, the same proof value
/// each time. Faults: unsupported_algorithm (Dogtag's form for a key that is not RSA), internal.
Result<cmc::EncryptedPOPParts> make_encrypted_pop(const ChallengeDue& due, const SecretBytes& seed,
                                                  store::ChallengeForm form,
                                                  const ChallengeRules& rules,
                                                  RandomSource& random);

/// What makes the challenge to this request another than the standard's; none: it is that.
std::optional<UsedTolerance> tolerance_in_challenge(const cmc::TaggedRequest& request,
                                                    store::ChallengeForm form,
                                                    const ChallengeRules& rules);

/// A message that answers a challenge, by decryptedPOP controls.
struct AnswerContext {
  const store::ChallengeStore& store;
  const ChallengeVault* vault;  ///< null where no challenges are offered
  const std::optional<ChallengeRules>& rules;
  /// Where a wrong answer is noted, to be counted with the refusal.
  std::optional<store::ChallengeChange>& wrong_answer;
  UsedTolerances& tolerated;  ///< where those that decide are noted
};

/// The open challenge that a message answers (challenge_search.h), bound to the requester, the
/// request octets, the profile and the transaction of the first round. Whether its answers are
/// right, `check` says for each request. Only find_answered_challenge makes one.
class AnsweredChallenge {
 public:
  /// Whether thePOP for this request is right. Faults: possession_failed, and then the wrong answer
  /// is noted; unsupported_algorithm, malformed.
  [[nodiscard]] Result<void> check(const cmc::TaggedRequest& request) const;
  /// Whether the secret that proves who asks is that of the first message; of one whom a
  /// certificate proves, always.
  [[nodiscard]] bool is_by_same_secret() const { return is_by_same_secret_; }
  /// Closes the challenge: conditions the commit on its being open still.
  [[nodiscard]] store::ChallengeChange closing() const;

 private:
  friend Result<std::optional<AnsweredChallenge>> find_answered_challenge(const cmc::PkiRequest&,
                                                                          const ChallengeBinding&,
                                                                          const AnswerContext&);
  AnsweredChallenge(store::PendingChallenge challenge, SecretBytes seed,
                    const ProvenIdentity& identity, std::vector<cmc::DecryptedPOP> answers,
                    const AnswerContext& context);
  [[nodiscard]] const cmc::DecryptedPOP* answer_for(const cmc::TaggedRequest& request) const;
  [[nodiscard]] Result<crypto::MacAlgorithm> algorithm_of(const cmc::DecryptedPOP& answer,
                                                          cmc::BodyPartID request) const;
  void tolerate(Tolerance tolerance, std::string_view what, cmc::BodyPartID request) const {
    context_->tolerated.push_back({tolerance, what, request});
  }
  [[nodiscard]] store::ChallengeChange change(store::ChallengeEvent event) const;

  store::PendingChallenge challenge_;
  SecretBytes seed_;
  std::vector<cmc::DecryptedPOP> answers_;
  const AnswerContext* context_;
  bool is_by_same_secret_;
};

/// None when the message has no decryptedPOP. `context` outlives the result.
/// Faults, naming the controls: possession_failed; identity_mismatch for another requester's;
/// malformed; storage_failed.
Result<std::optional<AnsweredChallenge>> find_answered_challenge(const cmc::PkiRequest& message,
                                                                 const ChallengeBinding& binding,
                                                                 const AnswerContext& context);

}  // namespace signet::proof
