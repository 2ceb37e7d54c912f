#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>

#include "authority/anchor_announcement.h"
#include "authority/outbox.h"
#include "authority/response_signer.h"
#include "base/log.h"
#include "envelope/encrypted_message.h"
#include "issuance/issuer.h"
#include "policy/approve.h"
#include "policy/offered_profiles.h"
#include "proof/possession/possession.h"
#include "store/committer.h"

namespace signet::authority {

struct ForwardedBatch;  // authority/forwarded_batch.h
struct Forwarding;      // authority/forwarding.h

/// One message as it came in, and over what.
struct Inquiry {
  Bytes octets;
  proof::Peer peer;
  /// Whom the room that its answer takes is counted to, by whatever name; empty of a message that
  /// came in another's: what all of those may have is bounded, and gone once that is answered.
  std::string client = {};
  /// The profile that the path or ?profileId= named; empty: chosen by who asks and how.
  std::string profile_id;
  /// It came over one of Dogtag's paths.
  bool over_dogtag_path = false;
  /// What the transport let pass of it; with text_bodies `octets` are what the text stood for.
  proof::UsedTolerances tolerated = {};
  /// Its answer goes out in base64 (EST), a third longer.
  bool answered_in_base64 = false;
  /// Whether keys may be derived before it is known who asks; if not, the reply is TakesTime.
  bool may_take_time = true;
  /// What stands around a message that came in an agent's; null: it came by itself.
  std::shared_ptr<const Forwarding> forwarding = {};
};

enum class ResponseKind {
  simple,  ///< certificates and CRLs only
  full,    ///< a PKIResponse
  unable,  ///< we cannot sign: a SignedData without content and signers (RFC 10002 §3.2.1.3.4,
           ///< AMB-15)
  none,    ///< nothing is said (a status-only message that failed; not a CMC message at all)
};

/// What the transport sends once `commit` is durable.
struct Answer {
  ResponseKind kind = ResponseKind::full;
  /// `unable` for now: the key that signs responses is away, and looked for again.
  bool is_for_now = false;
  Bytes octets;
  store::Commit commit;
  /// For metrics and logs: what was decided.
  std::size_t issued = 0;
  std::optional<Error> refusal;
  /// Those that `commit` tells of, for whoever has to refuse instead.
  proof::UsedTolerances tolerated = {};
  /// Of a long answer: what it takes of the service's room, until whoever sends it lets go.
  std::shared_ptr<const void> room = {};
};

/// Nothing is decided yet: keys must be derived before it is known who asks. To be asked again
/// where that keeps nobody waiting (Inquiry::may_take_time).
struct TakesTime {};

/// No answer yet: messages stand in this one, each to be answered by itself, and
/// CertificateAuthority::answer_batch makes the answer of theirs.
struct AwaitsForwarded {
  std::vector<Inquiry> forwarded;
  std::shared_ptr<ForwardedBatch> batch;
};

using Reply = std::variant<Answer, TakesTime, AwaitsForwarded>;

/// What becomes of a certificate that its owner did not take in time, or did not want.
enum class Unconfirmed { revoked, held };

/// Named tolerances and choices (docs/operating.md). Strict by default.
struct Settings {
  /// A user-signed request's subject is replaced by the signer's instead of refused
  /// ([compatibility] replace_subject).
  bool replace_subject = false;
  /// A control may bear the id of a request ([compatibility] shared_body_part_ids).
  bool shared_body_part_ids = false;
  /// Challenges of messages over Dogtag's paths have the form that its client reads
  /// ([compatibility] dogtag_challenge).
  bool dogtag_challenge = false;
  /// Revocations by secret may come in no CMS layer at all, as Dogtag's client sends them
  /// ([compatibility] bare_revocation).
  bool bare_revocation = false;
  /// getCert and confirmCertAcceptance may name their issuers as Dogtag's client does
  /// ([compatibility] bare_names).
  bool bare_names = false;
  /// A CRMF request may ask for a subjectKeyIdentifier without its OCTET STRING
  /// ([compatibility] raw_key_identifier).
  bool raw_key_identifier = false;
  /// A durable intent before each use of the CA key.
  bool record_intent = false;
  /// signingTime, where a signer gives one, may differ from now by so much.
  std::chrono::seconds signing_time_window = std::chrono::hours{24};
  /// So long the same octets without a senderNonce are a retry; then they ask anew.
  std::chrono::seconds retry_window = std::chrono::hours{24};
  /// Profiles whose certificates must be confirmed (RFC 10002 §6.14), within what time, and what
  /// becomes of them otherwise.
  std::set<std::string> confirmed_profiles = {};
  std::chrono::seconds confirmation_time = std::chrono::hours{24};
  Unconfirmed unconfirmed = Unconfirmed::revoked;
  /// Whose certificates a directory is told of.
  PublishedProfiles published = {};
  /// So many requests and challenges of one requester may wait at a time; 0: without a bound
  /// ([limits] requester_waiting).
  std::size_t most_waiting = 1000;
  /// How long a request waits for an agent.
  std::chrono::seconds approval_time = std::chrono::days{7};
  /// Which profile serves a message that names none.
  std::string agent_profile = "caFullCMCUserCert";
  std::string user_profile = "caFullCMCUserSignedCert";
  std::string simple_profile = "caSimpleCMCUserCert";
  std::string secret_profile = "caFullCMCSharedTokenCert";
};

class AgentDesk;  // authority/agent_desk.h

/// The straight line of docs/REQUEST-PATH: one message in, one answer out. Safe for many threads.
class CertificateAuthority {
 public:
  struct Parts {
    issuance::Issuer issuer;
    std::shared_ptr<const policy::OfferedProfiles> profiles;
    proof::Trust trust;
    proof::IdentityRules identity_rules;
    proof::PossessionRules possession_rules;
    policy::AuthorityFacts facts;
    Settings settings;
    /// Null: shared secrets prove nothing here.
    std::shared_ptr<const proof::SecretSource> secrets;
    /// Opens what challenges are made from; null where the rules offer none.
    std::shared_ptr<const proof::ChallengeVault> challenge_vault;
    /// Opens revocation secrets that came from Dogtag.
    proof::SecretProtection revocation_protection = {};
    /// What messages may be encrypted to; null: they may not.
    std::shared_ptr<const envelope::DecryptionKey> decryption;
    const store::CertificateStore& store;
    const store::TokenStore& tokens;
    const store::ChallengeStore& challenges;
    const store::CrlStore& crls;
    const store::LifeStore& life;
    store::Committer& committer;  ///< for intents
    const Clock& clock;
    RandomSource& random;
    Log& log;
    issuance::CrlPoints crl_points = {};
    /// Signs responses; null: the issuer's own key does.
    std::shared_ptr<const ResponseSigner> response_signer = {};
    /// What responses carry and /ca/chain shows; empty: the issuer's chain.
    std::vector<pkix::Certificate> shown_certificates = {};
    /// PublishTrustAnchors of signed Full responses (announce_anchors); empty: none.
    Bytes announcement = {};
    /// What who asks by authData under a shared secret is told to trust; empty: nothing.
    AnchorSet anchors_by_secret = {};
  };
  explicit CertificateAuthority(Parts parts);
  ~CertificateAuthority();

  /// Decides. Nothing is durable yet: the answer may leave when its commit is. `inquiry` outlives
  /// an AwaitsForwarded.
  Reply respond(const Inquiry& inquiry);
  /// The answer to a message that forwards others. `answers`: one for each of `forwarded`, in their
  /// order, whose commits are durable.
  Answer answer_batch(const AwaitsForwarded& awaits, std::vector<Answer> answers);
  /// The answer when what `respond` decided could not be made durable. Its commit holds audit only.
  /// `tolerated`: of that decision.
  Answer refuse(const Inquiry& inquiry, const Error& why, proof::UsedTolerances tolerated);

  /// Another one signs responses from here on. Safe for many threads.
  void sign_responses_with(std::shared_ptr<const ResponseSigner> signer);
  /// Where agents decide on what waits for them.
  AgentDesk& desk();
  /// Revokes or holds what was not confirmed in time; a hundred at most. How many. What cannot be
  /// settled for itself is told in the log, once (OverdueConfirmations). Faults: storage_failed.
  Result<std::size_t> settle_overdue();

  /// The CA certificate and its chain, as a certs-only message.
  [[nodiscard]] Bytes certificate_chain() const;
  [[nodiscard]] const issuance::Issuer& issuer() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace signet::authority
