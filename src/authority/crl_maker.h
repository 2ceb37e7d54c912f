#pragma once

#include <map>
#include <mutex>
#include <optional>

#include "issuance/crl.h"
#include "store/certificate_store.h"
#include "store/committer.h"

namespace signet::authority {

struct CrlSettings {
  std::chrono::seconds validity = std::chrono::hours{24};  ///< from thisUpdate to nextUpdate
  /// Another full one follows so long before nextUpdate, whatever was revoked.
  std::chrono::seconds overlap = std::chrono::hours{12};
  /// A delta at least so often, and twice as long until its nextUpdate; none: full ones alone,
  /// which then follow each revocation.
  std::optional<std::chrono::seconds> delta_every = {};
  issuance::CrlPoints points = {};
  /// The authority's keys before this one, by their subjectKeyIdentifier.
  std::vector<Bytes> earlier_keys = {};
  /// Of the first CRL of each shard: where an earlier authority's sequence goes on.
  std::uint64_t first_number = 1;
};

/// Signs the CRLs of one key of the authority and keeps them in the store, those of each shard
/// numbered one after another, full ones and deltas together; of several nodes, one makes each
/// number. Safe for many threads.
///
/// A shard whose latest CRL is by a key that this node does not know belongs to a later key: a node
/// that was not told of a roll-over leaves it alone, lest certificates of the new key stand on a
/// CRL that is not their issuer's. One that an earlier key signed so is replaced at once.
///
/// thisUpdate of a shard's CRLs never goes back while the clock does, up to one `validity`: where
/// the latest is dated further ahead, the clock was wrong then, and everybody refuses what was
/// made.
class CrlMaker {
 public:
  struct Parts {
    const issuance::Issuer& issuer;
    pkix::AlgorithmIdentifier signature_algorithm;
    const store::CrlStore& store;
    store::Committer& committer;
    const Clock& clock;
    CrlSettings settings;
  };
  explicit CrlMaker(Parts parts) : parts_(std::move(parts)) {}

  /// A full one from what is revoked now; `shard` is one of the key's. Durable when it returns.
  /// Faults: storage_failed, busy (another node made this number), not_allowed (a later key's
  /// shard), signing_failed, internal.
  Result<store::CrlRecord> make(std::uint32_t shard = 0);
  /// What changed since the oldest full one that is still good. Faults: as make, and
  /// crl_not_found when there is no full one of the same certificates.
  Result<store::CrlRecord> make_delta(std::uint32_t shard = 0);

  struct Due {
    std::size_t made = 0;
    bool postponed = false;      ///< a second must pass first
    std::size_t left_alone = 0;  ///< shards of keys that this node does not know
  };
  /// In each shard a full one or a delta, where one is due: by time, or because a status changed
  /// that no CRL told of, whoever changed it. What another node just made counts as not due. A
  /// shard's fault is no other shard's: it is told when the others have theirs.
  Result<Due> make_due();
  /// As many of the key as there are, or were: certificates keep their shard. A later key's are
  /// none of them.
  [[nodiscard]] Result<std::uint32_t> shards() const;

 private:
  /// The latest CRLs of a shard, without their octets.
  struct Latest {
    std::optional<store::CrlRecord> full;
    std::optional<store::CrlRecord> delta;
    [[nodiscard]] const store::CrlRecord* newest() const;
  };
  enum class Next { nothing, full, delta, postponed, left_alone };
  /// Who signed the latest CRL of a shard.
  enum class SignedBy { nobody, this_key, earlier_key, unknown_key };

  /// A CRL that was signed and is not kept yet.
  struct Made {
    store::CrlRecord crl;
    std::size_t entries = 0;
  };

  [[nodiscard]] Result<Latest> latest(std::uint32_t shard) const;
  [[nodiscard]] Result<Bytes> issuing_point(std::uint32_t shard) const;
  [[nodiscard]] Result<Next> next(std::uint32_t shard, const Latest& last) const;
  [[nodiscard]] Result<SignedBy> who_signed(const store::CrlRecord* newest) const;
  [[nodiscard]] SignedBy signer_of(ByteView crl) const;
  [[nodiscard]] Result<void> check_is_ours(const Latest& latest) const;
  [[nodiscard]] Result<std::size_t> unknown_from(std::uint32_t shard) const;
  [[nodiscard]] bool full_is_old(const store::CrlRecord& full) const;
  [[nodiscard]] bool delta_is_old(const Latest& latest) const;
  [[nodiscard]] Result<bool> changed_since(const store::CrlRecord& crl) const;
  [[nodiscard]] Result<store::CrlRecord> base_of_delta(const store::CrlRecord& full) const;
  [[nodiscard]] Time date_after(const store::CrlRecord* newest, store::CrlKind kind) const;
  [[nodiscard]] Result<issuance::CrlInput> input(std::uint32_t shard, const Latest& latest,
                                                 store::CrlKind kind) const;
  [[nodiscard]] Result<Made> sign_full(std::uint32_t shard, const Latest& last) const;
  [[nodiscard]] Result<Made> sign_delta(std::uint32_t shard, const Latest& last) const;
  [[nodiscard]] Result<std::optional<Made>> sign_due(std::uint32_t shard, Next wanted,
                                                     const Latest& last) const;
  [[nodiscard]] bool is_everywhere(const Error& why) const;
  Result<store::CrlRecord> keep(Made made);

  Parts parts_;
  struct Known {
    std::uint64_t number = 0;
    SignedBy by = SignedBy::nobody;
  };
  mutable std::mutex mutex_;
  mutable std::map<std::uint32_t, Known>
      known_signers_;  ///< of each shard's latest CRL; only others' are read
};

}  // namespace signet::authority
