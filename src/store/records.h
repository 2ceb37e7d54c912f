#pragma once

#include <optional>
#include <string>
#include <vector>

#include "audit/event.h"
#include "base/clock.h"
#include "codec/pkix/certificate.h"
#include "codec/pkix/crl_reason.h"
#include "store/life_records.h"
#include "store/outbox.h"

namespace signet::store {

enum class CertificateStatus { valid = 0, on_hold = 1, revoked = 2 };

/// A certificate that we issued. Expiry is a matter of time, not of status.
struct CertificateRecord {
  Integer serial_number;
  Bytes certificate_der;
  Bytes subject_der;
  Bytes key_hash;  ///< crypto::key_hash: one for a key, however it was written
  Time not_before;
  Time not_after;
  CertificateStatus status = CertificateStatus::valid;
  std::optional<Time> revoked_at;
  pkix::CRLReason revocation_reason = pkix::CRLReason::unspecified;
  std::string profile_id;
  std::string requester;  ///< who asked, as text: subject of the signer, identification, …
  Time issued_at;
  std::optional<Time> invalidity_date = {};  ///< since when its key is not to be trusted
  std::uint32_t crl_shard = 0;               ///< on whose CRLs it would stand, for good
  bool operator==(const CertificateRecord&) const = default;
};

/// Of a certificate that was just issued: valid, without profile and requester. `key_hash`: as
/// there.
CertificateRecord record_of(const pkix::Certificate& certificate, Bytes key_hash, Time issued_at);

/// A request that was granted, so that a retry finds its first answer. Small: the messages
/// themselves are in the audit journal.
struct AnsweredRequest {
  /// SHA-256 of the message as received. Where the same octets without a nonce are a new request
  /// (authority's Settings::retry_window): SHA-256 of the request_digest before it.
  Bytes request_digest;
  Bytes requester_hash;  ///< SHA-256 of who asked: certificate DER or identification
  Bytes sender_nonce;    ///< empty when the request had none
  Bytes transaction_id;  ///< contents of the INTEGER; empty when none
  std::vector<Integer> serial_numbers;
  Time received_at;
  Bytes challenge_id;     ///< of the challenge that was the answer; empty when there was none
  Bytes pending_id = {};  ///< of the pending request that was made of it; empty when none
  bool operator==(const AnsweredRequest&) const = default;
};

/// What is on record of a message that came.
struct Seen {
  std::optional<AnsweredRequest> answer;  ///< of the very same message
  bool nonce_used = false;                ///< by the same requester, in another message
  bool operator==(const Seen&) const = default;
};

/// Written before the CA key is used, where record_intent is on: which serial for which octets.
struct IssuanceIntent {
  Integer serial_number;
  Bytes tbs_digest;  ///< SHA-256 of the TBSCertificate that is about to be signed
  std::string profile_id;
  Time at;
  bool operator==(const IssuanceIntent&) const = default;
};

/// The number of certificates with this key must still be what policy saw (noKeyReuse).
struct KeyCondition {
  Bytes key_hash;
  std::size_t known_certificates = 0;
  bool operator==(const KeyCondition&) const = default;
};

/// The number of certificates with this subject must still be what policy saw: none where a user
/// takes a new name, those that it let pass where names are unique.
struct SubjectCondition {
  Bytes subject_der;  ///< these very octets
  std::size_t known_certificates = 0;
  bool operator==(const SubjectCondition&) const = default;
};

/// A shared secret that this authority keeps itself (RFC 10002 §6.2).
struct SharedToken {
  Bytes id;                    ///< 16 random octets: names it for good
  std::string identification;  ///< UTF-8, as its owner will send it
  Bytes sealed_secret;         ///< under the store's key (proof/identity/token_vault.h)
  std::string subject;         ///< RFC 4514: whom it stands for; empty: nobody was named
  Time created_at;
  std::optional<Time> expires_at;
  std::size_t uses_allowed = 1;  ///< 0: without limit
  bool revoked = false;
  bool operator==(const SharedToken&) const = default;
};

/// What became of a shared secret, ours or a directory's. All zero: never heard of.
struct TokenHistory {
  std::size_t uses = 0;
  std::size_t failures = 0;  ///< wrong proofs since the last right one
  std::optional<Time> last_failure_at;
  std::string identification = {};  ///< as TokenFailure's, of the last one
  bool operator==(const TokenHistory&) const = default;
};

/// A secret that was proven wrongly since it was proven rightly last.
struct FailedToken {
  Bytes token_id;
  TokenHistory history;
  bool operator==(const FailedToken&) const = default;
};

/// A shared secret proved an identity, and certificates were issued for it.
struct TokenUse {
  Bytes token_id;
  std::size_t most_uses = 1;  ///< condition: used less often (0: without limit), and not revoked
  /// Condition: no more wrong proofs count than that, or it is locked by now; none: it is not.
  std::optional<std::size_t> most_failures = {};
  bool operator==(const TokenUse&) const = default;
};

/// Somebody did not know a shared secret.
struct TokenFailure {
  Bytes token_id;
  Time at;
  std::string identification = {};  ///< whom an operator knows it by; empty: not told
  bool operator==(const TokenFailure&) const = default;
};

/// Whose form a challenge has.
enum class ChallengeForm { standard = 0, dogtag = 1 };
/// What became of a challenge. Only an open one changes, and never back (engine_rules.h).
enum class ChallengeState { open = 0, answered = 1, failed = 2, withdrawn = 3 };

/// Requests that wait until their keys have opened a challenge (RFC 10002 §6.7).
struct PendingChallenge {
  Bytes id;              ///< the request id of responseInfo and regInfo: random
  Bytes requester_hash;  ///< SHA-256 of who asked: certificate DER or identification
  Bytes req_sequence;    ///< reqSequence as received: what the answer must carry again
  Bytes sealed_seed;     ///< of the proof values (proof/possession/challenge.h)
  std::string profile_id;
  Bytes transaction_id;  ///< contents of the INTEGER; empty when none
  ChallengeForm form = ChallengeForm::standard;
  Time created_at;
  Time expires_at;
  ChallengeState state = ChallengeState::open;
  std::size_t wrong_answers = 0;
  bool operator==(const PendingChallenge&) const = default;
};

enum class ChallengeEvent { answered, answered_wrongly, withdrawn };
/// What happens to a challenge. `answered` has a condition: it is still open. The others do nothing
/// to one that is not.
struct ChallengeChange {
  Bytes id;
  ChallengeEvent event = ChallengeEvent::answered;
  std::size_t most_wrong_answers = 0;  ///< with so many it is closed as failed
  bool operator==(const ChallengeChange&) const = default;
};

/// What becomes of a certificate that we issued. Condition: its status is still `from`.
struct StatusChange {
  Integer serial_number;
  CertificateStatus from = CertificateStatus::valid;
  CertificateStatus to = CertificateStatus::revoked;
  Time at;
  pkix::CRLReason reason = pkix::CRLReason::unspecified;
  std::optional<Time> invalidity_date = {};
  bool operator==(const StatusChange&) const = default;
};

/// What CRLs say of one certificate whose status changed at least once.
struct StatusEntry {
  Integer serial_number;
  CertificateStatus status = CertificateStatus::revoked;  ///< valid: released from hold
  std::optional<Time> revoked_at;                         ///< none for a valid one
  pkix::CRLReason reason = pkix::CRLReason::unspecified;  ///< certificateHold for one on hold
  std::optional<Time> invalidity_date;
  Time not_after;
  /// The number of its last change: changes are counted in each shard, in the order in which they
  /// become visible.
  std::uint64_t change = 0;
};

/// A CRL that we signed. Full ones and deltas of a shard share one sequence of numbers.
struct CrlRecord {
  std::uint64_t number = 0;
  Time this_update;
  Time next_update;
  Bytes der;  ///< empty where only the rest was asked for
  std::uint32_t shard = 0;
  std::optional<std::uint64_t> base_number = {};  ///< BaseCRLNumber of a delta; none: a full one
  std::uint64_t last_change = 0;                  ///< it tells of changes up to this one
  Bytes issuing_point = {};  ///< its issuingDistributionPoint's value; empty: none
  bool operator==(const CrlRecord&) const = default;
};

enum class CrlKind { full, delta };
enum class CrlParts { all, without_der };
/// Which CRL is wanted: the latest of its shard and kind.
struct CrlQuery {
  std::uint32_t shard = 0;
  CrlKind kind = CrlKind::full;
  std::optional<Time> before = {};  ///< its thisUpdate is before this
  CrlParts parts = CrlParts::all;
};

/// What must be durable, all of it or nothing, before an answer may leave (docs/ARCHITECTURE.md,
/// "Durable before it leaves"). Conditions are checked before anything of the commit is added.
struct Commit {
  std::vector<IssuanceIntent> intents;
  std::vector<CertificateRecord> certificates;  ///< condition: no such serial number yet
  std::vector<KeyCondition> keys;
  std::vector<SubjectCondition> subjects;
  std::optional<AnsweredRequest> answered;  ///< conditions: digest new; nonce new for requester
  std::optional<TokenUse> token_use;        ///< counts one use more and forgets failures
  std::optional<TokenFailure> token_failure;
  std::optional<PendingChallenge> challenge;
  std::optional<ChallengeChange> challenge_change;
  std::vector<StatusChange> status_changes;
  /// Condition: its number follows the latest one's of its shard; the first one may have any number
  /// from 1.
  std::optional<CrlRecord> crl;
  std::optional<PendingRequest> pending;
  std::optional<PendingDecision> pending_decision;
  std::vector<AwaitedConfirmation> awaited;
  std::vector<Integer> settled;  ///< condition: their confirmations are still awaited
  std::vector<RevocationSecret> revocation_secrets;
  std::vector<OutboxEntry> outbox;  ///< without their numbers
  std::vector<PublicationChoice> publication_choices;
  std::vector<audit::Event> events;
  /// Its answer tells of what is on record: it waits until the store would answer durable for that
  /// too, wherever the store has its copies.
  bool tells_of_record = false;
};
/// Whether a commit asks nothing of a store but that its events go on record.
bool holds_only_events(const Commit& commit);

enum class Conflict {
  answered_before,
  nonce_seen,
  serial_taken,
  key_taken,
  subject_taken,
  token_used,
  challenge_closed,
  status_changed,
  crl_number_taken,
  request_decided,
  confirmation_settled
};
std::string_view to_text(Conflict conflict);

/// durable: neither field. conflict: nothing of this commit was kept. failed: likewise, our fault;
/// but with the fault in_doubt nobody knows yet: it may have been kept, or an earlier commit of the
/// same message may have been.
struct CommitOutcome {
  std::optional<Conflict> conflict;
  std::optional<Error> failed;
  static CommitOutcome met(Conflict conflict) { return {conflict, std::nullopt}; }
  static CommitOutcome failure(Error why) { return {std::nullopt, std::move(why)}; }
  [[nodiscard]] bool durable() const { return !conflict && !failed; }
};

}  // namespace signet::store
