#pragma once

#include <functional>
#include <span>

#include "audit/event.h"
#include "store/profile_edition.h"
#include "store/records.h"

namespace signet::store {

/// What may be asked of the past. Reads see every commit that was answered durable.
/// All look-ups are indexed. Faults: storage_failed. Safe for many threads.
class CertificateStore {
 public:
  virtual ~CertificateStore() = default;
  virtual Result<std::optional<CertificateRecord>> find_certificate(
      const Integer& serial) const = 0;
  virtual Result<std::vector<CertificateRecord>> find_by_subject(ByteView subject_der) const = 0;
  /// So many of them at most, whichever: takes no longer where the subject has a hundred thousand.
  virtual Result<std::vector<CertificateRecord>> find_some_by_subject(ByteView subject_der,
                                                                      std::size_t most) const = 0;
  virtual Result<std::vector<CertificateRecord>> find_by_key(ByteView key_hash) const = 0;

  struct Query {
    std::optional<CertificateStatus> status = {};
    std::optional<Time> issued_from = {};  ///< inclusive
    std::optional<Time> issued_to = {};    ///< exclusive
    std::size_t most = 100;
  };
  /// Newest first.
  virtual Result<std::vector<CertificateRecord>> find_certificates(const Query& query) const = 0;
  /// What is on record of a message with this digest, requester and nonce. A message with a nonce
  /// is a Full one, whose octets alone tell who its requester is: it may be looked for among that
  /// one's only. One without is found whoever sent it.
  virtual Result<Seen> seen_before(const AnsweredRequest& asked) const = 0;
};

/// The shared secrets that the authority keeps, and what became of any. As CertificateStore.
class TokenStore {
 public:
  virtual ~TokenStore() = default;
  /// The one with this identification that is not revoked.
  virtual Result<std::optional<SharedToken>> find_token(std::string_view identification) const = 0;
  /// All of them, revoked ones too, newest first.
  virtual Result<std::vector<SharedToken>> list_tokens() const = 0;
  virtual Result<TokenHistory> token_history(ByteView token_id) const = 0;
  /// Those with so many wrong proofs or more, of any source; at least one. The last one's first.
  virtual Result<std::vector<FailedToken>> failed_tokens(std::size_t least_failures) const = 0;
};

/// Challenges that wait for their answers. As CertificateStore.
class ChallengeStore {
 public:
  virtual ~ChallengeStore() = default;
  /// Whatever became of it. One that expired a day ago may be gone, but not while a pending request
  /// of the same requester and transaction is open: an agent who approves that one looks at it.
  virtual Result<std::optional<PendingChallenge>> find_challenge(ByteView id) const = 0;
  /// Those still open of one requester's transaction (empty: those of no transaction), expired ones
  /// too, the last to expire first.
  virtual Result<std::vector<PendingChallenge>> open_challenges(ByteView requester_hash,
                                                                ByteView transaction_id,
                                                                std::size_t most) const = 0;
};

/// What CRLs are made of, and those that we signed. As CertificateStore.
class CrlStore {
 public:
  virtual ~CrlStore() = default;
  /// Every certificate of the shard whose status changed after the change numbered `since`
  /// (0: ever), as it is now, each once, in the order of its last change: one pass over what stood
  /// when it began. A certificate that was revoked when it was recorded changed then.
  virtual Result<void> for_each_changed(
      std::uint32_t shard, std::uint64_t since,
      const std::function<void(const StatusEntry&)>& take) const = 0;
  /// The one with the highest number. Older ones than the last hundred of a shard and kind may be
  /// gone.
  virtual Result<std::optional<CrlRecord>> find_crl(const CrlQuery& query) const = 0;
  /// The highest shard of which there is a CRL, and one more: 0 when there is none.
  virtual Result<std::uint32_t> crl_shards() const = 0;
};

/// What is still to happen to requests and certificates. As CertificateStore.
class LifeStore {
 public:
  virtual ~LifeStore() = default;
  /// Whatever became of it.
  virtual Result<std::optional<PendingRequest>> find_pending(ByteView id) const = 0;
  /// Without their messages, newest first; those of one second by their ids, the highest first.
  /// `after`: only those that come after the request with this id in that order, whatever its
  /// state; empty: from the first on; none when no request has that id.
  virtual Result<std::vector<PendingRequest>> list_pending(std::optional<PendingState> state,
                                                           std::size_t most,
                                                           ByteView after) const = 0;
  /// How many pending requests and challenges of one requester are open, and not expired at `now`,
  /// together; never more than `most`, nor more rows read.
  virtual Result<std::size_t> count_waiting(ByteView requester_hash, Time now,
                                            std::size_t most) const = 0;
  virtual Result<std::optional<AwaitedConfirmation>> find_awaited(const Integer& serial) const = 0;
  /// Those of one requester's transaction; none for an empty transaction.
  virtual Result<std::vector<AwaitedConfirmation>> awaited_in(ByteView requester_hash,
                                                              ByteView transaction_id) const = 0;
  /// Those whose time was over before `now`, the longest overdue first.
  virtual Result<std::vector<AwaitedConfirmation>> overdue(Time now, std::size_t most) const = 0;
  virtual Result<std::optional<RevocationSecret>> find_revocation_secret(
      const Integer& serial) const = 0;
};

/// Profiles that all nodes take from the store. As CertificateStore.
class ProfileStore {
 public:
  virtual ~ProfileStore() = default;
  /// The newest edition, when its number is higher than `after` (0: whatever its number). Cheap
  /// when there is none: the texts are not read.
  virtual Result<std::optional<ProfileEdition>> find_profiles(std::uint64_t after) const = 0;
};

/// A store that can be written: memory, SQLite, PostgreSQL.
class Engine : public CertificateStore,
               public TokenStore,
               public ChallengeStore,
               public CrlStore,
               public LifeStore,
               public ProfileStore,
               public OutboxStore {
 public:
  /// Applies the commits in order, each by itself all or nothing, its conditions checked against
  /// what stands then. The events of those that hold go to `journal` before the batch is made
  /// durable; when the journal fails, the whole batch fails. When this returns, every commit whose
  /// outcome is durable() is on disk. One outcome for each commit, in order.
  virtual std::vector<CommitOutcome> apply(std::span<const Commit* const> batch,
                                           audit::Journal& journal) = 0;
  /// Does what can wait until those whose commits were applied are told of them. Whoever applies
  /// batches calls it after that; where nobody does, everything works, but some wait longer.
  virtual void tidy() {}
  /// Durable when it returns. Faults: already_exists when one with this identification stands and
  /// is not revoked; storage_failed.
  virtual Result<void> add_token(const SharedToken& token) = 0;
  /// For good. Durable when it returns. Faults: unknown_identity (no such token), storage_failed.
  virtual Result<void> revoke_token(ByteView id) = 0;
  /// The wrong proofs of a secret of any source count no more. Durable when it returns. Faults:
  /// unknown_identity (there were none), storage_failed.
  virtual Result<void> forget_failures(ByteView token_id) = 0;
  /// In the place of the one before. Durable when it returns. Faults: certificate_not_found,
  /// storage_failed.
  virtual Result<void> put_revocation_secret(const RevocationSecret& secret) = 0;
  /// Adds an edition behind the one numbered `seen` (0: as the first), and gives its number.
  /// Durable when it returns. `files`: each name once. Faults: already_exists when the newest
  /// edition is another than `seen`, so that nobody undoes what he has not seen; storage_failed.
  virtual Result<std::uint64_t> publish_profiles(const std::vector<ProfileFile>& files,
                                                 std::uint64_t seen, Time at) = 0;
  /// These were told: they are due no more. Those that are not there are none. Durable when it
  /// returns. Faults: storage_failed.
  virtual Result<void> take_from_outbox(std::span<const std::uint64_t> numbers) = 0;
};

}  // namespace signet::store
